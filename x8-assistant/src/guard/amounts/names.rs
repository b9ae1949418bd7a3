//! Rows named in a sentence, and list markers: numbers that are no amounts.

use x8_core::{catalog::Offering, text::fold};

use super::{super::terms::Terms, lexer::FIRST_NAME, plain};

/// Names of rows that hold figures, folded, the longest first.
#[derive(Debug)]
pub(in super::super) struct Figured(Terms);

impl Figured {
    pub(in super::super) fn of(rows: &[Offering]) -> Self {
        let figured = rows
            .iter()
            .filter(|row| row.name.chars().any(char::is_numeric))
            .map(|row| fold(&plain(&row.name)));
        let mut names: Vec<String> = figured
            .filter(|name| name.chars().any(|c| c.is_ascii_digit()))
            .collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Self(Terms::new(names))
    }

    pub(in super::super) fn approx_bytes(&self) -> usize {
        self.0.approx_bytes()
    }
}

/// A sentence, folded, without list marker and without the rows' names: their numbers count nothing and cost nothing.
pub(in super::super) fn mask_names(Figured(names): &Figured, sentence: &str) -> String {
    let rest: String = sentence
        .chars()
        .skip(marker(sentence).chars().count())
        .collect();
    let mut folded = fold(&plain(&rest));
    // Only names with figures are masked, so a sentence without one needs no look at the rows.
    if !folded.chars().any(|c| c.is_ascii_digit()) {
        return folded;
    }
    for name in names
        .found(&folded)
        .into_iter()
        .filter_map(|at| names.get(at))
    {
        // A longer name may have taken it away.
        if folded.contains(name) {
            folded = folded.replace(name, " … ");
        }
    }
    folded
}

/// The list marker a sentence begins with: `1. `, `- `, `• `.
pub(in super::super) fn marker(sentence: &str) -> String {
    let body = sentence.trim_start();
    let digits = body.chars().take_while(char::is_ascii_digit).count();
    let rest: String = body.chars().skip(digits).collect();
    let mark = match rest.chars().next() {
        Some('.' | ')') if (1..4).contains(&digits) => digits + 1,
        Some('-' | '*' | '•' | '–' | '—') if digits == 0 => 1,
        Some(_) | None => return String::new(),
    };
    let mut letters = body.chars().skip(mark);
    if letters.next() != Some(' ') {
        return String::new();
    }
    let head: String = body.chars().take(mark).collect();
    format!("{head} ")
}

/// A plain, folded sentence without list marker, in which each row's name is one mark; `rows` are those named in it.
pub(in super::super) fn mark_names(sentence: &str, rows: &[&Offering]) -> String {
    let body: String = sentence
        .chars()
        .skip(marker(sentence).chars().count())
        .filter(|c| u32::from(*c) < FIRST_NAME)
        .collect();
    let mut folded = fold(&plain(&body));
    let mut names: Vec<(usize, String)> = rows
        .iter()
        .enumerate()
        .map(|(place, row)| (place, fold(&plain(&row.name))))
        .collect();
    names.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
    for (place, name) in names.iter().filter(|(_, name)| !name.is_empty()) {
        let mark = u32::try_from(*place)
            .ok()
            .and_then(|place| char::from_u32(FIRST_NAME + place));
        if let Some(mark) = mark {
            folded = folded.replace(name.as_str(), &format!(" {mark} "));
        }
    }
    folded
}
