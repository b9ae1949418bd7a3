//! The numbers of a row (K3, K9).

use super::Row;
use crate::{
    catalog::Fee,
    import::{amount::Reader, column::Column, table::Form},
    money::Money,
};

impl Row<'_, '_> {
    /// How the cells of a number column are read; a cell that a spreadsheet holds as a number needs no decimal mark.
    fn reader(&self, column: Column) -> Option<Reader> {
        let reader = self.rows.readers.get(column.index()).copied().flatten()?;
        let form = self.rows.place(column).map(|at| self.record.form(at));
        Some(if form == Some(Form::Number) {
            reader.exact()
        } else {
            reader
        })
    }

    /// A cell that is no number, whatever its text looks like.
    fn is_no_number(&mut self, column: Column) -> bool {
        let form = self.rows.place(column).map(|at| self.record.form(at));
        let text = self.cell(column);
        let message = match form {
            Some(Form::Date) => format!(
                "`{text}` is a date or a time; format the column as a number and enter it again"
            ),
            Some(Form::Nothing) => {
                "the formula in this cell gives nothing; enter the value, or leave the cell empty"
                    .to_owned()
            }
            Some(Form::Disguised) => format!(
                "the cell holds {text}, but its number format shows something else; give it a plain number format"
            ),
            None
            | Some(Form::Text | Form::Number | Form::Broken | Form::Uncomputed | Form::Merged) => {
                return false;
            }
        };
        self.log.error(self.at(column), "K3", message);
        true
    }

    /// K3, K9: a price column with an empty cell is free; so is a table without prices, which was warned about.
    pub(super) fn price(&mut self) -> Money {
        let free = Money::zero(self.rows.currency);
        if self.rows.place(Column::PriceEur).is_none() {
            return free;
        }
        let failures = self.log.failures();
        let price = self.money(Column::PriceEur);
        if self.cell(Column::PriceEur).is_empty() && self.log.failures() == failures {
            self.log
                .money
                .push(self.record.line(), Column::PriceEur, "", 0);
        }
        price.unwrap_or(free)
    }

    fn money(&mut self, column: Column) -> Option<Money> {
        let text = self.cell(column);
        let reader = self.reader(column)?;
        if self.is_no_number(column) {
            return None;
        }
        match reader.money(text) {
            Ok(amount) => {
                if let Some(amount) = amount {
                    self.log
                        .money
                        .push(self.record.line(), column, text, amount.minor());
                }
                amount
            }
            Err(message) => {
                self.log.error(self.at(column), "K3", message);
                None
            }
        }
    }

    pub(super) fn fee(&mut self) -> Option<Fee> {
        let threshold = self.either(Column::FreeDelivery, Column::FreeTravelThreshold);
        let amount = self.money(self.either(Column::LogisticsPriceEur, Column::TravelFeeEur));
        let free_from = self.money(threshold);
        if free_from.is_some_and(Money::is_zero) && amount.is_some_and(|amount| !amount.is_zero()) {
            let message = format!(
                "{threshold} is 0, so it is always free of charge; leave it empty for never"
            );
            self.log.warn(self.at(threshold), "K3", message);
        }
        if amount.is_none() && free_from.is_none() {
            return None;
        }
        Some(Fee {
            amount: amount.unwrap_or(Money::zero(self.rows.currency)),
            free_from,
        })
    }

    pub(super) fn whole(&mut self, column: Column) -> Option<u32> {
        let reader = self.reader(column)?;
        if self.is_no_number(column) {
            return None;
        }
        match reader.whole(self.cell(column)) {
            Ok(number) => number,
            Err(message) => {
                self.log.error(self.at(column), "K3", message);
                None
            }
        }
    }
}
