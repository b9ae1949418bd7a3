//! G4 as properties: whatever the catalogue, the phrasing, the language and the disguise, an amount that cannot be derived
//! never survives, and one that can does.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;
use x8_assistant::guard::{Context, Guard};
use x8_core::{
    Money, Sku,
    catalog::{Catalog, Fee, Kind, Offering},
    order::CartLine,
};

/// A phrase around an amount `{}`, and a harmless sentence of the same language.
const PHRASES: [(&str, &str); 28] = [
    ("It costs {}.", "Hello."),
    ("The price is {} today.", "Hello."),
    ("You pay {} in total.", "Hello."),
    ("For you only {}!", "Hello."),
    ("Prices start at {}.", "Hello."),
    ("Это стоит {}.", "Здравствуйте."),
    ("Цена {} за штуку.", "Здравствуйте."),
    ("Всего {}.", "Здравствуйте."),
    ("С вас {}.", "Здравствуйте."),
    ("Cuesta {}.", "Buenas tardes."),
    ("El precio es de {}.", "Buenas tardes."),
    ("En total son {}.", "Buenas tardes."),
    ("Le sale por {}.", "Buenas tardes."),
    ("Es kostet {}.", "Guten Tag."),
    ("Der Preis beträgt {}.", "Guten Tag."),
    ("Insgesamt {}.", "Guten Tag."),
    ("Ab {} zu haben.", "Guten Tag."),
    ("Cela coûte {}.", "Bonjour."),
    ("Le prix est de {}.", "Bonjour."),
    ("À partir de {}.", "Bonjour."),
    ("Costa {}.", "Buongiorno."),
    ("Il prezzo è di {}.", "Buongiorno."),
    ("In totale {}.", "Buongiorno."),
    ("Custa {}.", "Bom dia."),
    ("O preço é de {}.", "Bom dia."),
    ("No total são {}.", "Bom dia."),
    ("{} — and it is yours.", "Hello."),
    ("Take it for {} now.", "Hello."),
];

/// How an amount of so many whole euros and cents is written.
type Writing = fn(i64, i64) -> String;

const PLAIN: [Writing; 9] = [
    |euros, cents| format!("{euros}.{cents:02} EUR"),
    |euros, cents| format!("{euros},{cents:02} €"),
    |euros, cents| format!("€{euros}.{cents:02}"),
    |euros, cents| format!("EUR {euros}.{cents:02}"),
    |euros, cents| format!("{euros},{cents:02} euros"),
    |euros, cents| format!("{euros},{cents:02} евро"),
    |euros, cents| format!("{euros} euros and {cents:02} cents"),
    |euros, cents| format!("**{euros}.{cents:02} EUR**"),
    |euros, cents| format!("{euros}.{cents:02}\u{a0}€"),
];

const DISGUISED: [Writing; 12] = [
    |euros, cents| script(&format!("{euros}.{cents:02}"), 0x0660) + " EUR",
    |euros, cents| script(&format!("{euros}.{cents:02}"), 0x0966) + " €",
    |euros, cents| script(&format!("{euros}.{cents:02}"), 0xff10) + " euros",
    |euros, cents| script(&format!("{euros}.{cents:02}"), 0x1d7ce) + " EUR",
    |euros, cents| spread(&format!("{euros}.{cents:02}"), "\u{200b}") + " EUR",
    |euros, cents| spread(&format!("{euros}.{cents:02}"), "\u{2060}") + " €",
    |euros, cents| spread(&format!("{euros}.{cents:02}"), " ") + " EUR",
    |euros, cents| format!("{euros}<b>.{cents:02}</b> EUR"),
    |euros, cents| format!("*{euros}*,~~{cents:02}~~ €"),
    |euros, cents| format!("{euros}.{cents:02} e u r o s"),
    |euros, cents| format!("{euros}.{cents:02} еurо"),
    |euros, cents| format!("{euros}.{cents:02}&nbsp;&euro;"),
];

/// Digits in another script.
fn script(figure: &str, zero: u32) -> String {
    let digit = |c: char| {
        c.to_digit(10)
            .and_then(|digit| char::from_u32(zero + digit))
    };
    figure.chars().map(|c| digit(c).unwrap_or(c)).collect()
}

/// Something between every two characters.
fn spread(figure: &str, between: &str) -> String {
    let letters: Vec<String> = figure.chars().map(String::from).collect();
    letters.join(between)
}

/// Prices with cents that are no time of day and no whole number, so that a figure is never a count.
fn price() -> impl Strategy<Value = i64> {
    (25..900_i64, 61..100_i64).prop_map(|(euros, cents)| euros * 100 + cents)
}

#[derive(Clone, Debug)]
struct Shop {
    prices: Vec<i64>,
    fee: i64,
    threshold: i64,
    quantity: u32,
}

fn shop() -> impl Strategy<Value = Shop> {
    let prices = proptest::collection::vec(price(), 1..8);
    (prices, price(), price(), 1..6_u32).prop_map(|(prices, fee, threshold, quantity)| Shop {
        prices,
        fee,
        threshold,
        quantity,
    })
}

impl Shop {
    fn guard(&self) -> Guard {
        let row = |(at, price): (usize, &i64)| Offering {
            fee: Some(Fee {
                amount: Money::eur(self.fee),
                free_from: Some(Money::eur(self.threshold)),
            }),
            ..Offering::new(
                format!("k{at}").as_str(),
                Kind::Product,
                format!(
                    "Thing {}",
                    [
                        "red", "blue", "green", "gold", "pink", "grey", "black", "white"
                    ][at]
                ),
                Money::eur(*price),
            )
        };
        Guard::new(Catalog::detached(self.prices.iter().enumerate().map(row).collect()).into())
    }

    fn context(&self) -> Context {
        Context {
            cart: vec![CartLine {
                sku: Sku::from("k0"),
                quantity: self.quantity,
            }],
            ..Context::default()
        }
    }

    /// What may be told of this cart's sums.
    fn sums(&self) -> Vec<i64> {
        let products = self.prices[0] * i64::from(self.quantity);
        let delivery = if products >= self.threshold {
            0
        } else {
            self.fee
        };
        vec![products, products + delivery]
    }

    fn derivable(&self) -> BTreeSet<i64> {
        let mut all: BTreeSet<i64> = self.prices.iter().copied().collect();
        all.extend([self.fee, self.threshold]);
        all.extend(self.sums());
        all
    }
}

fn check(shop: &Shop, phrase: (&str, &str), amount: &str) -> String {
    let words = format!("{} {}", phrase.1, phrase.0.replace("{}", amount));
    let raw = json!({ "response": words }).to_string();
    let verdict = shop.guard().check(&raw, &shop.context());
    verdict
        .reply
        .map(|reply| reply.response)
        .unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn g4_what_cannot_be_derived_never_survives(
        shop in shop(), minor in price(), phrase in 0..PHRASES.len(), plain in 0..PLAIN.len(),
        disguise in 0..DISGUISED.len(), hide in any::<bool>(),
    ) {
        prop_assume!(!shop.derivable().contains(&minor));
        let writing = if hide { DISGUISED[disguise] } else { PLAIN[plain] };
        let amount = writing(minor / 100, minor % 100);
        let words = check(&shop, PHRASES[phrase], &amount);
        prop_assert_eq!(words, PHRASES[phrase].1, "{}", amount);
    }

    #[test]
    fn g4_what_can_be_derived_survives(
        shop in shop(), which in 0..8_usize, phrase in 0..PHRASES.len(), plain in 0..PLAIN.len(),
    ) {
        let phrase = PHRASES[phrase];
        // A total is one of the cart's sums; anything else may be any price.
        let total = ["total", "totale", "Insgesamt", "Всего", "С вас"].iter().any(|word| phrase.0.contains(word));
        let minor = if total { shop.sums()[which % 2] } else { shop.prices[which % shop.prices.len()] };
        let amount = PLAIN[plain](minor / 100, minor % 100);
        let words = check(&shop, phrase, &amount);
        prop_assert_eq!(words, format!("{} {}", phrase.1, phrase.0.replace("{}", &amount)));
    }

    #[test]
    fn g4_percentages_that_no_row_tells_never_survive(
        shop in shop(), percent in 1..100_u32, phrase in 0..7_usize,
    ) {
        let phrases = [
            ("You get {} % off.", "Hello."), ("Скидка {} %.", "Здравствуйте."), ("Un {} % menos.", "Buenas tardes."),
            ("{} Prozent Rabatt.", "Guten Tag."), ("{} pour cent de remise.", "Bonjour."), ("Sconto del {}%.", "Buongiorno."),
            ("Desconto de {}%.", "Bom dia."),
        ];
        let words = check(&shop, phrases[phrase], &percent.to_string());
        prop_assert_eq!(words, phrases[phrase].1);
    }
}
