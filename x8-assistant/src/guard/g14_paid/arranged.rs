//! What is said to have been arranged, in whatever order a language puts it: "ist für Sie fest gebucht", "a été bien réservé".

use crate::guard::lexicon::{List, hits};

/// What makes a participle a thing done, folded.
const AUXILIARIES: &str = "a is are was were been has have had got ist sind war habe haben hat hab wurde wurden esta estan queda quedan quedo he hemos ha han tiene tienen est sont ai avons avez ont etes ete e sono ho abbiamo hanno stato stata estao fica ficou foi tem temos я мы вас вам ваш ваша ваше уже";
/// More words between the two belong to something else.
const FARTHEST: usize = 5;

/// Whether a clause says that something was arranged.
pub(super) fn is_told(clause: &str) -> bool {
    if !hits(clause).has(List::ARRANGED) {
        return false;
    }
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    let words: Vec<&str> = clause
        .split(|c: char| !inside(c))
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().enumerate().any(|(at, word)| {
        let before = words
            .get(at.saturating_sub(FARTHEST)..at)
            .unwrap_or_default();
        hits(word).has(List::ARRANGED) && before.iter().any(|word| is_auxiliary(word))
    })
}

fn is_auxiliary(word: &str) -> bool {
    let short = ["'s", "’s", "'ve", "’ve", "'re", "’re"];
    short.iter().any(|ending| word.ends_with(ending))
        || AUXILIARIES.split(' ').any(|auxiliary| auxiliary == word)
}

#[cfg(test)]
mod tests {
    use super::is_told;

    #[test]
    fn g14_what_is_arranged_is_found_in_every_order_of_words() {
        for clause in [
            "ihr zimmer ist fur sie fest gebucht",
            "votre place a bien ete reservee",
            "su plaza en el taller ya esta asegurada",
            "your seat's been secured",
        ] {
            assert!(is_told(clause), "{clause}");
        }
        for clause in [
            "rooms can be seen online",
            "bitte reservieren sie",
            "the box holds six",
        ] {
            assert!(!is_told(clause), "{clause}");
        }
    }
}
