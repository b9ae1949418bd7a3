//! Article keys.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The article key of an offering, unique within a knowledge base (K6).
///
/// Kept as text; see [`Sku::as_integer`] for the wire form of the reply contract. Most keys are short, and a short one
/// needs no memory beside itself: there is one for every row.
///
/// ```
/// use x8_core::Sku;
/// assert_eq!(Sku::from("201").as_integer(), Some(201));
/// assert_eq!(Sku::from("007").as_integer(), None, "leading zeros are text");
/// ```
#[derive(Clone)]
pub struct Sku(Key);

#[derive(Clone)]
enum Key {
    Short { length: u8, bytes: [u8; SHORT] },
    Long(Arc<String>),
}

/// As many bytes as leave a key at sixteen.
const SHORT: usize = 14;

impl Sku {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Key::Short { .. } => str::from_utf8(self.bytes()).unwrap_or_default(),
            Key::Long(text) => text,
        }
    }

    /// The text in bytes, which compare like it and need not be looked at for being text.
    fn bytes(&self) -> &[u8] {
        match &self.0 {
            Key::Short { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Key::Long(text) => text.as_bytes(),
        }
    }

    /// The key as the integer that the reply contract wants, when it is exactly one.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        integer(self.as_str())
    }
}

/// The integer that a text is exactly: no plus, no leading zero.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let exact = text == "0" || digits.starts_with(|digit| matches!(digit, '1'..='9'));
    exact.then(|| text.parse().ok()).flatten()
}

impl From<&str> for Sku {
    fn from(text: &str) -> Self {
        let text = text.trim();
        let mut bytes = [0; SHORT];
        let short = bytes.get_mut(..text.len());
        Self(match (short, u8::try_from(text.len())) {
            (Some(room), Ok(length)) => {
                room.copy_from_slice(text.as_bytes());
                Key::Short { length, bytes }
            }
            (_, _) => Key::Long(Arc::new(text.to_owned())),
        })
    }
}

impl From<String> for Sku {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl PartialEq for Sku {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Sku {}

impl PartialOrd for Sku {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sku {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(other.bytes())
    }
}

impl Hash for Sku {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes().hash(state);
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl fmt::Debug for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sku").field(&self.as_str()).finish()
    }
}

impl Serialize for Sku {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Sku {
    /// As it stands: what was stored is not trimmed again.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(if text.trim().len() == text.len() {
            Self::from(text)
        } else {
            Self(Key::Long(Arc::new(text)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k6_short_and_long_keys_are_the_same_text_everywhere() {
        assert_eq!(size_of::<Sku>(), 16);
        for text in [
            "",
            "7",
            "007",
            "ROSE-10-RED-01",
            "ROSE-10-RED-011",
            "Букет-красный-10",
        ] {
            let sku = Sku::from(format!(" {text} ").as_str());
            assert_eq!((sku.as_str(), sku.to_string().as_str()), (text, text));
            assert_eq!(serde_json::to_string(&sku).unwrap(), format!("\"{text}\""));
            assert_eq!(
                serde_json::from_str::<Sku>(&format!("\"{text}\"")).unwrap(),
                sku
            );
        }
        let stored: Sku = serde_json::from_str("\" 7 \"").unwrap();
        assert_eq!(stored.as_str(), " 7 ");
        assert_eq!(format!("{:?}", Sku::from("7")), "Sku(\"7\")");
        let mut keys = ["b", "aa", "a"].map(Sku::from);
        keys.sort();
        assert_eq!(keys.map(|key| key.to_string()), ["a", "aa", "b"]);
    }

    #[test]
    fn k6_only_plain_integers_are_integers() {
        for text in [
            "0",
            "7",
            "-7",
            "9223372036854775807",
            "-9223372036854775808",
        ] {
            assert_eq!(
                integer(text).map(|number| number.to_string()).as_deref(),
                Some(text)
            );
        }
        for text in [
            "",
            "-",
            "-0",
            "00",
            "+7",
            "007",
            "-07",
            "7.0",
            "1e3",
            "--7",
            "9223372036854775808",
            "٣",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }
}
