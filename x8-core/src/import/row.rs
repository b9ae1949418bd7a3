//! One row of cells to one offering (K3–K5, K8, K9).

use std::collections::{BTreeMap, HashMap};

use super::{
    ImportOptions,
    amount::Reader,
    column::Column,
    duration::minutes,
    header::Mapping,
    report::{At, Log, MoneyReading},
    sku::Key,
    table::{Form, Record, Table},
};
use crate::{
    catalog::{Areas, Contacts, DetailField, Fee, Kind, Media, Offering, Stock},
    money::{Currency, Money},
};

/// What all rows of a file share.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    kind: Kind,
    currency: Currency,
    table: &'a Table<'a>,
    mapping: &'a Mapping,
    /// Where each column is, by its number: asked for some thirty times per row.
    places: Vec<Option<usize>>,
    readers: Vec<Option<Reader>>,
    extra: Vec<(usize, &'a str)>,
}

/// Lists of areas that were read already: most rows repeat a few.
#[derive(Debug, Default)]
pub(super) struct AreaLists<'t>(HashMap<&'t str, Areas>);

impl<'t> AreaLists<'t> {
    /// More different lists than a catalogue repeats.
    const MOST: usize = 1_024;

    fn read(&mut self, text: &'t str) -> Result<Areas, String> {
        if text.is_empty() {
            return Ok(Areas::default());
        }
        if let Some(known) = self.0.get(text) {
            return Ok(known.clone());
        }
        let areas = Areas::parse(text)?;
        if self.0.len() < Self::MOST {
            self.0.insert(text, areas.clone());
        }
        Ok(areas)
    }
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        options: &ImportOptions,
        table: &'a Table<'a>,
        mapping: &'a Mapping,
        readers: &BTreeMap<Column, Reader>,
    ) -> Self {
        let all = Column::ALL.iter();
        Self {
            kind: options.kind,
            currency: options.currency,
            table,
            mapping,
            places: all
                .clone()
                .map(|column| mapping.known.get(column).copied())
                .collect(),
            readers: all.map(|column| readers.get(column).copied()).collect(),
            extra: mapping
                .extra
                .iter()
                .map(|(at, name)| (*at, name.as_str()))
                .collect(),
        }
    }

    /// The offering of a row, or `None` when the row has errors, which are then in the log.
    pub(super) fn read(
        &self,
        record: Record<'a>,
        key: Key,
        areas: &mut AreaLists<'a>,
        log: &mut Log,
    ) -> Option<Offering> {
        let failures = log.failures();
        if !self.is_straight(&record, log) || !self.is_whole(&record, log) {
            return None;
        }
        let mut row = Row {
            rows: self,
            record,
            areas,
            log,
        };
        let offering = row.offering(key);
        (log.failures() == failures).then_some(offering)
    }

    fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column.index()).copied().flatten()
    }

    /// K2: whether every cell has a value of its own.
    fn is_whole(&self, record: &Record<'_>, log: &mut Log) -> bool {
        let Some((at, form)) = record.damaged() else {
            return true;
        };
        let text = record.cell(at);
        let message = match form {
            Form::Uncomputed => {
                "the formula's value is not in the file; open it in a spreadsheet program and save it again".to_owned()
            }
            Form::Merged => {
                "the cell is covered by a merged cell; unmerge it and give every row its own value".to_owned()
            }
            Form::Broken | Form::Text | Form::Number | Form::Date | Form::Nothing => {
                format!("the cell holds the error {text}; mend its formula or enter the value")
            }
        };
        let known = self.mapping.known.iter().find(|(_, place)| **place == at);
        let extra = self.extra.iter().find(|(place, _)| *place == at);
        let column = known
            .map(|(column, _)| column.name())
            .or(extra.map(|(_, name)| *name));
        log.error(
            At {
                row: record.line(),
                column,
                text,
            },
            "K2",
            message,
        );
        false
    }

    /// K2: whether every cell can be trusted to stand under its own header.
    fn is_straight(&self, record: &Record<'_>, log: &mut Log) -> bool {
        let (width, cells) = (self.table.header.cells.len(), record.width());
        let filled = (width..cells)
            .map(|at| record.cell(at))
            .find(|cell| !cell.is_empty());
        let at = |text| At {
            row: record.line(),
            column: None,
            text,
        };
        if let Some(line) = record.stray_quote() {
            let message = format!(
                "line {line} has text beside a quoted cell, so cells cannot be told apart; double the quotes inside a quoted cell and close every quote"
            );
            log.error(at(record.cell(0)), "K2", message);
        } else if cells > width && (filled.is_some() || self.table.strict_width) {
            let message = format!(
                "the row has {cells} cells under {width} headers; put quotes around a cell that contains the delimiter (or a decimal comma)"
            );
            log.error(at(filled.unwrap_or_default()), "K2", message);
        } else if let Some(cut) = self.cut_money(cells) {
            let message = format!(
                "the row has {cells} cells under {width} headers and ends before `{cut}`; complete it"
            );
            log.error(at(record.cell(0)), "K2", message);
        } else {
            return true;
        }
        false
    }

    /// The money column that a short row never reached. Its absence is not a price of 0.
    fn cut_money(&self, cells: usize) -> Option<&str> {
        if cells >= self.table.header.cells.len() {
            return None;
        }
        let mut cut = self
            .mapping
            .known
            .iter()
            .filter(|(column, at)| column.is_money() && **at >= cells);
        cut.next()
            .and_then(|(column, _)| self.mapping.header(*column))
    }
}

struct Row<'a, 'l> {
    rows: &'l Rows<'a>,
    record: Record<'a>,
    areas: &'l mut AreaLists<'a>,
    log: &'l mut Log,
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

    fn offering(&mut self, key: Key) -> Offering {
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
