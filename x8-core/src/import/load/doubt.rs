//! Unknown columns that may be money (K1, K3): a price under a name that is not known must not become "free of charge".

use crate::{
    import::{
        Column, ImportOptions,
        amount::Reader,
        header::{Mapping, speaks_of_price, suggest},
        number::Mark,
        report::{At, Log},
        table::{Record, Table},
    },
    money::Currency,
};

/// An unknown column that would be money if it holds amounts.
#[derive(Debug)]
pub(super) struct Suspect {
    at: usize,
    /// The fee column that its header resembles.
    fee: Option<Column>,
    /// Whether its header speaks of prices.
    named: bool,
    currency: Currency,
    filled: usize,
    amounts: usize,
}

impl Suspect {
    /// The unknown columns worth a look: those that resemble a fee, and all of them while none is known to be the price.
    pub(super) fn among(
        table: &Table<'_>,
        mapping: &Mapping,
        options: &ImportOptions,
    ) -> Vec<Self> {
        let unknown = |column: &Column| !mapping.known.contains_key(column);
        let priced = !unknown(&Column::PriceEur);
        let suspects = mapping.extra.iter().map(|(at, _)| {
            let header = table.header.cell(*at);
            Self {
                at: *at,
                fee: suggest(options.kind, header)
                    .filter(|column| column.is_money() && *column != Column::PriceEur)
                    .filter(unknown),
                named: speaks_of_price(options.kind, header),
                currency: options.currency,
                filled: 0,
                amounts: 0,
            }
        });
        suspects
            .filter(|suspect| !priced || suspect.fee.is_some())
            .collect()
    }

    pub(super) fn see(&mut self, record: &Record<'_>) {
        let text = record.cell(self.at);
        if text.is_empty() {
            return;
        }
        let reader = Reader {
            column: Column::PriceEur,
            currency: self.currency,
            mark: Mark::Open,
        };
        self.filled += 1;
        self.amounts += usize::from(reader.is_like_money(text));
    }

    /// Whether at least half of what the column holds could be amounts.
    fn holds_money(&self) -> bool {
        self.amounts > 0 && self.amounts * 2 >= self.filled
    }

    fn verdict(&self, name: &str, priced: bool) -> Option<String> {
        if let Some(column) = self.fee.filter(|_| self.holds_money()) {
            return Some(format!(
                "`{name}` is not known and holds amounts; rename it to {column} if it is that"
            ));
        }
        if priced {
            return None;
        }
        if self.named {
            return Some(format!(
                "`{name}` is not known and no other column is the price; rename the right one to price_eur"
            ));
        }
        self.holds_money().then(|| {
            format!(
                "no column is known to be the price, and `{name}` holds numbers; rename the price to price_eur, or add an \
                 empty column price_eur if everything is free of charge"
            )
        })
    }
}

/// Logs an error for the first unknown column that may be the price of a table without one, and for each that may be a fee,
/// and tells which columns (by position) those are.
pub(super) fn about_money(
    suspects: &[Suspect],
    table: &Table<'_>,
    mapping: &Mapping,
    log: &mut Log,
) -> Vec<usize> {
    let mut doubtful = Vec::new();
    let mut priced = mapping.known.contains_key(&Column::PriceEur);
    for suspect in suspects {
        let own = mapping.extra.iter().find(|(at, _)| *at == suspect.at);
        let name = own.map_or("", |(_, name)| name);
        let Some(message) = suspect.verdict(name, priced) else {
            continue;
        };
        priced |= suspect.fee.is_none() || !suspect.holds_money();
        let place = At {
            row: table.header.line,
            column: Some(name),
            text: table.header.cell(suspect.at),
        };
        log.error(place, "K1", message);
        doubtful.push(suspect.at);
    }
    doubtful
}
