//! G7: free is free. No link, no payment talk, never "0 EUR"; the customer is told that it is free. What no
//! row makes free is not called free.

use x8_core::text::fold;

use super::{
    Action, Rule, amounts,
    cues::Cues,
    letter::is_alphabetic,
    look::Look,
    page::{Checks, Sentence},
    text::{Edit, has_any},
    tongue::Phrase,
    work::{Work, shown},
};

mod unfounded;

use crate::bytes;

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

/// Words about paying, as stems of folded text.
pub(super) const PAYING: [&str; 19] = [
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
            if sentence.says(Cues::PAYING) && !sentence.says(Cues::NEGATION) {
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
    if work.text().is_empty() {
        let lines = order.priced.lines.iter();
        let names: Vec<String> = lines
            .map(|line| format!("{} × {}", line.quantity, line.name))
            .collect();
        let summary = names.join(", ");
        work.say(work.tongue.say(&Phrase::FreeConfirmed { summary }));
    } else if !has_any(&fold(work.text()), &FREE) {
        work.append(&Phrase::Free);
        work.find(Rule::G7, Action::Replaced, "a free order without saying so");
    }
}

/// Replaces sentences that speak of a price of zero.
fn zero_amounts(work: &mut Work<'_>) {
    let something_free = work.facts.something_free;
    work.edit_once(Rule::G7, Checks::ZERO, |work, sentence| {
        if !may_cost_zero(sentence) {
            return Edit::Keep;
        }
        let amounts = amounts::scan_in(sentence);
        if !amounts
            .iter()
            .any(|amount| amount.minor == Some(0) && amount.currency.is_some())
        {
            return Edit::Keep;
        }
        let rows = work.facts.rows_in(sentence.folded());
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

/// Words for zero, folded.
pub(super) const ZERO: [&str; 6] = ["zero", "null", "ноль", "нуля", "cero", "nullo"];

/// Whether a figure of a sentence can be less than one: it is a word for zero, or begins with a zero.
fn may_cost_zero(sentence: &Sentence<'_>) -> bool {
    // Disguises, words of two scripts and letters with points between them are read by the scanner alone.
    if sentence.says(Cues::ZERO) || !sentence.looks(Look::AS_WRITTEN) {
        return true;
    }
    let mixed = sentence.looks(Look::LATIN) && sentence.looks(Look::CYRILLIC);
    if !mixed && !sentence.looks(Look::ZERO.or(Look::INNER)) {
        return false;
    }
    (mixed && mixes(sentence)) || begins_with_zero(sentence)
}

/// Whether a figure begins with a zero, or points stand between letters.
fn begins_with_zero(text: &str) -> bool {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let zero = |at: usize| {
        let before = at.checked_sub(1).map_or(b' ', byte);
        let decimal = matches!(before, b'.' | b',')
            && at
                .checked_sub(2)
                .is_some_and(|at| byte(at).is_ascii_digit());
        !before.is_ascii_digit() && !decimal
    };
    let dotted = |at: usize| {
        let (head, tail) = text.split_at_checked(at).unwrap_or_default();
        let next = tail.get(1..).and_then(|behind| behind.chars().next());
        next.is_some_and(is_alphabetic) && head.chars().next_back().is_some_and(is_alphabetic)
    };
    let mut from = 0;
    while let Some(behind) = bytes.get(from..)
        && let Some(next) = bytes::find(behind, |byte| (byte == b'0') | (byte == b'.'))
    {
        let at = from + next;
        if (byte(at) == b'0' && zero(at)) || (byte(at) == b'.' && dotted(at)) {
            return true;
        }
        from = at + 1;
    }
    false
}

/// Whether an ASCII letter and one of U+0400 to U+04FF stand side by side.
fn mixes(text: &str) -> bool {
    let bytes = text.as_bytes();
    let latin = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    bytes.iter().enumerate().any(|(at, byte)| {
        matches!(byte, 0xd0..=0xd3) && (latin(at + 2) || at.checked_sub(1).is_some_and(latin))
    })
}
