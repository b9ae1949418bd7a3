//! Cutting a window, newest first.

use jiff::Timestamp;

use super::{Entry, Limits, entry_tokens};

/// A window that is being filled from its newest end.
pub(super) struct Window<'a> {
    limits: &'a Limits,
    now: Timestamp,
    left: u32,
    newest_first: Vec<Entry>,
    full: bool,
}

impl<'a> Window<'a> {
    pub(super) fn new(limits: &'a Limits, budget: u32, now: Timestamp) -> Self {
        Self {
            limits,
            now,
            left: budget,
            newest_first: Vec::new(),
            full: limits.most_entries == 0,
        }
    }

    /// Takes the entries of the next older turn; says whether an older one may still fit.
    pub(super) fn take(&mut self, turn: Vec<Entry>) -> bool {
        for entry in turn.into_iter().rev() {
            if self.full {
                break;
            }
            if self.limits.alive(&entry, self.now) {
                self.put(entry);
            }
        }
        !self.full
    }

    fn put(&mut self, entry: Entry) {
        let Some(left) = self.left.checked_sub(entry_tokens(&entry)) else {
            self.full = true;
            return;
        };
        self.left = left;
        self.newest_first.push(entry);
        self.full = self.newest_first.len() >= self.limits.most_entries;
    }

    pub(super) fn oldest_first(mut self) -> Vec<Entry> {
        self.newest_first.reverse();
        self.newest_first
    }
}
