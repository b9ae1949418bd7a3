//! Phone numbers in free text (O4, G9).

use std::ops::Range;

use super::words::Words;

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

const OWN: &[&str] = &[
    "my current number",
    "my own number",
    "this number",
    "same number",
    "number i am writing",
    "number i'm writing",
    "my whatsapp",
    "use my number",
    "my number",
    "this phone",
    "этот же номер",
    "этот номер",
    "мой номер",
    "текущ* номер",
    "мой текущ*",
    "с которого пишу",
    "этому номеру",
    "mi numero",
    "este numero",
    "este mismo numero",
    "mismo numero",
];

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

/// Finds a phone and takes its words. `asked`: the last reply asked for contact details.
pub(super) fn hear(words: &mut Words, asked: bool) -> Option<PhoneHeard> {
    let runs = runs(words);
    let good = runs.iter().find(|run| (7..=20).contains(&run.digits));
    if let Some(run) = good {
        words.take_bytes(&run.bytes);
        return Some(PhoneHeard::Number(run.number.clone()));
    }
    if words.has(OWN) {
        take_phrases(words);
        return Some(PhoneHeard::Own);
    }
    let labelled = words.has(LABELS);
    let wrong = runs
        .iter()
        .find(|run| run.plus || run.digits > 20 || (run.digits >= 4 && (asked || labelled)))?;
    words.take_bytes(&wrong.bytes);
    Some(PhoneHeard::Invalid(
        words.raw().get(wrong.bytes.clone())?.trim().to_owned(),
    ))
}

fn take_phrases(words: &mut Words) {
    for phrase in OWN {
        if let Some(range) = words.find(phrase) {
            words.take(range);
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
        if word.digits().is_none() && !word.text.chars().all(|one| one.is_ascii_digit())
            || word.used
        {
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
