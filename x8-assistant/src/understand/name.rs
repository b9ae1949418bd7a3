//! The customer's name (O4).

use std::ops::Range;

use super::{
    intent, number,
    words::{Word, Words},
};

mod given;
mod introduced;

pub(super) use given::is_given;
pub(super) use introduced::introduced;

use introduced::present;

const PATTERNS: &[&str] = &[
    "my name is",
    "my name's",
    "name's",
    "name is",
    "name",
    "i am",
    "i'm",
    "this is",
    "меня зовут",
    "зовут",
    "мое имя",
    "имя",
    "на имя",
    "me llamo",
    "mi nombre es",
    "nombre",
    "soy",
    "a nombre de",
    "recipient",
    "получатель",
    "it's for",
    "it's",
    "its",
    "im",
    "it is",
    "это",
    "я",
    "es",
];

/// What stands beside a possible name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// Nothing of the kind.
    Nothing,
    /// A place.
    Place,
    /// A phone, with or without a place.
    Phone,
}

impl Beside {
    pub(super) fn of(phone: bool, place: bool) -> Self {
        match (phone, place) {
            (true, _) => Self::Phone,
            (false, true) => Self::Place,
            (false, false) => Self::Nothing,
        }
    }
}

/// What is known when a name is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// The last reply asked for contact details.
    pub(super) asked: bool,
    /// Which other details came in the same burst.
    pub(super) beside: Beside,
    /// A name was told before.
    pub(super) known: bool,
}

/// Finds a name and takes its words; `is_term` tells words of the catalogue.
pub(super) fn hear(
    words: &mut Words,
    setting: Setting,
    is_term: &dyn Fn(&str) -> bool,
) -> Option<String> {
    if let Some(name) = PATTERNS.iter().find_map(|pattern| after(words, pattern)) {
        return Some(name);
    }
    if let Some(name) = present(words, is_term) {
        return Some(name);
    }
    let with_details = setting.beside != Beside::Nothing;
    if with_details
        && let Some(name) = ["for", "para", "для"]
            .iter()
            .find_map(|lead| after(words, lead))
    {
        return Some(name);
    }
    if !(setting.asked || with_details) {
        return None;
    }
    let segments = 0..=last_segment(words);
    let capital = segments
        .clone()
        .find_map(|segment| capitalised(words, segment, setting.asked))
        .or_else(|| {
            segments
                .clone()
                .find_map(|segment| embedded(words, segment))
        });
    let name = capital.or_else(|| {
        (0..=last_segment(words)).find_map(|segment| small(words, segment, setting, is_term))
    })?;
    words.take(name.clone());
    Some(title(words.span(&name)))
}

fn last_segment(words: &Words) -> usize {
    words.list().last().map_or(0, |word| word.segment)
}

fn after(words: &mut Words, pattern: &str) -> Option<String> {
    let lead = words.find(pattern)?;
    // "I am" and the like open many sentences; a name after them is capitalised.
    let strict = [
        "i am",
        "i'm",
        "this is",
        "soy",
        "имя",
        "name",
        "recipient",
        "for",
        "it's for",
        "it's",
        "its",
        "im",
        "it is",
        "это",
        "я",
        "es",
        "получатель",
        "para",
        "для",
    ]
    .contains(&pattern);
    let name = run(words, lead.end, strict)?;
    words.take(lead.start..lead.end);
    Some(name)
}

/// Up to four name-like words in a row, from `start`.
fn run(words: &mut Words, start: usize, strict: bool) -> Option<String> {
    let mut end = start;
    let segment = words.at(start)?.segment;
    // After a capitalised word a small one is no part of the name; an all-small name is taken as it comes.
    let leads = words.at(start)?.is_capitalised();
    while end < start + 4 {
        let Some(word) = words.at(end) else { break };
        let joined = end == start
            || word
                .gap
                .chars()
                .all(|gap| gap == ' ' || gap == '-' || gap == '.');
        let fits = !word.used
            && word.segment == segment
            && word.is_letters()
            && joined
            && number::value(word).is_none()
            && (!intent::is_common_word(&word.folded)
                || (word.is_capitalised() && !intent::is_intent_word(&word.folded)));
        let small = end > start && leads && !word.is_capitalised();
        let known = word.is_capitalised() || (end == start && is_given(&word.folded));
        if !fits || small || (strict && !known) {
            break;
        }
        end += 1;
    }
    let range = start..end;
    let name = words.span(&range).trim().to_owned();
    let long_enough = name.chars().count() >= 2;
    words.take(range);
    long_enough.then(|| title(&name))
}

/// The free words of a part of the message, without those that stand beside a name; one to four in a row.
fn free(words: &Words, segment: usize) -> Option<Range<usize>> {
    let here: Vec<usize> = (0..words.list().len())
        .filter(|index| {
            words.at(*index).is_some_and(|word| {
                word.segment == segment && !word.used && !intent::is_filler(&word.folded)
            })
        })
        .collect();
    let (start, end) = (*here.first()?, here.last()? + 1);
    let plain = here.iter().all(|index| {
        words
            .at(*index)
            .is_some_and(|word| word.is_letters() && number::value(word).is_none())
    });
    (plain && end - start == here.len() && here.len() <= 4).then_some(start..end)
}

/// "Max Bell use this phone": the capitals of a part whose other words are everyday speech.
fn embedded(words: &Words, segment: usize) -> Option<Range<usize>> {
    let here: Vec<usize> = (0..words.list().len())
        .filter(|at| {
            words
                .at(*at)
                .is_some_and(|word| word.segment == segment && !word.used)
        })
        .collect();
    let name = |at: &usize| {
        words.at(*at).is_some_and(|word| {
            word.is_capitalised()
                && word.is_letters()
                && word.text.chars().count() >= 2
                && !intent::is_common_word(&word.folded)
        })
    };
    let first = *here.iter().find(|at| name(at))?;
    let end = (first..)
        .take_while(|at| here.contains(at) && name(at))
        .last()?
        + 1;
    let plain = here.iter().all(|at| {
        (first..end).contains(at)
            || words
                .at(*at)
                .is_some_and(|word| intent::is_common_word(&word.folded))
    });
    (plain && end - first <= 4).then_some(first..end)
}

/// "Ann Lee": capitals throughout. An everyday word may be a name ("Al", "Mae"), but not at the head of the message.
fn capitalised(words: &Words, segment: usize, asked: bool) -> Option<Range<usize>> {
    let range = free(words, segment)?;
    let here = words.list().get(range.clone())?;
    // "Arman B": an initial behind a name.
    let fits = |at: usize, word: &Word| {
        word.is_capitalised() && (at > 0 || word.text.chars().count() >= 2)
    };
    // "Hello Ann" greets; "Ann Mas" is a name although "mas" means something.
    let first = here.first()?;
    // "Will Tate" where the name was asked for.
    let surname = here
        .get(1)
        .is_some_and(|second| !intent::is_common_word(&second.folded));
    let plain = !intent::is_intent_word(&first.folded)
        && (range.start > 0 || (asked && surname) || !intent::is_common_word(&first.folded));
    (plain && here.iter().enumerate().all(|(at, word)| fits(at, word))).then_some(range)
}

/// "ann lee", where a name is expected and none is known.
fn small(
    words: &Words,
    segment: usize,
    setting: Setting,
    is_term: &dyn Fn(&str) -> bool,
) -> Option<Range<usize>> {
    let range = free(words, segment)?;
    let most = if setting.asked { 3 } else { 2 };
    // "Two loaves, Galway, tom": a name nobody asked for yet is known as one, and stands alone.
    let borne = || {
        let first = words.at(range.start);
        setting.beside == Beside::Place
            && first.is_some_and(|word| is_given(&word.folded) && !is_term(&word.folded))
            && stands_alone(words, &range)
    };
    let expected = !setting.known && (setting.asked || setting.beside == Beside::Phone || borne());
    let fits = |word: &Word| {
        !intent::is_common_word(&word.folded)
            && word.text.chars().count() >= 2
            && (setting.asked || !is_term(&word.folded))
    };
    let plain = words.list().get(range.clone())?.iter().all(fits);
    // "ann lee / whatsapp" is more than a name.
    let joined = words
        .list()
        .get(range.clone())?
        .iter()
        .skip(1)
        .all(|word| !word.gap.contains(['/', '|', '\\']));
    (expected && range.len() <= most && plain && joined).then_some(range)
}

/// Whether a part of the message holds nothing else.
fn stands_alone(words: &Words, range: &Range<usize>) -> bool {
    let segment = words.at(range.start).map(|word| word.segment);
    let mut here =
        (0..words.list().len()).filter(|at| words.at(*at).map(|word| word.segment) == segment);
    here.all(|at| range.contains(&at))
}

/// Gives an all-lower-case name its capitals; leaves any other as written.
fn title(name: &str) -> String {
    if name.chars().any(char::is_uppercase) {
        return name.to_owned();
    }
    let parts: Vec<String> = name
        .split(' ')
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(letters).collect()
            })
        })
        .collect();
    parts.join(" ")
}
