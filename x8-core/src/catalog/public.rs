//! The view of a row that may leave the engine (K10).

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Areas, Contacts, DetailField, Fee, Kind, Media, Offering};
use crate::{id::Sku, money::Money};

/// A catalogue row as customers, models and partner systems may see it: everything but stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields of `Offering`, documented there")]
pub struct PublicOffering<'a> {
    pub sku: &'a Sku,
    pub kind: Kind,
    pub name: &'a str,
    pub description: &'a str,
    pub category: Option<&'a str>,
    pub unit: Option<&'a str>,
    pub price: Money,
    pub fee: Option<Fee>,
    pub areas: &'a Areas,
    pub media: &'a Media,
    pub delivery_hours: Option<u32>,
    pub duration: Option<&'a str>,
    pub contacts: &'a Contacts,
    pub details: &'a BTreeMap<DetailField, String>,
}

impl Offering {
    /// The view without internal columns (K10). Unknown columns stay inside too: nobody vouched for them.
    #[must_use]
    pub fn public(&self) -> PublicOffering<'_> {
        PublicOffering {
            sku: &self.sku,
            kind: self.kind,
            name: &self.name,
            description: &self.description,
            category: self.category.as_deref(),
            unit: self.unit.as_deref(),
            price: self.price,
            fee: self.fee,
            areas: &self.areas,
            media: &self.media,
            delivery_hours: self.delivery_hours,
            duration: self.duration.as_deref(),
            contacts: &self.contacts,
            details: &self.details,
        }
    }
}
