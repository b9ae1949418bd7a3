//! Promises that something is free although no row says so.
//!
//! Delivery is free from the threshold on and not before, however often it is asked for (O5); nothing else is free unless
//! the catalogue holds something free or says so in its own words.

use x8_core::{cart::price, catalog::Offering, text::fold};

use super::super::{
    Rule, amounts,
    cues::Cues,
    text::{Edit, denies, has_any},
    work::Work,
};

/// Clear promises; "feel free" and "free slots" are none.
pub(in super::super) const PROMISES: [&str; 34] = [
    "free of charge",
    "for free",
    "is free",
    "are free",
    "it's free",
    "will be free",
    "free delivery",
    "free shipping",
    "delivery free",
    "free gift",
    "as a gift",
    "free bouquet",
    "complimentary",
    "no charge",
    "free bonus",
    "бесплатн",
    "в подарок",
    "gratis",
    "gratuit",
    "sin coste",
    "sin costo",
    "de regalo",
    "kostenlos",
    "kostenfrei",
    "umsonst",
    "offert",
    "omaggio",
    "de graca",
    "on the house",
    "is on us",
    "за наш счет",
    "por nuestra cuenta",
    "de nuestra cuenta",
    "get one free",
];

pub(in super::super) const DELIVERY: [&str; 13] = [
    "deliver",
    "shipping",
    "courier",
    "travel",
    "достав",
    "выезд",
    "envio",
    "entrega",
    "liefer",
    "versand",
    "livraison",
    "consegna",
    "spedizione",
];

/// "The slot is free" speaks of time.
pub(in super::super) const TIME: [&str; 12] = [
    "slot",
    "time",
    "table",
    "seat",
    "date",
    "hora",
    "horario",
    "mesa",
    "время",
    "врем",
    "окно",
    "termin",
];

/// Words that name the threshold.
pub(in super::super) const FROM: [&str; 9] = [
    "from",
    "over",
    "above",
    "starting",
    "от",
    "свыше",
    "desde",
    "ab",
    "a partir",
];

/// What the rows say of things that cost nothing.
#[derive(Debug)]
pub(in super::super) struct Given {
    /// Some row costs nothing.
    pub(in super::super) something_free: bool,
    /// No row has a delivery fee.
    delivered_free: bool,
    /// Some row promises something, in its own words.
    said: bool,
    /// Some row that does so speaks of delivery.
    said_of_delivery: bool,
}

impl Given {
    pub(in super::super) fn of(rows: &[Offering]) -> Self {
        let promises = |text: &str| {
            let folded = fold(text);
            Cues::of(&folded).has(Cues::PROMISE) || has_any(&folded, &["free"])
        };
        let said = rows.iter().any(|row| {
            let texts = [row.name.as_str(), row.description.as_str()];
            let mut texts = texts
                .into_iter()
                .chain(row.details.values().map(String::as_str));
            texts.any(promises)
        });
        let of_delivery = |row: &Offering| {
            let cues = Cues::of(&fold(&row.description));
            cues.has(Cues::DELIVERY) && cues.has(Cues::PROMISE)
        };
        Self {
            something_free: rows.iter().any(Offering::is_free),
            delivered_free: rows
                .iter()
                .all(|row| row.fee.is_none_or(|fee| fee.amount.is_zero())),
            said,
            said_of_delivery: said && rows.iter().any(of_delivery),
        }
    }
}

pub(in super::super) fn apply(work: &mut Work<'_>) {
    // Most replies promise nothing.
    if !work.page().says(Cues::PROMISE) {
        return;
    }
    let given = &work.facts.given;
    let something_free = given.something_free || work.is_free();
    let delivered_free = delivered_free(work);
    work.edit(Rule::G7, |_, sentence| {
        let delivery = sentence.says(Cues::DELIVERY);
        // A gift in a description makes no delivery free.
        let said = if delivery {
            given.said_of_delivery
        } else {
            given.said
        };
        if !sentence.says(Cues::PROMISE) || said || denies(sentence.folded()) {
            return Edit::Keep;
        }
        let founded = if delivery {
            // Named thresholds are checked as amounts (G4).
            let threshold = sentence.says(Cues::FROM.or(Cues::CONDITION));
            delivered_free || (threshold && !amounts::scan(sentence).is_empty())
        } else {
            something_free || sentence.says(Cues::TIME)
        };
        if founded { Edit::Keep } else { Edit::Remove }
    });
}

/// Whether the delivery of this turn's cart costs nothing; without a cart, whether none ever costs anything.
fn delivered_free(work: &Work<'_>) -> bool {
    let carts = [&work.cart, &work.context.cart];
    match carts.into_iter().find(|cart| !cart.is_empty()) {
        Some(cart) => {
            price(work.catalog, cart, true).is_ok_and(|priced| priced.totals.delivery.is_zero())
        }
        None => work.facts.given.delivered_free,
    }
}
