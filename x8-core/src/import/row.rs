//! One row of cells to one offering (K3–K5, K8, K9).

use super::{
    column::Column,
    report::{At, Log},
    rows::{Rows, Shared},
    table::Record,
};
use crate::{
    catalog::{Kind, Media, Offering, Stock},
    id::Sku,
    text::Text,
};

mod amounts;
mod common;
mod web;

use web::is_web_address;

/// A row while it is read.
pub(super) struct Row<'a, 'l> {
    pub(super) rows: &'l Rows<'a>,
    pub(super) record: Record<'l>,
    pub(super) shared: &'l mut Shared,
    pub(super) log: &'l mut Log,
}

impl<'l> Row<'_, 'l> {
    fn cell(&self, column: Column) -> &'l str {
        self.rows
            .place(column)
            .map_or("", |at| self.record.cell(at))
    }

    fn at(&self, column: Column) -> At<'l> {
        At {
            row: self.record.line(),
            column: Some(column.name()),
            text: self.cell(column),
        }
    }

    fn text(&self, column: Column) -> Option<String> {
        Some(self.cell(column))
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    fn required(&mut self, column: Column) -> &'l str {
        let text = self.cell(column);
        if text.is_empty() {
            self.log.error(
                self.at(column),
                "K1",
                format!("{column} is empty; every row needs it"),
            );
        }
        text
    }

    /// The column of this row's own table.
    fn either(&self, product: Column, service: Column) -> Column {
        match self.rows.kind {
            Kind::Product => product,
            Kind::Service => service,
        }
    }

    /// What is wrong is said in this order.
    pub(super) fn offering(&mut self, sku: Sku) -> Offering {
        let name = self.required(self.either(Column::ProductName, Column::ServiceName));
        let name = self.shared.shelf.put(name);
        let price = self.price();
        let stock = self.whole(self.either(Column::StockUnits, Column::SlotsAvailable));
        let description = self.required(Column::Description);
        Offering {
            sku,
            kind: self.rows.kind,
            name,
            description: self.shared.shelf.put_once(description),
            price,
            fee: self.fee(),
            common: self.rows.common(self),
            media: Media {
                website: self.url(Column::WebsiteUrl),
                image: self.url(Column::ImageUrl),
                video: self.url(Column::VideoUrl),
            },
            stock: stock.map(Stock::new),
            delivery_hours: self.whole(Column::DeliveryTimeHours),
            reminder_hours: self.whole(Column::PaymentReminder),
        }
    }

    fn url(&mut self, column: Column) -> Option<Text> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        if is_web_address(text) {
            return Some(self.shared.shelf.put(text));
        }
        let message = format!(
            "`{text}` is not a web address; write one that starts with https://, or leave the cell empty"
        );
        self.log.error(self.at(column), "K8", message);
        None
    }
}
