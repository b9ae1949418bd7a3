//! A9: card data is never asked for and never shown; the payment page does that.

use super::super::{cues::Cues, look::Look, page::Sentence};

pub(in super::super) const CARD_DATA: [&str; 27] = [
    "card number",
    "number of your card",
    "number of the card",
    "card details",
    "card data",
    "credit card info",
    "cvv",
    "cvc",
    "expiry date of your card",
    "card expiry",
    "номер карт",
    "номер вашей карт",
    "номер банковской карт",
    "данные карт",
    "данные вашей карт",
    "реквизиты карт",
    "срок действия карт",
    "код с обратной стороны",
    "numero de tarjeta",
    "numero de la tarjeta",
    "numero de su tarjeta",
    "numero de tu tarjeta",
    "datos de la tarjeta",
    "datos de su tarjeta",
    "datos de tu tarjeta",
    "caducidad de la tarjeta",
    "kartennummer",
];

/// "Never send us your card number" may stay.
pub(in super::super) const WARNINGS: [&str; 14] = [
    "never",
    "do not",
    "don't",
    "don’t",
    "no need",
    "никогда",
    "не присылайте",
    "не отправляйте",
    "не нужен",
    "не нужны",
    "не просим",
    "nunca",
    "no envie",
    "no nos envie",
];

/// Whether a sentence asks for card data, or shows a card number.
pub(super) fn tells(sentence: &Sentence<'_>) -> bool {
    (sentence.says(Cues::CARD) && !sentence.says(Cues::WARNING))
        || (sentence.looks(Look::NUMERIC) && shows_number(sentence.folded()))
}

/// 13 to 19 digits in a row, apart by blanks or dashes at most, whose check digit is right.
fn shows_number(text: &str) -> bool {
    if text.bytes().filter(u8::is_ascii_digit).count() < 13 {
        return false;
    }
    let part = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '\u{a0}' | '.');
    text.split(|c| !part(c)).any(|run| {
        let digits: Vec<u32> = run.chars().filter_map(|c| c.to_digit(10)).collect();
        (13..=19).contains(&digits.len()) && is_checked(&digits)
    })
}

/// The check of payment card numbers (ISO/IEC 7812).
fn is_checked(digits: &[u32]) -> bool {
    let doubled = |(place, digit): (usize, &u32)| match (place % 2, *digit * 2) {
        (0, _) => *digit,
        (_, twice) if twice > 9 => twice - 9,
        (_, twice) => twice,
    };
    let sum: u32 = digits.iter().rev().enumerate().map(doubled).sum();
    sum.is_multiple_of(10)
}
