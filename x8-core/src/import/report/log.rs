//! Collects what a report says while rows are read.

use super::{Issue, MoneyReadings};
use crate::money::Currency;

/// Collects issues up to a limit, so that a hostile file cannot grow its own report without end.
#[derive(Debug)]
pub(in crate::import) struct Log {
    sheet: Option<String>,
    limit: usize,
    pub(in crate::import) errors: Vec<Issue>,
    pub(in crate::import) errors_omitted: usize,
    pub(in crate::import) warnings: Vec<Issue>,
    pub(in crate::import) warnings_omitted: usize,
    pub(in crate::import) money: MoneyReadings,
}

/// Where an issue is.
#[derive(Clone, Copy, Debug)]
pub(in crate::import) struct At<'a> {
    pub(in crate::import) row: u64,
    pub(in crate::import) column: Option<&'a str>,
    pub(in crate::import) text: &'a str,
}

impl Log {
    pub(in crate::import) fn new(sheet: Option<String>, limit: usize, currency: Currency) -> Self {
        Self {
            sheet,
            limit,
            errors: Vec::new(),
            errors_omitted: 0,
            warnings: Vec::new(),
            warnings_omitted: 0,
            money: MoneyReadings::new(currency),
        }
    }

    /// How many errors there were so far, listed or not.
    pub(in crate::import) fn failures(&self) -> usize {
        self.errors.len() + self.errors_omitted
    }

    /// How many errors and warnings there were so far, listed or not.
    pub(in crate::import) fn issues(&self) -> usize {
        self.failures() + self.warnings.len() + self.warnings_omitted
    }

    pub(in crate::import) fn error(&mut self, at: At<'_>, rule: &'static str, message: String) {
        if self.errors.len() < self.limit {
            self.errors.push(self.issue(at, rule, message));
        } else {
            self.errors_omitted += 1;
        }
    }

    pub(in crate::import) fn warn(&mut self, at: At<'_>, rule: &'static str, message: String) {
        if self.warnings.len() < self.limit {
            self.warnings.push(self.issue(at, rule, message));
        } else {
            self.warnings_omitted += 1;
        }
    }

    /// Takes over what another log holds, behind its own, within the same limit.
    pub(in crate::import) fn append(&mut self, other: Self) {
        for issue in other.errors {
            if self.errors.len() < self.limit {
                self.errors.push(issue);
            } else {
                self.errors_omitted += 1;
            }
        }
        for issue in other.warnings {
            if self.warnings.len() < self.limit {
                self.warnings.push(issue);
            } else {
                self.warnings_omitted += 1;
            }
        }
        self.errors_omitted += other.errors_omitted;
        self.warnings_omitted += other.warnings_omitted;
    }

    /// File order, for whoever mends the file from top to bottom.
    pub(in crate::import) fn sort(&mut self) {
        self.errors.sort_by_key(|issue| issue.row);
        self.warnings.sort_by_key(|issue| issue.row);
    }

    fn issue(&self, at: At<'_>, rule: &'static str, message: String) -> Issue {
        Issue {
            sheet: self.sheet.clone(),
            row: at.row,
            column: at.column.map(str::to_owned),
            text: shorten(at.text),
            rule,
            message,
        }
    }
}

/// Enough of a cell to find it.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
