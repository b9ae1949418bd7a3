//! Amounts torn apart by the end of a sentence: "It is twenty. Euros, that is."

use x8_core::text::fold;

use super::turn::Turn;
use crate::guard::{
    amounts::{Figures, numerals, plain},
    lexicon::{List, hits},
    page::Sentence,
    work::Work,
};

/// Small words between a sentence's start and the currency.
const BEFORE: [&str; 10] = ["in", "en", "di", "de", "d", "of", "von", "em", "i", "mean"];

/// The sentences that only together tell an amount, which nothing explains.
pub(super) fn sentences(work: &Work<'_>, turn: &Turn<'_>) -> Vec<String> {
    if !work.page().tells(&[List::CURRENCY]) {
        return Vec::new();
    }
    let mut torn = Vec::new();
    let mut before: Option<Sentence<'_>> = None;
    for sentence in work.page().sentences() {
        if let Some(first) = before
            .as_ref()
            .filter(|first| ends_in_number(first.folded()) && begins_with_currency(&sentence))
        {
            let joined = format!("{} {}", head(first.folded()), tail(sentence.folded()));
            let figures = Figures::read(&joined);
            let whole = figures.amounts().len() > Figures::read(first.folded()).amounts().len();
            if whole && !turn.explains_text(&figures, hits(&joined)) {
                torn.extend([first.to_string(), sentence.to_string()]);
            }
        }
        before = Some(sentence);
    }
    torn
}

fn ends_in_number(folded: &str) -> bool {
    let last = head(folded).rsplit([' ', '-']).next().unwrap_or_default();
    last.starts_with(|c: char| c.is_ascii_digit()) || numerals::value(last).is_some()
}

fn begins_with_currency(sentence: &Sentence<'_>) -> bool {
    sentence.hits().has(List::CURRENCY)
        && hits(&fold(&plain(first_word(tail(sentence.folded()))))).has(List::CURRENCY)
}

fn first_word(text: &str) -> &str {
    let end = |c: char| !(c.is_alphanumeric() || matches!(c, '€' | '$' | '£' | '₽'));
    text.split(end).next().unwrap_or_default()
}

/// What a sentence ends with, without its full stop.
fn head(folded: &str) -> &str {
    folded.trim_end_matches(['.', '!', '?', '…', ' '])
}

/// What a sentence begins with, small words aside.
fn tail(folded: &str) -> &str {
    let mut rest = folded.trim_start();
    while let Some((_, behind)) = rest
        .split_once([' ', '\'', '’'])
        .filter(|(word, _)| BEFORE.contains(word))
    {
        rest = behind.trim_start();
    }
    rest
}
