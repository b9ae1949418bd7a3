//! Codes that stand in names: "205/55", "R16", "B2". Their numbers count nothing.

use super::words::{Word, Words};

/// Letters of the two scripts that look the same, so that "Р16" is "R16".
const LOOK_ALIKE: [(char, char); 11] = [
    ('а', 'a'),
    ('в', 'b'),
    ('с', 'c'),
    ('е', 'e'),
    ('н', 'h'),
    ('к', 'k'),
    ('м', 'm'),
    ('о', 'o'),
    ('р', 'r'),
    ('т', 't'),
    ('у', 'y'),
];

/// Letters that multiply: "x2".
const TIMES: [&str; 2] = ["x", "х"];

/// The code that two neighbours spell, when they may be one.
fn spelled(one: &Word, two: &Word, spaced: bool) -> Option<String> {
    let digits = |word: &Word| word.folded.chars().all(|letter| letter.is_ascii_digit());
    if one.used || two.used || !digits(two) {
        return None;
    }
    if digits(one) && two.gap == "/" {
        return Some(format!("{}/{}", one.folded, two.folded));
    }
    let letters = one.folded.chars().count();
    let joined = two.gap.is_empty() || (spaced && two.gap == " ");
    let short = (1..=3).contains(&letters) && one.is_letters();
    if !joined || !short || TIMES.contains(&one.folded.as_str()) {
        return None;
    }
    let latin = |letter: char| {
        let own = LOOK_ALIKE.iter().find(|(from, _)| *from == letter);
        own.map_or(letter, |(_, to)| *to)
    };
    let head: String = one.folded.chars().map(latin).collect();
    Some(head + &two.folded)
}

/// Joins the codes of a name.
pub(super) fn join(words: &mut Words) {
    join_where(words, false, &|_| true);
}

/// Joins the codes of a message that `known` tells from other letters and numbers.
pub(super) fn join_known(words: &mut Words, known: &dyn Fn(&str) -> bool) {
    join_where(words, true, known);
}

/// Joins "2.1" where names speak of "2.1 m".
pub(super) fn join_measures<'l>(words: &mut Words, known: &dyn Fn(&str) -> Option<&'l str>) {
    for at in 0..words.list().len() {
        let decimal = words.at(at).zip(words.at(at + 1)).and_then(|(one, two)| {
            let glued = matches!(two.gap.as_str(), "." | ",") && !one.used && !two.used;
            let digits = one.digits().is_some() && two.digits().is_some();
            (glued && digits).then(|| format!("{}.{}", one.folded, two.folded))
        });
        if let Some(measure) = decimal.and_then(|decimal| known(&decimal)) {
            words.join(at, measure.to_owned());
        }
    }
}

fn join_where(words: &mut Words, spaced: bool, known: &dyn Fn(&str) -> bool) {
    let mut at = 0;
    while at + 1 < words.list().len() {
        let code = words
            .at(at)
            .zip(words.at(at + 1))
            .and_then(|(one, two)| spelled(one, two, spaced))
            .filter(|code| known(code));
        if let Some(code) = code {
            words.join(at, code);
        }
        at += 1;
    }
}

/// Whether a folded word is a code, not a number or a measure.
pub(super) fn is_code(folded: &str) -> bool {
    let digit = folded.chars().any(|letter| letter.is_ascii_digit());
    let head = folded.starts_with(char::is_alphabetic);
    digit && (folded.contains('/') || head)
}

/// The number a code of letters and digits ends with: 16 of "R16".
pub(super) fn number_of(code: &str) -> Option<u32> {
    let digits = code.trim_start_matches(char::is_alphabetic);
    (digits.len() < code.len())
        .then(|| digits.parse().ok())
        .flatten()
}
