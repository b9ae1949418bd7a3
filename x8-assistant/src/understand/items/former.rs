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

/// So many of what was shown before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Those {
    /// How many.
    pub count: u32,
    /// Of which size of pack: "3 of the 12 ones".
    pub size: Option<u32>,
}

/// "3 of those and a card", "dos de esos", "3 of the 12 ones": whatever it was. Takes the numbers.
pub(super) fn of_those(words: &mut Words, lexicon: &Lexicon) -> Option<Those> {
    const LEADS: &[&str] = &["of", "de", "из"];
    const ARTICLES: &[&str] = &["the", "la", "las", "el", "los"];
    const THOSE: &[&str] = &[
        "those", "them", "these", "esos", "esas", "estos", "estas", "ellos", "ellas", "них", "тех",
        "этих",
    ];
    const SUCH: &[&str] = &["таких", "такие", "такую", "такой"];
    let is = |at: usize, forms: &[&str]| {
        words
            .at(at)
            .is_some_and(|word| forms.contains(&word.folded.as_str()))
    };
    let size_at = |at: usize| {
        let word = words.at(at).filter(|word| !word.used)?;
        number::value(word)
            .filter(|_| !number::is_article(word))
            .map(|size| (at, size))
    };
    // Behind something that is sold it counts that: "a bouquet of 20, two of those".
    let mut list = words.list().iter();
    let named = list.position(|word| word.used && lexicon.knows(&word.folded));
    let (at, sized, those) = (0..named.unwrap_or(0)).find_map(|at| {
        let word = words.at(at).filter(|word| !word.used)?;
        let count = number::value(word).filter(|count| (1..=1_000).contains(count))?;
        let those = (is(at + 1, LEADS) && is(at + 2, THOSE)) || is(at + 1, SUCH);
        let articled = is(at + 1, LEADS) && is(at + 2, ARTICLES);
        let from = at + 3 + usize::from(is(at + 3, LEADS));
        let size = articled.then(|| size_at(from)).flatten();
        let told = Those {
            count,
            size: size.map(|(_, size)| size),
        };
        (those || size.is_some()).then_some((at, size.map(|(at, _)| at), told))
    })?;
    words.take(at..at + 1);
    if let Some(at) = sized {
        words.take(at..at + 1);
    }
    Some(those)
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
