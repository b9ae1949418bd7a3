//! Headers that would make every row wrong (K1, K3).

use crate::{
    catalog::Kind,
    error::{Error, Result},
    import::{
        Column, ImportOptions, OPERATION,
        currency::{Named, named},
        header::{self, Mapping, map, normalize_header},
        table::Table,
    },
};

/// Maps the header and refuses what would make every row wrong.
pub(super) fn read_header(table: &Table<'_>, options: &ImportOptions) -> Result<Mapping> {
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
