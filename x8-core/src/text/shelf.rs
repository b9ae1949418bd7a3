//! Texts that do not change, many of them in one piece of memory.

use std::{
    borrow::Borrow,
    cmp::Ordering,
    collections::HashMap,
    fmt,
    hash::{Hash, Hasher},
    ops::Deref,
    sync::{Arc, LazyLock, OnceLock},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that does not change and is cheap to copy. It reads like a `str`.
///
/// It is a place in a block of memory that it shares with its copies and, when a catalogue or an import made it, with its
/// neighbours: a large catalogue then holds a few blocks and not an allocation per cell. A block lives as long as any text
/// in it; blocks are small (32 KiB), so that a single kept row does not hold a file.
///
/// ```
/// use x8_core::text::Text;
/// let name = Text::from("Rosa");
/// assert_eq!(name, "Rosa");
/// assert_eq!(name.to_uppercase(), "ROSA");
/// ```
#[derive(Clone)]
pub struct Text {
    block: Arc<Block>,
    start: u32,
    length: u32,
}

/// Written once, when it is full. Until then its texts read as empty: a [`Shelf`] hands nothing out before.
#[derive(Default)]
struct Block(OnceLock<String>);

static EMPTY: LazyLock<Arc<Block>> = LazyLock::new(Arc::default);

impl Text {
    /// The length of a text that is its whole block: a block of its own can be as long as it likes.
    const WHOLE: u32 = u32::MAX;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let block = self.block.0.get().map_or("", String::as_str);
        if self.length == Self::WHOLE {
            return block;
        }
        let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        let start = place(self.start);
        block
            .get(start..start.saturating_add(place(self.length)))
            .unwrap_or_default()
    }

    /// Whether it has a block of its own, which nothing else is in.
    pub(crate) fn is_alone(&self) -> bool {
        self.length == Self::WHOLE
    }
}

impl Default for Text {
    fn default() -> Self {
        Self {
            block: Arc::clone(&EMPTY),
            start: 0,
            length: 0,
        }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        Self {
            block: Arc::new(Block(OnceLock::from(text))),
            start: 0,
            length: Self::WHOLE,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().to_owned()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for Text {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other)
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// Puts texts one behind the other into blocks. They can be read once it is dropped.
#[derive(Default)]
pub(crate) struct Shelf {
    block: Arc<Block>,
    text: String,
    /// Texts that may come again.
    known: HashMap<Box<str>, Text>,
}

impl Shelf {
    /// Of repeated texts, how many are known, and how long they are: longer ones hardly repeat.
    const MOST_KNOWN: usize = 4_096;
    const LONGEST_KNOWN: usize = 256;
    const BLOCK: usize = 32 * 1024;
    /// A text that would fill a good part of a block gets one of its own.
    const LONGEST: usize = Self::BLOCK / 8;

    /// A text, to be read when this is dropped.
    pub(crate) fn put(&mut self, text: &str) -> Text {
        let start = self.text.len();
        let place = (u32::try_from(start), u32::try_from(text.len()));
        let (Ok(from), Ok(length)) = place else {
            return Text::from(text);
        };
        if text.is_empty() || text.len() > Self::LONGEST {
            return Text::from(text);
        }
        if start + text.len() > Self::BLOCK {
            self.close();
            return self.put(text);
        }
        if start == 0 {
            self.text.reserve_exact(Self::BLOCK);
        }
        self.text.push_str(text);
        Text {
            block: Arc::clone(&self.block),
            start: from,
            length,
        }
    }

    /// As [`Self::put`], for a text that other rows are likely to have too: it is put there once.
    pub(crate) fn put_once(&mut self, text: &str) -> Text {
        if text.len() > Self::LONGEST_KNOWN {
            return self.put(text);
        }
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let put = self.put(text);
        if self.known.len() < Self::MOST_KNOWN {
            self.known.insert(text.into(), put.clone());
        }
        put
    }

    fn close(&mut self) {
        let block = std::mem::take(&mut self.block);
        let mut text = std::mem::take(&mut self.text);
        if text.len() < Self::BLOCK / 2 {
            text.shrink_to_fit();
        }
        // Nobody else can have written it: the shelf alone holds the text of an open block.
        let _written = block.0.set(text);
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_shelf_are_what_was_put_there() {
        let long = "ж".repeat(Shelf::LONGEST);
        let wanted: Vec<String> = (0..20_000)
            .map(|number| format!("назва {number}"))
            .chain([String::new(), long])
            .collect();
        let mut shelf = Shelf::default();
        let texts: Vec<Text> = wanted.iter().map(|text| shelf.put(text)).collect();
        let again: Vec<Text> = wanted.iter().map(|text| shelf.put_once(text)).collect();
        let twice = shelf.put_once("назва 1");
        drop(shelf);
        assert!(texts == again && Arc::ptr_eq(&twice.block, &again[1].block));
        assert!(
            texts
                .iter()
                .zip(&wanted)
                .all(|(text, wanted)| text == wanted)
        );
        assert_eq!(size_of::<Option<Text>>(), 16);
    }

    #[test]
    fn a_text_is_stored_as_a_string_is() {
        let text: Text = serde_json::from_str("\"a\\nb\"").unwrap();
        assert_eq!(text, "a\nb");
        assert_eq!(serde_json::to_string(&text).unwrap(), "\"a\\nb\"");
        assert_eq!(text.cmp(&Text::from("b")), "a\nb".cmp("b"));
    }
}
