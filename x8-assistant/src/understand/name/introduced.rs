//! Names that are introduced as such: "my name is Ann Lee", "Ann here" (O4).

use super::{
    super::{intent, number, words::Words},
    run,
};

/// "My name is Ann Lee", "soy Rosa Flores": introduced so plainly that words of the catalogue are a name all the same.
/// Takes its words.
pub(in crate::understand) fn introduced(
    words: &mut Words,
    is_term: &dyn Fn(&str) -> bool,
) -> Option<String> {
    const PLAIN: &[&str] = &[
        "my name is",
        "my name's",
        "name's",
        "name is",
        "меня зовут",
        "me llamo",
        "mi nombre es",
        "a nombre de",
        "на имя",
        "мое имя",
    ];
    const WEAK: &[&str] = &["soy", "i'm", "i am", "this is", "я"];
    let plain = PLAIN.iter().map(|pattern| (pattern, false));
    let weak = WEAK.iter().map(|pattern| (pattern, true));
    plain.chain(weak).find_map(|(pattern, weak)| {
        let lead = words.find(pattern)?;
        let end = (lead.end..lead.end + 4)
            .take_while(|at| names(words, *at, lead.end))
            .last()?
            + 1;
        let known = words
            .list()
            .get(lead.end..end)?
            .iter()
            .any(|word| is_term(&word.folded));
        if known && weak && end - lead.end < 2 {
            return None;
        }
        let name = words.span(&(lead.end..end)).to_owned();
        words.take(lead.start..end);
        Some(name)
    })
}

/// Whether the capitalised word at a place goes on a name that starts at `start`.
fn names(words: &Words, at: usize, start: usize) -> bool {
    let joined = at == start
        || words
            .at(at)
            .is_some_and(|word| matches!(word.gap.as_str(), " " | "-" | ". "));
    words.at(at).is_some_and(|word| {
        joined
            && !word.used
            && word.is_letters()
            && word.is_capitalised()
            && number::value(word).is_none()
            && !intent::is_intent_word(&word.folded)
            && words
                .at(start)
                .is_some_and(|first| first.segment == word.segment || word.gap == ". ")
    })
}

/// "Ann here", "Олег на связи".
pub(super) fn present(words: &mut Words, is_term: &dyn Fn(&str) -> bool) -> Option<String> {
    let end = ["here", "на связи", "al habla"]
        .iter()
        .find_map(|phrase| words.find(phrase))?;
    let first = words.at(0)?.clone();
    let fits = (1..=2).contains(&end.start)
        && !is_term(&first.folded)
        && !intent::is_common_word(&first.folded);
    if !fits {
        return None;
    }
    let name = run(words, 0, true)?;
    words.take(end);
    Some(name)
}
