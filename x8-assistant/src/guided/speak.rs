//! From the blocks of a plan to text.

use serde_json::{Value, json};
use x8_core::{
    Money, Result, Sku, catalog::Offering, channel::Platform, conversation::Flow, order::CartLine,
    port::TurnInput,
};

use crate::{
    agenda::{Plan, Say},
    phrases::Phrases,
};

/// Speaks one turn in one language.
pub(super) struct Speaker<'a> {
    phrases: &'a Phrases,
    pub(super) input: &'a TurnInput,
    pub(super) plan: &'a Plan,
    language: &'a str,
}

impl<'a> Speaker<'a> {
    pub(super) fn new(phrases: &'a Phrases, input: &'a TurnInput, plan: &'a Plan) -> Self {
        let language = plan.session.language.as_deref().unwrap_or("en");
        Self {
            phrases,
            input,
            plan,
            language,
        }
    }

    /// The whole reply: its blocks in order, an empty line between.
    pub(super) fn text(&self) -> Result<String> {
        let blocks: Vec<String> = self
            .plan
            .says
            .iter()
            .map(|say| self.block(say))
            .collect::<Result<_>>()?;
        // A name or unit that ends in a full stop ("6 шт.") needs no second one.
        let text = blocks.join("\n\n").replace("...", "…").replace("..", ".");
        let last = self
            .input
            .history
            .iter()
            .rev()
            .find(|message| message.flow == Flow::Outbound);
        if last.is_none_or(|last| last.text != text) {
            return Ok(text);
        }
        // The same words again sound deaf: say why they come again.
        let unclear = self.plan.says.iter().any(|say| {
            matches!(
                say,
                Say::Ask(_)
                    | Say::Which { .. }
                    | Say::Packs { .. }
                    | Say::WhichGeneral
                    | Say::WhichAbout
                    | Say::Choose { .. }
                    | Say::List { .. }
            )
        });
        self.render(
            "again",
            &json!({ "unclear": unclear, "noted": self.plan.noted, "text": text }),
        )
    }

    pub(super) fn render(&self, key: &str, values: &Value) -> Result<String> {
        self.phrases.render(self.language, key, values)
    }

    fn plain(&self, key: &str) -> Result<String> {
        self.render(key, &json!({}))
    }

    fn own_number_unknown(&self) -> Result<String> {
        let whatsapp = self.input.platform == Platform::Whatsapp;
        self.render("own_number_unknown", &json!({ "whatsapp": whatsapp }))
    }

    fn block(&self, say: &Say) -> Result<String> {
        match say {
            Say::List { skus, more } => self.list(skus, *more),
            Say::Brief(sku) => self.brief(sku),
            Say::Details(sku) => self.details(sku),
            Say::Places(places) => self.render("places", &json!({ "places": places.join(", ") })),
            Say::Contact(sku) => self.contact(sku.as_ref()),
            Say::Address(sku) => self.address(sku.as_ref()),
            Say::NothingCheaper => self.plain("nothing_cheaper"),
            Say::WhichDay { dated, named } => self.which_day(*dated, *named),
            Say::Website(sku) => self.website(sku),
            Say::Photo { sku, shown } => self.photo(sku, *shown),
            Say::Video(sku) => self.video(sku),
            Say::FreeDelivery(skus) => self.free_delivery(skus),
            Say::DeliveryTime(skus) => self.delivery_time(skus),
            Say::Served(place) => self.served(place),
            Say::Choose { told, skus, ways } => self.choose(told, skus, *ways),
            Say::WhichAbout => self.plain("which_about"),
            Say::SamePrices => self.plain("same_prices"),
            Say::RemindersStopped => self.plain("reminders_stopped"),
            Say::NotPaidYet { link_open } => {
                self.render("not_paid_yet", &json!({ "link_open": link_open }))
            }
            Say::PaidIndeed => self.plain("paid_indeed"),
            Say::NothingToPay => self.plain("nothing_to_pay"),
            Say::LinkWhere { open } => self.render("link_where", &json!({ "open": open })),
            Say::OwnNumberUnknown => self.own_number_unknown(),
            Say::PhoneWrong(text) => self.render("phone_wrong", &json!({ "text": text })),
            Say::NotSold(what) => self.render("not_sold", &json!({ "what": what })),
            Say::Gone => self.plain("gone"),
            Say::Which { skus } => self.which(skus),
            Say::Packs { pieces, options } => self.packs(*pieces, options),
            Say::Propose {
                pieces,
                lines,
                held,
            } => self.propose(*pieces, lines, *held),
            Say::Quote { lines, totals } => self.quote(lines, totals),
            Say::Sum(line) => self.sum(line),
            Say::Confirm(lines) => self.render("confirm", &json!({ "lines": self.lines(lines) })),
            Say::NotEnough(sku) => self.render("not_enough", &json!({ "name": self.name(sku) })),
            Say::CityRefused {
                asked,
                places,
                available,
            } => self.city_refused(asked, places, available),
            Say::Apart(each) => self.apart(each),
            Say::Ask(missing) => self.ask(missing),
            Say::Checkout(complete) => self.checkout(complete),
            Say::Cancelled { order } => self.render("cancelled", &json!({ "order": order })),
            Say::CancelPaid(sku) => self.cancel_paid(sku.as_ref()),
            Say::NothingToCancel => self.plain("nothing_to_cancel"),
            Say::WhichGeneral => self.plain("which_general"),
            Say::Declined => self.declined(),
            Say::Closing => self.plain("closing"),
            Say::TimeChosen | Say::TimesDeclined | Say::WhichTime => self.plain(about_times(say)),
            Say::Status => self.status(),
            Say::Standing { awaiting } => self.render("standing", &json!({ "awaiting": awaiting })),
        }
    }

    pub(super) fn row(&self, sku: &Sku) -> Option<&'a Offering> {
        self.input.catalog.get(sku)
    }

    pub(super) fn rows(&self, skus: &[Sku]) -> Vec<&'a Offering> {
        skus.iter().filter_map(|sku| self.row(sku)).collect()
    }

    pub(super) fn name(&self, sku: &Sku) -> &'a str {
        self.row(sku).map_or("", |row| row.name.as_str())
    }

    /// An amount as everywhere in the product; free is a word, never "0 EUR" (K9).
    pub(super) fn amount(&self, amount: Money) -> Result<String> {
        if amount.is_zero() {
            self.plain("free")
        } else {
            Ok(amount.to_string())
        }
    }

    /// "2 × Bouquet of 10 roses", without a count when it is not known yet.
    pub(super) fn lines(&self, lines: &[CartLine]) -> Vec<String> {
        lines
            .iter()
            .map(|line| match line.quantity {
                0 => self.name(&line.sku).to_owned(),
                quantity => format!("{quantity} × {}", self.name(&line.sku)),
            })
            .collect()
    }
}

/// B4: the words about offered times.
fn about_times(say: &Say) -> &'static str {
    if matches!(say, Say::TimeChosen) {
        "time_chosen"
    } else if matches!(say, Say::TimesDeclined) {
        "times_declined"
    } else {
        "which_time"
    }
}
