//! A report as text, for people.

use std::fmt;

use super::{Issue, Report};
use crate::catalog::Kind;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Product => "product",
            Kind::Service => "service",
        };
        let rows = self.rows.len();
        let plural = if rows == 1 { "" } else { "s" };
        if self.ok {
            write!(f, "{rows} {kind}{plural} read ({}", self.encoding)?;
        } else {
            write!(f, "nothing was imported ({}", self.encoding)?;
        }
        match self.delimiter {
            Some(delimiter) => writeln!(f, ", delimiter {delimiter:?})")?,
            None => writeln!(f, ")")?,
        }
        list(f, "error", &self.errors, self.errors_omitted)?;
        list(f, "warning", &self.warnings, self.warnings_omitted)?;
        for given in &self.assigned_skus {
            writeln!(f, "row {} was given SKU {}", given.row, given.sku)?;
        }
        for choice in &self.decimals {
            writeln!(f, "{}: {}", choice.column, choice.decided)?;
        }
        for reading in self.money.iter() {
            writeln!(
                f,
                "row {}, {}: {}",
                reading.row,
                reading.column,
                reading.message()
            )?;
        }
        Ok(())
    }
}

fn list(f: &mut fmt::Formatter<'_>, what: &str, issues: &[Issue], omitted: usize) -> fmt::Result {
    for issue in issues {
        writeln!(f, "{what}: {issue}")?;
    }
    if omitted > 0 {
        writeln!(f, "{what}: and {omitted} more")?;
    }
    Ok(())
}
