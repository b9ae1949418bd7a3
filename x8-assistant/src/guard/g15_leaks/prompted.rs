//! The prompt's own sentences: an order to the model ("Ask which one is wanted") that comes back as words for the customer.

use std::{collections::BTreeSet, sync::LazyLock};

use x8_core::text::fold;

use super::super::{letter::is_alphanumeric, page::Sentence};
use crate::prompt::library;

/// What an order to the model begins with. Sentences that begin otherwise tell facts, and honest replies tell them too.
const ORDERS: [&str; 20] = [
    "answer",
    "ask",
    "confirm",
    "copy",
    "decline",
    "explain",
    "give",
    "list",
    "name",
    "offer",
    "present",
    "propose",
    "quote",
    "reply",
    "say",
    "send",
    "tell",
    "thank",
    "translate",
    "use",
];
/// As many words tell one order from an honest sentence.
const WORDS: usize = 4;

/// How the orders of all prompts begin, folded.
static BEGINNINGS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let texts = library::texts();
    let sentences = texts.flat_map(|text| text.split(['.', ':', ';', '\n', '}', '%']));
    sentences.filter_map(beginning).collect()
});

/// Whether a sentence begins as an order of the prompt does; what stands before it in the line ("102, 106:") aside.
pub(super) fn tells(sentence: &Sentence<'_>) -> bool {
    sentence
        .folded()
        .split(['.', ':', ';', ','])
        .filter(|part| is_order(part))
        .filter_map(beginning)
        .any(|beginning| BEGINNINGS.contains(&beginning))
}

/// Whether the first word of a folded text is that of an order.
fn is_order(folded: &str) -> bool {
    let mut words = folded.split(|c: char| !is_alphanumeric(c));
    let first = words.find(|word| !word.is_empty());
    first.is_some_and(|first| ORDERS.contains(&first))
}

/// The first words of an order; `None` where a sentence is none, or too short, or goes on with what a turn fills in.
fn beginning(sentence: &str) -> Option<String> {
    let (fixed, _filled) = sentence.split_once('{').unwrap_or((sentence, ""));
    let folded = fold(fixed);
    let mut words = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let first: Vec<&str> = words.by_ref().take(WORDS).collect();
    let order = first.first().is_some_and(|word| ORDERS.contains(word));
    (order && first.len() == WORDS).then(|| first.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g15_the_prompts_orders_are_known() {
        for order in [
            "ask which one is",
            "say that prices are",
            "tell all details of",
        ] {
            assert!(BEGINNINGS.contains(order), "{order}: {BEGINNINGS:?}");
        }
        assert!(
            !BEGINNINGS.iter().any(|one| one.starts_with("the ")),
            "facts"
        );
    }
}
