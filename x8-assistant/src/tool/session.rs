//! `get_session`: what this customer has told, and where the order stands.

use serde::Deserialize;
use serde_json::{Value, json};
use x8_core::port::TurnInput;

use super::{Tool, lean};

pub(super) const NAME: &str = "get_session";

pub(super) fn tool() -> Tool {
    Tool {
        name: NAME,
        description: "What the customer has told so far: language, cart, city, name, phone, wished time; and the state of the newest order.",
        parameters: json!({
            "type": "object",
            "properties": {},
            "required": [],
            "additionalProperties": false,
        }),
    }
}

/// It needs no arguments; whatever a model adds means nothing.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {}

pub(super) fn told(input: &TurnInput) -> Value {
    let session = &input.session;
    let cart: Vec<Value> = session
        .cart
        .iter()
        .filter_map(|line| {
            let row = input.catalog.get(&line.sku)?;
            Some(json!({ "sku": line.sku, "name": row.name, "quantity": line.quantity }))
        })
        .collect();
    lean(&json!({
        "language": session.language,
        "cart": cart,
        "city": session.city,
        "name": session.name,
        "phone": session.phone,
        "wished_start": session.wished_start,
        "payment_status": input.payment_status.as_str(),
        "order": input.order.as_ref().map(|order| json!({
            "state": order.state,
            "total": order.totals.total.to_string(),
        })),
    }))
}
