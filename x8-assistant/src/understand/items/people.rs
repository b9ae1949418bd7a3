//! How many people come (O1).

use super::super::{
    lexicon::Lexicon,
    number,
    terms::term,
    words::{Word, Words},
};

/// What stands before a company of people.
const LEADS: &[&str] = &["for", "на", "для", "para", "pa", "нас", "somos"];

/// "Massage for two" where that is what a row is called: a word of its name, not how many come.
pub(super) fn is_in_name(words: &Words, at: usize, lexicon: &Lexicon) -> bool {
    let led = words
        .before(at, 1)
        .is_some_and(|before| LEADS.contains(&before.folded.as_str()));
    words.at(at).is_some_and(|word| {
        led && word.digits().is_none()
            && !number::is_article(word)
            && number::value(word).is_some()
            && lexicon.is_name_word(&word.folded)
    })
}

/// "for two", "на двоих", "для 3 человек", "para dos personas", "2 people".
pub(in crate::understand) fn people(words: &mut Words, lexicon: &Lexicon) -> Option<u32> {
    const HEADS: &[&str] = &[
        "people",
        "person",
        "persons",
        "adults",
        "guests",
        "человек",
        "человека",
        "персон",
        "персоны",
        "гостей",
        "взрослых",
        "pax",
        "kids",
        "children",
        "child",
        "детей",
        "ребенка",
        "ребенок",
        "ninos",
        "nino",
        "ninas",
        "nina",
        "personas",
        "persona",
        "adultos",
    ];
    let both = together(words);
    let read = |words: &Words, from: usize| {
        (from..words.list().len()).find_map(|at| {
            let word = words
                .at(at)
                .filter(|word| !word.used && !number::is_article(word))?;
            let value = number::value(word).filter(|value| (1..=100).contains(value))?;
            if is_in_name(words, at, lexicon) || is_coded(word, lexicon) {
                return None;
            }
            let led = words
                .before(at, 1)
                .is_some_and(|before| LEADS.contains(&before.folded.as_str()));
            let headed = words
                .at(at + 1)
                .is_some_and(|after| HEADS.contains(&after.folded.as_str()));
            // "for 20 roses" counts roses, not people.
            let together = ["вдвоем", "втроем", "вчетвером"].contains(&word.folded.as_str());
            let ends = words
                .at(at + 1)
                .is_none_or(|after| after.segment != word.segment || term(&after.folded).is_none());
            ((led && ends) || headed || together).then_some((at, headed, value))
        })
    };
    let Some((at, headed, value)) = read(words, 0) else {
        return both;
    };
    words.take(at..at + 1 + usize::from(headed));
    // "Two adults and two children".
    if let Some((more, true, second)) = read(words, at + 1).filter(|_| headed) {
        words.take(more..more + 2);
        return Some(value.saturating_add(second));
    }
    Some(value)
}

/// "Winter tyres, на 16" where names speak of R16.
fn is_coded(word: &Word, lexicon: &Lexicon) -> bool {
    word.digits()
        .is_some_and(|number| number >= 10 && lexicon.is_code_number(number))
}

/// "Me and my sister": two.
fn together(words: &Words) -> Option<u32> {
    const PAIRS: &[&str] = &[
        "me and my",
        "my wife and i",
        "my husband and i",
        "my wife and me",
        "my husband and me",
        "my partner and i",
        "мы с мужем",
        "мы с женой",
        "мы с подругой",
        "мы с другом",
        "мы с сестрой",
        "мы с мамой",
        "нас с",
        "нам с",
        "мы с",
        "me and a friend",
        "for me and",
        "я и моя",
        "я и мой",
        "мне и моей",
        "мне и моему",
        "mi mujer y yo",
        "mi marido y yo",
        "mi pareja y yo",
        "mi novia y yo",
        "mi novio y yo",
        "mi hermana y yo",
        "yo y mi",
    ];
    words.has(PAIRS).then_some(2)
}
