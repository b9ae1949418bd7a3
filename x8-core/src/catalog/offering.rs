//! One catalogue row.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use super::Areas;
use crate::{id::Sku, money::Money};

/// Whether a row is delivered or attended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Delivered to a city.
    Product,
    /// An appointment at a place or online.
    Service,
}

/// What delivery or travel costs, and from which sum of goods it is free (O5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// `logistics_price_eur` or `travel_fee_eur`.
    pub amount: Money,
    /// `free_delivery` or `free_travel_threshold`; absent: never free.
    pub free_from: Option<Money>,
}

/// Links of a row; an empty column is data ("no website"), so absent stays absent (K8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Media {
    /// `website_url`.
    pub website: Option<String>,
    /// `image_url`.
    pub image: Option<String>,
    /// `video_url`.
    pub video: Option<String>,
}

/// Contacts of the supplier or specialist; spoken of only when asked for (A8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contacts {
    /// `supplier_contact` or `specialist_contact`.
    pub contact: Option<String>,
    /// `supplier_company_services` (for refunds) or `company`.
    pub service: Option<String>,
    /// `warehouse_address` or `office_address`.
    pub address: Option<String>,
}

/// A text column that is told only when the customer asks for details (A8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each variant is the column of the same name in the import table (K1)"
)]
pub enum DetailField {
    ServiceCategory,
    ServiceSubcategory,
    Format,
    Included,
    NotIncluded,
    WhatGuarantee,
    WhatNotGuarantee,
    SuitableFor,
    NotSuitableFor,
    SpecialistInitials,
    SpecialistArea,
    Details,
}

/// `stock_units` or `slots_available`: for deciding, never for telling (K10, O6, G6).
///
/// Its `Debug` hides the number and it has no `Display`; it is serialised only inside a stored [`Offering`].
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stock(u32);

impl Stock {
    /// Wraps a stock count.
    #[must_use]
    pub const fn new(units: u32) -> Self {
        Self(units)
    }

    /// O6: whether this many units can be had.
    #[must_use]
    pub const fn covers(self, units: u32) -> bool {
        units <= self.0
    }

    /// The number, for the guard's search for leaks (G6) and for the owner's own screens.
    #[must_use]
    pub const fn internal(self) -> u32 {
        self.0
    }
}

impl fmt::Debug for Stock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stock(…)")
    }
}

/// One catalogue row: a product or a service.
///
/// This is the *stored* form, including what is internal. Towards customers and models use
/// [`Offering::public`], which cannot carry stock (K10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offering {
    /// Unique in the knowledge base (K6).
    pub sku: Sku,
    /// Delivered or attended.
    pub kind: Kind,
    /// `product_name` or `service_name`.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Shop section, when given.
    #[serde(default)]
    pub category: Option<String>,
    /// Search words, when given.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What one unit is: "bouquet", "session". Quantities count these (O1).
    #[serde(default)]
    pub unit: Option<String>,
    /// Price of one unit; zero is free (K9).
    pub price: Money,
    /// Delivery or travel fee, charged once per order (O5).
    #[serde(default)]
    pub fee: Option<Fee>,
    /// Where it is available; empty: everywhere.
    #[serde(default)]
    pub areas: Areas,
    /// Links.
    #[serde(default)]
    pub media: Media,
    /// Units or places left, when tracked.
    #[serde(default)]
    pub stock: Option<Stock>,
    /// `delivery_time_hours`: promised time to deliver (B2).
    #[serde(default)]
    pub delivery_hours: Option<u32>,
    /// `duration` as written: "90 minutes".
    #[serde(default)]
    pub duration: Option<String>,
    /// `duration` in minutes, when it could be read.
    #[serde(default)]
    pub duration_minutes: Option<u32>,
    /// `payment_reminder`: hours after the link was sent, while unpaid.
    #[serde(default)]
    pub reminder_hours: Option<u32>,
    /// Price id at the payment provider.
    #[serde(default)]
    pub price_id: Option<String>,
    /// Shipping rate id at the payment provider.
    #[serde(default)]
    pub delivery_id: Option<String>,
    /// A8.
    #[serde(default)]
    pub contacts: Contacts,
    /// A8.
    #[serde(default)]
    pub details: BTreeMap<DetailField, String>,
    /// Unknown columns, kept under their header (K1).
    #[serde(default)]
    pub extra: BTreeMap<String, String>,
}

impl Offering {
    /// A row with nothing but the required columns, to be filled by `..` or field by field.
    #[must_use]
    pub fn new(sku: impl Into<Sku>, kind: Kind, name: impl Into<String>, price: Money) -> Self {
        Self {
            sku: sku.into(),
            kind,
            name: name.into(),
            description: String::new(),
            category: None,
            tags: Vec::new(),
            unit: None,
            price,
            fee: None,
            areas: Areas::default(),
            media: Media::default(),
            stock: None,
            delivery_hours: None,
            duration: None,
            duration_minutes: None,
            reminder_hours: None,
            price_id: None,
            delivery_id: None,
            contacts: Contacts::default(),
            details: BTreeMap::new(),
            extra: BTreeMap::new(),
        }
    }

    /// K9.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.price.is_zero()
    }

    /// Whether it needs no place at all: remote, and nowhere else (O3).
    #[must_use]
    pub fn is_online_only(&self) -> bool {
        self.areas.online() && self.areas.places().is_empty()
    }

    /// Whether it can be had in `place`. A row without areas is available everywhere.
    #[must_use]
    pub fn serves(&self, place: &str) -> bool {
        self.areas.is_empty() || self.areas.find(place).is_some()
    }

    /// O6: whether this many units can be had.
    #[must_use]
    pub fn covers(&self, units: u32) -> bool {
        self.stock.is_none_or(|stock| stock.covers(units))
    }
}
