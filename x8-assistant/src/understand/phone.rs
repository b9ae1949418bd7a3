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
    "cell",
    "mobile",
    "тел",
    "вацап*",
    "ватсап*",
    "wasap",
    "wassap",
    "whatsap",
    "watsapp",
    "tlf",
];
/// "My order number" is no phone.
const OTHER: &[&str] = &["order", "заказ*", "pedido", "reserva", "booking"];
const WRITING: &[&str] = &[
    "i am writing",
    "i'm writing",
    "i'm texting",
    "i am texting",
    "i write from",
    "i text from",
    "this is my number",
    "call me here",
    "reach me here",
    "reach me on this",
    "с которого пишу",
    "откуда пишу",
    "на этот же",
    "по этому же",
    "на этот звоните",
    "desde el que escribo",
    "desde el que te escribo",
    "desde donde escribo",
    "llamar a este",
    "llamame a este",
    "llamadme a este",
    "a este mismo",
    "al mismo",
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

/// What the last reply asked for that a number can answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// Contact details.
    pub(super) contact: bool,
    /// A quantity is open as well, or a change of it is spoken of.
    pub(super) quantity: bool,
}

/// Finds a phone and takes its words.
pub(super) fn hear(words: &mut Words, expected: Expected) -> Option<PhoneHeard> {
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
    let wrong = runs.iter().find(|run| {
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

/// "Abel Cid, este": the part before is capitals alone.
fn follows_name(words: &Words, start: usize) -> bool {
    let list = words.list().get(..start).unwrap_or_default();
    let segment = list.last().map(|word| word.segment);
    let name = list.iter().filter(|word| Some(word.segment) == segment);
    let mut name = name.peekable();
    name.peek().is_some() && name.all(|word| word.is_capitalised() && word.is_letters())
}

/// "Мой", "этот же", "mine", "el mismo": a part of the message that says nothing else, where a phone was asked for.
fn bare_own(words: &Words) -> Option<Range<usize>> {
    const WHOSE: &[&str] = &[
        "my own",
        "mine",
        "this",
        "same",
        "current",
        "мой",
        "этот",
        "тот",
        "текущий",
        "свой",
        "mio",
        "mismo",
        "este",
        "actual",
    ];
    const BESIDE: &[&str] = &[
        "my",
        "own",
        "the",
        "one",
        "is",
        "as",
        "this",
        "here",
        "use",
        "же",
        "самый",
        "и",
        "который",
        "есть",
        "el",
        "la",
        "de",
        "aqui",
        "y",
        "and",
        "yes",
        "да",
        "si",
        "please",
        "пожалуйста",
        "favor",
        "por",
        "usa",
        "con",
        "на",
        "с",
        "phone",
        "тел",
        "tel",
        "номер",
        "numero",
        "number",
    ];
    let list = words.list();
    let last = list.last().map_or(0, |word| word.segment);
    (0..=last).find_map(|segment| {
        let start = list.iter().position(|word| word.segment == segment)?;
        let here: Vec<&super::words::Word> =
            list.iter().filter(|word| word.segment == segment).collect();
        let is = |word: &str, forms: &[&str]| forms.contains(&word);
        let told = here.iter().any(|word| is(&word.folded, WHOSE));
        let alone = here
            .iter()
            .all(|word| !word.used && (is(&word.folded, WHOSE) || is(&word.folded, BESIDE)));
        (told && alone && here.len() <= 5).then_some(start..start + here.len())
    })
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
        // "Номер текущий", "número actual": whose stands behind.
        let behind = |place: usize| {
            is(
                at + 1,
                &[
                    "этот",
                    "текущ*",
                    "actual",
                    "мой",
                    "этот",
                    "same",
                    "current",
                    "тот",
                ],
            )
            .then_some(place)
        };
        // "Телефон можете этот взять", "llamad a este mismo": a verb between.
        let spoken = is(
            at + 1,
            &[
                "можете",
                "можно",
                "берите",
                "возьмите",
                "запишите",
                "пишите",
            ],
        ) && is(at + 2, &["этот", "тот", "мой"]);
        if noun && spoken {
            return Some(at..at + 3);
        }
        // "My no."
        let short = is(at, &["no", "nr"]) && is(at.wrapping_sub(1), &["my", "same", "this"]);
        if short
            && words.at(at + 1).is_none_or(|next| {
                words
                    .at(at)
                    .is_some_and(|word| word.segment != next.segment)
            })
        {
            return Some(at - 1..at + 1);
        }
        if noun
            && let Some(end) = behind(at + 2)
            && !is(at.wrapping_sub(1), OTHER)
            && !is(end, OTHER)
        {
            return Some(at..end);
        }
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
