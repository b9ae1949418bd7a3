//! Delimited text to a table of cells (K2).

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use super::{
    Limits, OPERATION,
    table::{self, Builder, Grid, Table},
};
use crate::{
    catalog::Kind,
    error::{Error, Result},
};

mod detect;
mod quoted;

pub(super) use detect::recognized;
use detect::{declared_delimiter, detect};
use quoted::{Quoted, stray_quotes};

/// How many rows are split at once: their cells stay in the processor's own memory until they are read.
const AT_ONCE: usize = 256;

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

    /// Splits the header off; the rows are split when they are asked for.
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
        let mut rest = Rest {
            text: self.text,
            delimiter: self.delimiter,
            limits,
            at: 0,
            line: 1 + self.skipped,
            strays: strays.into_iter().map(|line| line + self.skipped).collect(),
        };
        let mut split = rest.split();
        while split.builder.len() == 0 && split.record()? {}
        let (at, line) = (split.at, split.line);
        let header = split.builder.header(rest.strays_before(line))?;
        (rest.at, rest.line) = (at, line);
        Ok(Table {
            sheet: None,
            header,
            // An unquoted `29,90` shifts every cell after it; with other delimiters a surplus empty cell shifts nothing.
            strict_width: self.delimiter == b',',
            body: table::Body::Text(rest),
        })
    }
}

/// The text under the header.
#[derive(Debug)]
pub(super) struct Rest<'t> {
    text: &'t str,
    delimiter: u8,
    limits: &'t Limits,
    /// Where it begins, and in which line.
    at: usize,
    line: u64,
    /// The lines with text beside a quoted cell.
    strays: Vec<u64>,
}

impl Rest<'_> {
    /// Splits it from its beginning.
    pub(super) fn split(&self) -> Split<'_> {
        let mut builder = Builder::new(self.text, self.limits);
        builder.skip(usize::from(self.at > 0));
        Split {
            rest: self,
            at: self.at,
            line: self.line,
            builder,
            quoted: Quoted::new(self.delimiter),
        }
    }

    fn strays_before(&self, line: u64) -> &[u64] {
        let end = self.strays.partition_point(|stray| *stray < line);
        self.strays.get(..end).unwrap_or_default()
    }
}

/// Splits a text into records and cells, some rows at once.
#[derive(Debug)]
pub(super) struct Split<'t> {
    rest: &'t Rest<'t>,
    at: usize,
    line: u64,
    builder: Builder<'t>,
    quoted: Quoted,
}

impl<'t> Split<'t> {
    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// `TooLarge` beyond the limits.
    pub(super) fn next_rows(&mut self) -> Result<Option<&Grid<'t>>> {
        self.builder.clear();
        while self.builder.len() < AT_ONCE {
            if !self.record()? {
                break;
            }
        }
        let strays = self.rest.strays_before(self.line);
        Ok((self.builder.len() > 0).then(|| self.builder.rows(strays)))
    }

    /// Takes the next record in; `false` when there is none.
    fn record(&mut self) -> Result<bool> {
        let bytes = self.rest.text.as_bytes();
        let Some(rest) = bytes.get(self.at..).filter(|rest| !rest.is_empty()) else {
            return Ok(false);
        };
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        let record = rest.get(..length).unwrap_or_default();
        self.builder.begin(self.line);
        if memchr(b'"', record).is_some() {
            let read = self.quoted.read(rest, &mut self.builder)?;
            self.line += count(rest.get(..read).unwrap_or_default());
            self.at += read;
        } else {
            let record = record.strip_suffix(b"\r").unwrap_or(record);
            let mut start = self.at;
            for end in memchr_iter(self.rest.delimiter, record).chain([record.len()]) {
                self.builder.span(start, self.at + end)?;
                start = self.at + end + 1;
            }
            self.line += 1;
            self.at += length + 1;
        }
        self.builder.end()?;
        Ok(true)
    }
}

fn count(bytes: &[u8]) -> u64 {
    u64::try_from(memchr_iter(b'\n', bytes).count()).unwrap_or(u64::MAX)
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
