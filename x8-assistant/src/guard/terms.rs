//! Many texts of a catalogue, looked for in one pass.

use aho_corasick::AhoCorasick;

/// Texts to find, by their places.
#[derive(Debug)]
pub(super) struct Terms {
    terms: Vec<String>,
    /// A sign that all of them hold: a text without it needs no search.
    sign: Option<u8>,
    /// Absent when there is nothing to find, or too much for an automaton.
    automaton: Option<AhoCorasick>,
}

impl Terms {
    pub(super) fn new(terms: impl IntoIterator<Item = String>) -> Self {
        let terms: Vec<String> = terms.into_iter().collect();
        let automaton = (!terms.is_empty())
            .then(|| AhoCorasick::new(&terms).ok())
            .flatten();
        Self {
            sign: common_sign(&terms),
            terms,
            automaton,
        }
    }

    pub(super) fn approx_bytes(&self) -> usize {
        let terms: usize = self
            .terms
            .iter()
            .map(|term| term.len() + size_of::<String>())
            .sum();
        terms + self.automaton.as_ref().map_or(0, AhoCorasick::memory_usage)
    }

    pub(super) fn get(&self, place: usize) -> Option<&str> {
        self.terms.get(place).map(String::as_str)
    }

    /// The places of all terms that stand in the text, in order.
    pub(super) fn found(&self, text: &str) -> Vec<usize> {
        let Some(automaton) = &self.automaton else {
            let here = |(place, term): (usize, &String)| text.contains(term).then_some(place);
            return self.terms.iter().enumerate().filter_map(here).collect();
        };
        let hits = automaton.find_overlapping_iter(text);
        let mut places: Vec<usize> = hits.map(|hit| hit.pattern().as_usize()).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    pub(super) fn any(&self, text: &str) -> bool {
        if self
            .sign
            .is_some_and(|sign| !text.as_bytes().contains(&sign))
        {
            return false;
        }
        match &self.automaton {
            Some(automaton) => automaton.is_match(text),
            None => self.terms.iter().any(|term| text.contains(term)),
        }
    }
}

/// A sign that words seldom hold and all of these terms do.
fn common_sign(terms: &[String]) -> Option<u8> {
    const SELDOM: [u8; 4] = *b"_@+/";
    let in_all = |sign: &u8| terms.iter().all(|term| term.as_bytes().contains(sign));
    SELDOM
        .into_iter()
        .find(in_all)
        .filter(|_| !terms.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Terms;

    #[test]
    fn g15_a_sign_that_all_terms_hold_hides_none_of_them() {
        let ids = Terms::new(["price_1".to_owned(), "shr_2".to_owned()]);
        assert_eq!(ids.sign, Some(b'_'));
        assert!(ids.any("see shr_2") && !ids.any("see shr 2") && !ids.any("see shr_3"));
        let mixed = Terms::new(["price_1".to_owned(), "plan".to_owned()]);
        assert_eq!(mixed.sign, None);
        assert!(mixed.any("a plan") && !Terms::new([]).any("a plan"));
    }
}
