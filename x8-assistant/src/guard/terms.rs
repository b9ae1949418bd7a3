//! Many texts of a catalogue, looked for in one pass.

use aho_corasick::AhoCorasick;

/// Texts to find, by their places.
#[derive(Debug)]
pub(super) struct Terms {
    terms: Vec<String>,
    /// Absent when there is nothing to find, or too much for an automaton.
    automaton: Option<AhoCorasick>,
}

impl Terms {
    pub(super) fn new(terms: impl IntoIterator<Item = String>) -> Self {
        let terms: Vec<String> = terms.into_iter().collect();
        let automaton = (!terms.is_empty())
            .then(|| AhoCorasick::new(&terms).ok())
            .flatten();
        Self { terms, automaton }
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
        match &self.automaton {
            Some(automaton) => automaton.is_match(text),
            None => self.terms.iter().any(|term| text.contains(term)),
        }
    }
}
