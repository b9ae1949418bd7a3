//! Numbers written out, in the seven languages the guard reads: `twenty-five`, `двадцать пять`, `veinticinco`,
//! `fünfundzwanzig`, `vingt-cinq`, `venticinque`, `vinte e cinco`.

use std::sync::LazyLock;

use super::super::{
    quick::{QuickMap, QuickSet},
    tree::Fit,
};

/// The words of `numerals.txt`.
struct Words {
    whole: QuickMap<&'static str, i64>,
    /// Pieces of compounds, longest first.
    pieces: Vec<(&'static str, i64)>,
    /// How the pieces begin: two bytes.
    heads: QuickSet<&'static [u8]>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut whole = QuickMap::default();
    let mut pieces = Vec::new();
    for line in include_str!("numerals.txt").lines() {
        let piece = line.strip_prefix("piece ");
        let mut words = piece.unwrap_or(line).split(' ');
        let Some(count) = words.next().and_then(|count| count.parse().ok()) else {
            continue;
        };
        match piece {
            Some(_) => pieces.extend(words.map(|word| (word, count))),
            None => whole.extend(words.map(|word| (word, count))),
        }
    }
    pieces.sort_by_key(|(piece, _)| std::cmp::Reverse(piece.len()));
    let head = |(piece, _): &(&'static str, i64)| piece.as_bytes().get(..2);
    let heads = pieces.iter().filter_map(head).collect();
    Words {
        whole,
        pieces,
        heads,
    }
});

/// What a folded word counts; compounds too.
pub(in super::super) fn value(word: &str) -> Option<i64> {
    if let Some(count) = WORDS.whole.get(word) {
        return Some(*count);
    }
    // The shortest compound is `ventuno`.
    let compound = word.len() > 6
        && word.bytes().all(|b| b.is_ascii_lowercase() || b > 127)
        && WORDS.heads.contains(word.as_bytes().get(..2)?)
        && WORDS
            .pieces
            .iter()
            .any(|(piece, _)| word.starts_with(piece));
    compound.then(|| whole(word)).flatten()
}

/// The sum of a compound's pieces.
fn whole(word: &str) -> Option<i64> {
    let mut sum = Sum::default();
    let mut rest = word;
    let mut count = 0;
    while !rest.is_empty() {
        rest = rest.strip_prefix("und").unwrap_or(rest);
        let (piece, value) = WORDS
            .pieces
            .iter()
            .find(|(piece, _)| rest.starts_with(piece))?;
        sum.add(*value);
        rest = rest.strip_prefix(piece)?;
        count += 1;
    }
    (count > 1).then(|| sum.total())
}

/// Adds up the words of one number: tens and units, hundreds, thousands, and the French four times twenty.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct Sum {
    thousands: i64,
    below: i64,
}

impl Sum {
    pub(in super::super) fn add(&mut self, value: i64) {
        if value == 1000 {
            self.thousands = self
                .thousands
                .saturating_add(self.below.max(1).saturating_mul(1000));
            self.below = 0;
        } else if value == 100 || (value == 20 && self.below == 4) {
            self.below = self.below.max(1).saturating_mul(value);
        } else {
            self.below = self.below.saturating_add(value);
        }
    }

    pub(in super::super) fn total(self) -> i64 {
        self.thousands.saturating_add(self.below)
    }
}

/// The words, and how compounds begin.
pub(in super::super) fn entries() -> impl Iterator<Item = (&'static str, Fit)> {
    let whole = WORDS.whole.keys().map(|word| (*word, Fit::Word));
    whole.chain(WORDS.pieces.iter().map(|(piece, _)| (*piece, Fit::Stem)))
}

/// Words between the words of one number.
pub(in super::super) const GLUE: [&str; 8] = ["and", "y", "et", "e", "und", "и", "-", "‐"];

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn g4_compounds_of_number_words_add_up() {
        for (word, count) in [
            ("ventuno", 21),
            ("ventinove", 29),
            ("einundvierzig", 41),
            ("vierundvierzig", 44),
            ("centoventi", 120),
            ("hundertzwanzig", 120),
            ("duemila", 2000),
            ("veinticinco", 25),
        ] {
            assert_eq!(value(word), Some(count), "{word}");
        }
        for word in [
            "european",
            "treatment",
            "unterwegs",
            "centro",
            "ottima",
            "sechster",
        ] {
            assert_eq!(value(word), None, "{word}");
        }
    }
}
