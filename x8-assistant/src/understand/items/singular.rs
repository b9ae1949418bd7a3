//! Whether a row was spoken of as one thing: "a vase", "el bizcocho", "ролл с угрём" (O1).

use super::super::{
    lexicon::{Entry, Lexicon},
    size::measured,
    terms::alike,
    words::{Words, matches},
};

/// Endings of several things, in the letters of each script.
const PLURAL_LATIN: &[&str] = &["s"];
const PLURAL_CYRILLIC: &[&str] = &[
    "ы", "и", "ов", "ев", "ей", "ам", "ям", "ами", "ями", "ах", "ях", "их", "ых",
];

/// These say that one is meant.
const ONE: &[&str] = &[
    "the", "a", "an", "one", "this", "that", "el", "la", "un", "una", "este", "esta", "ese", "esa",
    "этот", "эту", "тот", "ту", "один", "одну", "одна", "одно",
];
/// What follows them where one of several that were shown is meant: "la de 8", "the 20 one", "la grande".
const CHOICE: &[&str] = &[
    "one",
    "de",
    "small*",
    "large*",
    "big*",
    "pequen*",
    "grande",
    "маленьк*",
    "больш*",
    "first",
    "second",
    "primer*",
    "segund*",
    "cheap*",
    "barat*",
];
const SEVERAL: &[&str] = &[
    "ones", "los", "las", "both", "all", "эти", "те", "оба", "обе",
];

/// Whether messages named a row as one thing; the newest that tells decides. `texts` are the customer's, newest first.
pub(in crate::understand) fn is_one<'t>(
    mut texts: impl Iterator<Item = &'t str>,
    entry: &Entry,
    lexicon: &Lexicon,
) -> bool {
    texts
        .find_map(|text| told(&Words::heard(text, None), entry, lexicon))
        .unwrap_or(false)
}

/// Whether a message names the row as one or as several, when it tells.
fn told(words: &Words, entry: &Entry, lexicon: &Lexicon) -> Option<bool> {
    if is_choice(words) {
        return Some(true);
    }
    let mut one = false;
    for (at, word) in words.list().iter().enumerate() {
        let own = entry.name.iter().find(|own| alike(&word.folded, own));
        let known = word.folded.chars().count() >= 3 && lexicon.knows(&word.folded);
        let Some(own) = own.filter(|_| known) else {
            continue;
        };
        if is_plural(&word.folded, own) {
            return Some(false);
        }
        one = one || (1..=2).any(|back| is(words, at.checked_sub(back), ONE));
    }
    one.then_some(true)
}

/// What one piece of anything is called.
const PIECES: &[&str] = &[
    "шт",
    "штука",
    "порция",
    "portion",
    "porcion",
    "racion",
    "serving",
    "pc",
    "piece",
    "unit",
    "item",
    "unidad",
    "ud",
    "pieza",
];

/// Whether a message names a row as one piece: "the tulip basket", "хочу корзину тюльпанов", "quiero la cesta". What is weighed
/// or measured has no pieces.
pub(in crate::understand) fn is_piece(text: &str, entry: &Entry, lexicon: &Lexicon) -> bool {
    if entry.is_measured() || entry.pack.is_some() {
        return false;
    }
    let words = Words::heard(text, None);
    let mut one = false;
    for (at, word) in words.list().iter().enumerate() {
        let unit = entry.is_unit(&word.folded);
        let own = entry.name.iter().position(|own| alike(&word.folded, own));
        let known = word.folded.chars().count() >= 3 && (unit || lexicon.knows(&word.folded));
        if !known || (own.is_none() && !unit) {
            continue;
        }
        let own_form = own.and_then(|place| entry.name.get(place));
        // What follows the noun stands as the catalogue writes it: "корзина тюльпанов".
        let follows = own.is_some_and(|place| place > 0) && own_form == Some(&word.folded);
        if follows && !unit {
            continue;
        }
        if is_plural_form(&word.folded) {
            // "Glass" may be one or several as it stands in the catalogue.
            if !unit && !is_cyrillic(&word.folded) && own_form == Some(&word.folded) {
                continue;
            }
            return false;
        }
        let led = (1..=2).any(|back| is(&words, at.checked_sub(back), ONE));
        one = one || unit || led || (is_cyrillic(&word.folded) && entry.is_sold_singly());
    }
    one
}

fn is_cyrillic(text: &str) -> bool {
    text.starts_with(|letter: char| letter > '\u{3ff}')
}

/// Whether a word has the ending of several things.
fn is_plural_form(word: &str) -> bool {
    const ADJECTIVES: &[&str] = &["ые", "ие"];
    let endings = if is_cyrillic(word) {
        PLURAL_CYRILLIC
    } else {
        PLURAL_LATIN
    };
    let adjective = is_cyrillic(word) && ADJECTIVES.iter().any(|ending| word.ends_with(ending));
    adjective || endings.iter().any(|ending| word.ends_with(ending))
}

impl Entry {
    /// Whether it is sold by the piece, or its name begins with what it is sold by: a basket, a bouquet.
    fn is_sold_singly(&self) -> bool {
        let piece = PIECES.iter().any(|piece| self.is_called_unit(piece));
        let unit = self.unit().trim_end_matches('.');
        piece || PIECES.contains(&unit) || self.name.iter().any(|word| word == unit)
    }

    /// Whether it is sold by weight, volume, length or time.
    fn is_measured(&self) -> bool {
        const MEASURES: &[&str] = &[
            "kg",
            "g",
            "gr",
            "l",
            "ml",
            "m",
            "cm",
            "кг",
            "г",
            "гр",
            "л",
            "мл",
            "м",
            "kilo",
            "kilogram",
            "litre",
            "liter",
            "metre",
            "meter",
            "кило",
            "килограмм",
            "литр",
            "метр",
            "kilogramo",
            "litro",
            "metro",
            "hour",
            "час",
            "hora",
        ];
        let unit = self.unit().trim_end_matches('.');
        let mut name = self.name.iter();
        name.any(|word| measured(word).is_some())
            || unit.is_empty()
            || unit.starts_with(|letter: char| letter.is_ascii_digit())
            || MEASURES.contains(&unit)
    }
}

fn is(words: &Words, at: Option<usize>, forms: &[&str]) -> bool {
    at.and_then(|at| words.at(at))
        .is_some_and(|word| forms.iter().any(|form| matches(&word.folded, form)))
}

/// Whether a short answer picks one of what was shown.
fn is_choice(words: &Words) -> bool {
    let mut places = 0..words.list().len();
    let picks = |at: &usize| {
        is(words, Some(*at), ONE) && (1..=2).any(|more| is(words, Some(at + more), CHOICE))
    };
    words.list().len() <= 5
        && places.clone().any(|at| picks(&at))
        && !places.any(|at| is(words, Some(at), SEVERAL))
}

/// Whether a word is a plural, or may be one.
fn is_plural(word: &str, own: &str) -> bool {
    let cyrillic = |text: &str| text.starts_with(|letter: char| letter > '\u{3ff}');
    let ends = |text: &str| {
        let endings = if cyrillic(text) {
            PLURAL_CYRILLIC
        } else {
            PLURAL_LATIN
        };
        endings.iter().any(|ending| text.ends_with(ending))
    };
    // "Сенча" of "сенча", "маки" of "маки": as it is sold, unless that is a plural itself.
    ends(word) && !(word == own && cyrillic(word) && !ends(own))
}
