//! A8: phone numbers that neither a row, the customer nor the turn told are nobody's.

use super::super::{look::Look, page::Sentence, work::Work};

/// Fewer digits are a date, a key or an order's number.
const LEAST: usize = 9;
/// With a `+` in front a number may be shorter.
const LEAST_ABROAD: usize = 7;
const MOST: usize = 15;
/// A number that shows how one is written is nobody's, folded.
const EXAMPLES: [&str; 14] = [
    "example",
    "e.g.",
    "such as",
    "format",
    "например",
    "так:",
    "формат",
    "ejemplo",
    "beispiel",
    "z. b.",
    "z.b.",
    "exemple",
    "esempio",
    "exemplo",
];

/// Whether a sentence tells a phone number that nobody vouches for.
pub(super) fn invented(work: &Work<'_>, sentence: &Sentence<'_>) -> bool {
    if !sentence.looks(Look::NUMERIC)
        || sentence.bytes().filter(u8::is_ascii_digit).count() < LEAST_ABROAD
    {
        return false;
    }
    if EXAMPLES.iter().any(|word| sentence.folded().contains(word)) {
        return false;
    }
    let part = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '\u{a0}');
    let mut rest: &str = sentence;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || c == '+') {
        let (before, from) = rest.split_at_checked(start).unwrap_or_default();
        let end = from.find(|c| !part(c)).unwrap_or(from.len());
        let (run, behind) = from.split_at_checked(end).unwrap_or_default();
        if is_phone(run) && !is_beside(before, behind) && !is_vouched(work, run) {
            return true;
        }
        rest = behind;
    }
    false
}

/// Groups of two to four digits and more, nine at least; no date, and no thousands.
fn is_phone(run: &str) -> bool {
    let run = run.trim();
    let count = digits(run).len();
    let least = if run.starts_with('+') {
        LEAST_ABROAD
    } else {
        LEAST
    };
    let groups: Vec<usize> = run
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect();
    (least..=MOST).contains(&count) && groups.iter().any(|length| *length > 2)
}

/// A figure with a currency, a measure, a mark of keys or a point at its edge is something else.
fn is_beside(before: &str, behind: &str) -> bool {
    let head = before.trim_end().chars().next_back();
    let tail = behind.trim_start().chars().next();
    let money = |c: Option<char>| {
        c.is_some_and(|c| matches!(c, '€' | '$' | '£' | '₽' | '#' | '№' | '%' | '×'))
    };
    let glued = |c: Option<char>| {
        c.is_some_and(|c| matches!(c, '/' | ':' | '_' | '=') || c.is_alphabetic())
    };
    money(head)
        || money(tail)
        || glued(before.chars().next_back())
        || glued(behind.chars().next().filter(|c| !matches!(c, ':')))
}

fn is_vouched(work: &Work<'_>, run: &str) -> bool {
    let number = digits(run);
    let context = work.context;
    let known = context.known.phone.as_deref().unwrap_or_default();
    let told = [
        context.customer_text.as_str(),
        context.sender.as_str(),
        known,
        work.phone.as_str(),
    ];
    told.iter().any(|text| holds(&digits(text), &number))
        || work.facts.secrets.contacts.tells_number(&number)
}

/// Whether one number is the other, or its end: country codes may be left out.
fn holds(told: &str, number: &str) -> bool {
    told.contains(number) || (told.len() >= LEAST_ABROAD && number.ends_with(told))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::is_phone;

    #[test]
    fn a8_phone_numbers_are_told_from_other_figures() {
        for run in [
            "912 345 678",
            "+353 1 700 1801",
            "600123987",
            "(0176) 123-45-67",
        ] {
            assert!(is_phone(run), "{run}");
        }
        for run in ["2027", "20417", "12", "88131", "1 249 000"] {
            assert!(!is_phone(run), "{run}");
        }
    }
}
