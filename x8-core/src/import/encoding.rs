//! Bytes to text: which encoding a file is in (K2).

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, IBM866, ISO_8859_2, ISO_8859_5, ISO_8859_7, ISO_8859_15, KOI8_R, KOI8_U, MACINTOSH,
    UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253,
    X_MAC_CYRILLIC,
};

use memchr::memchr_iter;

use super::OPERATION;
use crate::error::{Error, ErrorKind, Result};

mod pieces;

pub(super) use pieces::{Content, Pieces, Reader};

/// A file as text.
#[derive(Debug)]
pub(super) struct Decoded<'b> {
    pub(super) content: Content<'b>,
    pub(super) encoding: &'static str,
    /// Whether the encoding follows from statistics rather than from the bytes themselves.
    pub(super) guessed: bool,
}

/// How many bytes are decoded to see whether headers are recognised.
const SAMPLE: usize = 16 * 1024;

/// How many bytes are counted for the statistics of an encoding: more would not change them.
const MOST_STATISTICS: usize = 1024 * 1024;

/// Tried when the statistical guess does not recognise the headers best.
const CANDIDATES: [&Encoding; 12] = [
    WINDOWS_1251,
    WINDOWS_1252,
    KOI8_R,
    WINDOWS_1250,
    ISO_8859_2,
    ISO_8859_5,
    IBM866,
    X_MAC_CYRILLIC,
    MACINTOSH,
    ISO_8859_15,
    WINDOWS_1253,
    ISO_8859_7,
];

/// Decodes a file. `recognized` counts the known headers in a sample of text; it settles between encodings. `fixed` is
/// the encoding that the caller knows.
pub(super) fn decode<'b>(
    bytes: &'b [u8],
    fixed: Option<&'static Encoding>,
    recognized: impl Fn(&str) -> usize,
) -> Result<Decoded<'b>> {
    refuse_other_formats(bytes)?;
    let utf8 = std::str::from_utf8(bytes);
    let (encoding, guessed) = match (fixed, Encoding::for_bom(bytes)) {
        // Both kinds of UTF-16 have the same everyday name.
        (Some(told), Some((marked, _))) if told == UTF_16LE && marked == UTF_16BE => {
            (marked, false)
        }
        (Some(told), _) => (told, false),
        (None, Some((marked, _))) => (marked, false),
        (None, None) if bytes.contains(&0) => (without_bom(bytes).ok_or_else(not_text)?, true),
        (None, None) if utf8.is_ok() => (UTF_8, false),
        (None, None) => {
            refuse_broken_utf8(bytes)?;
            (guess(bytes, recognized), true)
        }
    };
    let content = match utf8 {
        Ok(text) if encoding == UTF_8 => Content::of(text.trim_start_matches('\u{feff}')),
        Ok(_) | Err(_) => Content::Coded(bytes, encoding),
    };
    check(content, encoding, fixed.is_some())?;
    Ok(Decoded {
        content,
        encoding: encoding.name(),
        guessed,
    })
}

/// Looks at the whole text once: it is of its encoding, and it is text.
fn check(content: Content<'_>, encoding: &'static Encoding, fixed: bool) -> Result<()> {
    let mut pieces = content.pieces();
    let mut controls = Controls::default();
    controls.see(pieces.text());
    while !pieces.is_last() {
        pieces.more(pieces.text().len());
        controls.see(pieces.text());
    }
    if !pieces.is_broken() {
        return controls.refuse_binary(content);
    }
    let name = encoding.name();
    let message = if fixed {
        format!(
            "the file has bytes that are not {name}, as the import was told; leave the encoding out"
        )
    } else {
        format!("the file starts as {name} but has bytes that are not; save it again as CSV UTF-8")
    };
    Err(Error::invalid(OPERATION, message))
}

/// The encoding that a caller names: `windows-1251`, `latin1`, `utf-8`, …
///
/// # Errors
/// `Invalid` for a name that is none.
pub(super) fn named(label: &str) -> Result<&'static Encoding> {
    Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(|| {
        let message = format!("`{label}` is no encoding; name one like utf-8 or windows-1251");
        Error::invalid(OPERATION, message)
    })
}

/// UTF-16 without its mark: the zero bytes of delimiters and digits all sit on one side.
fn without_bom(bytes: &[u8]) -> Option<&'static Encoding> {
    let zeros = |parity: usize| {
        bytes
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    if !bytes.len().is_multiple_of(2) {
        None
    } else if even == 0 {
        Some(UTF_16LE)
    } else if odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn guess(bytes: &[u8], recognized: impl Fn(&str) -> usize) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..MOST_STATISTICS).unwrap_or(bytes), true);
    let mut statistical = detector.guess(None, Utf8Detection::Deny);
    // The Ukrainian variant differs in a few letters; without them it is plain KOI8-R.
    if statistical == KOI8_U && is_koi8_r(bytes) {
        statistical = KOI8_R;
    }
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let score =
        |encoding: &'static Encoding| recognized(&encoding.decode_without_bom_handling(sample).0);
    let mut best = (score(statistical), statistical);
    for candidate in CANDIDATES {
        let found = score(candidate);
        if found > best.0 {
            best = (found, candidate);
        }
    }
    // Nobody writes `¤`: where the older code has it, the newer one has the euro.
    if best.1 == WINDOWS_1252 && bytes.contains(&0xa4) && !bytes.iter().any(is_high_control) {
        return ISO_8859_15;
    }
    best.1
}

/// Whether the Russian variant reads every byte as the Ukrainian one does.
fn is_koi8_r(bytes: &[u8]) -> bool {
    let differs = |byte: u8| {
        let read = |encoding: &'static Encoding| {
            encoding.decode_without_bom_handling(&[byte]).0.into_owned()
        };
        read(KOI8_R) != read(KOI8_U)
    };
    let differing: Vec<u8> = (0x80..=0xff).filter(|byte| differs(*byte)).collect();
    !bytes.iter().any(|byte| differing.contains(byte))
}

/// Bytes that are letters and signs in Windows code pages, and nothing in ISO ones.
fn is_high_control(byte: &u8) -> bool {
    (0x80..=0x9f).contains(byte)
}

/// Spreadsheets and other files with a known signature get their own words.
fn refuse_other_formats(bytes: &[u8]) -> Result<()> {
    const SIGNATURES: [(&[u8], &str); 6] = [
        (
            b"PK\x03\x04",
            "an .xlsx or .ods spreadsheet (or another zip archive)",
        ),
        (b"PK\x05\x06", "an empty zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an .xls spreadsheet"),
        (b"%PDF", "a PDF document"),
        (b"{\\rtf", "an RTF document"),
        (b"\x1f\x8b", "a gzip archive"),
    ];
    for (signature, what) in SIGNATURES {
        if bytes.starts_with(signature) {
            return Err(Error::new(
                ErrorKind::Unsupported,
                OPERATION,
                format!("this is {what}, which cannot be read; open it and save as CSV"),
            ));
        }
    }
    Ok(())
}

/// Mostly valid UTF-8 with a few broken bytes is damaged UTF-8, not a text in an old encoding.
fn refuse_broken_utf8(bytes: &[u8]) -> Result<()> {
    let (mut foreign, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        foreign += chunk
            .valid()
            .chars()
            .filter(|letter| !letter.is_ascii())
            .count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if foreign <= broken.saturating_mul(4) {
        return Ok(());
    }
    let at = std::str::from_utf8(bytes)
        .err()
        .map_or(0, |error| error.valid_up_to());
    Err(Error::invalid(
        OPERATION,
        format!("the file is UTF-8 with a broken character at byte {at}; export it again"),
    ))
}

/// What a text has of control characters.
#[derive(Debug, Default)]
struct Controls {
    count: usize,
    zero: bool,
}

impl Controls {
    /// Looks at the next piece.
    fn see(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let control =
            |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0x7f;
        // Most texts have none at all, which is seen many bytes at once.
        let any = |chunk: &[u8]| chunk.iter().fold(false, |any, byte| any | control(*byte));
        let some = bytes.chunks(4_096).filter(|chunk| any(chunk));
        let low = some.flatten().filter(|byte| control(**byte)).count();
        // U+0080 to U+009F.
        let high = memchr_iter(0xc2, bytes)
            .filter(|at| bytes.get(at + 1).is_some_and(|next| *next < 0xa0))
            .count();
        self.count += low + high;
        self.zero |= low > 0 && bytes.contains(&0);
    }

    /// A text has no zero characters and hardly any other controls.
    fn refuse_binary(&self, content: Content<'_>) -> Result<()> {
        let many = || self.count > 0 && self.count.saturating_mul(100) > letters(content);
        if self.zero || many() {
            return Err(not_text());
        }
        Ok(())
    }
}

fn letters(content: Content<'_>) -> usize {
    let mut pieces = content.pieces();
    let mut letters = pieces.text().chars().count();
    while !pieces.is_last() {
        pieces.more(pieces.text().len());
        letters += pieces.text().chars().count();
    }
    letters
}

fn not_text() -> Error {
    Error::invalid(
        OPERATION,
        "this is not a text file; save the table as CSV UTF-8 and upload that",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k2_without_the_feature_spreadsheets_are_told_to_become_csv() {
        for (bytes, what) in [
            (b"PK\x03\x04rest of a workbook".as_slice(), ".xlsx or .ods"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0".as_slice(), ".xls"),
        ] {
            let error = refuse_other_formats(bytes).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(
                error.public().contains(what) && error.public().contains("save as CSV"),
                "{error}"
            );
        }
    }
}
