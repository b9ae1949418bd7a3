//! G7: free is free. No link, no payment talk, never "0 EUR"; the customer is told that it is free. What no
//! row makes free is not called free.

use x8_core::text::fold;

use super::{
    Action, Rule, amounts,
    text::{Edit, NEGATIONS, has_any, has_word},
    tongue::Phrase,
    work::{Work, shown},
};

mod unfounded;

pub(super) use unfounded::Promises;

/// Ways to say "free", as stems of folded text.
pub(super) const FREE: [&str; 11] = [
    "free",
    "бесплатн",
    "gratis",
    "gratuit",
    "sin coste",
    "sin costo",
    "kostenlos",
    "kostenfrei",
    "no charge",
    "complimentary",
    "без оплаты",
];

const PAYING: [&str; 19] = [
    "pay",
    "payment",
    "checkout",
    "invoice",
    "оплат",
    "заплат",
    "платеж",
    "счет на",
    "pagar",
    "pago",
    "pague",
    "enlace de",
    "bezahl",
    "zahlung",
    "zahlen",
    "paiement",
    "payer",
    "pagamento",
    "link",
];

pub(super) fn apply(work: &mut Work<'_>) {
    if work.order.is_some() && work.is_free() {
        if work.claims.send_payment_link == Some(true) {
            work.find(
                Rule::G7,
                Action::Replaced,
                "send_payment_link for a free order",
            );
        }
        work.edit(Rule::G7, |_, sentence| {
            let folded = fold(sentence);
            let asks = has_any(&folded, &PAYING);
            if asks && !has_word(&folded, &NEGATIONS) {
                Edit::Remove
            } else {
                Edit::Keep
            }
        });
    }
    zero_amounts(work);
    unfounded::apply(work);
    let Some(order) = work.order.as_ref().filter(|_| work.is_free()) else {
        return;
    };
    if work.text.is_empty() {
        let lines = order.priced.lines.iter();
        let names: Vec<String> = lines
            .map(|line| format!("{} × {}", line.quantity, line.name))
            .collect();
        let summary = names.join(", ");
        work.text = work.tongue.say(&Phrase::FreeConfirmed { summary });
    } else if !has_any(&fold(&work.text), &FREE) {
        work.append(&Phrase::Free);
        work.find(Rule::G7, Action::Replaced, "a free order without saying so");
    }
}

/// Replaces sentences that speak of a price of zero.
fn zero_amounts(work: &mut Work<'_>) {
    let something_free = work.catalog.offerings().iter().any(|row| row.is_free());
    work.edit(Rule::G7, |work, sentence| {
        let amounts = amounts::scan(sentence);
        if !amounts
            .iter()
            .any(|amount| amount.minor == Some(0) && amount.currency.is_some())
        {
            return Edit::Keep;
        }
        let rows = amounts::named_rows(work.catalog, sentence);
        if !rows.is_empty() {
            let facts: Vec<String> = rows
                .iter()
                .map(|row| {
                    let price = if row.is_free() {
                        work.tongue.pick("free", "бесплатно", "gratis").to_owned()
                    } else {
                        shown(row.price)
                    };
                    format!("{} — {price}", row.name)
                })
                .collect();
            return Edit::Replace(format!(
                "{}{}.",
                amounts::marker(sentence),
                facts.join(", ")
            ));
        }
        if something_free && (work.is_free() || work.context.cart.is_empty()) {
            return Edit::Replace(work.tongue.say(&Phrase::Free));
        }
        Edit::Remove
    });
}
