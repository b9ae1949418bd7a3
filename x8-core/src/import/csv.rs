//! Delimited text to a table of cells (K2).

use std::borrow::Cow;

use csv::ReaderBuilder;
use csv_core::ReadRecordResult;
use memchr::{memchr, memchr_iter};

use super::{
    Limits, OPERATION,
    export::without_escape,
    header::recognize,
    table::{Builder, Table, clean},
};
use crate::{
    catalog::Kind,
    error::{Error, Result},
};

/// Tried in this order; the first of equals wins.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many records decide which delimiter splits evenly.
const SAMPLE: usize = 50;

/// How many headers are looked at to tell delimiters and encodings apart, before any limit is checked.
const MOST_HEADERS: usize = 500;

/// How many headers of the first record are known, under the best delimiter.
pub(super) fn recognized(kind: Kind, text: &str) -> usize {
    let (text, declared) = declared_delimiter(text);
    let best = |delimiter: u8| known_headers(kind, text, delimiter);
    declared.map_or_else(|| DELIMITERS.map(best).into_iter().max().unwrap_or(0), best)
}

/// Text that splits in one way.
#[derive(Debug)]
pub(super) struct Body<'t> {
    text: &'t str,
    delimiter: u8,
    /// Lines before the text.
    skipped: u64,
}

impl<'t> Body<'t> {
    /// Finds out how text splits. Its lines end with `\n`, alone or after `\r`: see [`unify`].
    pub(super) fn of(kind: Kind, text: &'t str) -> Self {
        let (body, declared) = declared_delimiter(text);
        Self {
            text: body,
            delimiter: declared.unwrap_or_else(|| detect(kind, body)),
            skipped: u64::from(declared.is_some()),
        }
    }

    pub(super) fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// Splits the text into records and cells.
    pub(super) fn table(&self, limits: &'t Limits) -> Result<Table<'t>> {
        let strays = stray_quotes(self.text, self.delimiter).map_err(|line| {
            Error::invalid(
                OPERATION,
                format!(
                    "the quote opened in line {} is never closed; close it or double it",
                    line + self.skipped
                ),
            )
        })?;
        let mut builder = Builder::new(self.text, limits);
        let mut quoted = Quoted::new(self.delimiter);
        let bytes = self.text.as_bytes();
        let (mut at, mut line) = (0, 1 + self.skipped);
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let length = memchr(b'\n', rest).unwrap_or(rest.len());
            let record = rest.get(..length).unwrap_or_default();
            builder.begin(line);
            if memchr(b'"', record).is_some() {
                let read = quoted.read(rest, &mut builder)?;
                line += count(rest.get(..read).unwrap_or_default());
                at += read;
            } else {
                let record = record.strip_suffix(b"\r").unwrap_or(record);
                let mut start = at;
                for end in memchr_iter(self.delimiter, record).chain([record.len()]) {
                    builder.span(start, at + end)?;
                    start = at + end + 1;
                }
                line += 1;
                at += length + 1;
            }
            builder.end()?;
        }
        let strays: Vec<u64> = strays.into_iter().map(|line| line + self.skipped).collect();
        let mut table = builder.finish(None, &strays)?;
        // An unquoted `29,90` shifts every cell after it; with other delimiters a surplus empty cell shifts nothing.
        table.strict_width = self.delimiter == b',';
        Ok(table)
    }
}

fn count(bytes: &[u8]) -> u64 {
    u64::try_from(memchr_iter(b'\n', bytes).count()).unwrap_or(u64::MAX)
}

/// Reads records that have quotes in them.
struct Quoted {
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Quoted {
    fn new(delimiter: u8) -> Self {
        Self {
            reader: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            text: vec![0; 1_024],
            ends: vec![0; 64],
        }
    }

    /// Adds the cells of the first record and tells how many bytes it took, its line end included.
    fn read(&mut self, bytes: &[u8], builder: &mut Builder<'_>) -> Result<usize> {
        self.reader.reset();
        let (mut read, mut written, mut cells) = (0, 0, 0);
        loop {
            let rest = bytes.get(read..).unwrap_or_default();
            let text = self.text.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(cells..).unwrap_or_default();
            let (result, taken, filled, ended) = self.reader.read_record(rest, text, ends);
            read += taken;
            written += filled;
            cells += ended;
            match result {
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                // The next call, with nothing to read, ends the record.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        let mut start = 0;
        for end in self.ends.iter().take(cells) {
            let cell = self.text.get(start..*end).unwrap_or_default();
            let cell = str::from_utf8(cell).map_err(|error| Error::internal(OPERATION, error))?;
            builder.text(without_escape(clean(cell)))?;
            start = *end;
        }
        // The reader stops behind `\r` and leaves the `\n` to the next record.
        let rest = bytes.get(read..).unwrap_or_default();
        Ok(read
            + usize::from(
                bytes.get(..read).is_some_and(|own| own.ends_with(b"\r"))
                    && rest.starts_with(b"\n"),
            ))
    }
}

/// Lines end with `\n`, alone or after `\r`. The line ends of old Macs are neither, and are made so.
pub(super) fn unify(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let alone = memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'));
    if alone {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}

/// Excel's first line `sep=;`, however a program has quoted it or filled it up.
fn declared_delimiter(text: &str) -> (&str, Option<u8>) {
    let Some((line, rest)) = text.split_once('\n') else {
        return (text, None);
    };
    let line = line.trim_end_matches('\r').as_bytes();
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let declared = line
        .split_at_checked(4)
        .filter(|(word, _)| word.eq_ignore_ascii_case(b"sep="))
        .and_then(|(_, rest)| {
            let (mark, filling) = rest.split_first()?;
            let idle = |byte: &u8| byte == mark || *byte == b'"';
            DELIMITERS
                .into_iter()
                .find(|known| known == mark && filling.iter().all(idle))
        });
    if declared.is_some() {
        (rest, declared)
    } else {
        (text, None)
    }
}

/// The delimiter under which most headers are known; failing that, the one that splits most evenly.
fn detect(kind: Kind, text: &str) -> u8 {
    let mut best = (0, 0, b',');
    for delimiter in DELIMITERS {
        let score = (
            known_headers(kind, text, delimiter),
            evenness(text, delimiter),
        );
        if score > (best.0, best.1) {
            best = (score.0, score.1, delimiter);
        }
    }
    best.2
}

fn known_headers(kind: Kind, text: &str, delimiter: u8) -> usize {
    let first = reader(text, delimiter)
        .into_records()
        .filter_map(Result::ok)
        .find(|record| record.iter().any(|cell| !clean(cell).is_empty()));
    first.map_or(0, |record| {
        record
            .iter()
            .take(MOST_HEADERS)
            .filter(|cell| recognize(kind, cell).is_some())
            .count()
    })
}

/// Records as wide as the first, times that width; one column splits nothing.
fn evenness(text: &str, delimiter: u8) -> usize {
    let widths: Vec<usize> = reader(text, delimiter)
        .into_records()
        .take(SAMPLE)
        .filter_map(Result::ok)
        .map(|record| record.len())
        .collect();
    let first = widths.first().copied().unwrap_or(0);
    let same = widths.iter().filter(|width| **width == first).count();
    same.saturating_mul(first.saturating_sub(1))
}

/// Where a scan for quotes is.
#[derive(Clone, Copy)]
enum Place {
    Start,
    Blank,
    Bare,
    Quoted { opened: u64 },
    Closed { opened: u64 },
}

/// The lines where text stands beside a quoted cell. A lenient reader would join it silently, and a forgotten quote
/// would swallow rows unseen.
///
/// # Errors
/// The line of a quote that is never closed.
fn stray_quotes(text: &str, delimiter: u8) -> Result<Vec<u64>, u64> {
    let mut strays = Vec::new();
    if memchr(b'"', text.as_bytes()).is_none() {
        return Ok(strays);
    }
    let mut place = Place::Start;
    let mut line = 1_u64;
    // Quotes, spaces, delimiters and line ends are ASCII: the bytes of other letters are all alike.
    for byte in text.bytes() {
        let ends = byte == delimiter || byte == b'\n' || byte == b'\r';
        place = match (place, byte) {
            (Place::Start, b'"') => Place::Quoted { opened: line },
            (Place::Start | Place::Blank, b' ') => Place::Blank,
            (Place::Blank, b'"') => {
                strays.push(line);
                Place::Bare
            }
            (Place::Quoted { opened }, b'"') => Place::Closed { opened },
            (Place::Quoted { opened }, _) => Place::Quoted { opened },
            (Place::Closed { opened }, b'"') => Place::Quoted { opened },
            (Place::Start | Place::Blank | Place::Bare | Place::Closed { .. }, _) if ends => {
                Place::Start
            }
            (Place::Closed { opened }, b' ') => Place::Closed { opened },
            (Place::Closed { .. }, _) => {
                strays.push(line);
                Place::Bare
            }
            (Place::Start | Place::Blank | Place::Bare, _) => Place::Bare,
        };
        line += u64::from(byte == b'\n');
    }
    match place {
        Place::Quoted { opened } => Err(opened),
        Place::Start | Place::Blank | Place::Bare | Place::Closed { .. } => Ok(strays),
    }
}
