//! What something is wanted for, which is no offering: "something for a gift" (A7).

use super::super::words::{Words, matches};

const ANYTHING: &[&str] = &[
    "anything",
    "something",
    "что нибудь",
    "что то",
    "чего нибудь",
    "algo",
    "посоветуйте",
    "посоветуете",
    "recommend",
    "recomiend*",
    "suggest",
    "idea",
    "ideas",
    "идеи",
];
const OCCASIONS: &[&str] = &[
    "gift",
    "gifts",
    "present",
    "birthday",
    "anniversary",
    "подарок",
    "подарка",
    "подарить",
    "праздник",
    "юбилей",
    "regalo",
    "regalar",
    "cumpleanos",
    "aniversario",
];

/// Takes the words of an occasion away where somebody asks for whatever there is.
pub(in crate::understand) fn set_apart(words: &mut Words) {
    if !words.has(ANYTHING) {
        return;
    }
    for at in 0..words.list().len() {
        let occasion = words
            .at(at)
            .is_some_and(|word| OCCASIONS.iter().any(|own| matches(&word.folded, own)));
        if occasion {
            words.take(at..at + 1);
        }
    }
}
