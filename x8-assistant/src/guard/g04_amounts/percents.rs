//! Percentages, in signs or words.

use x8_core::text::fold;

use crate::guard::{clauses::clauses, text::denies};

/// The numbers in front of a percent sign or word of a folded text; `?` for one in words.
pub(super) fn percents(folded: &str) -> Vec<String> {
    const WORDS: [&str; 9] = [
        "percent",
        "процент",
        "por ciento",
        "prozent",
        "pour cent",
        "per cento",
        "por cento",
        "per cent",
        "٪",
    ];
    // Every word of the list holds one of these syllables.
    let bytes = folded.as_bytes();
    let around = |at: usize, back: usize, part: &str| {
        let from = at.checked_sub(back).and_then(|from| bytes.get(from..));
        from.is_some_and(|from| from.starts_with(part.as_bytes()))
    };
    let begins = |(at, byte): (usize, &u8)| match byte {
        b'%' | 0xd9 => true,
        b'n' => around(at, 1, "ent"),
        0xbd => around(at, 3, "ент"),
        _other => false,
    };
    if !bytes.iter().enumerate().any(begins) {
        return Vec::new();
    }
    let mut marked = std::borrow::Cow::Borrowed(folded);
    for word in WORDS {
        if marked.contains(word) {
            marked = marked.replace(word, "%").into();
        }
    }
    let pieces: Vec<&str> = marked.split('%').collect();
    let heads = pieces
        .split_last()
        .map(|(_, heads)| heads)
        .unwrap_or_default();
    heads
        .iter()
        .filter_map(|head| number_before(head))
        .collect()
}

/// Whether the percentages of a folded text are the customer's own, and each of them is denied.
pub(super) fn are_refused(folded: &str, customer: &str) -> bool {
    let asked = percents(&fold(customer));
    clauses(folded).iter().all(|clause| {
        let told = percents(clause);
        told.is_empty() || (told.iter().all(|own| asked.contains(own)) && is_refused(clause))
    })
}

/// Whether a clause denies something once; "I cannot refuse" and "no puedo decir que no" deny nothing.
fn is_refused(clause: &str) -> bool {
    const YIELDING: [&str; 16] = [
        "refuse",
        "deny",
        "say no",
        "resist",
        "decline",
        "only",
        "but ",
        "reject",
        "negar",
        "decir que no",
        "ablehnen",
        "nein sagen",
        "refuser",
        "rifiut",
        "recus",
        "отказ",
    ];
    denies(clause) && !YIELDING.iter().any(|word| clause.contains(word))
}

fn number_before(head: &str) -> Option<String> {
    trailing_number(head).or_else(|| {
        let word = head
            .trim_end()
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()?;
        let value = super::amounts::numerals::value(word)?;
        Some(value.to_string())
    })
}

/// The figure that a text ends with.
pub(super) fn trailing_number(head: &str) -> Option<String> {
    let reversed: String = head
        .trim_end()
        .chars()
        .rev()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        .collect();
    let number: String = reversed.chars().rev().collect();
    let number = number.trim_matches(['.', ',']).replace(',', ".");
    (!number.is_empty()).then_some(number)
}
