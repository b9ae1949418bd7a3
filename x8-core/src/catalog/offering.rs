//! One catalogue row.

use std::{
    collections::BTreeMap,
    fmt,
    ops::{Deref, DerefMut},
    sync::{Arc, LazyLock},
};

use serde::{Deserialize, Serialize};

use super::Areas;
use crate::{id::Sku, money::Money, text::Text};

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
    pub website: Option<Text>,
    /// `image_url`.
    pub image: Option<Text>,
    /// `video_url`.
    pub video: Option<Text>,
}

/// Contacts of the supplier or specialist; spoken of only when asked for (A8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Contacts {
    /// `supplier_contact` or `specialist_contact`.
    pub contact: Option<Text>,
    /// `supplier_company_services` (for refunds) or `company`.
    pub service: Option<Text>,
    /// `warehouse_address` or `office_address`.
    pub address: Option<Text>,
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
///
/// What many rows have in common (contacts, category, unit, areas, …) is in [`Common`] and its [`Group`], which they share
/// in memory; it is read and changed like the row's own fields, and a change is this row's alone.
///
/// ```
/// use x8_core::{Money, catalog::{Kind, Offering}};
/// let mut rose = Offering::new("201", Kind::Product, "Rose", Money::eur(3_50));
/// rose.unit = Some("bouquet".to_owned());
/// let mut tulip = Offering { name: "Tulip".into(), ..rose.clone() };
/// tulip.unit = None;
/// assert_eq!((rose.unit.as_deref(), tulip.unit.as_deref()), (Some("bouquet"), None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offering {
    /// Unique in the knowledge base (K6).
    pub sku: Sku,
    /// Delivered or attended.
    pub kind: Kind,
    /// `product_name` or `service_name`.
    pub name: Text,
    /// What it is.
    pub description: Text,
    /// Price of one unit; zero is free (K9).
    pub price: Money,
    /// Delivery or travel fee, charged once per order (O5).
    pub fee: Option<Fee>,
    /// Links.
    pub media: Media,
    /// Units or places left, when tracked.
    pub stock: Option<Stock>,
    /// `delivery_time_hours`: promised time to deliver (B2).
    pub delivery_hours: Option<u32>,
    /// `payment_reminder`: hours after the link was sent, while unpaid.
    pub reminder_hours: Option<u32>,
    /// The columns that rows repeat.
    pub common: Arc<Common>,
}

/// The columns of a row that others often repeat, so that rows with the same ones hold them once.
///
/// Where each row has a contact or a price id of its own, only these few bytes are its own too; the [`Group`] behind them stays shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Common {
    /// Price id at the payment provider.
    pub price_id: Option<Text>,
    /// Shipping rate id at the payment provider.
    pub delivery_id: Option<Text>,
    /// A8.
    pub contacts: Contacts,
    /// A8.
    pub details: BTreeMap<DetailField, String>,
    /// Unknown columns, kept under their header (K1).
    pub extra: BTreeMap<String, String>,
    /// The columns that say what kind of thing a row is.
    pub group: Arc<Group>,
}

/// The columns that say what kind of thing a row is: a large part of a catalogue has the same ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Group {
    /// Shop section, when given.
    pub category: Option<String>,
    /// Search words, when given.
    pub tags: Vec<String>,
    /// What one unit is: "bouquet", "session". Quantities count these (O1).
    pub unit: Option<String>,
    /// Where it is available; empty: everywhere.
    pub areas: Areas,
    /// `duration` as written: "90 minutes".
    pub duration: Option<String>,
    /// `duration` in minutes, when it could be read.
    pub duration_minutes: Option<u32>,
}

static NOTHING: LazyLock<Arc<Common>> = LazyLock::new(Arc::default);

impl Deref for Offering {
    type Target = Common;

    fn deref(&self) -> &Common {
        &self.common
    }
}

impl DerefMut for Offering {
    fn deref_mut(&mut self) -> &mut Common {
        Arc::make_mut(&mut self.common)
    }
}

impl Deref for Common {
    type Target = Group;

    fn deref(&self) -> &Group {
        &self.group
    }
}

impl DerefMut for Common {
    fn deref_mut(&mut self) -> &mut Group {
        Arc::make_mut(&mut self.group)
    }
}

impl Offering {
    /// A row with nothing but the required columns, to be filled by `..` or field by field.
    #[must_use]
    pub fn new(sku: impl Into<Sku>, kind: Kind, name: impl Into<Text>, price: Money) -> Self {
        Self {
            sku: sku.into(),
            kind,
            name: name.into(),
            description: Text::default(),
            price,
            fee: None,
            media: Media::default(),
            stock: None,
            delivery_hours: None,
            reminder_hours: None,
            common: Arc::clone(&NOTHING),
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
