//! What a model says its reply is; nothing here is trusted.

use serde::Serialize;
use x8_core::Sku;

/// A model's proposal: the contract's keys, every one optional.
///
/// Figures that code computes anyway (sums, units, hours) are kept as written, for the record only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Claims {
    /// The words for the customer.
    pub response: String,
    /// Echoed by some models; never used (G16).
    pub sender: Option<String>,
    /// Echoed by some models; never used (G16).
    pub token: Option<String>,
    /// Echoed by some models; never used (G16).
    pub instance_id: Option<String>,
    /// Checked against rows (G13).
    pub imageurl: Option<String>,
    /// The wish to close the order (G10).
    pub send_payment_link: Option<bool>,
    /// As the customer or the model spelled it (G8).
    pub city: Option<String>,
    /// Recomputed (G3).
    pub units_to_buy: Option<String>,
    /// Recomputed (G3).
    pub total_sum: Option<String>,
    /// Recomputed (G3).
    pub products_sum: Option<String>,
    /// Recomputed (G3).
    pub delivery_sum: Option<String>,
    /// Recomputed (G3).
    pub free_delivery: Option<bool>,
    /// What is ordered, over all baskets; checked against rows (G5).
    pub items: Option<Vec<ClaimedItem>>,
    /// Checked against the turn (G9).
    pub recipient_phone_number: Option<String>,
    /// The customer's name.
    pub client_name: Option<String>,
    /// Recomputed.
    pub order_description: Option<String>,
    /// Recomputed (G3).
    pub payment_reminder_hours: Option<String>,
    /// Name or code of the language.
    pub language: Option<String>,
    /// G12.
    pub remind: Option<bool>,
    /// Checked against the list.
    pub stripe_lang: Option<String>,
    /// Checked against rows (G13).
    pub videourl: Option<String>,
    /// Recomputed (G11).
    pub change_payment_status: Option<bool>,
}

/// One line of a claimed order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimedItem {
    /// The key, numbers as text.
    pub sku: Sku,
    /// SKU units.
    pub quantity: u32,
    /// Recomputed (G3).
    pub price: Option<String>,
    /// Recomputed (G3).
    pub shipping_rate: Option<String>,
}

/// Why a model's output cannot be read in exactly one way. A value: the caller repairs or falls back (A11).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseRefusal {
    /// Nothing but white space.
    #[error("the output is empty")]
    Empty,
    /// More than a reply could ever need.
    #[error("the output has {bytes} bytes; at most {limit} are read")]
    TooLarge {
        /// What came.
        bytes: usize,
        /// What is read.
        limit: usize,
    },
    /// Brackets within brackets beyond any contract.
    #[error("the output is nested deeper than {limit} levels")]
    TooDeep {
        /// The allowed depth.
        limit: usize,
    },
    /// No JSON object with the contract's keys.
    #[error("the output holds no reply object")]
    NoObject,
    /// The object lacks its words.
    #[error("the reply has no `response`")]
    NoResponse,
    /// Two readings: a key given twice with different values, or two different replies.
    #[error("`{key}` can be read in two ways: {first} or {second}")]
    Ambiguous {
        /// The key, or `reply`.
        key: String,
        /// One reading, shortened.
        first: String,
        /// The other, shortened.
        second: String,
    },
    /// A value of a decisive key that is no value of its type.
    #[error("`{key}` is not {wanted}: {value}")]
    Unreadable {
        /// The key.
        key: String,
        /// What it should be.
        wanted: &'static str,
        /// What it was, shortened.
        value: String,
    },
}

/// The first characters of an offending value, on one line.
pub(super) fn shorten(text: &str) -> String {
    let line: String = text
        .chars()
        .take(80)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    line
}
