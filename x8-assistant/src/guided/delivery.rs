//! How soon and whether things are brought, and a choice asked for in short (O2, O5).

use std::collections::BTreeMap;

use serde_json::json;
use x8_core::{Result, Sku, catalog::Kind};

use super::speak::Speaker;
use crate::agenda::Told;

impl Speaker<'_> {
    /// The hours of the rows; one sentence when all agree, else a line each.
    pub(super) fn delivery_time(&self, skus: &[Sku]) -> Result<String> {
        let mut hours: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        for row in self.rows(skus) {
            if let Some(own) = row.delivery_hours {
                hours.entry(own).or_default().push(&row.name);
            }
        }
        let rows: Vec<_> = hours
            .iter()
            .map(|(hours, names)| json!({ "hours": hours, "names": names.join(", ") }))
            .collect();
        self.render("delivery_time", &json!({ "rows": rows }))
    }

    /// O2: that a place is served.
    pub(super) fn served(&self, place: &str) -> Result<String> {
        let mut rows = self.input.catalog.offerings().iter();
        let service = rows.all(|row| row.kind == Kind::Service);
        self.render("served", &json!({ "place": place, "service": service }))
    }

    /// What was told, and which one is wanted.
    pub(super) fn choose(
        &self,
        told: &Told,
        skus: &[Sku],
        ways: Option<(u32, usize)>,
    ) -> Result<String> {
        let names: Vec<&str> = skus.iter().map(|sku| self.name(sku)).collect();
        let start = told
            .start
            .map(|start| start.strftime("%d.%m.%Y %H:%M").to_string());
        let facts = [&told.name, &told.phone, &told.city, &start];
        let facts: Vec<&str> = facts.into_iter().flatten().map(String::as_str).collect();
        let values = json!({
            "told": facts.join(", "),
            "names": names.join("; "),
            "pieces": ways.map(|(pieces, _)| pieces),
            "ways": ways.map(|(_, ways)| ways),
        });
        self.render("choose", &values)
    }
}
