//! Things that are asked about beside what is ordered: "two loaves please. Do you have honey?" (A7, O1).

use std::ops::Range;

use super::{
    super::{asks::FREE, intent::section, words::Words},
    Count,
};

/// What an inquiry holds,
const INQUIRES: [&str; 5] = ["list", "price", "details", "photo", "free"];
/// and what makes an order of it.
const ORDERS: [&str; 3] = ["order", "add", "replace"];
/// Whether the sentence of a part only inquires, while another sentence of the message says more.
pub(super) fn is_asked(words: &Words, part: &[usize], count: Count) -> bool {
    if !matches!(count, Count::Open | Count::Implied) {
        return false;
    }
    let Some(here) = part.last().and_then(|at| sentence(words, *at)) else {
        return false;
    };
    let holds = |phrases: &[&str]| phrases.iter().any(|phrase| stands(words, phrase, &here));
    let among = |keys: &[&str]| keys.iter().any(|key| holds(section(key)));
    here.len() < words.list().len() && (among(&INQUIRES) || holds(FREE)) && !among(&ORDERS)
}

/// "How long", "how big": words that ask and name nothing, unless a name begins with them.
pub(super) fn set_apart(words: &mut Words) {
    const ASKED: &[&str] = &[
        "long", "big", "large", "fast", "soon", "many", "much", "far", "old", "quickly",
    ];
    for at in 1..words.list().len() {
        let led = words.before(at, 1).is_some_and(|word| word.folded == "how");
        let asks = words
            .at(at)
            .is_some_and(|word| ASKED.contains(&word.folded.as_str()));
        if led && asks {
            words.take(at - 1..at + 1);
        }
    }
}

/// Whether a phrase stands inside a range of words.
fn stands(words: &Words, phrase: &str, here: &Range<usize>) -> bool {
    words
        .find_from(phrase, here.start)
        .is_some_and(|found| found.end <= here.end)
}

/// The words of the question around a place; nothing when it is no question.
fn sentence(words: &Words, at: usize) -> Option<Range<usize>> {
    let list = words.list();
    let ends = |place: usize| {
        list.get(place)
            .is_some_and(|word| word.gap.contains(['.', '?', '!', '\n']) && word.gap != ".")
    };
    let start = (1..=at).rev().find(|place| ends(*place)).unwrap_or(0);
    let end = (at + 1..list.len())
        .find(|place| ends(*place))
        .unwrap_or(list.len());
    let last = list.get(end.checked_sub(1)?)?;
    let behind = words.raw().get(last.span.end..)?;
    let mark = behind.chars().find(|one| !one.is_whitespace());
    (mark == Some('?')).then_some(start..end)
}
