//! A table to offerings and their report, whatever reader made it (K5).

use std::sync::Arc;

use super::{
    AssignedSku, HeaderChoice, Import, ImportOptions, Report, ReportRows,
    header::{Mapping, normalize_header},
    report::Log,
    rows::{Rows, Shared},
    table::Table,
};
use crate::{catalog::Kind, error::Result};

mod doubt;
mod header;
mod review;
mod survey;

use header::read_header;
use review::review;
use survey::Survey;

/// How the table came out of the file.
pub(super) struct Source {
    pub(super) encoding: &'static str,
    pub(super) guessed: bool,
    pub(super) delimiter: Option<char>,
    /// Other sheets that hold something.
    pub(super) unread: Vec<String>,
}

/// A table, whatever reader made it, as offerings.
pub(super) fn load(table: &Table<'_>, source: &Source, options: &ImportOptions) -> Result<Import> {
    let mapping = read_header(table, options).or_else(|error| {
        // A file beyond the limits says so first.
        table.each(|_| Ok(())).and(Err(error))
    })?;
    let mut log = Log::new(table.sheet.clone(), options.limits.issues, options.currency);
    let seen = Survey::of(table, &mapping, options)?;
    review(table, &seen, source, &mapping, options.kind, &mut log);
    // What is wrong with the whole table is not mended by leaving rows out.
    let sound = log.failures() == 0;
    log.append(seen.log);
    let (readers, decimals): (Vec<_>, Vec<_>) = seen.numbers.iter().map(|own| own.decide()).unzip();
    let mut offerings = Vec::with_capacity(seen.keys.rows());
    let mut lines = Vec::with_capacity(seen.keys.rows());
    let mut keys = seen.keys.keys(&options.taken);
    let rows = Rows::new(options, table, &mapping, readers);
    let mut shared = Shared::default();
    let mut assigned_skus = Vec::new();
    table.each(|record| {
        let key = keys.next(&record);
        let (assigned, refused) = (key.assigned, key.refused);
        let read = rows.read(record, key.sku, &mut shared, &mut log);
        if let Some(offering) = read.filter(|_| !refused) {
            let row = record.line();
            assigned_skus.extend(assigned.map(|sku| AssignedSku {
                row,
                sku: sku.to_string(),
            }));
            lines.push(u32::try_from(row).unwrap_or(u32::MAX));
            offerings.push(offering);
        }
        Ok(())
    })?;
    let ok = log.failures() == 0 || (options.partial && sound && !offerings.is_empty());
    if !ok {
        lines.clear();
        offerings.clear();
    }
    log.sort();
    // The texts of the rows can be read from here on.
    drop(shared);
    let offerings = Arc::new(offerings);
    let report = Report {
        ok,
        kind: options.kind,
        encoding: source.encoding,
        delimiter: source.delimiter,
        rows: ReportRows {
            lines,
            offerings: Arc::clone(&offerings),
        },
        errors: log.errors,
        errors_omitted: log.errors_omitted,
        warnings: log.warnings,
        warnings_omitted: log.warnings_omitted,
        headers: choices(&mapping, options.kind),
        decimals,
        money: log.money,
        assigned_skus,
    };
    Ok(Import { offerings, report })
}

fn choices(mapping: &Mapping, kind: Kind) -> Vec<HeaderChoice> {
    let headers = mapping.headers.iter();
    headers
        .map(|header| HeaderChoice {
            header: header.clone(),
            column: normalize_header(kind, header),
        })
        .collect()
}
