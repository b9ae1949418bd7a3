//! G6: how many are left is never told: neither the number of a row near words about stock, nor "only 5 left" with any
//! number at all.

use x8_core::text::fold;

use super::{
    Rule, amounts,
    text::{Edit, has_any},
    work::Work,
};

/// Words about availability; with a row's own number in the same sentence they leak it.
const STOCK: [&str; 34] = [
    "stock",
    "left",
    "available",
    "availability",
    "remain",
    "inventory",
    "warehouse",
    "spots",
    "slots",
    "places",
    "seats",
    "остал",
    "остат",
    "налич",
    "на складе",
    "доступн",
    "мест",
    "свободн",
    "quedan",
    "queda",
    "disponib",
    "existencias",
    "plazas",
    "almacen",
    "verfugbar",
    "auf lager",
    "vorratig",
    "ubrig",
    "reste",
    "places",
    "rimast",
    "rimang",
    "resta",
    "estoque",
];

/// Words that next to a number tell how many are left.
const LEFT: [&str; 38] = [
    "left",
    "left in stock",
    "in stock",
    "remaining",
    "remain",
    "available",
    "осталось",
    "остался",
    "осталась",
    "остались",
    "в наличии",
    "на складе",
    "свободно",
    "доступно",
    "quedan",
    "queda",
    "disponibles",
    "en stock",
    "restantes",
    "existencias",
    "plazas libres",
    "ubrig",
    "verfugbar",
    "auf lager",
    "vorratig",
    "noch",
    "reste",
    "restent",
    "en reste",
    "rimasti",
    "rimaste",
    "rimangono",
    "restano",
    "disponibili",
    "restam",
    "disponiveis",
    "em estoque",
    "есть еще",
];

/// Small words between a number and what it counts.
const BETWEEN: [&str; 36] = [
    "only",
    "just",
    "about",
    "around",
    "nearly",
    "almost",
    "exactly",
    "still",
    "units",
    "unit",
    "pieces",
    "pcs",
    "items",
    "spots",
    "slots",
    "seats",
    "places",
    "всего",
    "лишь",
    "только",
    "еще",
    "примерно",
    "около",
    "ровно",
    "шт",
    "штук",
    "штуки",
    "единиц",
    "мест",
    "места",
    "solo",
    "unidades",
    "plazas",
    "nur",
    "que",
    "solo",
];

const NUMBER_WORDS: [&str; 30] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "один",
    "одна",
    "два",
    "две",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "ocho",
    "nueve",
    "diez",
];

pub(super) fn apply(work: &mut Work<'_>) {
    let counts: Vec<String> = work
        .catalog
        .offerings()
        .iter()
        .filter_map(|row| row.stock)
        .map(|stock| stock.internal().to_string())
        .collect();
    work.edit(Rule::G6, |work, sentence| {
        let masked = amounts::mask_names(work.catalog, sentence);
        let folded = fold(&masked);
        if !has_any(&folded, &STOCK) && !has_any(&folded, &LEFT) {
            return Edit::Keep;
        }
        let words = words(&folded);
        let told = tells_how_many(&words) || leaks(work, &words, &counts);
        if told { Edit::Remove } else { Edit::Keep }
    });
}

/// Words and numbers, in order; `29.90` and `10:30` stay one word and so are no counts.
fn words(folded: &str) -> Vec<&str> {
    folded
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | ',' | ':' | '\'')))
        .map(|word| word.trim_matches(['.', ',', ':', '\'']))
        .filter(|word| !word.is_empty())
        .collect()
}

/// A number next to a word of being left, small words aside.
fn tells_how_many(words: &[&str]) -> bool {
    let mut spoken: Vec<&str> = words.to_vec();
    spoken.retain(|word| !BETWEEN.contains(word));
    let line = spoken.join(" ");
    LEFT.iter().any(|left| {
        line.match_indices(left).any(|(at, _)| {
            let before = line.get(..at).unwrap_or_default();
            let after = line.get(at + left.len()..).unwrap_or_default();
            let whole = before.is_empty() || before.ends_with(' ');
            let whole = whole && (after.is_empty() || after.starts_with(' '));
            let near = |word: Option<&str>| word.is_some_and(is_count);
            // "noch 5" and "5 left", but also "5 roses left".
            let backwards = before.split_whitespace().rev().take(2);
            whole
                && (near(after.split_whitespace().next()) || {
                    let mut backwards = backwards;
                    backwards.any(is_count)
                })
        })
    })
}

fn is_count(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit()) || NUMBER_WORDS.contains(&word)
}

/// A row's own number in the sentence. Quantities the customer named, durations and amounts are something else.
fn leaks(work: &Work<'_>, words: &[&str], counts: &[String]) -> bool {
    let named = |count: &&String| {
        work.context
            .cart
            .iter()
            .any(|line| line.quantity.to_string() == **count)
    };
    words.iter().enumerate().any(|(index, word)| {
        let next = words.get(index + 1).copied().unwrap_or_default();
        let other = OTHER_UNITS.iter().any(|unit| next.starts_with(unit));
        !other && counts.iter().any(|count| count == word && !named(&count))
    })
}

/// What a number can count or cost besides stock, as beginnings of the next word.
const OTHER_UNITS: [&str; 21] = [
    "eur", "евро", "руб", "usd", "hour", "час", "hora", "stunde", "heure", "ore", "min", "мин",
    "day", "дн", "день", "dia", "tag", "jour", "am", "pm", "km",
];
