//! The guard's own words, in the languages it speaks; any other language gets English (A5, G2).

use super::Context;
use crate::contract::{Claims, language_code};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tongue {
    En,
    Ru,
    Es,
}

/// Something the guard says in place of words that may not go out.
pub(super) enum Phrase {
    /// Everything that is missing for the order, asked for once and together (O4).
    Missing {
        parts: Vec<Part>,
        places: Vec<String>,
    },
    /// O2: the place does not work, and the ways out.
    NotServed {
        asked: String,
        places: Vec<String>,
        available: Vec<String>,
    },
    /// O6, without the number.
    NotEnough { name: String },
    /// G5.
    WhichOffering { names: Vec<String> },
    /// G7.
    Free,
    /// G10: the order is complete.
    LinkFollows { summary: String },
    /// G7: the free order is complete.
    FreeConfirmed { summary: String },
    /// G14 while a link is open.
    PayByLink,
    /// G14 without a link.
    NotPaid,
    /// G9: the number cannot be read on this platform.
    WritePhone,
    /// G13.
    NoLink,
    /// G2: more can be told.
    More,
    /// G4: a total in place of an unexplained amount.
    Total { total: String },
}

/// A detail that an order needs (O4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Offering,
    Place,
    Name,
    Phone,
}

impl Tongue {
    pub(super) fn of(context: &Context, claims: &Claims) -> Self {
        let named = context.language.as_deref().or(claims.language.as_deref());
        match named.and_then(language_code) {
            Some("ru") => Self::Ru,
            Some("es") => Self::Es,
            Some(_) => Self::En,
            None => {
                let cyrillic = |c: char| ('\u{0400}'..='\u{04ff}').contains(&c);
                if claims.response.chars().filter(|c| cyrillic(*c)).count() > 8 {
                    Self::Ru
                } else {
                    Self::En
                }
            }
        }
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
            Self::Es => "es",
        }
    }

    /// One of three words.
    pub(super) fn pick<'a>(self, en: &'a str, ru: &'a str, es: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Ru => ru,
            Self::Es => es,
        }
    }

    pub(super) fn say(self, phrase: &Phrase) -> String {
        match phrase {
            Phrase::Missing { parts, places } => self.missing(parts, places),
            Phrase::NotServed { asked, places, available } => self.not_served(asked, places, available),
            Phrase::NotEnough { name } => self
                .pick(
                    "Unfortunately “{}” cannot be had in that quantity. Please choose a smaller one.",
                    "К сожалению, «{}» сейчас нельзя заказать в таком количестве. Пожалуйста, выберите меньшее.",
                    "Lamentablemente «{}» no puede pedirse en esa cantidad. Por favor, elija una menor.",
                )
                .replace("{}", name),
            Phrase::WhichOffering { names } => self.which(names),
            Phrase::Free => self
                .pick("This is free of charge: nothing has to be paid.", "Это бесплатно: платить ничего не нужно.", "Es gratuito: no hay que pagar nada.")
                .to_owned(),
            Phrase::LinkFollows { summary } => self
                .pick("Thank you! Your order: {}. The payment link follows.", "Спасибо! Ваш заказ: {}. Ссылка на оплату следует.", "¡Gracias! Su pedido: {}. A continuación va el enlace de pago.")
                .replace("{}", summary),
            Phrase::FreeConfirmed { summary } => self
                .pick("Thank you! Your order: {}. It is free of charge.", "Спасибо! Ваш заказ: {}. Это бесплатно.", "¡Gracias! Su pedido: {}. Es gratuito.")
                .replace("{}", summary),
            Phrase::PayByLink => self
                .pick(
                    "We do not see your payment yet. Please pay by the link sent earlier, or tell us if you would like to start a new order.",
                    "Мы пока не видим вашей оплаты. Пожалуйста, оплатите по отправленной ранее ссылке или скажите, если хотите начать новый заказ.",
                    "Todavía no vemos su pago. Por favor, pague con el enlace enviado antes o díganos si desea empezar un pedido nuevo.",
                )
                .to_owned(),
            Phrase::NotPaid => self
                .pick(
                    "We do not see a payment from you. Please tell us what you would like to order.",
                    "Мы не видим оплаты от вас. Пожалуйста, напишите, что вы хотели бы заказать.",
                    "No vemos ningún pago suyo. Por favor, díganos qué desea pedir.",
                )
                .to_owned(),
            Phrase::WritePhone => self
                .pick(
                    "Your number cannot be read on this platform. Please write it in digits.",
                    "На этой платформе ваш номер не виден. Пожалуйста, напишите его цифрами.",
                    "En esta plataforma no se ve su número. Por favor, escríbalo con cifras.",
                )
                .to_owned(),
            Phrase::NoLink => self
                .pick("There is no link for this.", "Ссылки для этого нет.", "No hay enlace para esto.")
                .to_owned(),
            Phrase::More => self
                .pick("There is more to tell: just say “continue”.", "Это ещё не всё: напишите «продолжить».", "Hay más que contar: escriba «continuar».")
                .to_owned(),
            Phrase::Total { total } => self.pick("Total: {}.", "Итого: {}.", "Total: {}.").replace("{}", total),
        }
    }

    fn missing(self, parts: &[Part], places: &[String]) -> String {
        let words: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Part::Offering => self
                    .pick(
                        "what and how many",
                        "что и сколько",
                        "qué y cuántas unidades",
                    )
                    .to_owned(),
                Part::Place if places.is_empty() => {
                    self.pick("the city", "город", "la ciudad").to_owned()
                }
                Part::Place => format!(
                    "{} ({})",
                    self.pick("the city", "город", "la ciudad"),
                    places.join(", ")
                ),
                Part::Name => self.pick("your name", "ваше имя", "su nombre").to_owned(),
                Part::Phone => self
                    .pick(
                        "the recipient's phone",
                        "телефон получателя",
                        "el teléfono del destinatario",
                    )
                    .to_owned(),
            })
            .collect();
        self.pick(
            "To complete the order, please tell us: {}.",
            "Чтобы оформить заказ, напишите, пожалуйста: {}.",
            "Para completar el pedido, indíquenos por favor: {}.",
        )
        .replace("{}", &words.join("; "))
    }

    fn not_served(self, asked: &str, places: &[String], available: &[String]) -> String {
        let mut text = self
            .pick(
                "Unfortunately the order is not possible for “{}”.",
                "К сожалению, для «{}» заказ невозможен.",
                "Lamentablemente el pedido no es posible para «{}».",
            )
            .replace("{}", asked);
        if !places.is_empty() {
            let ways = self.pick(
                "Everything can be had in: {}.",
                "Всё вместе доступно в городах: {}.",
                "Todo está disponible en: {}.",
            );
            text = format!("{text} {}", ways.replace("{}", &places.join(", ")));
        }
        if !available.is_empty() {
            let ways = self.pick(
                "There you can have: {}.",
                "Туда можно заказать: {}.",
                "Allí puede pedir: {}.",
            );
            text = format!("{text} {}", ways.replace("{}", &available.join(", ")));
        }
        format!(
            "{text} {}",
            self.pick("What do you prefer?", "Что вам удобнее?", "¿Qué prefiere?")
        )
    }

    fn which(self, names: &[String]) -> String {
        let text = self.pick(
            "We could not find that offering. Which one would you like?",
            "Такого предложения мы не нашли. Что именно вы хотите?",
            "No encontramos esa oferta. ¿Cuál desea?",
        );
        if names.is_empty() {
            return text.to_owned();
        }
        format!("{text} {}.", names.join(", "))
    }
}
