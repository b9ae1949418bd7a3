//! A table to offerings and their report, whatever reader made it (K5).

use std::sync::Arc;

use super::{
    AssignedSku, Column, HeaderChoice, Import, ImportOptions, OPERATION, Report, ReportRows,
    currency::{Named, named},
    decide,
    doubt::about_money,
    header::{self, Mapping, map, normalize_header, suggest},
    report::{At, Log},
    rows::{AreaLists, Rows},
    sku,
    table::Table,
};
use crate::{
    catalog::Kind,
    error::{Error, Result},
};

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
    let mapping = read_header(table, options)?;
    let mut log = Log::new(table.sheet.clone(), options.limits.issues);
    review(table, &mapping, source, options, &mut log);
    // What is wrong with the whole table is not mended by leaving rows out.
    let sound = log.failures() == 0;
    let (readers, decimals) = decide::readers(table, &mapping, options.currency, options.decimal);
    let keys = sku::keys(
        table,
        mapping.known.get(&Column::Sku).copied(),
        &options.taken,
        &mut log,
    );
    let rows = Rows::new(options, table, &mapping, &readers);
    let mut areas = AreaLists::default();
    let mut read = ReportRows::default();
    let mut offerings = Vec::with_capacity(table.len());
    let mut assigned_skus = Vec::new();
    let amounts = readers.keys().filter(|column| column.is_money()).count();
    log.money.reserve_exact(table.len().saturating_mul(amounts));
    for (record, key) in table.rows().zip(keys) {
        let assigned = key.assigned.then(|| key.sku.to_string());
        let refused = key.refused;
        let Some(offering) = rows.read(record, key, &mut areas, &mut log) else {
            continue;
        };
        if refused {
            continue;
        }
        let row = record.line();
        assigned_skus.extend(assigned.map(|sku| AssignedSku { row, sku }));
        read.lines.push(row);
        offerings.push(offering);
    }
    let failures = log.failures();
    let ok = failures == 0 || (options.partial && sound && !read.is_empty());
    if !ok {
        read.lines.clear();
        offerings.clear();
    }
    log.sort();
    let offerings = Arc::new(offerings);
    read.offerings = Arc::clone(&offerings);
    let report = Report {
        ok,
        kind: options.kind,
        encoding: source.encoding,
        delimiter: source.delimiter,
        rows: read,
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

/// Maps the header and refuses what would make every row wrong.
fn read_header(table: &Table<'_>, options: &ImportOptions) -> Result<Mapping> {
    let mapping = map(options.kind, &table.header.cells).map_err(|doubled| {
        let header::Doubled { column, first, second } = doubled;
        Error::invalid(
            OPERATION,
            format!("the headers `{first}` and `{second}` both mean {column}; keep one of them or rename the other"),
        )
    })?;
    for column in Column::required(options.kind) {
        if !mapping.known.contains_key(&column) {
            return Err(missing(column, &mapping, options.kind));
        }
    }
    for (column, found) in mapping
        .matches
        .iter()
        .filter(|(column, _)| column.is_money())
    {
        let foreign = found
            .beside
            .iter()
            .find_map(|word| match named(word, options.currency) {
                Named::Foreign(code) => Some(code),
                Named::Own | Named::No => None,
            });
        if let Some(code) = foreign {
            let header = mapping.header(*column).unwrap_or_default();
            return Err(Error::invalid(
                OPERATION,
                format!(
                    "the header `{header}` is in {code}, and this catalogue is in {}; convert the column",
                    options.currency
                ),
            ));
        }
    }
    Ok(mapping)
}

fn missing(column: Column, mapping: &Mapping, kind: Kind) -> Error {
    let other = match kind {
        Kind::Product => Kind::Service,
        Kind::Service => Kind::Product,
    };
    let knows = |kind: Kind| {
        mapping
            .headers
            .iter()
            .filter(|header| normalize_header(kind, header).is_some())
            .count()
    };
    let hint = if knows(other) > knows(kind) {
        "; it looks like the table of the other type"
    } else {
        ""
    };
    let found = mapping.headers.join("`, `");
    Error::invalid(
        OPERATION,
        format!(
            "the file has no column {column}; its headers are `{found}`{hint}; add the column or rename its header"
        ),
    )
}

/// What the header and the file as a whole leave in doubt.
fn review(
    table: &Table<'_>,
    mapping: &Mapping,
    source: &Source,
    options: &ImportOptions,
    log: &mut Log,
) {
    let row = table.header.line;
    let whole = At {
        row,
        column: None,
        text: "",
    };
    // A header that was recognised by its foreign letters confirms the encoding.
    let mut read = mapping.known.values().map(|at| table.header.cell(*at));
    if source.guessed && read.all(str::is_ascii) {
        let message = format!(
            "the file does not say its encoding; it was read as {}: check the accents",
            source.encoding
        );
        log.warn(whole, "K2", message);
    }
    if let (Some(sheet), [_, ..]) = (&table.sheet, source.unread.as_slice()) {
        let others = source.unread.join("`, `");
        let message = format!("only the sheet `{sheet}` was read; the file also has `{others}`");
        log.warn(whole, "K2", message);
    }
    if table.len() == 0 {
        log.error(whole, "K2", "there are no rows under the header".to_owned());
    }
    let doubtful = about_money(table, mapping, options.kind, options.currency, log);
    if doubtful.is_empty() && !mapping.known.contains_key(&Column::PriceEur) {
        let message = "there is no price column, so every row is free of charge".to_owned();
        log.warn(
            At {
                column: Some(Column::PriceEur.name()),
                ..whole
            },
            "K9",
            message,
        );
    }
    for extra in mapping
        .extra
        .iter()
        .filter(|(at, _)| !doubtful.contains(at))
    {
        review_extra(extra, table, mapping, options.kind, log);
    }
}

fn review_extra(
    extra: &(usize, String),
    table: &Table<'_>,
    mapping: &Mapping,
    kind: Kind,
    log: &mut Log,
) {
    let (at, name) = extra;
    let header = table.header.cell(*at);
    let place = At {
        row: table.header.line,
        column: Some(name),
        text: header,
    };
    let meant = suggest(kind, header).filter(|column| !mapping.known.contains_key(column));
    if let Some(column) = meant {
        let message =
            format!("`{header}` is not known and is kept as an attribute; did you mean {column}?");
        log.warn(place, "K1", message);
    } else if header.is_empty() && table.rows().any(|record| !record.cell(*at).is_empty()) {
        let message = format!(
            "column {} has no header; its cells are kept as the attribute `{name}`",
            at + 1
        );
        log.warn(place, "K1", message);
    }
}
