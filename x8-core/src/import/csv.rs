//! Delimited text to a table of cells (K2).

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};

use super::{
    Limits, OPERATION,
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

/// Text as a table, with the delimiter that splits it.
#[derive(Debug)]
pub(super) struct Delimited {
    pub(super) delimiter: char,
    pub(super) table: Table,
}

/// How many headers of the first record are known, under the best delimiter.
pub(super) fn recognized(kind: Kind, text: &str) -> usize {
    let (text, declared) = declared_delimiter(text);
    let best = |delimiter: u8| known_headers(kind, text, delimiter);
    declared.map_or_else(|| DELIMITERS.map(best).into_iter().max().unwrap_or(0), best)
}

/// Splits text into records and cells.
pub(super) fn read(kind: Kind, text: &str, limits: &Limits) -> Result<Delimited> {
    let text = unify(text);
    let (body, declared) = declared_delimiter(&text);
    let skipped = u64::from(declared.is_some());
    let delimiter = declared.unwrap_or_else(|| detect(kind, body));
    let strays = stray_quotes(body, delimiter).map_err(|line| {
        Error::invalid(
            OPERATION,
            format!(
                "the quote opened in line {} is never closed; close it or double it",
                line + skipped
            ),
        )
    })?;
    let mut builder = Builder::new(limits);
    let mut reader = reader(body, delimiter);
    let mut record = StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| Error::internal(OPERATION, error))?
    {
        builder.begin(start_line(body, &record) + skipped);
        for cell in &record {
            builder.text(cell)?;
        }
        builder.end()?;
    }
    let strays: Vec<u64> = strays.into_iter().map(|line| line + skipped).collect();
    let mut table = builder.finish(None, &strays)?;
    // An unquoted `29,90` shifts every cell after it; with other delimiters a surplus empty cell shifts nothing.
    table.strict_width = delimiter == b',';
    Ok(Delimited {
        delimiter: char::from(delimiter),
        table,
    })
}

/// Lines end with `\n`, alone or after `\r`. The line ends of old Macs are neither, and are made so.
fn unify(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let next = bytes.iter().skip(1).chain(std::iter::once(&0));
    let alone = bytes
        .iter()
        .zip(next)
        .any(|(own, next)| *own == b'\r' && *next != b'\n');
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

/// Excel's first line `sep=;`.
fn declared_delimiter(text: &str) -> (&str, Option<u8>) {
    let Some((line, rest)) = text.split_once('\n') else {
        return (text, None);
    };
    let declared = line
        .trim_end_matches('\r')
        .strip_prefix("sep=")
        .and_then(|mark| {
            DELIMITERS
                .into_iter()
                .find(|known| mark == char::from(*known).to_string())
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

/// The line of a record. The reader counts from where it began to look, which is before any blank lines.
fn start_line(text: &str, record: &StringRecord) -> u64 {
    let Some(position) = record.position() else {
        return 0;
    };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let ahead = text.as_bytes().get(from..).unwrap_or_default();
    let blank = ahead
        .iter()
        .take_while(|byte| matches!(byte, b'\n' | b'\r'))
        .filter(|byte| **byte == b'\n')
        .count();
    position.line() + u64::try_from(blank).unwrap_or(0)
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
    if !text.contains('"') {
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
