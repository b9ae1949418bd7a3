//! Which delimiter splits a text (K2).

use csv::ReaderBuilder;

use crate::{
    catalog::Kind,
    import::{
        encoding::{Content, Reader},
        header::recognize,
        table::clean,
    },
};

/// Tried in this order; the first of equals wins.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many records decide which delimiter splits evenly.
const SAMPLE: usize = 50;

/// How many headers are looked at to tell delimiters and encodings apart, before any limit is checked.
const MOST_HEADERS: usize = 500;

/// How many headers of the first record are known, under the best delimiter.
pub(in crate::import) fn recognized(kind: Kind, text: &str) -> usize {
    let (text, declared) = declared_delimiter(text);
    let best = |delimiter: u8| known_headers(kind, Content::Held(text), 0, delimiter);
    declared.map_or_else(|| DELIMITERS.map(best).into_iter().max().unwrap_or(0), best)
}

fn reader(content: Content<'_>, skip: usize, delimiter: u8) -> csv::Reader<Reader<'_>> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(content.reader(skip))
}

/// Excel's first line `sep=;`, however a program has quoted it or filled it up.
pub(super) fn declared_delimiter(text: &str) -> (&str, Option<u8>) {
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

/// The delimiter under which most headers are known; failing that, the one that splits most evenly. The first `skip` bytes
/// are no part of the table.
pub(super) fn detect(kind: Kind, content: Content<'_>, skip: usize) -> u8 {
    let mut best = (0, 0, b',');
    for delimiter in DELIMITERS {
        let score = (
            known_headers(kind, content, skip, delimiter),
            evenness(content, skip, delimiter),
        );
        if score > (best.0, best.1) {
            best = (score.0, score.1, delimiter);
        }
    }
    best.2
}

fn known_headers(kind: Kind, content: Content<'_>, skip: usize, delimiter: u8) -> usize {
    let first = reader(content, skip, delimiter)
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
fn evenness(content: Content<'_>, skip: usize, delimiter: u8) -> usize {
    let widths: Vec<usize> = reader(content, skip, delimiter)
        .into_records()
        .take(SAMPLE)
        .filter_map(Result::ok)
        .map(|record| record.len())
        .collect();
    let first = widths.first().copied().unwrap_or(0);
    let same = widths.iter().filter(|width| **width == first).count();
    same.saturating_mul(first.saturating_sub(1))
}
