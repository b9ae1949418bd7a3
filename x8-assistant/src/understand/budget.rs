//! What the customer can spend: "up to 50 euros", "не дороже 40 евро", "tengo 30 euros" (A7).

use x8_core::Money;

use super::{
    number,
    words::{Words, matches},
};

/// These stand before the amount.
const LIMITS: &[&str] = &[
    "up to",
    "under",
    "below",
    "less than",
    "cheaper than",
    "no more than",
    "not more than",
    "not over",
    "max",
    "maximum",
    "maximum of",
    "at most",
    "within",
    "budget",
    "budget is",
    "budget of",
    "budget of about",
    "around",
    "about",
    "i have",
    "i've got",
    "i only have",
    "until",
    "до",
    "не дороже",
    "не больше",
    "не более",
    "дешевле",
    "подешевле",
    "меньше",
    "менее",
    "максимум",
    "макс",
    "в пределах",
    "в районе",
    "около",
    "примерно",
    "бюджет",
    "бюджет до",
    "бюджет около",
    "у меня",
    "у меня есть",
    "есть",
    "есть только",
    "у меня только",
    "уложиться в",
    "hasta",
    "menos de",
    "por debajo de",
    "maximo",
    "maximo de",
    "no mas de",
    "como mucho",
    "como maximo",
    "no pase de",
    "no pasen de",
    "presupuesto",
    "presupuesto de",
    "presupuesto es de",
    "presupuesto es",
    "tengo",
    "tengo unos",
    "tengo solo",
    "unos",
    "alrededor de",
    "mas barato de",
    "mas barato que",
];
/// These stand behind it.
const BEHIND: &[&str] = &[
    "max",
    "maximum",
    "at most",
    "tops",
    "or less",
    "or under",
    "budget",
    "максимум",
    "макс",
    "не больше",
    "не более",
    "и дешевле",
    "или дешевле",
    "бюджет",
    "maximo",
    "como mucho",
    "como maximo",
    "o menos",
    "de presupuesto",
    "no mas",
];
/// These make an amount a budget where somebody asks what there is for it.
const FOR: &[&str] = &["for", "за", "на", "por", "con", "with"];
/// These name a budget, so that a bare number beside them is one.
const NAMED: &[&str] = &["budget*", "бюджет*", "presupuest*"];

/// These stand before a bare amount,
const BARE: &[&str] = &[
    "under",
    "below",
    "less than",
    "cheaper than",
    "up to",
    "around",
    "about",
    "for",
    "до",
    "за",
    "не дороже",
    "дешевле",
    "меньше",
    "в пределах",
    "в районе",
    "примерно за",
    "por menos de",
    "menos de",
    "hasta",
    "por",
    "de menos de",
    "por debajo de",
];
/// when one of these asks for whatever there is.
const ANYTHING: &[&str] = &[
    "anything",
    "something",
    "some thing",
    "что нибудь",
    "что то",
    "чего нибудь",
    "есть что",
    "algo",
    "alguna cosa",
];

/// The most that is to be spent; only euros, which are the currency of every catalogue.
pub(super) fn hear(words: &Words) -> Option<Money> {
    let asking = words.has(super::intent::section("list"))
        || words.has(&["what", "which", "que", "что", "какой", "какие"])
        || words.raw().contains('?');
    let named = words
        .list()
        .iter()
        .any(|word| NAMED.iter().any(|name| matches(&word.folded, name)));
    (0..words.list().len()).find_map(|at| {
        let word = words.at(at)?;
        let value = number::value(word).filter(|_| !number::is_article(word))?;
        let (cents, end) = cents(words, at);
        let euros = is_euro(words, at, end);
        let end = if words
            .at(end)
            .is_some_and(|word| word.folded.starts_with("eur") || word.folded == "евро")
        {
            end + 1
        } else {
            end
        };
        let limited = LIMITS.iter().any(|limit| stands_before(words, at, limit))
            || BEHIND.iter().any(|limit| {
                words
                    .find_from(limit, end)
                    .is_some_and(|range| range.start == end)
            });
        let asked = asking && FOR.iter().any(|lead| stands_before(words, at, lead));
        // "Anything under 15?": nothing else is asked for so.
        let open = BARE.iter().any(|limit| stands_before(words, at, limit))
            && words.has(ANYTHING)
            && words.at(end).is_none_or(|next| {
                next.segment != word.segment || super::intent::is_common_word(&next.folded)
            });
        let meant = (euros && (limited || asked)) || (named && limited && value >= 5) || open;
        meant.then(|| Money::eur(i64::from(value) * 100 + i64::from(cents)))
    })
}

/// "12,50": the fifty, and where the amount ends.
fn cents(words: &Words, at: usize) -> (u32, usize) {
    let tail = words
        .at(at + 1)
        .filter(|next| matches!(next.gap.as_str(), "." | ",") && next.text.len() == 2)
        .and_then(super::words::Word::digits);
    (tail.unwrap_or(0), at + 1 + usize::from(tail.is_some()))
}

fn is_euro(words: &Words, at: usize, end: usize) -> bool {
    let word = words.at(end).map_or("", |word| word.folded.as_str());
    let last = end.checked_sub(1).and_then(|last| words.at(last));
    let behind = last
        .and_then(|last| words.raw().get(last.span.end..))
        .unwrap_or_default();
    word.starts_with("eur")
        || word == "евро"
        || behind.trim_start().starts_with('€')
        || words
            .at(at)
            .is_some_and(|word| word.gap.trim_end().ends_with('€'))
}

fn stands_before(words: &Words, at: usize, phrase: &str) -> bool {
    let length = phrase.split(' ').count();
    at.checked_sub(length)
        .and_then(|start| words.find_from(phrase, start))
        .is_some_and(|range| range.end == at)
}
