//! One part of a message after another: what each adds to the wishes before it (O1).

use x8_core::Sku;

use super::{
    super::{
        lexicon::{Entry, Lexicon},
        words::{Word, Words},
    },
    Count, Setting, Wish, merge,
    part::read_part,
    parts::{counted_stranger, unit_count},
    question, told, variants,
};

/// What was heard so far.
pub(super) struct Hearing {
    pub(super) wishes: Vec<Wish>,
    /// What is counted and not sold.
    pub(super) unknown: Vec<String>,
    /// So many units of what was spoken of before.
    pub(super) units: Option<u32>,
}

impl Hearing {
    /// Reads a part: first as something about the wishes before it, then as a wish of its own.
    pub(super) fn part(
        &mut self,
        words: &mut Words,
        part: &[usize],
        lexicon: &Lexicon,
        setting: Setting<'_>,
    ) {
        let wishes = &mut self.wishes;
        let settled = narrows(words, part, wishes, lexicon)
            || self.counts_units(words, part, lexicon, setting)
            || variants::by_figure(words, part, &mut self.wishes, lexicon)
            || variants::all_of_size(words, part, &mut self.wishes, lexicon);
        if settled {
            return;
        }
        let told = variants::by_variant(words, part, setting.held, lexicon)
            .or_else(|| variants::by_size_again(words, part, &self.wishes, lexicon));
        if let Some(wish) = told {
            merge(&mut self.wishes, wish);
            return;
        }
        let Some(mut wish) = read_part(words, part, lexicon) else {
            self.unknown.extend(counted_stranger(words, part, lexicon));
            return;
        };
        wish.asked = question::is_asked(words, part, wish.count);
        let said: Vec<&Word> = part.iter().filter_map(|at| words.at(*at)).collect();
        if !variants::by_kind(&mut self.wishes, &wish, &said, lexicon) {
            merge(&mut self.wishes, wish);
            variants::by_range(&mut self.wishes, words, lexicon);
        }
    }

    /// "Pilates, 2 classes": so many units of the last wish, or of what was spoken of before.
    fn counts_units(
        &mut self,
        words: &mut Words,
        part: &[usize],
        lexicon: &Lexicon,
        setting: Setting<'_>,
    ) -> bool {
        let Some(row) = counted(lexicon, &self.wishes, setting.about) else {
            return false;
        };
        let Some((count, at)) = unit_count(words, part, lexicon, row) else {
            return false;
        };
        // "One dog, 3 nights": only its own unit counts what was counted already.
        let one = self
            .wishes
            .last()
            .is_some_and(|wish| wish.count == Count::Units(1));
        let own = words
            .at(at + 1)
            .is_some_and(|unit| row.is_unit(&unit.folded));
        if one && !own {
            return false;
        }
        words.take(at..at + 2);
        match self.wishes.last_mut() {
            Some(wish) => wish.count = Count::Units(count),
            None => self.units = Some(count),
        }
        true
    }
}

/// Whether a part only tells which of the rows just named is meant, by the unit it counts; takes its words.
fn narrows(words: &mut Words, part: &[usize], wishes: &mut [Wish], lexicon: &Lexicon) -> bool {
    let Some(wish) = wishes.last_mut() else {
        return false;
    };
    let Some((sku, count, at)) = told::by_unit_count(words, part, &wish.skus, lexicon) else {
        return false;
    };
    words.take(at..at + 2);
    wish.skus = vec![sku];
    wish.count = Count::Units(count);
    true
}

/// The row that a count of units may be about: the last one wished for, while its count is open, or the one spoken of
/// before.
fn counted<'l>(
    lexicon: &'l Lexicon,
    wishes: &[Wish],
    about: Option<&'l Entry>,
) -> Option<&'l Entry> {
    match wishes.last() {
        None => about,
        Some(wish) => match (wish.skus.as_slice(), wish.count) {
            ([sku, rest @ ..], Count::Open | Count::Implied | Count::Units(1)) => {
                let row = lexicon.row(sku)?;
                let same =
                    |other: &Sku| lexicon.row(other).is_some_and(|own| own.is_sold_like(row));
                rest.iter().all(same).then_some(row)
            }
            _other => None,
        },
    }
}
