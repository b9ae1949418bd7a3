//! G6: how many are left is never told: neither the number of a row near words about stock, nor "only 5 left" with any
//! number at all.

use std::collections::HashSet;

use x8_core::{catalog::Offering, text::fold};

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

/// Words that tell how many are left, also with the thing counted in between: "5 roses left".
const LEFT: [&str; 31] = [
    "left",
    "remaining",
    "remain",
    "remains",
    "осталось",
    "остался",
    "осталась",
    "остались",
    "остаток",
    "остатке",
    "залишилося",
    "quedan",
    "queda",
    "restantes",
    "restan",
    "ubrig",
    "noch",
    "reste",
    "restent",
    "en reste",
    "rimasti",
    "rimaste",
    "rimangono",
    "restano",
    "restam",
    "zostało",
    "zostały",
    "nog",
    "kaldı",
    "kaldi",
    "есть еще",
];

/// Words of availability that tell it only right next to a number: "5 available".
const NEXT_TO: [&str; 20] = [
    "in stock",
    "stock",
    "inventory",
    "available",
    "в наличии",
    "на складе",
    "свободно",
    "доступно",
    "disponibles",
    "disponible",
    "en stock",
    "existencias",
    "plazas libres",
    "verfugbar",
    "auf lager",
    "vorratig",
    "disponibili",
    "disponiveis",
    "em estoque",
    "freie platze",
];

/// The same in scripts without spaces.
const UNSPACED: [&str; 8] = ["剩", "库存", "庫存", "残り", "在庫", "남았", "남은", "재고"];

/// Small words between a number and what it counts.
const BETWEEN: [&str; 44] = [
    "tylko",
    "sztuk",
    "sztuki",
    "slechts",
    "maar",
    "stuks",
    "sadece",
    "adet",
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

/// How many of each row are left, as people write it.
#[derive(Debug)]
pub(super) struct Counts(HashSet<String>);

impl Counts {
    pub(super) fn of(rows: &[Offering]) -> Self {
        let stocks = rows.iter().filter_map(|row| row.stock);
        Self(stocks.map(|stock| stock.internal().to_string()).collect())
    }
}

pub(super) fn apply(work: &mut Work<'_>) {
    work.edit(Rule::G6, |work, sentence| {
        let masked = sentence.masked(|words| amounts::mask_names(&work.facts.figured, words));
        let folded = fold(masked);
        let unspaced = UNSPACED.iter().any(|word| folded.contains(word));
        if unspaced && folded.chars().any(char::is_numeric) {
            return Edit::Remove;
        }
        let listed = [
            STOCK.as_slice(),
            &LEFT,
            &NEXT_TO,
            &["last", "последние", "ultimas"],
        ];
        if !listed.iter().any(|words| has_any(&folded, words)) {
            return Edit::Keep;
        }
        let words = words(&folded);
        let told = tells_how_many(&words) || leaks(work, &words);
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
    beside(&line, &LEFT, 2) || beside(&line, &NEXT_TO, 1) || last_pieces(words)
}

/// Whether a count stands right behind one of these, or among so many words before it.
fn beside(line: &str, wanted: &[&str], before: usize) -> bool {
    wanted.iter().any(|word| {
        line.match_indices(word).any(|(at, _)| {
            let head = line.get(..at).unwrap_or_default();
            let tail = line.get(at + word.len()..).unwrap_or_default();
            let whole = head.is_empty() || head.ends_with(' ');
            let whole = whole && (tail.is_empty() || tail.starts_with(' '));
            let behind = tail.split_whitespace().next().is_some_and(is_count);
            let mut backwards = head.split_whitespace().rev().take(before);
            whole && (behind || backwards.any(is_count))
        })
    })
}

/// "Last 3 pieces": a unit of stock must follow, or the last three days would count.
fn last_pieces(words: &[&str]) -> bool {
    words.windows(3).any(|three| match three {
        [last, number, unit] => {
            matches!(
                *last,
                "last" | "последние" | "ultimas" | "ultimos" | "letzte" | "dernieres"
            ) && is_count(number)
                && BETWEEN.contains(unit)
        }
        _shorter => false,
    })
}

fn is_count(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit()) || NUMBER_WORDS.contains(&word)
}

/// A row's own number in the sentence. Quantities the customer named, durations and amounts are something else.
fn leaks(work: &Work<'_>, words: &[&str]) -> bool {
    let Counts(counts) = &work.facts.counts;
    let named = |count: &str| {
        let mut cart = work.context.cart.iter();
        cart.any(|line| line.quantity.to_string() == count)
    };
    words.iter().enumerate().any(|(index, word)| {
        let next = words.get(index + 1).copied().unwrap_or_default();
        let other = OTHER_UNITS.iter().any(|unit| next.starts_with(unit));
        !other && counts.contains(*word) && !named(word)
    })
}

/// What a number can count or cost besides stock, as beginnings of the next word.
const OTHER_UNITS: [&str; 48] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "янв",
    "фев", "апр", "мая", "июн", "июл", "авг", "сент", "окт", "нояб", "дек", "de", "people",
    "person", "чел", "eur", "евро", "руб", "usd", "hour", "час", "hora", "stunde", "heure", "ore",
    "min", "мин", "day", "дн", "день", "dia", "tag", "jour", "am", "pm", "km",
];
