//! G6: how many are left is never told: neither the number of a row near words about stock, nor "only 5 left" with any
//! number at all, in figures or words.

use x8_core::text::fold;

use super::{
    Rule, amounts,
    g04_amounts::texts,
    lexicon::{List, hits, spans},
    look::Look,
    page::{Checks, Sentence},
    text::Edit,
    work::Work,
};

mod counts;

use counts::Counted;
pub(super) use counts::{numbers, stem};

/// The same in scripts without spaces.
const UNSPACED: [&str; 8] = ["剩", "库存", "庫存", "残り", "在庫", "남았", "남은", "재고"];

/// What makes a sentence worth a look.
const ABOUT: [List; 5] = [
    List::STOCK,
    List::LEFT,
    List::BESIDE,
    List::LAST,
    List::HAVE,
];

/// The same, and numbers in words.
const ABOUT_COUNTS: [List; 6] = [
    List::STOCK,
    List::LEFT,
    List::BESIDE,
    List::LAST,
    List::HAVE,
    List::NUMBER,
];

pub(super) fn apply(work: &mut Work<'_>) {
    work.edit_once(Rule::G6, Checks::STOCK, |work, sentence| {
        if tells(work, sentence) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

fn tells(work: &Work<'_>, sentence: &Sentence<'_>) -> bool {
    let unspaced = sentence.looks(Look::FAR) && UNSPACED.iter().any(|word| sentence.contains(word));
    let figures = sentence.looks(Look::NUMERIC);
    if !unspaced && !figures && !sentence.hits().any(&ABOUT) {
        return false;
    }
    let made = amounts::mask_names(&work.facts.figured, sentence);
    let folded = &made.text;
    if unspaced && folded.chars().any(char::is_numeric) {
        return true;
    }
    let found = sentence.hits_in(&made, &ABOUT_COUNTS);
    let asked = figures && work.hears(List::HOW_MANY) && work.hears(List::STOCK);
    if asked && answers(work, &counts::read(folded)) {
        return true;
    }
    let about = found.any(&ABOUT);
    if !about && !figures {
        return false;
    }
    if !about && !found.has(List::NUMBER) && !tells_stock(work, folded) {
        return false;
    }
    let words = counts::read(folded);
    if figures && whole_stock(work, &words) {
        return true;
    }
    if !about {
        return false;
    }
    let all = line(words.iter());
    let spoken = line(words.iter().filter(|word| !word.is_between()));
    beside(&all, List::LEFT, 2)
        || beside(&spoken, List::LEFT, 2)
        || beside(&spoken, List::BESIDE, 1)
        || last_pieces(work, &words, found.any(&[List::STOCK, List::LEFT]))
        || (found.any(&[List::STOCK, List::BESIDE]) && leaks(work, &words))
        || (found.has(List::HAVE) && holds(work, &words))
}

/// Words joined again, with where each begins.
struct Line<'w> {
    text: String,
    words: Vec<(usize, &'w Counted<'w>)>,
}

fn line<'w>(words: impl Iterator<Item = &'w Counted<'w>>) -> Line<'w> {
    let mut text = String::new();
    let mut placed = Vec::new();
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        placed.push((text.len(), word));
        text.push_str(word.text);
    }
    Line {
        text,
        words: placed,
    }
}

/// Whether a count stands right behind an entry of a list, or among so many words before it. What the customer has still
/// to do, and days, are not counted.
fn beside(line: &Line<'_>, list: List, before: usize) -> bool {
    spans(&line.text, list).into_iter().any(|(start, end)| {
        let first = line.words.partition_point(|(at, _)| *at < start);
        let behind = line.words.partition_point(|(at, _)| *at < end);
        let to_do = line
            .text
            .get(end..)
            .is_some_and(|rest| hits(&first_words(rest)).has(List::TO_DO));
        let counts = |at: usize| {
            let word = line.words.get(at).map(|(_, word)| *word);
            let next = line.words.get(at + 1).map(|(_, word)| *word);
            word.is_some_and(|word| word.is_count(next)) && !next.is_some_and(is_other)
        };
        !to_do && (counts(behind) || (first.saturating_sub(before)..first).any(counts))
    })
}

fn first_words(rest: &str) -> String {
    rest.split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Days, and what is still to be told: no stock.
fn is_other(word: &Counted<'_>) -> bool {
    const TIMES: [&str; 22] = [
        "day",
        "hour",
        "min",
        "week",
        "month",
        "дн",
        "день",
        "час",
        "мин",
        "недел",
        "dia",
        "hora",
        "seman",
        "tag",
        "stund",
        "woch",
        "jour",
        "heur",
        "giorn",
        "ore",
        "giorni",
        "%",
    ];
    TIMES.iter().any(|stem| word.text.starts_with(stem)) || word.lists().has(List::TO_DO)
}

/// "The last 3 orchids", "les deux dernières boîtes": something of the catalogue must follow, or the last three days
/// would count.
///
/// `alone`: the sentence speaks of what is left, so that nothing need follow.
fn last_pieces(work: &Work<'_>, words: &[Counted<'_>], alone: bool) -> bool {
    let last = |word: &Counted<'_>| word.lists().has(List::LAST);
    words.windows(2).enumerate().any(|(at, pair)| {
        let [one, two] = pair else { return false };
        let next = words.get(at + 2);
        let counted = (last(one) && two.is_count(next)) || (one.is_count(Some(two)) && last(two));
        counted && next.map_or(alone, |next| is_piece(work, next))
    })
}

fn is_piece(work: &Work<'_>, word: &Counted<'_>) -> bool {
    word.is_between() || work.facts.things.contains(stem(word.text).as_ref())
}

/// A row's own number in the sentence. Quantities the customer named, durations and amounts are something else.
fn leaks(work: &Work<'_>, words: &[Counted<'_>]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let next = words.get(at + 1);
        let other = next.is_some_and(|next| {
            OTHER_UNITS.iter().any(|unit| next.text.starts_with(unit)) || is_other(next)
        });
        word.is_count(next) && !other && is_stock(work, word) && !is_own(work, word, next)
    })
}

/// Whether a row's own text counts the same things: "up to 8 kg".
fn is_own(work: &Work<'_>, word: &Counted<'_>, next: Option<&Counted<'_>>) -> bool {
    let Some(next) = next.filter(|next| !is_piece(work, next)) else {
        return false;
    };
    let told = format!("{} {}", word.text, next.text);
    let rows = work.catalog.offerings().iter();
    rows.flat_map(texts).any(|text| fold(text).contains(&told))
}

fn is_stock(work: &Work<'_>, word: &Counted<'_>) -> bool {
    let Some(value) = word.value else {
        return false;
    };
    let named = |line: &x8_core::order::CartLine| i64::from(line.quantity) == value;
    work.facts.stocks.contains(&value) && !work.context.cart.iter().any(named)
}

/// "We have 43 bouquets": a row's number before what is sold, or at the end.
fn holds(work: &Work<'_>, words: &[Counted<'_>]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let next = words.get(at + 1);
        word.is_count(next) && is_stock(work, word) && next.is_none_or(|next| is_piece(work, next))
    })
}

/// Whether a figure is the number of a row that no row's texts tell.
fn tells_stock(work: &Work<'_>, folded: &str) -> bool {
    let digits = |pair: &[u8]| pair.iter().all(u8::is_ascii_digit);
    // Most figures are none.
    folded.as_bytes().windows(2).any(digits)
        && counts::figures(folded)
            .any(|value| work.facts.stocks.contains(&value) && !work.facts.numbers.contains(&value))
}

/// "43 bouquets are ready": nobody but the catalogue named that number of things.
fn whole_stock(work: &Work<'_>, words: &[Counted<'_>]) -> bool {
    const LEAST: i64 = 10;
    words.iter().enumerate().any(|(at, word)| {
        if word.value.is_none_or(|value| value < LEAST) {
            return false;
        }
        let next = words.get(at + 1);
        let counted = next.is_some_and(|next| is_piece(work, next));
        let all = at
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .is_some_and(|before| {
                matches!(
                    before.text,
                    "all"
                        | "все"
                        | "todos"
                        | "todas"
                        | "alle"
                        | "tous"
                        | "toutes"
                        | "tutti"
                        | "tutte"
                        | "todos os"
                )
            });
        (counted || (all && next.is_none()))
            && is_stock(work, word)
            && !work.facts.numbers.contains(&word.value.unwrap_or_default())
            && !work.context.customer_text.contains(word.text)
    })
}

/// "10,296." to somebody who asks how many there are: a number that neither a row nor the customer told.
fn answers(work: &Work<'_>, words: &[Counted<'_>]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let next = words.get(at + 1);
        let other = next.is_some_and(|next| {
            OTHER_UNITS.iter().any(|unit| next.text.starts_with(unit)) || is_other(next)
        });
        let value = word.value.unwrap_or_default();
        word.text.starts_with(|c: char| c.is_numeric())
            && word.is_count(next)
            && !other
            && !work.facts.numbers.contains(&value)
            && !work.context.customer_text.contains(word.text)
    })
}

/// What a number can count or cost besides stock, as beginnings of the next word.
const OTHER_UNITS: [&str; 48] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "янв",
    "фев", "апр", "мая", "июн", "июл", "авг", "сент", "окт", "нояб", "дек", "de", "people",
    "person", "чел", "eur", "евро", "руб", "usd", "hour", "час", "hora", "stunde", "heure", "ore",
    "min", "мин", "day", "дн", "день", "dia", "tag", "jour", "am", "pm", "km",
];
