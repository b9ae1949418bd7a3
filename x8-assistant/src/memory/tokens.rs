//! How many tokens words take, without any vendor's tokenizer.

use super::Entry;

/// What a chat template adds to every message.
pub(super) const PER_MESSAGE: u32 = 4;

/// An estimate of the tokens of a text; the same text always gives the same number.
///
/// A word takes a third of a token per ASCII character, two thirds per character of other alphabets, a whole one per
/// character of CJK scripts and two per emoji, rounded up; so never less than one. It is meant to err on the long side for
/// common vocabularies.
///
/// ```
/// use x8_assistant::memory::text_tokens;
/// assert_eq!(text_tokens("Two bouquets, please"), 6, "1 + 3 + 2");
/// assert_eq!(text_tokens("Привет"), 4);
/// assert_eq!(text_tokens("🌹"), 2);
/// assert_eq!(text_tokens(" "), 0);
/// ```
#[must_use]
pub fn text_tokens(text: &str) -> u32 {
    text.split_whitespace()
        .map(|word| word.chars().fold(0, thirds).div_ceil(3))
        .fold(0, u32::saturating_add)
}

/// The tokens of a message: its text and what a chat template adds.
#[must_use]
pub fn entry_tokens(entry: &Entry) -> u32 {
    text_tokens(&entry.text).saturating_add(PER_MESSAGE)
}

fn thirds(sum: u32, character: char) -> u32 {
    let third = match character {
        '\0'..='\x7f' => 1,
        '\u{80}'..='\u{2fff}' => 2,
        '\u{3000}'..='\u{ffff}' => 3,
        '\u{10000}'.. => 6,
    };
    sum.saturating_add(third)
}
