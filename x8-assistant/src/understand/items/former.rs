//! What was spoken of, or had, before (O1).

use super::{
    super::{
        lexicon::{Entry, Lexicon},
        number,
        words::Words,
    },
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

/// "3 of those and a card", "dos de esos": so many of what was shown before, whatever it was. Takes the number.
pub(super) fn of_those(words: &mut Words, lexicon: &Lexicon) -> Option<u32> {
    const LEADS: &[&str] = &["of", "de", "из"];
    const THOSE: &[&str] = &[
        "those", "them", "these", "that", "esos", "esas", "estos", "estas", "ellos", "ellas",
        "них", "тех", "этих",
    ];
    const SUCH: &[&str] = &["таких", "такие", "такую", "такой"];
    let is = |words: &Words, at: usize, forms: &[&str]| {
        words
            .at(at)
            .is_some_and(|word| forms.contains(&word.folded.as_str()))
    };
    // Behind something that is sold it counts that: "a bouquet of 20, two of those".
    let mut list = words.list().iter();
    let named = list.position(|word| word.used && lexicon.knows(&word.folded));
    let (at, count) = (0..named.unwrap_or(0)).find_map(|at| {
        let word = words.at(at).filter(|word| !word.used)?;
        let count = number::value(word).filter(|count| (1..=1_000).contains(count))?;
        let those = is(words, at + 1, LEADS) && is(words, at + 2, THOSE);
        (those || is(words, at + 1, SUCH)).then_some((at, count))
    })?;
    words.take(at..at + 1);
    Some(count)
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
