//! The outline of a word: enough to tell most pairs of words apart without spelling them.

/// Which letters occur, and how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    letters: u64,
    pub(super) count: usize,
}

impl Shape {
    pub(super) fn of(word: &str) -> Self {
        let mut shape = Self::default();
        for letter in word.chars() {
            shape.letters |= 1 << (u32::from(letter) % u64::BITS);
            shape.count += 1;
        }
        shape
    }

    /// Whether so many edits might turn one into the other. One edit brings in at most one letter and drops at most one;
    /// letters that share a bit only make more pairs possible.
    pub(super) fn within(self, other: Self, edits: u32) -> bool {
        let most = usize::try_from(edits).unwrap_or(usize::MAX);
        self.count.abs_diff(other.count) <= most
            && (self.letters ^ other.letters).count_ones() <= 2 * edits
    }
}

/// The first two letters.
pub(super) fn head(word: &str) -> (Option<char>, Option<char>) {
    let mut letters = word.chars();
    (letters.next(), letters.next())
}
