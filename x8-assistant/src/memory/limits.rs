//! What a memory keeps at most.

use jiff::{SignedDuration, Timestamp};
use unicode_segmentation::UnicodeSegmentation;

use super::Entry;

/// Age and size of what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long after its own time an entry may be returned. Applies at once when it is shortened; what a storage has
    /// removed does not come back when it is lengthened.
    pub ttl: SignedDuration,
    /// Longest text in characters; longer ones are cut between visible characters and end in `…`.
    pub longest_text: usize,
    /// Most entries of a conversation that are returned. A storage may hold a few more, but never without bound.
    pub most_entries: usize,
}

impl Default for Limits {
    /// Thirty days, 4,000 characters, 400 entries.
    fn default() -> Self {
        Self {
            ttl: SignedDuration::from_hours(30 * 24),
            longest_text: 4_000,
            most_entries: 400,
        }
    }
}

impl Limits {
    /// Most entries of one turn; of a longer one the newest are kept.
    pub const TURN: usize = 64;

    /// What of a turn's entries may be kept, in whole milliseconds.
    pub(super) fn admit(&self, entries: &[Entry], now: Timestamp) -> Vec<Entry> {
        let mut kept: Vec<Entry> = entries
            .iter()
            .filter(|entry| !entry.text.trim().is_empty())
            .map(|entry| Entry {
                role: entry.role,
                text: self.shorten(&entry.text),
                at: in_millis(entry.at.min(now)),
            })
            .filter(|entry| self.alive(entry, now))
            .collect();
        let most = Self::TURN.min(self.most_entries);
        kept.drain(..kept.len().saturating_sub(most));
        kept
    }

    /// Whether an entry may still be returned.
    pub(super) fn alive(&self, entry: &Entry, now: Timestamp) -> bool {
        self.expiry(entry.at) > now.as_millisecond()
    }

    /// The first UTC millisecond at which all of these have expired.
    pub(super) fn last_expiry(&self, entries: &[Entry]) -> i64 {
        let expiries = entries.iter().map(|entry| self.expiry(entry.at));
        expiries.max().unwrap_or(i64::MIN)
    }

    fn expiry(&self, at: Timestamp) -> i64 {
        // The end of all time, also for a TTL that reaches further.
        at.saturating_add(self.ttl)
            .unwrap_or(Timestamp::MAX)
            .as_millisecond()
    }

    fn shorten(&self, text: &str) -> String {
        if text.chars().nth(self.longest_text).is_none() {
            return text.to_owned();
        }
        let mut room = self.longest_text.saturating_sub(1);
        let mut short = String::new();
        for visible in text.graphemes(true) {
            let size = visible.chars().count();
            if size > room {
                break;
            }
            room -= size;
            short.push_str(visible);
        }
        short.push('…');
        short
    }
}

fn in_millis(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
