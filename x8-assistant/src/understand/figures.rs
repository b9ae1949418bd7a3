//! Numbers that count nothing: those that number, date, price or place something, and those no order can have (O1).

use super::{
    number,
    terms::concept,
    words::{Word, Words, matches},
};

/// What a number is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It may count offerings.
    Counts,
    /// It belongs to something else: "message 13", "floor 2", "25 years".
    Numbers,
    /// It stands where a quantity would and is none: below zero, zero, a fraction.
    Odd,
}

/// A number behind one of these numbers it.
const NUMBERED: &[&str] = &[
    "message*",
    "msg",
    "mensaje*",
    "сообщени*",
    "room",
    "habitacion",
    "комнат*",
    "apartment",
    "apt",
    "flat",
    "apartamento",
    "piso",
    "квартир*",
    "кв",
    "floor",
    "planta",
    "этаж*",
    "подъезд*",
    "building",
    "house",
    "edificio",
    "portal",
    "puerta",
    "дом",
    "page",
    "pagina",
    "страниц*",
    "step",
    "paso",
    "шаг",
    "question",
    "pregunta",
    "вопрос",
    "test",
    "prueba",
    "тест",
    "ticket",
    "version",
    "chapter",
    "aged",
    "age",
    "edad",
    "price",
    "цена",
    "precio",
];
/// These are followed by their number only with a word for "number" between.
const KEPT_IN_BOOKS: &[&str] = &[
    "order",
    "booking",
    "invoice",
    "заказ*",
    "счет*",
    "pedido",
    "reserva",
    "factura",
    "line",
];
const NUMBER: &[&str] = &[
    "no",
    "nr",
    "n",
    "nº",
    "num",
    "number",
    "номер*",
    "numero",
    "#",
];
const STREETS: &[&str] = &[
    "street",
    "avenue",
    "ave",
    "road",
    "calle",
    "avenida",
    "avda",
    "plaza",
    "paseo",
    "ул",
    "улиц*",
    "проспект*",
    "переул*",
    "шоссе",
];
/// What follows tells an age, a time or a rank.
const MEASURED: &[&str] = &[
    "year*",
    "yr*",
    "yo",
    "лет",
    "недел*",
    "week*",
    "semana*",
    "год*",
    "anos",
    "ano",
    "am",
    "pm",
    "o'clock",
    "floor",
    "этаж*",
    "planta",
];
const RANKS: &[&str] = &["st", "nd", "rd", "th", "й", "я", "го", "ый", "ой"];
const AHEAD: &[&str] = &["in", "через", "dentro", "de", "en"];
const SPANS: &[&str] = &[
    "day*",
    "week*",
    "hour*",
    "minut*",
    "month*",
    "дн*",
    "день",
    "недел*",
    "час*",
    "месяц*",
    "dia*",
    "semana*",
    "hora*",
    "mes*",
];

/// What the number at a place is good for; `choosing`: the last reply asked for a choice, which may be given by number.
pub(super) fn role(words: &Words, at: usize, choosing: bool) -> Role {
    let Some(word) = words.at(at).filter(|word| number::value(word).is_some()) else {
        return Role::Counts;
    };
    match () {
        () if is_numbering(words, at, choosing) || is_placed(words, at) => Role::Numbers,
        () if is_odd(words, at, word) => Role::Odd,
        () => Role::Counts,
    }
}

/// Takes every number that counts nothing away. Returns whether one of them stands for an impossible quantity.
pub(super) fn set_apart(words: &mut Words, choosing: bool) -> bool {
    let roles: Vec<(usize, Role)> = (0..words.list().len())
        .filter(|at| words.at(*at).is_some_and(|word| !word.used))
        .map(|at| (at, role(words, at, choosing)))
        .filter(|(_, role)| *role != Role::Counts)
        .collect();
    for (at, _) in &roles {
        words.take(*at..at + 1);
    }
    roles.iter().any(|(_, role)| *role == Role::Odd)
}

fn is(words: &Words, at: Option<usize>, forms: &[&str]) -> bool {
    at.and_then(|at| words.at(at))
        .is_some_and(|word| forms.iter().any(|form| matches(&word.folded, form)))
}

fn is_numbering(words: &Words, at: usize, choosing: bool) -> bool {
    let near = at.checked_sub(1);
    let named = is(words, near, NUMBER);
    let sign = words
        .at(at)
        .is_some_and(|word| word.gap.contains(['#', '№']));
    let head = if named { at.checked_sub(2) } else { near };
    let booked = (named || sign) && is(words, head, KEPT_IN_BOOKS);
    let ranked = is(words, Some(at + 1), RANKS)
        && words
            .at(at + 1)
            .is_some_and(|word| matches!(word.gap.as_str(), "" | "-"));
    // "6 and 9 years": the first is an age as well.
    let aged = is(words, Some(at + 1), &["and", "y", "и", "or", "o", "или"])
        && words.at(at + 2).and_then(number::value).is_some()
        && is(words, Some(at + 3), MEASURED);
    let child = is(
        words,
        near,
        &[
            "is",
            "aged",
            "turning",
            "tiene",
            "cumple",
            "ей",
            "ему",
            "исполн*",
        ],
    ) && words
        .list()
        .iter()
        .any(|word| concept(&word.folded) == Some("child"));
    is(words, head, NUMBERED)
        || booked
        || aged
        || child
        || is(words, Some(at + 1), MEASURED)
        || (!choosing && (sign || ranked))
}

/// House numbers, and times ahead: "in 3 days".
fn is_placed(words: &Words, at: usize) -> bool {
    let ahead = is(words, at.checked_sub(1), AHEAD) && is(words, Some(at + 1), SPANS);
    let last = words.at(at + 1).is_none_or(|next| {
        words
            .at(at)
            .is_some_and(|word| word.segment != next.segment)
    });
    let street = (1..=3).any(|back| is(words, at.checked_sub(back), STREETS));
    ahead || (last && street)
}

/// "-2", "0", "1.5", "полтора".
fn is_odd(words: &Words, at: usize, word: &Word) -> bool {
    if word.digits().is_none() {
        return false;
    }
    let minus = word.gap.strip_suffix(['-', '−', '–']);
    let below = minus
        .is_some_and(|before| (before.is_empty() && at == 0) || before.ends_with([' ', '\n', '(']));
    let glued = |word: Option<&Word>| {
        word.is_some_and(|word| matches!(word.gap.as_str(), "." | ",") && word.digits().is_some())
    };
    below || glued(words.at(at + 1)) || (at > 0 && glued(Some(word))) || word.digits() == Some(0)
}
