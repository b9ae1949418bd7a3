//! How long a text may be: what a reply should keep to (G2), and what the platform itself takes (H4).
//!
//! The two differ in unit. A reply is counted in user-perceived characters, because people read it; a platform counts
//! bytes, UTF-16 units or characters, because its servers do.

use x8_core::channel::Platform;

/// What a platform counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// UTF-8 bytes.
    Bytes,
    /// UTF-16 code units: an emoji counts two or more.
    Utf16,
    /// Unicode scalar values.
    Chars,
}

/// A platform's own limit for one text message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextLimit {
    /// The largest allowed length.
    pub max: usize,
    /// What is counted.
    pub unit: Unit,
}

impl TextLimit {
    /// A limit of `max` units.
    #[must_use]
    pub const fn new(max: usize, unit: Unit) -> Self {
        Self { max, unit }
    }

    /// The length of a text in this limit's unit.
    ///
    /// ```
    /// use x8_channels::{TextLimit, Unit};
    /// assert_eq!(TextLimit::new(10, Unit::Bytes).measure("añ😀"), 7);
    /// assert_eq!(TextLimit::new(10, Unit::Utf16).measure("añ😀"), 4);
    /// assert_eq!(TextLimit::new(10, Unit::Chars).measure("añ😀"), 3);
    /// ```
    #[must_use]
    pub fn measure(&self, text: &str) -> usize {
        match self.unit {
            Unit::Bytes => text.len(),
            Unit::Utf16 => text.encode_utf16().count(),
            Unit::Chars => text.chars().count(),
        }
    }

    /// Whether a text may go as one message.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.measure(text) <= self.max
    }
}

/// The limit a platform enforces, a little under the documented one where the platform counts entities or is vague.
///
/// WhatsApp keeps to the Cloud API's 4096 whichever way it is reached, so that a text can change provider unharmed.
/// TikTok has no chat; its value is that of any other source.
#[must_use]
pub const fn platform_limit(platform: Platform) -> TextLimit {
    match platform {
        Platform::Whatsapp => TextLimit::new(4096, Unit::Chars),
        Platform::Telegram => TextLimit::new(4096, Unit::Utf16),
        Platform::Instagram => TextLimit::new(1000, Unit::Bytes),
        Platform::Facebook => TextLimit::new(2000, Unit::Chars),
        Platform::Email => TextLimit::new(20_000, Unit::Chars),
        Platform::Tiktok => TextLimit::new(1950, Unit::Chars),
    }
}

/// The length a reply keeps to, in user-perceived characters, by the `source` word of a prompt or route (G2).
///
/// ```
/// use x8_channels::reply_limit;
/// assert_eq!(reply_limit("instagram"), 800);
/// assert_eq!(reply_limit("gmail"), reply_limit("email"));
/// assert_eq!(reply_limit("console"), 1950);
/// ```
#[must_use]
pub fn reply_limit(source: &str) -> usize {
    match Platform::parse(source) {
        Some(Platform::Instagram) => 800,
        Some(Platform::Whatsapp | Platform::Telegram) => 3800,
        Some(Platform::Email) => 7000,
        Some(Platform::Facebook | Platform::Tiktok) | None => 1950,
    }
}
