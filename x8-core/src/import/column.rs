//! The columns of both tables (K1) and what each may hold.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::catalog::Kind;

/// What the cells of a column are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Kept as written.
    Text,
    /// K6.
    Sku,
    /// K3; empty is free.
    Money,
    /// K3; empty is "no threshold".
    Threshold,
    /// A whole number of things.
    Count,
    /// A whole number of hours.
    Hours,
    /// Text whose minutes are read when they can be.
    Duration,
    /// K8.
    Url,
    /// K4.
    Areas,
    /// A list of words.
    Tags,
}

macro_rules! columns {
    ($($variant:ident $name:literal $value:ident $product:literal $service:literal,)+) => {
        /// A column of the import table, named as in the template.
        ///
        /// ```
        /// use x8_core::{catalog::Kind, import::{Column, normalize_header}};
        /// let column = normalize_header(Kind::Product, "Цена, €");
        /// assert_eq!(column.map(Column::name), Some("price_eur"));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "each variant is the column of the same name")]
        pub enum Column {
            $($variant,)+
        }

        impl Column {
            /// Every column of both tables, in template order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The canonical name: `product_name`, `price_eur`, …
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Whether the table of `kind` has this column.
            #[must_use]
            pub const fn belongs_to(self, kind: Kind) -> bool {
                match (self, kind) {
                    $((Self::$variant, Kind::Product) => $product,)+
                    $((Self::$variant, Kind::Service) => $service,)+
                }
            }

            /// Its place in [`Self::ALL`].
            #[expect(clippy::as_conversions, reason = "the number of a variant has no other name")]
            pub(super) const fn index(self) -> usize {
                self as usize
            }

            pub(super) const fn value(self) -> Value {
                match self {
                    $(Self::$variant => Value::$value,)+
                }
            }
        }
    };
}

columns! {
    ProductName "product_name" Text true false,
    ServiceName "service_name" Text false true,
    ServiceCategory "service_category" Text false true,
    ServiceSubcategory "service_subcategory" Text false true,
    Sku "sku" Sku true true,
    Description "description" Text true true,
    Unit "unit" Text true true,
    Duration "duration" Duration false true,
    Format "format" Text false true,
    Included "included" Text false true,
    NotIncluded "not_included" Text false true,
    WhatGuarantee "what_guarantee" Text false true,
    WhatNotGuarantee "what_not_guarantee" Text false true,
    SuitableFor "suitable_for" Text false true,
    NotSuitableFor "not_suitable_for" Text false true,
    SpecialistInitials "specialist_initials" Text false true,
    SpecialistArea "specialist_area" Text false true,
    WebsiteUrl "website_url" Url true true,
    ImageUrl "image_url" Url true true,
    VideoUrl "video_url" Url true true,
    PriceEur "price_eur" Money true true,
    LogisticsPriceEur "logistics_price_eur" Money true false,
    FreeDelivery "free_delivery" Threshold true false,
    TravelFeeEur "travel_fee_eur" Money false true,
    FreeTravelThreshold "free_travel_threshold" Threshold false true,
    StockUnits "stock_units" Count true false,
    SlotsAvailable "slots_available" Count false true,
    DeliveryTimeHours "delivery_time_hours" Hours true false,
    PaymentReminder "payment_reminder" Hours true true,
    SupplierContact "supplier_contact" Text true false,
    SupplierCompanyServices "supplier_company_services" Text true false,
    WarehouseAddress "warehouse_address" Text true false,
    SpecialistContact "specialist_contact" Text false true,
    Company "company" Text false true,
    OfficeAddress "office_address" Text false true,
    Details "details" Text false true,
    Cities "cities" Areas true false,
    Location "location" Areas false true,
    Category "category" Text true true,
    Tags "tags" Tags true true,
    PriceId "price_id" Text true true,
    DeliveryId "delivery_id" Text true true,
}

impl Column {
    /// The column with this canonical name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|column| column.name() == name)
    }

    /// The columns a file of `kind` cannot do without.
    #[must_use]
    pub const fn required(kind: Kind) -> [Self; 2] {
        match kind {
            Kind::Product => [Self::ProductName, Self::Description],
            Kind::Service => [Self::ServiceName, Self::Description],
        }
    }

    /// Whether cells hold amounts of money.
    #[must_use]
    pub(super) const fn is_money(self) -> bool {
        matches!(self.value(), Value::Money | Value::Threshold)
    }

    /// Whether the column is one of a [`Group`](crate::catalog::Group), which many rows share.
    #[must_use]
    pub(super) const fn is_group(self) -> bool {
        matches!(
            self,
            Self::Unit
                | Self::Duration
                | Self::Cities
                | Self::Location
                | Self::Category
                | Self::Tags
        )
    }

    /// Whether the column is one of [`Common`](crate::catalog::Common) or its group, which rows share.
    #[must_use]
    pub(super) const fn is_common(self) -> bool {
        match self {
            Self::ProductName
            | Self::ServiceName
            | Self::Sku
            | Self::Description
            | Self::WebsiteUrl
            | Self::ImageUrl
            | Self::VideoUrl
            | Self::PriceEur
            | Self::LogisticsPriceEur
            | Self::FreeDelivery
            | Self::TravelFeeEur
            | Self::FreeTravelThreshold
            | Self::StockUnits
            | Self::SlotsAvailable
            | Self::DeliveryTimeHours
            | Self::PaymentReminder => false,
            Self::ServiceCategory
            | Self::ServiceSubcategory
            | Self::Unit
            | Self::Duration
            | Self::Format
            | Self::Included
            | Self::NotIncluded
            | Self::WhatGuarantee
            | Self::WhatNotGuarantee
            | Self::SuitableFor
            | Self::NotSuitableFor
            | Self::SpecialistInitials
            | Self::SpecialistArea
            | Self::SupplierContact
            | Self::SupplierCompanyServices
            | Self::WarehouseAddress
            | Self::SpecialistContact
            | Self::Company
            | Self::OfficeAddress
            | Self::Details
            | Self::Cities
            | Self::Location
            | Self::Category
            | Self::Tags
            | Self::PriceId
            | Self::DeliveryId => true,
        }
    }

    /// Whether the column's cells share one decimal mark (K3).
    #[must_use]
    pub(super) const fn is_number(self) -> bool {
        matches!(
            self.value(),
            Value::Money | Value::Threshold | Value::Count | Value::Hours
        )
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
