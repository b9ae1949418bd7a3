//! Every word list of the rules in one tree, walked once from each place of a text where a word or sign begins.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::LazyLock,
};

use super::{
    amounts::{numerals, spoken},
    cues, letter,
    lexicon::{self, List},
};

/// Lists, one bit each: those of `lexicon.txt` and those beside the rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lists {
    pub(super) hits: u64,
    pub(super) cues: u64,
}

impl Lists {
    const fn or(self, other: Self) -> Self {
        Self {
            hits: self.hits | other.hits,
            cues: self.cues | other.cues,
        }
    }
}

/// How an entry stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It begins a word.
    Stem,
    /// It is a whole word or phrase.
    Word,
}

/// Every list of which an entry stands in a folded text.
pub(super) fn read(folded: &str) -> Lists {
    let mut found = Lists::default();
    let tree = &*TREE;
    starts(folded, |at| {
        tree.each(folded, at, |lists, _end| found = found.or(lists));
    });
    found
}

/// Where the longest entries of one list of `lexicon.txt` stand, as bytes from and to.
pub(super) fn spans(folded: &str, hits: u64) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let tree = &*TREE;
    starts(folded, |at| {
        let mut longest = None;
        tree.each(folded, at, |lists, end| {
            if lists.hits & hits != 0 {
                longest = Some((at, end));
            }
        });
        found.extend(longest);
    });
    found
}

/// Calls back with every place where an entry may begin: a word begins where no other goes on, a phrase may begin with a
/// sign ("% off").
fn starts(text: &str, mut found: impl FnMut(usize)) {
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        // Nothing begins with a blank.
        if *byte == b' ' {
            at += 1;
            continue;
        }
        found(at);
        let (alphanumeric, length) = letter::at(text, at);
        at += length;
        if alphanumeric {
            at = letter::end(text, at);
        }
    }
}

static TREE: LazyLock<Tree> = LazyLock::new(|| {
    let mut root = Sapling::default();
    for (entry, fit, list) in lexicon::entries() {
        let lists = Lists {
            hits: list,
            cues: 0,
        };
        root.insert(entry, fit, lists);
    }
    for (entry, fit, list) in cues::entries() {
        let lists = Lists {
            hits: 0,
            cues: list,
        };
        root.insert(entry, fit, lists);
    }
    let nicknames = spoken::nicknames().map(|word| (word, Fit::Word));
    for (entry, fit) in numerals::entries().chain(nicknames) {
        let lists = Lists {
            hits: List::NUMBER.bit(),
            cues: 0,
        };
        root.insert(entry, fit, lists);
    }
    Tree::grown(&root)
});

/// What ends in a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ends {
    words: Lists,
    stems: Lists,
}

/// A tree while it grows.
#[derive(Debug, Default)]
struct Sapling {
    next: BTreeMap<u8, Self>,
    ends: Ends,
}

impl Sapling {
    fn insert(&mut self, entry: &str, fit: Fit, lists: Lists) {
        let mut at = self;
        for byte in entry.bytes() {
            at = at.next.entry(byte).or_default();
        }
        match fit {
            Fit::Word => at.ends.words = at.ends.words.or(lists),
            Fit::Stem => at.ends.stems = at.ends.stems.or(lists),
        }
    }
}

/// A place that a node may take.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The node before it.
    before: u32,
    /// The node behind this one by a byte stands so far from the first place, and the byte further.
    base: u32,
    /// What ends here; 0: nothing.
    ends: u32,
}

const FREE: Slot = Slot {
    before: u32::MAX,
    base: 0,
    ends: 0,
};

/// All nodes in one row of slots, each where none of its neighbours' stands; the root first.
#[derive(Debug)]
struct Tree {
    slots: Vec<Slot>,
    ends: Vec<Ends>,
}

impl Tree {
    fn grown(root: &Sapling) -> Self {
        let mut tree = Self {
            slots: vec![Slot { before: 0, ..FREE }],
            ends: vec![Ends::default()],
        };
        // Every byte leads to a place behind these, so none is sought among them in vain.
        let mut free = 1 << u8::BITS;
        let mut level = VecDeque::from([(0, root)]);
        while let Some((place, sapling)) = level.pop_front() {
            while tree.taken(free) {
                free += 1;
            }
            let base = tree.base(free, sapling);
            if let Some(slot) = tree.slots.get_mut(place) {
                slot.base = short(base);
            }
            for (byte, next) in &sapling.next {
                let behind = base + usize::from(*byte);
                tree.take(behind, place, next.ends);
                level.push_back((behind, next));
            }
        }
        tree
    }

    /// The first place from which all nodes behind one find a free slot.
    fn base(&self, free: usize, sapling: &Sapling) -> usize {
        let Some(first) = sapling.next.keys().next() else {
            return 0;
        };
        let mut base = free.saturating_sub(usize::from(*first)).max(1);
        let bytes = || sapling.next.keys().map(|byte| usize::from(*byte));
        while bytes().any(|byte| self.taken(base + byte)) {
            base += 1;
        }
        base
    }

    fn taken(&self, place: usize) -> bool {
        let slot = self.slots.get(place);
        slot.is_some_and(|slot| slot.before != FREE.before)
    }

    fn take(&mut self, place: usize, before: usize, ends: Ends) {
        if self.slots.len() <= place {
            self.slots.resize(place + 1, FREE);
        }
        let at = if ends == Ends::default() {
            0
        } else {
            self.ends.push(ends);
            self.ends.len() - 1
        };
        if let Some(slot) = self.slots.get_mut(place) {
            slot.before = short(before);
            slot.ends = short(at);
        }
    }

    /// Calls back with the lists of every entry that begins at a byte, and where it ends.
    fn each(&self, text: &str, from: usize, mut found: impl FnMut(Lists, usize)) {
        let bytes = text.as_bytes().get(from..).unwrap_or_default();
        let (mut place, mut base) = (0, self.slots.first().map_or(0, |slot| slot.base));
        for (byte, at) in bytes.iter().zip(from..) {
            let next = base + u32::from(*byte);
            let Some(slot) = self.slots.get(long(next)) else {
                return;
            };
            if slot.before != place {
                return;
            }
            if slot.ends != 0 {
                self.ending(text, at + 1, slot.ends, &mut found);
            }
            (place, base) = (next, slot.base);
        }
    }

    fn ending(&self, text: &str, end: usize, ends: u32, found: &mut impl FnMut(Lists, usize)) {
        let Some(ends) = self.ends.get(long(ends)) else {
            return;
        };
        // A word that goes on is another word.
        let whole = ends.words != Lists::default() && !letter::at(text, end).0;
        let lists = if whole {
            ends.stems.or(ends.words)
        } else {
            ends.stems
        };
        if lists != Lists::default() {
            found(lists, end);
        }
    }
}

/// The tree has far fewer nodes than this can count.
fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn long(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{super::amounts::OPENING, Fit, cues, lexicon, read};

    #[test]
    fn g4_every_entry_of_every_list_is_found() {
        for (entry, _fit, hits) in lexicon::entries() {
            assert_ne!(read(entry).hits & hits, 0, "{entry}");
            assert!(!entry.starts_with(' '), "{entry}");
        }
        let whole = |entry: &&str, fit: &Fit| {
            assert!(!entry.contains('…'), "{entry}");
            assert!(*fit == Fit::Stem || !entry.ends_with(OPENING), "{entry}");
        };
        for (entry, fit, _) in lexicon::entries().chain(cues::entries()) {
            whole(&entry, &fit);
        }
        for (entry, _fit, cues) in cues::entries() {
            assert_ne!(read(entry).cues & cues, 0, "{entry}");
            // Those that begin with a sign would be found inside words as well.
            assert!(entry.starts_with(char::is_alphanumeric), "{entry}");
        }
    }
}
