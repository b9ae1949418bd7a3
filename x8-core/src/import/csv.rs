//! Delimited text to a table of cells (K2).

use csv::{ReaderBuilder, StringRecord};

use super::{
    Limits, OPERATION,
    header::recognize,
    table::{Record, Table, clean, too_large},
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
    // One kind of line end, so that line numbers and line breaks inside quotes are the same everywhere.
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let (body, declared) = declared_delimiter(&unified);
    let skipped = u64::from(declared.is_some());
    let delimiter = declared.unwrap_or_else(|| detect(kind, body));
    let strays = stray_quotes(body, char::from(delimiter)).map_err(|line| {
        Error::invalid(
            OPERATION,
            format!(
                "the quote opened in line {} is never closed; close it or double it",
                line + skipped
            ),
        )
    })?;
    let mut records = Vec::new();
    for record in reader(body, delimiter).into_records() {
        let record = record.map_err(|error| Error::internal(OPERATION, error))?;
        let line = start_line(body, &record) + skipped;
        if let Some(record) = take(&record, line, limits)? {
            if records.len() > limits.rows {
                return Err(too_large("rows", records.len(), limits.rows));
            }
            records.push(record);
        }
    }
    mark_strays(&mut records, &strays, skipped);
    let mut table = Table::new(None, records)?;
    // An unquoted `29,90` shifts every cell after it; with other delimiters a surplus empty cell shifts nothing.
    table.strict_width = delimiter == b',';
    Ok(Delimited {
        delimiter: char::from(delimiter),
        table,
    })
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
    let blank = ahead.iter().take_while(|byte| **byte == b'\n').count();
    position.line() + u64::try_from(blank).unwrap_or(0)
}

/// One record with its cells cleaned; `None` when all are empty.
fn take(record: &StringRecord, line: u64, limits: &Limits) -> Result<Option<Record>> {
    if record.len() > limits.columns {
        return Err(too_large("columns", record.len(), limits.columns));
    }
    let mut cells = Vec::with_capacity(record.len());
    for cell in record {
        let length = cell.chars().count();
        if length > limits.cell {
            let what = format!("characters in one cell of row {line}");
            return Err(too_large(&what, length, limits.cell));
        }
        cells.push(clean(cell).to_owned());
    }
    let empty = cells.iter().all(String::is_empty);
    Ok((!empty).then_some(Record {
        line,
        cells,
        stray_quote: None,
    }))
}

/// Gives each stray quote to the record it is in.
fn mark_strays(records: &mut [Record], strays: &[u64], skipped: u64) {
    for stray in strays {
        let line = stray + skipped;
        let after = records.partition_point(|record| record.line <= line);
        if let Some(record) = after.checked_sub(1).and_then(|at| records.get_mut(at)) {
            record.stray_quote.get_or_insert(line);
        }
    }
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
fn stray_quotes(text: &str, delimiter: char) -> Result<Vec<u64>, u64> {
    let mut strays = Vec::new();
    let mut place = Place::Start;
    let mut line = 1_u64;
    for letter in text.chars() {
        let ends = letter == delimiter || letter == '\n';
        place = match (place, letter) {
            (Place::Start, '"') => Place::Quoted { opened: line },
            (Place::Start | Place::Blank, ' ') => Place::Blank,
            (Place::Blank, '"') => {
                strays.push(line);
                Place::Bare
            }
            (Place::Quoted { opened }, '"') => Place::Closed { opened },
            (Place::Quoted { opened }, _) => Place::Quoted { opened },
            (Place::Closed { opened }, '"') => Place::Quoted { opened },
            (Place::Start | Place::Blank | Place::Bare | Place::Closed { .. }, _) if ends => {
                Place::Start
            }
            (Place::Closed { opened }, ' ') => Place::Closed { opened },
            (Place::Closed { .. }, _) => {
                strays.push(line);
                Place::Bare
            }
            (Place::Start | Place::Blank | Place::Bare, _) => Place::Bare,
        };
        line += u64::from(letter == '\n');
    }
    match place {
        Place::Quoted { opened } => Err(opened),
        Place::Start | Place::Blank | Place::Bare | Place::Closed { .. } => Ok(strays),
    }
}
