//! Bytes to text: which encoding a file is in (K2).

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    Encoding, IBM866, ISO_8859_2, ISO_8859_5, ISO_8859_7, ISO_8859_15, KOI8_R, KOI8_U, MACINTOSH,
    UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253,
    X_MAC_CYRILLIC,
};

use super::OPERATION;
use crate::error::{Error, ErrorKind, Result};

/// A file as text.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: &'static str,
    /// Whether the encoding follows from statistics rather than from the bytes themselves.
    pub(super) guessed: bool,
}

/// How many bytes are decoded to see whether headers are recognised.
const SAMPLE: usize = 16 * 1024;

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

/// Decodes a file. `recognized` counts the known headers in a sample of text; it settles between encodings.
pub(super) fn decode(bytes: &[u8], recognized: impl Fn(&str) -> usize) -> Result<Decoded> {
    refuse_other_formats(bytes)?;
    let (encoding, guessed) = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => (encoding, false),
        None if bytes.contains(&0) => (without_bom(bytes).ok_or_else(not_text)?, true),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, false),
        None => {
            refuse_broken_utf8(bytes)?;
            (guess(bytes, recognized), true)
        }
    };
    let (text, _, broken) = encoding.decode(bytes);
    if broken {
        return Err(Error::invalid(
            OPERATION,
            format!(
                "the file starts as {} but has bytes that are not; save it again as CSV UTF-8",
                encoding.name()
            ),
        ));
    }
    refuse_binary(&text)?;
    Ok(Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
        guessed,
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
    detector.feed(bytes, true);
    let mut statistical = detector.guess(None, Utf8Detection::Deny);
    // The Ukrainian variant differs in a few letters; without them it is plain KOI8-R.
    if statistical == KOI8_U && KOI8_R.decode(bytes).0 == KOI8_U.decode(bytes).0 {
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
    best.1
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

/// A text has no zero characters and hardly any other controls.
fn refuse_binary(text: &str) -> Result<()> {
    let controls = text
        .chars()
        .filter(|letter| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r'))
        .count();
    if text.contains('\0') || controls.saturating_mul(100) > text.chars().count() {
        return Err(not_text());
    }
    Ok(())
}

fn not_text() -> Error {
    Error::invalid(
        OPERATION,
        "this is not a text file; save the table as CSV UTF-8 and upload that",
    )
}
