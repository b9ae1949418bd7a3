//! What was spoken of, or had, before (O1).

use super::{
    super::{lexicon::Entry, number, words::Words},
    Wish, answers,
};

/// "I already had the first one, I want the next": the part of the message that tells what was had before.
pub(super) fn had(words: &Words) -> Option<usize> {
    const HAD: &[&str] = &[
        "already had",
        "already did",
        "already have",
        "i've had",
        "ya hice",
        "ya tuve",
        "ya fui",
        "ya he hecho",
        "ya he tenido",
        "ya tengo",
        "уже был",
        "уже была",
        "уже делал",
        "уже делала",
        "уже проходил",
        "уже проходила",
        "уже брал",
        "уже брала",
        "уже есть",
    ];
    let at = HAD.iter().find_map(|phrase| words.find(phrase))?.start;
    let segment = words.at(at)?.segment;
    let more = words.list().iter().any(|word| word.segment > segment);
    more.then_some(segment)
}

/// "6 please, and a card": a number on its own in front of other wishes counts what was spoken of before. Takes it.
pub(super) fn former(words: &mut Words, about: &Entry, wishes: &[Wish]) -> Option<u32> {
    if wishes.iter().any(|wish| wish.skus.contains(&about.sku)) {
        return None;
    }
    let (at, count) = (0..words.list().len()).find_map(|at| {
        let word = words.at(at).filter(|word| !word.used)?;
        let count = number::value(word).filter(|count| (1..=1_000).contains(count))?;
        // Before the first of the other wishes, in a part of its own.
        let first = words.list().iter().position(|word| word.used)?;
        (at < first && !number::is_article(word) && answers::stands_alone(words, at))
            .then_some((at, count))
    })?;
    words.take(at..at + 1);
    Some(count)
}
