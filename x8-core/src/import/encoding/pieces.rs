//! Text in pieces: what is not UTF-8 is decoded anew for each look at it, and never held as a whole.

use std::{borrow::Cow, io};

use encoding_rs::{CoderResult, Decoder, Encoding};
use memchr::{memchr, memchr_iter};

/// How many bytes are decoded at once.
const PIECE: usize = 64 * 1024;

/// The text of a file. Its lines end with `\n`, alone or after `\r`.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) enum Content<'b> {
    /// Text as it stands in the file: a large file is not copied.
    Held(&'b str),
    /// Bytes to be decoded. The line ends of old Macs are made `\n`.
    Coded(&'b [u8], &'static Encoding),
}

impl<'b> Content<'b> {
    /// Text as it stands, unless it has line ends of old Macs.
    pub(super) fn of(text: &'b str) -> Self {
        if lone_returns(text.as_bytes()).next().is_some() {
            Self::Coded(text.as_bytes(), encoding_rs::UTF_8)
        } else {
            Self::Held(text)
        }
    }

    /// The text from its beginning.
    pub(in crate::import) fn pieces(self) -> Pieces<'b> {
        let (bytes, encoding) = match self {
            Self::Held(text) => {
                return Pieces {
                    text: Cow::Borrowed(text),
                    rest: None,
                    broken: false,
                };
            }
            Self::Coded(bytes, encoding) => (bytes, encoding),
        };
        let mut pieces = Pieces {
            text: Cow::Owned(String::new()),
            rest: Some(Rest {
                bytes,
                decoder: encoding.new_decoder_with_bom_removal(),
                returned: false,
            }),
            broken: false,
        };
        pieces.more(0);
        pieces
    }

    /// The text as bytes, without so many of the first.
    pub(in crate::import) fn reader(self, skip: usize) -> Reader<'b> {
        Reader {
            pieces: self.pieces(),
            at: skip,
        }
    }

    /// Whether there may be a quote in it: in every encoding it is this byte, alone or beside a zero.
    pub(in crate::import) fn may_quote(self) -> bool {
        match self {
            Self::Held(text) => memchr(b'"', text.as_bytes()).is_some(),
            Self::Coded(bytes, _) => memchr(b'"', bytes).is_some(),
        }
    }
}

/// A window that moves over a text. Of text that is held it is the whole.
#[derive(Debug)]
pub(in crate::import) struct Pieces<'b> {
    text: Cow<'b, str>,
    /// What comes behind the window.
    rest: Option<Rest<'b>>,
    broken: bool,
}

struct Rest<'b> {
    bytes: &'b [u8],
    decoder: Decoder,
    /// Whether a `\r` was held back, until it is known what follows it.
    returned: bool,
}

impl Pieces<'_> {
    /// What is in the window.
    pub(in crate::import) fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing follows the window.
    pub(in crate::import) fn is_last(&self) -> bool {
        self.rest.is_none()
    }

    /// Whether there were bytes so far that are not of the encoding.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Takes the first bytes out of the window and adds what follows it: as much again as stayed there, so that a record
    /// that is larger than a piece is not looked at too often.
    pub(in crate::import) fn more(&mut self, used: usize) {
        let Some(mut rest) = self.rest.take() else {
            return;
        };
        let text = self.text.to_mut();
        text.drain(..text.floor_char_boundary(used));
        let start = text.len();
        let length = PIECE.max(start);
        let (bytes, behind) = rest
            .bytes
            .split_at_checked(length)
            .unwrap_or((rest.bytes, &[]));
        rest.bytes = behind;
        self.broken |= rest.decode(bytes, text);
        if lone_returns(text.as_bytes().get(start..).unwrap_or_default())
            .next()
            .is_some()
        {
            let piece = text.split_off(start);
            text.push_str(&unified(&piece));
        }
        if !rest.bytes.is_empty() {
            self.rest = Some(rest);
        }
    }
}

impl Rest<'_> {
    /// Adds what the bytes mean, and tells whether they were broken. A `\r` at the end waits for the next call.
    fn decode(&mut self, mut bytes: &[u8], text: &mut String) -> bool {
        let last = self.bytes.is_empty();
        if self.returned {
            text.push('\r');
        }
        let mut broken = false;
        loop {
            let room = self.decoder.max_utf8_buffer_length(bytes.len());
            text.reserve(room.unwrap_or(PIECE));
            let (result, read, wrong) = self.decoder.decode_to_string(bytes, text, last);
            broken |= wrong;
            bytes = bytes.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        self.returned = !last && text.ends_with('\r');
        if self.returned {
            text.pop();
        }
        broken
    }
}

impl std::fmt::Debug for Rest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rest").finish_non_exhaustive()
    }
}

/// A text, read as bytes.
#[derive(Debug)]
pub(in crate::import) struct Reader<'b> {
    pieces: Pieces<'b>,
    at: usize,
}

impl io::Read for Reader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let text = self.pieces.text().as_bytes();
            let mut rest = text.get(self.at..).unwrap_or_default();
            if !rest.is_empty() || self.pieces.is_last() {
                let read = rest.read(into)?;
                self.at += read;
                return Ok(read);
            }
            self.pieces.more(self.at);
            self.at = 0;
        }
    }
}

/// Where a `\r` stands without `\n` behind it.
fn lone_returns(bytes: &[u8]) -> impl Iterator<Item = usize> {
    memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n'))
}

/// The same length, with `\n` for each lone `\r`.
fn unified(text: &str) -> String {
    let mut unified = String::with_capacity(text.len());
    let mut done = 0;
    for at in lone_returns(text.as_bytes()) {
        unified.push_str(text.get(done..at).unwrap_or_default());
        unified.push('\n');
        done = at + 1;
    }
    unified.push_str(text.get(done..).unwrap_or_default());
    unified
}

#[cfg(test)]
mod tests {
    use encoding_rs::{KOI8_R, UTF_8, UTF_16LE, WINDOWS_1251};
    use proptest::prelude::*;

    use super::*;

    fn whole(content: Content<'_>) -> String {
        let mut text = String::new();
        let mut pieces = content.pieces();
        loop {
            text.push_str(pieces.text());
            if pieces.is_last() {
                assert!(!pieces.is_broken());
                return text;
            }
            pieces.more(pieces.text().len());
        }
    }

    /// Long enough for several pieces, with an edge at any letter.
    fn long(part: &str, shift: usize) -> String {
        let times = 3 * PIECE / part.len().max(1);
        "x".repeat(shift) + &part.repeat(times)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn k2_pieces_are_the_whole_text_with_line_ends_of_today(part in "[aж\r\n\"]{1,12}", shift in 0_usize..8) {
            let text = long(&part, shift);
            let wanted = unified(&text);
            prop_assert!(lone_returns(wanted.as_bytes()).next().is_none());
            prop_assert_eq!(wanted.replace("\r\n", "\n"), text.replace("\r\n", "\n").replace('\r', "\n"));
            for encoding in [WINDOWS_1251, KOI8_R, UTF_8] {
                let bytes = encoding.encode(&text).0;
                prop_assert_eq!(&whole(Content::Coded(&bytes, encoding)), &wanted);
            }
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            prop_assert_eq!(&whole(Content::Coded(&wide, UTF_16LE)), &wanted);
            prop_assert_eq!(&whole(Content::of(&text)), &wanted);
        }

        #[test]
        fn k2_a_window_keeps_what_was_not_used(part in "[aж\n]{1,12}", keep in 0_usize..300) {
            let text = long(&part, 0);
            let bytes = WINDOWS_1251.encode(&text).0;
            let mut pieces = Content::Coded(&bytes, WINDOWS_1251).pieces();
            let mut read = String::new();
            while !pieces.is_last() {
                let used = pieces.text().floor_char_boundary(pieces.text().len().saturating_sub(keep));
                read.push_str(pieces.text().get(..used).unwrap_or_default());
                pieces.more(used);
            }
            read.push_str(pieces.text());
            prop_assert_eq!(read, text);
        }
    }
}
