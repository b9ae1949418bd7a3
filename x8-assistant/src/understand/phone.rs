//! Phone numbers in free text (O4, G9).

use std::ops::Range;

use super::{
    number,
    words::{Words, matches},
};

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

/// "My", "this", "the same": whose number.
const OWN: &[&str] = &[
    "my",
    "this",
    "same",
    "current",
    "мой",
    "моего",
    "моем",
    "моему",
    "мою",
    "этот",
    "этого",
    "этом",
    "этому",
    "тот",
    "того",
    "текущ*",
    "mi",
    "este",
    "mismo",
    "actual",
];
const NOUNS: &[&str] = &[
    "number",
    "num",
    "phone",
    "whatsapp",
    "wa",
    "номер*",
    "телефон*",
    "вотсап*",
    "ватсап*",
    "numero",
    "telefono",
    "movil",
    "celular",
];
/// "My order number" is no phone.
const OTHER: &[&str] = &["order", "заказ*", "pedido", "reserva", "booking"];
const WRITING: &[&str] = &[
    "i am writing",
    "i'm writing",
    "с которого пишу",
    "desde el que escribo",
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
    let labelled = words.has(LABELS);
    let wrong = runs
        .iter()
        .find(|run| run.plus || run.digits > 20 || (run.digits >= 4 && (asked || labelled)))?;
    words.take_bytes(&wrong.bytes);
    Some(PhoneHeard::Invalid(
        words.raw().get(wrong.bytes.clone())?.trim().to_owned(),
    ))
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

/// "My number", "с этого же номера", "use my curent number": a word for whose, and the noun within two words of it.
fn own(words: &Words) -> Option<Range<usize>> {
    let is = |at: usize, forms: &[&str]| {
        words
            .at(at)
            .is_some_and(|word| forms.iter().any(|form| matches(&word.folded, form)))
    };
    if let Some(range) = WRITING.iter().find_map(|phrase| words.find(phrase)) {
        return Some(range);
    }
    (0..words.list().len()).find_map(|at| {
        let noun = is(at, NOUNS);
        let start = (at.saturating_sub(3)..at).find(|back| is(*back, OWN))?;
        let behind = at + 1 + usize::from(is(at + 1, &["actual", "same", "current"]));
        let foreign = (start..behind + 1).any(|place| is(place, OTHER));
        (noun && !foreign).then_some(start..behind)
    })
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
