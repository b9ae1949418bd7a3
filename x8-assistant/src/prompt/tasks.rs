//! The steps of a turn in words: what code decided, one line per block of the plan (A3, A7–A9).

use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};
use x8_core::{
    Money, Result, Sku,
    catalog::{Kind, Offering},
    order::{Area, CartLine, Order, OrderLine, OrderState, Totals},
    port::TurnInput,
};

use super::{library::Library, quote::quoted};
use crate::agenda::{Complete, Missing, Plan, Say, Told};

/// Names in one step; the rows say the rest.
const MOST_NAMES: usize = 30;

/// The text of a step and its values.
type Step = (&'static str, Value);

/// Makes steps out of blocks.
pub(super) struct Tasks<'a> {
    pub(super) library: &'a Library,
    pub(super) input: &'a TurnInput,
    pub(super) plan: &'a Plan,
}

impl Tasks<'_> {
    pub(super) fn all(&self) -> Result<Vec<String>> {
        let step = |say: &Say| {
            let (key, values) = self.step(say)?;
            self.library.render(&format!("task_{key}"), &values)
        };
        self.plan.says.iter().map(step).collect()
    }

    fn step(&self, say: &Say) -> Result<Step> {
        Ok(match say {
            Say::List { skus, .. } => self.list(skus),
            Say::Brief(sku) => ("brief", self.named(sku)),
            Say::Details(sku) => ("details", self.named(sku)),
            Say::Places(places) => ("places", json!({ "places": listed(places) })),
            Say::Contact(sku) => ("contact", json!({ "contact": self.contact(sku.as_ref()) })),
            Say::Address(sku) => ("address", self.address(sku.as_ref())),
            Say::Website(sku) => self.website(sku),
            Say::Photo { sku, shown } => self.photo(sku, *shown),
            Say::Video(sku) => ("video", self.media(sku, |row| row.media.video.as_deref())),
            Say::FreeDelivery(_) => bare("free_delivery"),
            Say::DeliveryTime(_) => bare("delivery_time"),
            Say::Served(place) => ("served", json!({ "place": place })),
            Say::Choose { told, ways, .. } => choose(told, *ways),
            Say::WhichAbout => bare("which_about"),
            Say::SamePrices => bare("same_prices"),
            Say::NothingCheaper => bare("nothing_cheaper"),
            Say::WhichDay { dated, named } => (
                "which_day",
                json!({ "dated": day(*dated), "named": day(*named) }),
            ),
            Say::NotSold(text) => ("not_sold", json!({ "text": quoted(text, 60) })),
            Say::RemindersStopped => bare("reminders_stopped"),
            Say::NotPaidYet { link_open } => ("not_paid_yet", json!({ "link_open": link_open })),
            Say::PaidIndeed => bare("paid_indeed"),
            Say::NothingToPay => bare("nothing_to_pay"),
            Say::LinkWhere { open } => ("link_where", json!({ "open": open })),
            Say::OwnNumberUnknown => bare("own_number_unknown"),
            Say::PhoneWrong(text) => ("phone_wrong", json!({ "text": quoted(text, 40) })),
            Say::Gone => bare("gone"),
            Say::Which { skus } => ("which", json!({ "names": self.keys(skus) })),
            Say::Packs { pieces, options } => self.packs(*pieces, options),
            Say::Propose {
                pieces,
                lines,
                held,
            } => self.propose(*pieces, lines, *held),
            Say::Quote { lines, totals } => self.quote(lines, totals),
            Say::Sum(line) => self.sum(line),
            Say::Confirm(lines) => ("confirm", json!({ "lines": self.lines(lines) })),
            Say::NotEnough(sku) => ("not_enough", self.named(sku)),
            Say::CityRefused {
                asked,
                places,
                available,
            } => self.city_refused(asked, places, available),
            Say::Apart(each) => self.apart(each),
            Say::Ask(missing) => ("ask", self.missing(missing)),
            Say::Checkout(complete) => ("checkout", checkout(complete)?),
            Say::Cancelled { order } => ("cancelled", json!({ "order": order })),
            Say::CancelPaid(sku) => self.cancel_paid(sku.as_ref()),
            Say::NothingToCancel => bare("nothing_to_cancel"),
            Say::WhichGeneral => bare("which_general"),
            Say::Declined => bare("declined"),
            Say::Closing => bare("closing"),
            Say::TimeChosen | Say::TimesDeclined | Say::WhichTime => bare(about_times(say)),
            Say::Status => self.status()?,
            Say::Standing { awaiting } => ("standing", json!({ "awaiting": awaiting })),
        })
    }

    fn apart(&self, each: &[(Sku, Option<DateTime>)]) -> Step {
        let skus: Vec<Sku> = each.iter().map(|(sku, _)| sku.clone()).collect();
        ("apart", json!({ "names": self.keys(&skus) }))
    }

    fn website(&self, sku: &Sku) -> Step {
        let website = self.media(sku, |row| row.media.website.as_deref());
        ("website", website)
    }

    fn list(&self, skus: &[Sku]) -> Step {
        let rest = skus.len() > MOST_NAMES;
        ("list", json!({ "names": self.keys(skus), "rest": rest }))
    }

    fn photo(&self, sku: &Sku, shown: bool) -> Step {
        let url = self.row(sku).and_then(|row| row.media.image.as_deref());
        let values = json!({ "name": self.name(sku), "url": url.is_some(), "shown": shown && url.is_some() });
        ("photo", values)
    }

    fn packs(&self, pieces: u32, options: &[Vec<CartLine>]) -> Step {
        let options: Vec<String> = options.iter().map(|lines| self.lines(lines)).collect();
        let options = options.join(" or ");
        ("packs", json!({ "pieces": pieces, "options": options }))
    }

    fn propose(&self, pieces: u32, lines: &[CartLine], held: u32) -> Step {
        let values = json!({ "pieces": pieces, "lines": self.lines(lines), "held": held });
        ("propose", values)
    }

    fn quote(&self, lines: &[CartLine], totals: &Totals) -> Step {
        let values = json!({
            "lines": self.lines(lines), "delivery": paid(totals.delivery), "total": amount(totals.total),
        });
        ("quote", values)
    }

    fn cancel_paid(&self, sku: Option<&Sku>) -> Step {
        ("cancel_paid", json!({ "contact": self.refunds(sku) }))
    }

    fn sum(&self, line: &CartLine) -> Step {
        let fee = self.row(&line.sku).and_then(|row| row.fee);
        let values = json!({
            "line": self.lines(std::slice::from_ref(line)),
            "delivery": fee.and_then(|fee| paid(fee.amount)),
        });
        ("sum", values)
    }

    fn city_refused(&self, asked: &str, places: &[String], available: &[Sku]) -> Step {
        let values = json!({
            "asked": quoted(asked, 60), "places": listed(places), "available": self.keys(available),
        });
        ("city_refused", values)
    }

    fn row(&self, sku: &Sku) -> Option<&Offering> {
        self.input.catalog.get(sku)
    }

    fn name(&self, sku: &Sku) -> String {
        self.row(sku)
            .map_or_else(String::new, |row| quoted(&row.name, 120))
    }

    fn named(&self, sku: &Sku) -> Value {
        json!({ "name": self.name(sku) })
    }

    /// Keys say which rows are meant; their names stand in the rows.
    fn keys(&self, skus: &[Sku]) -> String {
        let known = skus.iter().filter(|sku| self.row(sku).is_some());
        let keys = known.take(MOST_NAMES).map(|sku| quoted(sku.as_str(), 40));
        keys.collect::<Vec<_>>().join(", ")
    }

    fn media(&self, sku: &Sku, link: impl Fn(&Offering) -> Option<&str>) -> Value {
        let url = self.row(sku).and_then(link).map(|url| quoted(url, 500));
        json!({ "name": self.name(sku), "url": url })
    }

    /// A8: asked for. When every row names the same contact, it need not be asked whose.
    fn contact(&self, sku: Option<&Sku>) -> Option<String> {
        let own = sku.and_then(|sku| self.row(sku));
        let rows = self.input.catalog.offerings();
        let first = rows.first()?;
        let same = || {
            rows.iter()
                .all(|row| row.contacts.contact == first.contacts.contact)
        };
        let row = own.or_else(|| same().then_some(first))?;
        let told = [&row.contacts.contact, &row.contacts.address];
        let told = told.into_iter().flatten().map(|text| quoted(text, 200));
        let told = told.collect::<Vec<_>>().join("; ");
        (!told.is_empty()).then_some(told)
    }

    /// A8: asked for. One address for all need not be asked for by offering.
    fn address(&self, sku: Option<&Sku>) -> Value {
        let rows = self.input.catalog.offerings();
        let first = rows.first().filter(|first| {
            let own = |row: &Offering| row.contacts.address == first.contacts.address;
            rows.iter().all(own)
        });
        let row = sku.and_then(|sku| self.row(sku)).or(first);
        let address = row.and_then(|row| row.contacts.address.as_deref());
        let places: Vec<String> = self
            .input
            .catalog
            .places()
            .into_iter()
            .map(str::to_owned)
            .collect();
        json!({ "address": address.map(|text| quoted(text, 200)), "places": listed(&places) })
    }

    /// A8: refunds go to the supplier's service for goods, to the specialist for services.
    fn refunds(&self, sku: Option<&Sku>) -> Option<String> {
        let row = sku.and_then(|sku| self.row(sku))?;
        let contact = match row.kind {
            Kind::Product => row.contacts.service.as_deref(),
            Kind::Service => row.contacts.contact.as_deref(),
        };
        contact.map(|text| quoted(text, 200))
    }

    /// `2 × Bouquet of 10 roses = 59.80 EUR`, computed here so that no model has to.
    fn lines(&self, lines: &[CartLine]) -> String {
        let line = |line: &CartLine| {
            let name = self.name(&line.sku);
            let sum = self
                .row(&line.sku)
                .map(|row| row.price.times(line.quantity));
            match sum {
                Some(Ok(sum)) if line.quantity > 0 => {
                    format!("{} × {name} = {}", line.quantity, amount(sum))
                }
                Some(_) | None => name,
            }
        };
        lines.iter().map(line).collect::<Vec<_>>().join(" + ")
    }

    fn missing(&self, missing: &Missing) -> Value {
        let mut open: Vec<String> = Vec::new();
        if let Some(places) = &missing.city {
            let what = if missing.service { "place" } else { "city" };
            open.push(match places.as_slice() {
                [] => what.to_owned(),
                places => format!("{what} ({})", listed(places)),
            });
        }
        if !missing.quantity.is_empty() {
            let of: Vec<String> = missing.quantity.iter().map(|sku| self.name(sku)).collect();
            open.push(format!("quantity of {}", of.join(", ")));
        }
        open.extend(missing.name.then(|| "name".to_owned()));
        open.extend(missing.phone.then(|| "recipient's phone".to_owned()));
        json!({ "lines": self.lines(&missing.lines), "missing": open.join("; ") })
    }

    fn status(&self) -> Result<Step> {
        let Some(order) = &self.input.order else {
            return Ok(bare("which_general"));
        };
        let zone = &self.input.company.settings.time_zone;
        let slot = order.slot.as_ref();
        let values = json!({
            "lines": order_lines(&order.lines)?,
            "total": (!order.is_free()).then(|| order.totals.total.to_string()),
            "state": state(order),
            "when": slot.map(|slot| crate::notice::local(slot.starts_at, zone)),
            "place": place(&order.area),
        });
        Ok(("status", values))
    }
}

fn checkout(complete: &Complete) -> Result<Value> {
    let totals = &complete.priced.totals;
    let free = totals.total.is_zero();
    let item = |line: &CartLine| json!({ "SKU": line.sku.as_str(), "quantity": line.quantity });
    let items: Vec<Value> = complete.cart.iter().map(item).collect();
    let items = json!([{ "lineItems": items }]).to_string();
    Ok(json!({
        "lines": order_lines(&complete.priced.lines)?,
        "place": place(&complete.area),
        "free": free,
        "products": amount(totals.products),
        "delivery": paid(totals.delivery),
        "total": amount(totals.total),
        "items": quoted(&items, 2_000),
        "replaces": complete.replaces && !free,
    }))
}

/// B4: the step that answers an answer to offered times.
fn about_times(say: &Say) -> &'static str {
    if *say == Say::TimeChosen {
        "time_chosen"
    } else if *say == Say::TimesDeclined {
        "times_declined"
    } else {
        "which_time"
    }
}

/// A step that needs no values.
fn choose(told: &Told, ways: Option<(u32, usize)>) -> Step {
    let values = json!({
        "told": told != &Told::default(), "pieces": ways.map(|(pieces, _)| pieces),
    });
    ("choose", values)
}

fn bare(key: &'static str) -> Step {
    (key, json!({}))
}

fn day(date: Date) -> String {
    date.strftime("%A, %Y-%m-%d").to_string()
}

fn listed(places: &[String]) -> String {
    let places = places.iter().take(MOST_NAMES).map(|one| quoted(one, 40));
    places.collect::<Vec<_>>().join(", ")
}

fn amount(money: Money) -> String {
    if money.is_zero() {
        "free".to_owned()
    } else {
        money.to_string()
    }
}

fn paid(money: Money) -> Option<String> {
    (!money.is_zero()).then(|| money.to_string())
}

fn place(area: &Area) -> String {
    quoted(area.as_str(), 60)
}

fn order_lines(lines: &[OrderLine]) -> Result<String> {
    let line = |line: &OrderLine| {
        let sum = line.price.times(line.quantity)?;
        let name = quoted(&line.name, 120);
        Ok(format!("{} × {name} = {}", line.quantity, amount(sum)))
    };
    let lines: Vec<String> = lines.iter().map(line).collect::<Result<_>>()?;
    Ok(lines.join(" + "))
}

fn state(order: &Order) -> &'static str {
    match order.state {
        OrderState::Cancelled | OrderState::Superseded => "cancelled",
        _ if order.is_free() => "free, registered",
        OrderState::Cart | OrderState::AwaitingPayment => "not paid yet, the earlier link works",
        OrderState::Paid | OrderState::Confirmed | OrderState::Booked | OrderState::Fulfilled => {
            "paid"
        }
        OrderState::BookingFailed => "paid, staff is settling the time and will write here",
        OrderState::Expired => "not paid, the link ran out",
        OrderState::RefundPending | OrderState::Refunded => "being refunded",
    }
}
