//! How the API's own description shows what the guard reads and gives. Values themselves are of `x8_assistant`; tests hold
//! these shapes to them.

use serde::Serialize;
use utoipa::ToSchema;

/// A model's output: text as it came, or the reply object.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ModelOutput {
    /// As it came.
    Text(String),
    /// Any object; what is not of the reply contract is passed over, and told.
    Object(serde_json::Map<String, serde_json::Value>),
}

/// What the guard must know about the turn. Every key is optional, unknown ones are ignored.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"channel": "whatsapp", "sender": "+34600111222", "language": "en",
    "customer_text": "two bouquets of 10 to Madrid", "cart": [{"sku": 201, "quantity": 2}], "known": {"name": "Ann Lee"}}))]
pub struct GuardContext {
    /// `whatsapp`, `telegram`, `instagram`, `facebook`, `gmail` or `email`; anything else has 1,950 characters (G2).
    #[schema(required = false)]
    pub channel: String,
    /// How the customer is named at the platform; on WhatsApp the number, or a chat id that begins with it (G9, G16).
    #[schema(required = false)]
    pub sender: String,
    /// The reply address (G16).
    #[schema(required = false)]
    pub token: String,
    /// The provider's name for the channel (G16).
    #[schema(required = false)]
    pub instance_id: String,
    /// The language to answer in: code or English name (A5).
    pub language: Option<String>,
    /// What the customer wrote in this burst.
    #[schema(required = false)]
    pub customer_text: String,
    /// How the newest order stands (O8): `no_payment_link`, `payment_link_sent` or `paid`.
    #[schema(required = false)]
    pub payment_status: String,
    /// The cart as the customer stated it so far.
    #[schema(required = false)]
    pub cart: Vec<CartLine>,
    /// Details the customer gave in earlier messages (O4).
    #[schema(required = false)]
    pub known: KnownDetails,
    /// A place that the customer asked for and the rows do not serve: no words may say yes to it (G8).
    pub refused_place: Option<String>,
    /// Whether the privacy policy goes out with this turn (G13).
    #[schema(required = false)]
    pub privacy_policy_sent: bool,
    /// SKUs whose image this conversation has seen (G13).
    #[schema(required = false)]
    pub shown_images: Vec<Sku>,
    /// Whether a payment link was sent in this conversation (G12).
    #[schema(required = false)]
    pub link_sent: bool,
    /// Whether this is the first reply of the conversation: false removes a repeated greeting, an absent key changes nothing
    /// (A7).
    pub conversation_first: Option<bool>,
    /// Whether the customer's newest order waits for payment.
    #[schema(required = false)]
    pub open_order: bool,
    /// What was said before this burst, and the times of orders: numbers and times of day in it may be told again (G4, G9).
    /// Without it they are not looked at.
    pub told: Option<String>,
}

/// A row's key, as text or as a whole number.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Sku {
    /// As a whole number, where it is one.
    Number(i64),
    /// As text.
    Text(String),
}

/// Some units of one row.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartLine {
    /// The row's key.
    pub sku: Sku,
    /// SKU units.
    pub quantity: u32,
}

/// Details that count although they were given earlier (O4).
#[derive(Debug, Serialize, ToSchema)]
pub struct KnownDetails {
    /// The customer's name.
    pub name: Option<String>,
    /// The recipient's phone.
    pub phone: Option<String>,
    /// City or area.
    pub city: Option<String>,
}

/// What the guard says.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verdict {
    /// What may be sent; null when refused.
    pub reply: Option<ReplyContract>,
    /// Whether nothing may be sent.
    pub refused: bool,
    /// What was wrong and what was done, in the order of the checks.
    pub findings: Vec<Finding>,
}

/// One thing that was wrong with a model's output.
#[derive(Debug, Serialize, ToSchema)]
pub struct Finding {
    /// Which rule: `G1` to `G16`, or `A7` for a repeated greeting.
    pub rule: String,
    /// What was done: `kept`, `replaced`, `removed` or `refused`.
    pub action: String,
    /// What was wrong, with the offending value, for operators.
    pub evidence: String,
}

/// The reply contract: exactly these keys, in this order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyContract {
    /// The words for the customer (G2).
    pub response: String,
    /// From the turn (G16).
    pub sender: String,
    /// From the turn (G16).
    pub token: String,
    /// From the turn (G16).
    pub instance_id: String,
    /// An image of a row, or empty (G13).
    pub imageurl: String,
    /// Whether a payment link follows this message (G10).
    pub send_payment_link: bool,
    /// Canonical spelling, `online`, or empty (G8).
    pub city: String,
    /// Sum of the quantities, in SKU units.
    pub units_to_buy: u64,
    /// What is charged: EUR, at most two decimals.
    #[schema(value_type = f64)]
    pub total_sum: serde_json::Number,
    /// Price by quantity, summed up.
    #[schema(value_type = f64)]
    pub products_sum: serde_json::Number,
    /// Delivery or travel, once per order.
    #[schema(value_type = f64)]
    pub delivery_sum: serde_json::Number,
    /// Whether a fee was waived by the threshold; null without an order.
    #[schema(required = true)]
    pub free_delivery: Option<bool>,
    /// What is ordered; null without an order.
    #[schema(required = true)]
    pub items: Option<Vec<Basket>>,
    /// `+` and digits, or empty (G9).
    pub recipient_phone_number: String,
    /// The customer's name, or empty.
    pub client_name: String,
    /// One line for people.
    pub order_description: String,
    /// Hours after the link until an unpaid order is reminded of; 0: never.
    pub payment_reminder_hours: u32,
    /// Name of the conversation's language in English.
    pub language: String,
    /// Whether reminders may go out (G12).
    pub remind: bool,
    /// The language of the payment page; null without an order.
    #[schema(required = true)]
    pub stripe_lang: Option<String>,
    /// A video of a row, or empty (G13).
    pub videourl: String,
    /// Whether a new order replaces one whose link is open (G11).
    pub change_payment_status: bool,
}

/// The lines of one order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Basket {
    /// One entry per catalogue row.
    #[serde(rename = "lineItems")]
    pub line_items: Vec<LineItem>,
}

/// One line as the payment workflow wants it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineItem {
    /// A whole number when the key is one.
    #[serde(rename = "SKU")]
    pub sku: Sku,
    /// The provider's price id, or empty.
    pub price: String,
    /// The provider's shipping rate id, or empty.
    #[serde(rename = "shippingRate")]
    pub shipping_rate: String,
    /// SKU units.
    pub quantity: u32,
}
