//! Answers about one offering (A8, G13, O5).

use serde_json::{Value, json};
use x8_core::{
    Money, Result, Sku,
    catalog::{DetailField, Fee, Kind, Offering},
};

use super::speak::Speaker;

impl Speaker<'_> {
    fn facts(&self, row: &Offering) -> Result<Value> {
        let fee = row.fee.filter(|fee| !fee.amount.is_zero());
        Ok(json!({
            "name": row.name,
            "description": row.description.trim(),
            "price": self.amount(row.price)?,
            "unit": row.unit.as_ref().filter(|_| !row.is_free()).map(|unit| unit.trim_end_matches('.')),
            "duration": row.duration,
            "online": row.is_online_only(),
            "places": row.areas.places().join(", "),
            "service": row.kind == Kind::Service,
            "fee": fee.map(|fee| fee.amount.to_string()),
            "free_from": fee.and_then(|fee| fee.free_from).map(|from| from.to_string()),
        }))
    }

    pub(super) fn brief(&self, sku: &Sku) -> Result<String> {
        match self.row(sku) {
            Some(row) => self.render("brief", &self.facts(row)?),
            None => self.render("gone", &json!({})),
        }
    }

    pub(super) fn details(&self, sku: &Sku) -> Result<String> {
        let Some(row) = self.row(sku) else {
            return self.render("gone", &json!({}));
        };
        let mut facts = self.facts(row)?;
        let mut details = Vec::new();
        // Where it takes place is said in words below.
        let told = |field: &DetailField| *field != DetailField::Format;
        for (field, value) in row.details.iter().filter(|(field, _)| told(field)) {
            let key = serde_json::to_value(field).unwrap_or_default();
            let key = key.as_str().unwrap_or_default().to_owned();
            details.push(self.render(&format!("detail_{key}"), &json!({ "value": value }))?);
        }
        if let Some(values) = facts.as_object_mut() {
            values.insert("details".to_owned(), json!(details));
        }
        self.render("details", &facts)
    }

    pub(super) fn contact(&self, sku: Option<&Sku>) -> Result<String> {
        let own = sku.and_then(|sku| self.row(sku));
        let Some(row) = own.or_else(|| self.common_contact()) else {
            return self.render("contact_which", &json!({}));
        };
        let name = own.map(|row| row.name.as_str());
        let values = json!({ "name": name, "contact": row.contacts.contact, "address": row.contacts.address });
        self.render("contact", &values)
    }

    /// Where the business is: an address that all rows share or the row has, else the places.
    pub(super) fn address(&self, sku: Option<&Sku>) -> Result<String> {
        let rows = self.input.catalog.offerings();
        let first = rows.first().filter(|first| {
            rows.iter()
                .all(|row| row.contacts.address == first.contacts.address)
        });
        let row = sku.and_then(|sku| self.row(sku)).or(first);
        let address = row.and_then(|row| row.contacts.address.as_deref());
        let places = self.input.catalog.places().join(", ");
        self.render("address", &json!({ "address": address, "places": places }))
    }

    /// When every row names the same contact, the question "which offering?" would be silly.
    fn common_contact(&self) -> Option<&Offering> {
        let rows = self.input.catalog.offerings();
        let first = rows.first()?;
        rows.iter()
            .all(|row| row.contacts.contact == first.contacts.contact)
            .then_some(first)
    }

    pub(super) fn cancel_paid(&self, sku: Option<&Sku>) -> Result<String> {
        // A8: refunds go to the supplier's service for goods, to the specialist for services.
        let contact = sku
            .and_then(|sku| self.row(sku))
            .and_then(|row| match row.kind {
                Kind::Product => row.contacts.service.clone(),
                Kind::Service => row.contacts.contact.clone(),
            });
        self.render("cancel_paid", &json!({ "contact": contact }))
    }

    pub(super) fn website(&self, sku: &Sku) -> Result<String> {
        let url = self.row(sku).and_then(|row| row.media.website.as_deref());
        self.render("website", &json!({ "name": self.name(sku), "url": url }))
    }

    pub(super) fn photo(&self, sku: &Sku, shown: bool) -> Result<String> {
        let url = self.row(sku).and_then(|row| row.media.image.as_deref());
        self.render(
            "photo",
            &json!({ "name": self.name(sku), "url": url, "shown": shown && url.is_some() }),
        )
    }

    pub(super) fn video(&self, sku: &Sku) -> Result<String> {
        let url = self.row(sku).and_then(|row| row.media.video.as_deref());
        self.render("video", &json!({ "name": self.name(sku), "url": url }))
    }

    /// O5: the fee and the threshold as they would apply; insisting changes nothing.
    pub(super) fn free_delivery(&self, skus: &[Sku]) -> Result<String> {
        if skus.is_empty() {
            return self.delivery_terms();
        }
        let fees: Vec<Fee> = self.rows(skus).iter().filter_map(|row| row.fee).collect();
        let highest = |amounts: Vec<Money>| amounts.into_iter().max_by_key(|amount| amount.minor());
        let fee = highest(fees.iter().map(|fee| fee.amount).collect()).filter(|fee| !fee.is_zero());
        let from = highest(fees.iter().filter_map(|fee| fee.free_from).collect());
        let hours = self
            .rows(skus)
            .iter()
            .filter_map(|row| row.delivery_hours)
            .max();
        let values = json!({ "fee": fee.map(|fee| fee.to_string()), "free_from": from.map(|from| from.to_string()), "hours": hours });
        self.render("free_delivery", &values)
    }

    /// Without a choice yet: the terms of every offering that has some, equal ones together.
    fn delivery_terms(&self) -> Result<String> {
        let mut terms: Vec<(Fee, Vec<&str>)> = Vec::new();
        for row in self.input.catalog.offerings() {
            let Some(fee) = row.fee.filter(|fee| !fee.amount.is_zero()) else {
                continue;
            };
            match terms.iter_mut().find(|(known, _)| *known == fee) {
                Some((_, names)) => names.push(&row.name),
                None => terms.push((fee, vec![&row.name])),
            }
        }
        let rows = self.input.catalog.offerings();
        let one = terms
            .first()
            .filter(|_| terms.len() == 1)
            .filter(|(fee, _)| {
                rows.iter()
                    .all(|row| row.fee == Some(*fee) || row.is_free())
            });
        if let Some((fee, _)) = one {
            let hours = rows.iter().filter_map(|row| row.delivery_hours).max();
            let from = fee.free_from.map(|from| from.to_string());
            let values =
                json!({ "fee": fee.amount.to_string(), "free_from": from, "hours": hours });
            return self.render("free_delivery", &values);
        }
        if terms.is_empty() {
            return self.render("free_delivery", &json!({}));
        }
        let row = |(fee, names): &(Fee, Vec<&str>)| {
            let from = fee.free_from.map(|from| from.to_string());
            self.render("delivery_row", &json!({ "names": names.join(", "), "fee": fee.amount.to_string(), "free_from": from }))
        };
        let rows: Vec<String> = terms.iter().map(row).collect::<Result<_>>()?;
        self.render("delivery_terms", &json!({ "rows": rows }))
    }
}
