//! What a row has in common with others (K1, K4).

use std::{collections::BTreeMap, sync::Arc};

use super::Row;
use crate::{
    catalog::{Areas, Common, Contacts, DetailField, Group, Kind},
    import::{column::Column, duration::minutes},
    text::Text,
};

impl Row<'_, '_> {
    pub(in crate::import) fn common(&mut self, group: Arc<Group>) -> Common {
        Common {
            price_id: self.shelved(Column::PriceId),
            delivery_id: self.shelved(Column::DeliveryId),
            contacts: self.contacts(),
            details: self.details(),
            extra: self.extra(),
            group,
        }
    }

    pub(in crate::import) fn group(&mut self) -> Group {
        Group {
            category: self.text(Column::Category),
            tags: self.tags(),
            unit: self.text(Column::Unit),
            areas: self.areas(),
            duration_minutes: self.minutes(),
            duration: self.text(Column::Duration),
        }
    }

    fn contacts(&mut self) -> Contacts {
        let contact = self.either(Column::SupplierContact, Column::SpecialistContact);
        let service = self.either(Column::SupplierCompanyServices, Column::Company);
        let address = self.either(Column::WarehouseAddress, Column::OfficeAddress);
        Contacts {
            contact: self.shelved(contact),
            service: self.shelved(service),
            address: self.shelved(address),
        }
    }

    fn shelved(&mut self, column: Column) -> Option<Text> {
        let text = self.cell(column);
        (!text.is_empty()).then(|| self.shared.shelf.put_once(text))
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

    fn areas(&mut self) -> Areas {
        let column = self.either(Column::Cities, Column::Location);
        let text = self.cell(column);
        let read = if text.starts_with('{') {
            Err("not a list".to_owned())
        } else {
            Areas::parse(text)
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
