//! What a header and a file as a whole leave in doubt.

use super::{Source, Survey, doubt::about_money};
use crate::{
    catalog::Kind,
    import::{
        Column,
        header::{Mapping, suggest},
        report::{At, Log},
        table::Table,
    },
};

/// What the header and the file as a whole leave in doubt.
pub(super) fn review(
    table: &Table<'_>,
    seen: &Survey,
    source: &Source,
    mapping: &Mapping,
    kind: Kind,
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
    if seen.keys.rows() == 0 {
        log.error(whole, "K2", "there are no rows under the header".to_owned());
    }
    let doubtful = about_money(&seen.suspects, table, mapping, log);
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
    let plain = |extra: &&(usize, String)| !doubtful.contains(&extra.0);
    for extra in mapping.extra.iter().filter(plain) {
        review_extra(extra, table, seen, mapping, kind, log);
    }
}

fn review_extra(
    extra: &(usize, String),
    table: &Table<'_>,
    seen: &Survey,
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
    } else if header.is_empty() && seen.is_filled(*at) {
        let message = format!(
            "column {} has no header; its cells are kept as the attribute `{name}`",
            at + 1
        );
        log.warn(place, "K1", message);
    }
}
