//! One row of cells to one offering (K3–K5, K8, K9).

use std::collections::BTreeMap;

use super::{
    amount::Reader,
    column::Column,
    duration::minutes,
    report::{At, Log, MoneyReading},
    rows::{AreaLists, Rows},
    sku::Key,
    table::{Form, Record},
};
use crate::{
    catalog::{Areas, Contacts, DetailField, Fee, Kind, Media, Offering, Stock},
    money::Money,
};

/// A row while it is read.
pub(super) struct Row<'a, 'l> {
    pub(super) rows: &'l Rows<'a>,
    pub(super) record: Record<'a>,
    pub(super) areas: &'l mut AreaLists<'a>,
    pub(super) log: &'l mut Log,
}

impl<'a> Row<'a, '_> {
    fn cell(&self, column: Column) -> &'a str {
        self.rows
            .place(column)
            .map_or("", |at| self.record.cell(at))
    }

    fn at(&self, column: Column) -> At<'a> {
        At {
            row: self.record.line(),
            column: Some(column.name()),
            text: self.cell(column),
        }
    }

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

    fn text(&self, column: Column) -> Option<String> {
        Some(self.cell(column))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    fn required(&mut self, column: Column) -> String {
        let text = self.cell(column);
        if text.is_empty() {
            self.log.error(
                self.at(column),
                "K1",
                format!("{column} is empty; every row needs it"),
            );
        }
        text.to_owned()
    }

    /// The column of this row's own table.
    fn either(&self, product: Column, service: Column) -> Column {
        match self.rows.kind {
            Kind::Product => product,
            Kind::Service => service,
        }
    }

    pub(super) fn offering(&mut self, key: Key) -> Offering {
        let name = self.required(self.either(Column::ProductName, Column::ServiceName));
        let price = self.price();
        let stock = self.whole(self.either(Column::StockUnits, Column::SlotsAvailable));
        let duration = self.text(Column::Duration);
        Offering {
            description: self.required(Column::Description),
            category: self.text(Column::Category),
            tags: self.tags(),
            unit: self.text(Column::Unit),
            fee: self.fee(),
            areas: self.areas(),
            media: Media {
                website: self.url(Column::WebsiteUrl),
                image: self.url(Column::ImageUrl),
                video: self.url(Column::VideoUrl),
            },
            stock: stock.map(Stock::new),
            delivery_hours: self.whole(Column::DeliveryTimeHours),
            duration_minutes: self.minutes(),
            duration,
            reminder_hours: self.whole(Column::PaymentReminder),
            price_id: self.text(Column::PriceId),
            delivery_id: self.text(Column::DeliveryId),
            contacts: self.contacts(),
            details: self.details(),
            extra: self.extra(),
            ..Offering::new(key.sku, self.rows.kind, name, price)
        }
    }

    fn contacts(&self) -> Contacts {
        Contacts {
            contact: self.text(self.either(Column::SupplierContact, Column::SpecialistContact)),
            service: self.text(self.either(Column::SupplierCompanyServices, Column::Company)),
            address: self.text(self.either(Column::WarehouseAddress, Column::OfficeAddress)),
        }
    }

    /// K3, K9: a price column with an empty cell is free; so is a table without prices, which was warned about.
    fn price(&mut self) -> Money {
        let free = Money::zero(self.rows.currency);
        if self.rows.place(Column::PriceEur).is_none() {
            return free;
        }
        let failures = self.log.failures();
        let price = self.money(Column::PriceEur);
        if self.cell(Column::PriceEur).is_empty() && self.log.failures() == failures {
            self.log.money.push(MoneyReading {
                row: self.record.line(),
                column: Column::PriceEur,
                text: "".into(),
                amount: free,
            });
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
                    self.log.money.push(MoneyReading {
                        row: self.record.line(),
                        column,
                        text: text.into(),
                        amount,
                    });
                }
                amount
            }
            Err(message) => {
                self.log.error(self.at(column), "K3", message);
                None
            }
        }
    }

    fn fee(&mut self) -> Option<Fee> {
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

    fn whole(&mut self, column: Column) -> Option<u32> {
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

    fn minutes(&mut self) -> Option<u32> {
        let text = self.cell(Column::Duration);
        if text.is_empty() {
            return None;
        }
        let found = self.rows.mapping.matches.get(&Column::Duration)?;
        let unit = ["hours", "minutes"]
            .into_iter()
            .find(|list| found.has_unit(list));
        let minutes = minutes(text, unit);
        if minutes.is_none() {
            let message = format!(
                "`{text}` is kept as text, but its minutes are unknown; write it like 90 minutes"
            );
            self.log.warn(self.at(Column::Duration), "K1", message);
        }
        minutes
    }

    fn url(&mut self, column: Column) -> Option<String> {
        let text = self.text(column)?;
        if is_web_address(&text) {
            return Some(text);
        }
        let message = format!(
            "`{text}` is not a web address; write one that starts with https://, or leave the cell empty"
        );
        self.log.error(self.at(column), "K8", message);
        None
    }

    fn areas(&mut self) -> Areas {
        let column = self.either(Column::Cities, Column::Location);
        let text = self.cell(column);
        let read = if text.starts_with('{') {
            Err("not a list".to_owned())
        } else {
            self.areas.read(text)
        };
        read.unwrap_or_else(|reason| {
            let message = format!("{reason}; write [\"Madrid\", \"Valencia\"] or Madrid, Valencia");
            self.log.error(self.at(column), "K4", message);
            Areas::default()
        })
    }

    /// Words separated like areas, or a JSON list; anything else is one word per separator.
    fn tags(&self) -> Vec<String> {
        let text = self.cell(Column::Tags);
        if text.is_empty() {
            return Vec::new();
        }
        let listed: Option<Vec<String>> = serde_json::from_str(text).ok();
        let words =
            listed.unwrap_or_else(|| text.split([',', ';', '\n']).map(str::to_owned).collect());
        words
            .iter()
            .map(|word| word.trim().to_owned())
            .filter(|word| !word.is_empty())
            .collect()
    }

    fn details(&self) -> BTreeMap<DetailField, String> {
        const FIELDS: [(Column, DetailField); 12] = [
            (Column::ServiceCategory, DetailField::ServiceCategory),
            (Column::ServiceSubcategory, DetailField::ServiceSubcategory),
            (Column::Format, DetailField::Format),
            (Column::Included, DetailField::Included),
            (Column::NotIncluded, DetailField::NotIncluded),
            (Column::WhatGuarantee, DetailField::WhatGuarantee),
            (Column::WhatNotGuarantee, DetailField::WhatNotGuarantee),
            (Column::SuitableFor, DetailField::SuitableFor),
            (Column::NotSuitableFor, DetailField::NotSuitableFor),
            (Column::SpecialistInitials, DetailField::SpecialistInitials),
            (Column::SpecialistArea, DetailField::SpecialistArea),
            (Column::Details, DetailField::Details),
        ];
        if self.rows.kind == Kind::Product {
            return BTreeMap::new();
        }
        FIELDS
            .into_iter()
            .filter_map(|(column, field)| Some((field, self.text(column)?)))
            .collect()
    }

    fn extra(&self) -> BTreeMap<String, String> {
        let extra = self.rows.extra.iter();
        extra
            .map(|(at, name)| (*name, self.record.cell(*at)))
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .collect()
    }
}

/// K8: `http` or `https`, a host without credentials before it, and nothing that ends an address early.
fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let hostile = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(letter, '"' | '<' | '>' | '\\' | '`')
    };
    ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
        && host
            .chars()
            .next()
            .is_some_and(|letter| letter.is_alphanumeric() || letter == '[')
        && !host.contains('@')
        && !text.contains(hostile)
}
