//! Delimited text to a table of cells (K2).

use memchr::{memchr, memchr_iter};

use super::{
    Limits, OPERATION,
    encoding::{Content, Pieces},
    table::{self, Builder, Record, Table},
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
#[derive(Clone, Copy, Debug)]
pub(super) struct Body<'t> {
    content: Content<'t>,
    delimiter: u8,
    /// Bytes and lines before the table.
    skip: usize,
    skipped: u64,
}

impl<'t> Body<'t> {
    /// Finds out how text splits.
    pub(super) fn of(kind: Kind, content: Content<'t>) -> Self {
        let head = content.pieces();
        let (body, declared) = declared_delimiter(head.text());
        let skip = head.text().len() - body.len();
        Self {
            content,
            delimiter: declared.unwrap_or_else(|| detect(kind, content, skip)),
            skip,
            skipped: u64::from(declared.is_some()),
        }
    }

    pub(super) fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// Splits the header off; the rows are split when they are asked for.
    pub(super) fn table(&self, limits: &'t Limits) -> Result<Table<'t>> {
        let strays = stray_quotes(self.content, self.skip, self.delimiter).map_err(|line| {
            Error::invalid(
                OPERATION,
                format!(
                    "the quote opened in line {} is never closed; close it or double it",
                    line + self.skipped
                ),
            )
        })?;
        let rest = Rest {
            body: *self,
            limits,
            strays: strays.into_iter().map(|line| line + self.skipped).collect(),
        };
        let mut split = rest.start();
        split.take_header()?;
        let header = split
            .builder
            .header(split.pieces.text(), rest.strays_before(split.line))?;
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
    body: Body<'t>,
    limits: &'t Limits,
    /// The lines with text beside a quoted cell.
    strays: Vec<u64>,
}

impl Rest<'_> {
    fn start(&self) -> Split<'_> {
        let pieces = self.body.content.pieces();
        let mut builder = Builder::new(self.limits);
        builder.clear(pieces.text().len());
        Split {
            rest: self,
            pieces,
            at: self.body.skip,
            line: 1 + self.body.skipped,
            builder,
            quoted: Quoted::new(self.body.delimiter),
        }
    }

    /// Splits it from its beginning.
    ///
    /// # Errors
    /// None that splitting the header off did not have.
    pub(super) fn split(&self) -> Result<Split<'_>> {
        let mut split = self.start();
        split.take_header()?;
        Ok(split)
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
    pieces: Pieces<'t>,
    /// Where the next record begins in the window.
    at: usize,
    line: u64,
    builder: Builder<'t>,
    quoted: Quoted,
}

impl Split<'_> {
    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// `TooLarge` beyond the limits.
    pub(super) fn next_rows(&mut self) -> Result<Option<impl Iterator<Item = Record<'_>>>> {
        self.take(AT_ONCE)?;
        let strays = self.rest.strays_before(self.line);
        Ok((self.builder.len() > 0).then(|| self.builder.rows(self.pieces.text(), strays)))
    }

    /// The first row alone.
    fn take_header(&mut self) -> Result<()> {
        self.take(1)
    }

    /// Takes at most so many rows in place of those before: those of one window, for cells are places there.
    fn take(&mut self, most: usize) -> Result<()> {
        self.builder.clear(self.pieces.text().len());
        loop {
            while self.builder.len() < most && self.record()? {}
            if self.builder.len() > 0 || self.pieces.is_last() {
                return Ok(());
            }
            self.pieces.more(self.at);
            self.at = 0;
            self.builder.clear(self.pieces.text().len());
        }
    }

    /// Takes the next record in; `false` when the window has no more that is whole.
    fn record(&mut self) -> Result<bool> {
        let (text, last) = (self.pieces.text(), self.pieces.is_last());
        let bytes = text.as_bytes();
        let Some(rest) = bytes.get(self.at..).filter(|rest| !rest.is_empty()) else {
            return Ok(false);
        };
        let end = memchr(b'\n', rest);
        if end.is_none() && !last {
            return Ok(false);
        }
        let length = end.unwrap_or(rest.len());
        let record = rest.get(..length).unwrap_or_default();
        self.builder.begin(self.line);
        if memchr(b'"', record).is_some() {
            let Some(read) = self.quoted.read(rest, last, &mut self.builder)? else {
                return Ok(false);
            };
            self.line += count(rest.get(..read).unwrap_or_default());
            self.at += read;
        } else {
            let record = record.strip_suffix(b"\r").unwrap_or(record);
            let mut start = self.at;
            for end in memchr_iter(self.rest.body.delimiter, record).chain([record.len()]) {
                self.builder.span(text, start, self.at + end)?;
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
