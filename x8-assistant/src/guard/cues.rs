//! The word lists of all rules, found in one pass over a folded text.

use std::{collections::HashMap, sync::LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::{
    clauses::DEPENDING,
    g05_sku, g07_free, g09_phone, g10_link, g11_status, g12_remind, g13_media, g15_leaks,
    letter::is_alphanumeric,
    links,
    text::{CONDITIONS, NEGATIONS, has_any, has_word},
};

/// A set of word lists: one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cues(u64);

impl Cues {
    pub(super) const NEGATION: Self = Self(1);
    pub(super) const CONDITION: Self = Self(1 << 1);
    pub(super) const LABEL: Self = Self(1 << 3);
    pub(super) const DISGUISE: Self = Self(1 << 2);
    pub(super) const ZERO: Self = Self(1 << 5);
    pub(super) const PAYING: Self = Self(1 << 4);
    pub(super) const CURRENT_NUMBER: Self = Self(1 << 9);
    pub(super) const TO_PHONE: Self = Self(1 << 10);
    pub(super) const CODE: Self = Self(1 << 11);
    pub(super) const UPSELL: Self = Self(1 << 13);
    pub(super) const LINK_SENT: Self = Self(1 << 14);
    pub(super) const OTHER_LINK: Self = Self(1 << 15);
    pub(super) const STATUS: Self = Self(1 << 16);
    pub(super) const CHANGED: Self = Self(1 << 17);
    pub(super) const OBJECTION: Self = Self(1 << 18);
    pub(super) const VIDEO: Self = Self(1 << 19);
    pub(super) const CARD: Self = Self(1 << 25);
    pub(super) const WARNING: Self = Self(1 << 26);
    pub(super) const ASKED: Self = Self(1 << 27);
    pub(super) const OWNER: Self = Self(1 << 28);
    pub(super) const DEPENDING: Self = Self(1 << 29);

    /// The lists of which a stem begins a word of the folded text, or a whole word or phrase stands in it.
    pub(super) fn of(folded: &str) -> Self {
        match &*SEARCH {
            Some(search) => search.of(folded),
            None => one_by_one(folded),
        }
    }

    /// Whether one of these lists is among them.
    pub(super) const fn has(self, lists: Self) -> bool {
        self.0 & lists.0 != 0
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// How an entry stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// It begins a word.
    Stem,
    /// It is a whole word or phrase.
    Word,
}

const LISTS: [(Cues, Fit, &[&str]); 22] = [
    (Cues::NEGATION, Fit::Word, &NEGATIONS),
    (Cues::CONDITION, Fit::Word, &CONDITIONS),
    (Cues::LABEL, Fit::Word, &g05_sku::LABELS),
    (Cues::LABEL, Fit::Word, &g05_sku::SIGNED),
    (Cues::DISGUISE, Fit::Word, &links::DISGUISES),
    (Cues::ZERO, Fit::Stem, &g07_free::ZERO),
    (Cues::PAYING, Fit::Stem, &g07_free::PAYING),
    (Cues::CURRENT_NUMBER, Fit::Stem, &g09_phone::CURRENT),
    (Cues::TO_PHONE, Fit::Word, &g09_phone::THERE),
    (Cues::CODE, Fit::Stem, &g09_phone::THINGS),
    (Cues::UPSELL, Fit::Stem, &g10_link::UPSELL),
    (Cues::LINK_SENT, Fit::Stem, &g10_link::SENT),
    (Cues::OTHER_LINK, Fit::Stem, &g10_link::OTHER),
    (Cues::STATUS, Fit::Stem, &g11_status::STATUS),
    (Cues::CHANGED, Fit::Stem, &g11_status::CHANGED),
    (Cues::OBJECTION, Fit::Stem, &g12_remind::OBJECTIONS),
    (Cues::VIDEO, Fit::Stem, &g13_media::VIDEO),
    (Cues::CARD, Fit::Stem, &g15_leaks::cards::CARD_DATA),
    (Cues::WARNING, Fit::Word, &g15_leaks::cards::WARNINGS),
    (Cues::ASKED, Fit::Stem, &g15_leaks::contacts::ASKED),
    (Cues::OWNER, Fit::Stem, &g15_leaks::contacts::OWNERS),
    (Cues::DEPENDING, Fit::Word, &DEPENDING),
];

/// Absent when the automaton cannot be built; then the lists are searched one by one.
static SEARCH: LazyLock<Option<Search>> = LazyLock::new(Search::new);

#[derive(Debug)]
struct Search {
    automaton: AhoCorasick,
    /// By pattern: the lists in which it is a stem, and those in which it is a word.
    lists: Vec<(Cues, Cues)>,
}

impl Search {
    fn new() -> Option<Self> {
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut patterns: Vec<&str> = Vec::new();
        let mut lists: Vec<(Cues, Cues)> = Vec::new();
        for (list, fit, entries) in LISTS {
            for entry in entries {
                let place = *places.entry(entry).or_insert_with(|| {
                    patterns.push(entry);
                    lists.push((Cues::default(), Cues::default()));
                    patterns.len() - 1
                });
                let (stems, words) = lists.get_mut(place)?;
                match fit {
                    Fit::Stem => *stems = stems.or(list),
                    Fit::Word => *words = words.or(list),
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(patterns)
            .ok()?;
        Some(Self { automaton, lists })
    }

    fn of(&self, folded: &str) -> Cues {
        let mut found = Cues::default();
        for hit in self.automaton.find_overlapping_iter(folded) {
            let Some((stems, words)) = self.lists.get(hit.pattern().as_usize()) else {
                continue;
            };
            // A word that goes on before the entry makes it no entry.
            if (stems.0 | words.0) & !found.0 == 0 || !is_edge_before(folded, hit.start()) {
                continue;
            }
            found = found.or(*stems);
            if words.0 & !found.0 != 0 && is_edge_behind(folded, hit.end()) {
                found = found.or(*words);
            }
        }
        found
    }
}

fn is_edge_before(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|head| head.chars().next_back());
    before.is_none_or(|c| !is_alphanumeric(c))
}

fn is_edge_behind(text: &str, at: usize) -> bool {
    let after = text.get(at..).and_then(|tail| tail.chars().next());
    after.is_none_or(|c| !is_alphanumeric(c))
}

/// The same without the automaton.
fn one_by_one(folded: &str) -> Cues {
    let found = LISTS.iter().filter(|(_, fit, entries)| match fit {
        Fit::Stem => has_any(folded, entries),
        Fit::Word => has_word(folded, entries),
    });
    found.fold(Cues::default(), |all, (list, _, _)| all.or(*list))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use x8_core::text::fold;

    use super::{Cues, LISTS, one_by_one};

    #[test]
    fn g4_every_entry_of_every_list_is_found() {
        for (list, _, entries) in LISTS {
            for entry in entries {
                assert!(Cues::of(entry).has(list), "{entry}");
                assert_eq!(Cues::of(entry), one_by_one(entry), "{entry}");
            }
        }
    }

    proptest! {
        #[test]
        fn g4_one_pass_finds_what_each_list_finds(
            picks in proptest::collection::vec((0..LISTS.len(), any::<prop::sample::Index>(), "[ a-zа-я0-9.,é-]{0,3}"), 0..12)
        ) {
            let mut text = String::new();
            for (list, entry, glue) in picks {
                let (_, _, entries) = LISTS[list];
                let word: &&str = entry.get(entries);
                text.push_str(word);
                text.push_str(&glue);
            }
            let folded = fold(&text);
            prop_assert_eq!(Cues::of(&folded), one_by_one(&folded), "{}", folded);
        }
    }
}
