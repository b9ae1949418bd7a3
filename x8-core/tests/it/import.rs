//! Knowledge-base import, K1–K9.

mod export;
mod files;
mod golden;
mod headers;
mod hostile;
mod hostile_sheets;
mod many;
mod money;
mod pieces;
mod rows;
mod sheet_cases;
mod sheets;
mod workbooks;

use x8_core::{
    Result,
    catalog::Kind,
    import::{Import, ImportOptions, import},
};

/// Imports text as a table of `kind` with the default options.
fn read(kind: Kind, text: &str) -> Result<Import> {
    import(text.as_bytes(), &ImportOptions::new(kind))
}

/// Imports text as products.
fn products(text: &str) -> Result<Import> {
    read(Kind::Product, text)
}

/// The rule, row, column and text of every error.
fn errors(import: &Import) -> Vec<(&str, u64, &str, &str)> {
    let issues = import.report.errors.iter();
    issues
        .map(|issue| {
            (
                issue.rule,
                issue.row,
                issue.column.as_deref().unwrap_or(""),
                issue.text.as_str(),
            )
        })
        .collect()
}
