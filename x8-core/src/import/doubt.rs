//! Unknown columns that may be money (K1, K3): a price under a name that is not known must not become "free of charge".

use super::{
    amount::Reader,
    column::Column,
    header::{Mapping, speaks_of_price, suggest},
    number::Mark,
    report::{At, Log},
    table::Table,
};
use crate::{catalog::Kind, money::Currency};

/// Logs an error for the first unknown column that may be the price of a table without one, and for each that may be a fee,
/// and tells which columns (by position) those are.
pub(super) fn about_money(
    table: &Table<'_>,
    mapping: &Mapping,
    kind: Kind,
    currency: Currency,
    log: &mut Log,
) -> Vec<usize> {
    let mut doubtful = Vec::new();
    let mut priced = mapping.known.contains_key(&Column::PriceEur);
    for (at, name) in &mapping.extra {
        let header = table.header.cell(*at);
        let fee = suggest(kind, header)
            .filter(|column| column.is_money() && !mapping.known.contains_key(column))
            .filter(|column| *column != Column::PriceEur);
        let message = if let Some(column) = fee.filter(|_| holds_money(table, *at, currency)) {
            format!("`{name}` is not known and holds amounts; rename it to {column} if it is that")
        } else if !priced && speaks_of_price(kind, header) {
            priced = true;
            format!(
                "`{name}` is not known and no other column is the price; rename the right one to price_eur"
            )
        } else if !priced && holds_money(table, *at, currency) {
            priced = true;
            format!(
                "no column is known to be the price, and `{name}` holds numbers; rename the price to price_eur, or add an \
                 empty column price_eur if everything is free of charge"
            )
        } else {
            continue;
        };
        let place = At {
            row: table.header.line,
            column: Some(name),
            text: header,
        };
        log.error(place, "K1", message);
        doubtful.push(*at);
    }
    doubtful
}

/// Whether at least half of what a column holds could be amounts.
fn holds_money(table: &Table<'_>, at: usize, currency: Currency) -> bool {
    let reader = Reader {
        column: Column::PriceEur,
        currency,
        mark: Mark::Open,
    };
    let (mut filled, mut amounts) = (0_usize, 0_usize);
    for row in table.rows() {
        let text = row.cell(at);
        filled += usize::from(!text.is_empty());
        amounts += usize::from(!text.is_empty() && reader.is_like_money(text));
    }
    amounts > 0 && amounts * 2 >= filled
}
