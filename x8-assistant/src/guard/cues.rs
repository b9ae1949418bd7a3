//! The word lists that stand beside the rules, found in one pass over a folded text (`tree.rs`).

use super::{
    clauses::DEPENDING,
    g05_sku, g07_free, g09_phone, g10_link, g11_status, g12_remind, g13_media, g15_leaks, links,
    text::{CONDITIONS, NEGATIONS},
    tree::{self, Fit, Lists},
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
        Self::among(tree::read(folded))
    }

    pub(super) const fn among(lists: Lists) -> Self {
        Self(lists.cues)
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one of these lists is among them.
    pub(super) const fn has(self, lists: Self) -> bool {
        self.0 & lists.0 != 0
    }
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

/// Every entry of every list.
pub(super) fn entries() -> impl Iterator<Item = (&'static str, Fit, u64)> {
    let of = |(list, fit, entries): (Cues, Fit, &'static [&'static str])| {
        entries.iter().map(move |entry| (*entry, fit, list.0))
    };
    LISTS.into_iter().flat_map(of)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use x8_core::text::fold;

    use super::{
        super::text::{has_any, has_word},
        Cues, Fit, LISTS,
    };

    /// The same, list by list and entry by entry.
    fn one_by_one(folded: &str) -> Cues {
        let found = LISTS.iter().filter(|(_, fit, entries)| match fit {
            Fit::Stem => has_any(folded, entries),
            Fit::Word => has_word(folded, entries),
        });
        found.fold(Cues::default(), |all, (list, _, _)| Cues(all.0 | list.0))
    }

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
