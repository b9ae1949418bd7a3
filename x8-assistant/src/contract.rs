//! The reply contract: the one JSON object that leaves a turn, and the tolerant reading of what a model says it is (G1).
//!
//! [`Reply`] is what leaves: exactly the contract's keys, in its order, with figures that code computed. [`Claims`] is
//! what a model proposed: every key optional, nothing trusted. Only the [guard](crate::guard) makes a reply out of claims.

use serde::{Deserialize, Serialize};
use x8_core::{Money, Sku};

mod claims;
mod language;
mod mend;
mod money;
mod node;
mod parse;
mod read;
mod schema;
mod sku;
pub(crate) mod strict;

pub use claims::{ClaimedItem, Claims, ParseRefusal};
pub use language::{STRIPE_LANGS, language_code, language_name, stripe_lang};
pub use mend::Mend;
pub use parse::parse;

/// Who the reply goes to; taken from the turn, never from a model (G16).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addressee {
    /// How the customer is named at the platform.
    pub sender: String,
    /// The reply address.
    pub token: String,
    /// The provider's name for the channel.
    pub instance_id: String,
}

/// The reply contract. Serialises to exactly these keys, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The words for the customer (G2).
    pub response: String,
    /// G16.
    pub sender: String,
    /// G16.
    pub token: String,
    /// G16.
    pub instance_id: String,
    /// An image of a row, or empty (G13).
    pub imageurl: String,
    /// Whether a payment link follows this message (G10).
    pub send_payment_link: bool,
    /// Canonical spelling, `online`, or empty (G8).
    pub city: String,
    /// Σ quantities, in SKU units.
    pub units_to_buy: u64,
    /// What is charged.
    #[serde(with = "money")]
    pub total_sum: Money,
    /// Σ price × quantity.
    #[serde(with = "money")]
    pub products_sum: Money,
    /// Delivery or travel, once per order.
    #[serde(with = "money")]
    pub delivery_sum: Money,
    /// Whether a fee was waived by the threshold; `null` without an order.
    pub free_delivery: Option<bool>,
    /// What is ordered; `null` without an order.
    pub items: Option<Vec<Basket>>,
    /// `+` and digits, or empty (G9).
    pub recipient_phone_number: String,
    /// The customer's name, or empty.
    pub client_name: String,
    /// One line for people: "2 × Bouquet of 10 roses".
    pub order_description: String,
    /// Hours after the link until an unpaid order is reminded of; 0: never (O14).
    pub payment_reminder_hours: u32,
    /// Name of the conversation's language in English: "Spanish".
    pub language: String,
    /// G12.
    pub remind: bool,
    /// One of [`STRIPE_LANGS`]; `null` without an order.
    pub stripe_lang: Option<String>,
    /// A video of a row, or empty (G13).
    pub videourl: String,
    /// Whether a new order replaces one whose link is open (G11).
    pub change_payment_status: bool,
}

/// The lines of one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basket {
    /// One entry per catalogue row.
    #[serde(rename = "lineItems")]
    pub line_items: Vec<LineItem>,
}

/// One line as the payment workflow wants it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineItem {
    /// A JSON integer when the key is one, else text.
    #[serde(rename = "SKU", with = "sku")]
    pub sku: Sku,
    /// The provider's price id, or empty.
    pub price: String,
    /// The provider's shipping rate id, or empty.
    #[serde(rename = "shippingRate")]
    pub shipping_rate: String,
    /// SKU units.
    pub quantity: u32,
}

impl Reply {
    /// A reply without an order: no link, sums 0, `null` where the contract says so.
    ///
    /// ```
    /// use x8_assistant::contract::{Addressee, Reply};
    /// let reply = Reply::informational("We are open.", Addressee::default(), "en");
    /// assert_eq!((reply.send_payment_link, reply.items, reply.language.as_str()), (false, None, "English"));
    /// ```
    #[must_use]
    pub fn informational(
        response: impl Into<String>,
        addressee: Addressee,
        language: &str,
    ) -> Self {
        Self {
            response: response.into(),
            sender: addressee.sender,
            token: addressee.token,
            instance_id: addressee.instance_id,
            imageurl: String::new(),
            send_payment_link: false,
            city: String::new(),
            units_to_buy: 0,
            total_sum: Money::eur(0),
            products_sum: Money::eur(0),
            delivery_sum: Money::eur(0),
            free_delivery: None,
            items: None,
            recipient_phone_number: String::new(),
            client_name: String::new(),
            order_description: String::new(),
            payment_reminder_hours: 0,
            language: language_name(language),
            remind: true,
            stripe_lang: None,
            videourl: String::new(),
            change_payment_status: false,
        }
    }

    /// A strict JSON Schema of the contract, for models with structured output.
    ///
    /// Every key is required and no other is allowed; "absent" is `null`, an empty text or 0, as in the contract.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schema::json_schema()
    }
}
