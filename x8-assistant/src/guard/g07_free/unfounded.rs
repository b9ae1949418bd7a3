//! Promises that something is free although no row says so.
//!
//! Delivery is free from the threshold on and not before, however often it is asked for (O5); nothing else is free unless
//! the catalogue holds something free or says so in its own words.

use x8_core::{cart::price, text::fold};

use super::super::{
    Rule, amounts,
    text::{CONDITIONS, Edit, denies, has_any, has_word},
    work::Work,
};

/// Clear promises; "feel free" and "free slots" are none.
const PROMISES: [&str; 34] = [
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

const DELIVERY: [&str; 13] = [
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
const TIME: [&str; 12] = [
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
const FROM: [&str; 9] = [
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

pub(in super::super) fn apply(work: &mut Work<'_>) {
    // Reading every row is for replies that promise something.
    if !has_any(&fold(&work.text), &PROMISES) {
        return;
    }
    let said = |word: &str| {
        let rows = work.catalog.offerings().iter();
        let mut texts = rows.flat_map(|row| {
            [row.name.as_str(), row.description.as_str()]
                .into_iter()
                .chain(row.details.values().map(String::as_str))
        });
        texts.any(|text| has_any(&fold(text), &[word]))
    };
    let said: Vec<&str> = PROMISES
        .into_iter()
        .chain(["free"])
        .filter(|word| said(word))
        .collect();
    let said_of_delivery = !said.is_empty()
        && work.catalog.offerings().iter().any(|row| {
            let text = fold(&row.description);
            has_any(&text, &DELIVERY) && has_any(&text, &PROMISES)
        });
    let something_free = work.is_free() || work.catalog.offerings().iter().any(|row| row.is_free());
    let delivered_free = delivered_free(work);
    work.edit(Rule::G7, |_, sentence| {
        let folded = fold(sentence);
        let delivery = has_any(&folded, &DELIVERY);
        // A gift in a description makes no delivery free.
        let said = if delivery {
            said_of_delivery
        } else {
            !said.is_empty()
        };
        if !has_any(&folded, &PROMISES) || denies(&folded) || said {
            return Edit::Keep;
        }
        let founded = if delivery {
            // Named thresholds are checked as amounts (G4).
            let threshold = has_word(&folded, &FROM) || has_word(&folded, &CONDITIONS);
            delivered_free || (threshold && !amounts::scan(sentence).is_empty())
        } else {
            something_free || has_any(&folded, &TIME)
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
        None => work
            .catalog
            .offerings()
            .iter()
            .all(|row| row.fee.is_none_or(|fee| fee.amount.is_zero())),
    }
}
