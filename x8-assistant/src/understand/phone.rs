//! Phone numbers in free text (O4, G9).

use std::ops::Range;

use super::{
    number,
    words::{Words, matches},
};

mod own;

use own::{bare_own, follows_name, own};

/// What was said about the recipient's phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneHeard {
    /// `+` and digits, 7–20.
    Number(String),
    /// Meant as a phone and not one: too short, too long.
    Invalid(String),
    /// "Use my current number" (G9).
    Own,
}

const LABELS: &[&str] = &[
    "phone*",
    "tel",
    "mobile",
    "телефон*",
    "тел",
    "номер",
    "telefono",
    "movil",
    "numero",
];

/// What the last reply asked for that a number can answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// Contact details.
    pub(super) contact: bool,
    /// A quantity is open as well, or a change of it is spoken of.
    pub(super) quantity: bool,
}

/// Finds a phone and takes its words.
pub(super) fn hear(
    words: &mut Words,
    expected: Expected,
    is_named: &dyn Fn(&str) -> bool,
) -> Option<PhoneHeard> {
    let runs = runs(words);
    let good = runs.iter().find(|run| (7..=20).contains(&run.digits));
    if let Some(run) = good {
        let number = match run.number.strip_prefix("00") {
            Some(rest) if rest.len() >= 7 => format!("+{rest}"),
            Some(_) | None => run.number.clone(),
        };
        words.take_bytes(&run.bytes.clone());
        return Some(PhoneHeard::Number(number));
    }
    if let Some(range) = own(words) {
        words.take(range);
        take_spoken(words);
        return Some(PhoneHeard::Own);
    }
    if let Some(range) = bare_own(words)
        && (expected.contact || follows_name(words, range.start))
    {
        words.take(range);
        return Some(PhoneHeard::Own);
    }
    let labelled = words.has(LABELS);
    let short = |run: &Run| {
        expected.contact && (is_labelled(words, run) || (!expected.quantity && is_bare(words, run)))
    };
    let wrong = runs.iter().filter(|run| run.plus || !is_named(&run.number));
    let wrong = wrong.into_iter().find(|run| {
        run.plus
            || run.digits > 20
            || (run.digits >= 4 && (expected.contact || labelled))
            || is_labelled(words, run)
            || short(run)
    })?;
    words.take_bytes(&wrong.bytes);
    Some(PhoneHeard::Invalid(
        words.raw().get(wrong.bytes.clone())?.trim().to_owned(),
    ))
}

/// "Phone 12".
fn is_labelled(words: &Words, run: &Run) -> bool {
    const PHONES: &[&str] = &[
        "phone*",
        "tel",
        "mobile",
        "телефон*",
        "тел",
        "telefono",
        "movil",
    ];
    let list = words.list();
    let at = list
        .iter()
        .position(|word| word.span.start >= run.bytes.start);
    at.and_then(|at| words.before(at, 1))
        .is_some_and(|word| PHONES.iter().any(|label| matches(&word.folded, label)))
}

/// Whether a run is all that its part of the message says, and corrects no quantity.
fn is_bare(words: &Words, run: &Run) -> bool {
    const DENIALS: &[&str] = &["no", "not", "нет", "не"];
    let inside = |span: &Range<usize>| run.bytes.start <= span.start && span.end <= run.bytes.end;
    let list = words.list();
    let segment = list
        .iter()
        .find(|word| inside(&word.span))
        .map(|word| word.segment);
    let denied = list
        .first()
        .is_some_and(|word| DENIALS.contains(&word.folded.as_str()));
    let mut beside = list
        .iter()
        .filter(|word| Some(word.segment) == segment && !inside(&word.span));
    !denied && beside.next().is_none()
}

/// "Phone eight, no, better this number": the eight counts nothing.
fn take_spoken(words: &mut Words) {
    for at in 1..words.list().len() {
        let label = words
            .before(at, 1)
            .is_some_and(|word| LABELS.iter().any(|label| matches(&word.folded, label)));
        if label
            && words
                .at(at)
                .is_some_and(|word| number::value(word).is_some())
        {
            words.take(at..at + 1);
        }
    }
}

struct Run {
    bytes: Range<usize>,
    number: String,
    digits: usize,
    plus: bool,
}

/// Runs of digits with an optional `+` and the separators people use, not through taken words.
fn runs(words: &Words) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut open: Option<Run> = None;
    for word in words.list() {
        let plus = word.gap.ends_with('+') || word.gap.ends_with("+(");
        let joins = word.gap.chars().all(|gap| {
            matches!(
                gap,
                ' ' | '\u{a0}' | '-' | '(' | ')' | '.' | '/' | '‑' | '–'
            )
        });
        if !word.text.chars().all(|one| one.is_ascii_digit()) || word.used {
            found.extend(open.take());
            continue;
        }
        match &mut open {
            Some(run) if joins && !plus => {
                run.number.push_str(&word.text);
                run.digits += word.text.len();
                run.bytes.end = word.span.end;
            }
            _other => {
                found.extend(open.take());
                open = Some(Run {
                    bytes: word.span.start.saturating_sub(usize::from(plus))..word.span.end,
                    number: format!("{}{}", if plus { "+" } else { "" }, word.text),
                    digits: word.text.len(),
                    plus,
                });
            }
        }
    }
    found.extend(open);
    found
}
