//! Mends the one defect that well-meaning servers put into JSON.

/// Replaces lone surrogate escapes by U+FFFD, and leaves every other byte alone.
///
/// WAHA runs on JavaScript, whose strings may be cut in the middle of an emoji; it then writes `\ud83d` without its other
/// half. That is no Unicode, so the whole body would be refused, for the sake of, say, a quoted preview.
pub(super) fn lone_surrogates(body: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((&byte, after)) = rest.split_first() {
        let (kept, length): (&[u8], usize) =
            match (unit(rest), unit(rest.get(6..).unwrap_or_default())) {
                (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (rest, 12),
                (Some(0xD800..=0xDFFF), _) => (b"\\ufffd", 6),
                (Some(_), _) => (rest, 6),
                // An escaped backslash is not the start of the next escape.
                (None, _) if byte == b'\\' && !after.is_empty() => (rest, 2),
                (None, _) => (rest, 1),
            };
        mended.extend_from_slice(kept.get(..length).unwrap_or(kept));
        rest = rest.get(length..).unwrap_or_default();
    }
    mended
}

/// The code unit of a `\uXXXX` at the start of the bytes.
fn unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    let digits = std::str::from_utf8(digits).ok()?;
    u16::from_str_radix(digits, 16).ok()
}
