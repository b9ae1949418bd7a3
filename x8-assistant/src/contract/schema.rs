//! The contract as a JSON Schema for structured output.

use serde_json::{Value, json};

use super::STRIPE_LANGS;

pub(super) fn json_schema() -> Value {
    let text = json!({"type": "string"});
    let flag = json!({"type": "boolean"});
    let sum = json!({"type": "number", "description": "EUR, at most two decimals"});
    let count = json!({"type": "integer"});
    let mut languages: Vec<Value> = STRIPE_LANGS.into_iter().map(Value::from).collect();
    languages.push(Value::Null);
    let line = object(&json!({
        "SKU": {"type": ["integer", "string"]},
        "price": text,
        "shippingRate": text,
        "quantity": count,
    }));
    let basket = object(&json!({"lineItems": {"type": "array", "items": line}}));
    object(&json!({
        "response": text,
        "sender": text,
        "token": text,
        "instance_id": text,
        "imageurl": text,
        "send_payment_link": flag,
        "city": text,
        "units_to_buy": count,
        "total_sum": sum,
        "products_sum": sum,
        "delivery_sum": sum,
        "free_delivery": {"type": ["boolean", "null"]},
        "items": {"type": ["array", "null"], "items": basket},
        "recipient_phone_number": text,
        "client_name": text,
        "order_description": text,
        "payment_reminder_hours": count,
        "language": text,
        "remind": flag,
        "stripe_lang": {"type": ["string", "null"], "enum": languages},
        "videourl": text,
        "change_payment_status": flag,
    }))
}

/// A strict object: every property required, no other allowed.
fn object(properties: &Value) -> Value {
    let required: Vec<Value> = properties
        .as_object()
        .into_iter()
        .flat_map(|keys| keys.keys().cloned().map(Value::from))
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}
