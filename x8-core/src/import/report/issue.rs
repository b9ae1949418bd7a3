//! What is wrong with a file, or worth a look.

use std::fmt;

use serde::Serialize;

/// An error or a warning about one cell or one row (K5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// The sheet, in files that have several.
    pub sheet: Option<String>,
    /// Line of the file where the row starts, from 1.
    pub row: u64,
    /// The canonical column, or an unknown header as written; absent when the whole row is meant.
    pub column: Option<String>,
    /// The offending text.
    pub text: String,
    /// The rule: `K3`.
    pub rule: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            write!(f, "sheet {sheet}, ")?;
        }
        write!(f, "row {}", self.row)?;
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, " ({}): {}", self.rule, self.message)
    }
}
