//! The customer's name (O4).

use super::{intent, words::Words};

const PATTERNS: &[&str] = &[
    "my name is",
    "my name's",
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
];

/// Finds a name and takes its words. `asked`: the last reply asked for contact details; `with_details`: a phone or a city came
/// in the same burst, so that a bare name is an answer too.
pub(super) fn hear(words: &mut Words, asked: bool, with_details: bool) -> Option<String> {
    if let Some(name) = PATTERNS.iter().find_map(|pattern| after(words, pattern)) {
        return Some(name);
    }
    if with_details
        && let Some(name) = ["for", "para", "для"]
            .iter()
            .find_map(|lead| after(words, lead))
    {
        return Some(name);
    }
    (asked || with_details)
        .then(|| bare(words, asked))
        .flatten()
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
            && !intent::is_common_word(&word.folded);
        let small = end > start && leads && !word.is_capitalised();
        if !fits || small || (strict && !word.is_capitalised()) {
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

/// A part of the message that is nothing but one to four free, name-like words.
fn bare(words: &mut Words, asked: bool) -> Option<String> {
    let last = words.list().last()?.segment;
    for segment in 0..=last {
        let here: Vec<usize> = (0..words.list().len())
            .filter(|index| {
                words.at(*index).is_some_and(|word| {
                    word.segment == segment && !word.used && !intent::is_filler(&word.folded)
                })
            })
            .collect();
        let (Some(start), true) = (here.first().copied(), (1..=4).contains(&here.len())) else {
            continue;
        };
        let capitalised = here.iter().any(|index| {
            words
                .at(*index)
                .is_some_and(super::words::Word::is_capitalised)
        });
        let plain = here.iter().all(|index| {
            words
                .at(*index)
                .is_some_and(|word| word.is_letters() && !intent::is_common_word(&word.folded))
        });
        if plain
            && (capitalised || (asked && here.len() <= 3))
            && let Some(name) = run(words, start, false)
        {
            return Some(name);
        }
    }
    None
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
