//! What the guard knows about the turn besides the catalogue.

use std::collections::BTreeSet;

use serde::Deserialize;
use x8_core::{
    Sku,
    order::{CartLine, PaymentStatus},
};

mod keys;

/// The turn as the guard sees it. Every key is optional in JSON; `source` is called `channel` there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, expecting = "an object of what is known of the turn")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts of a turn, each a JSON key"
)]
pub struct Context {
    /// `instagram`, `facebook`, `whatsapp`, `telegram`, `gmail`, `email`; anything else counts as *other* (G2).
    #[serde(rename = "channel")]
    pub source: String,
    /// How the customer is named at the platform; on WhatsApp a phone number, or a chat id that starts with one (G9, G16).
    pub sender: String,
    /// The reply address (G16).
    pub token: String,
    /// The provider's name for the channel (G16).
    pub instance_id: String,
    /// The language to answer in: code or English name (A5).
    pub language: Option<String>,
    /// What the customer wrote in this burst.
    pub customer_text: String,
    /// O8.
    pub payment_status: PaymentStatus,
    /// The cart as the customer stated it so far. In JSON a `sku` may be a whole number, as replies write it.
    #[serde(deserialize_with = "keys::cart")]
    pub cart: Vec<CartLine>,
    /// Details the customer gave in earlier messages (O4).
    pub known: Known,
    /// A place that the customer asked for and the rows do not serve: no words may say yes to it (G8).
    pub refused_place: Option<String>,
    /// Whether the privacy policy goes out with this turn (G13).
    pub privacy_policy_sent: bool,
    /// Offerings whose image this conversation has seen (G13).
    #[serde(deserialize_with = "keys::set")]
    pub shown_images: BTreeSet<Sku>,
    /// Whether a payment link was sent in this conversation (G12).
    pub link_sent: bool,
    /// Whether this is the first reply of the conversation; absent when nobody knows, which changes nothing (A7).
    pub conversation_first: Option<bool>,
    /// Whether the customer's newest order waits for payment.
    pub open_order: bool,
}

/// Details that count although they were given earlier (O4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, expecting = "an object of name, phone and city")]
pub struct Known {
    /// The customer's name.
    pub name: Option<String>,
    /// The recipient's phone.
    pub phone: Option<String>,
    /// City or area.
    pub city: Option<String>,
}
