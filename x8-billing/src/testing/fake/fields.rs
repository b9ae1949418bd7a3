//! Which fields a new session may have.

use std::collections::BTreeMap;

/// Bracket paths with `0` for any index and `*` for any word of metadata.
const KNOWN: [&str; 21] = [
    "mode",
    "client_reference_id",
    "locale",
    "expires_at",
    "success_url",
    "cancel_url",
    "metadata[*]",
    "payment_intent_data[metadata][*]",
    "payment_intent_data[application_fee_amount]",
    "line_items[0][price]",
    "line_items[0][quantity]",
    "line_items[0][price_data][currency]",
    "line_items[0][price_data][unit_amount]",
    "line_items[0][price_data][product_data][name]",
    "line_items[0][price_data][product_data][metadata][*]",
    "shipping_options[0][shipping_rate_data][type]",
    "shipping_options[0][shipping_rate_data][display_name]",
    "shipping_options[0][shipping_rate_data][fixed_amount][amount]",
    "shipping_options[0][shipping_rate_data][fixed_amount][currency]",
    "customer_email",
    "submit_type",
];

/// The first field that a new session does not have.
pub(super) fn unknown(form: &BTreeMap<String, String>) -> Option<&str> {
    form.keys()
        .map(String::as_str)
        .find(|key| !KNOWN.contains(&shape(key).as_str()))
}

fn shape(key: &str) -> String {
    let mut shape = String::new();
    let mut before = "";
    for part in key.split(['[', ']']).filter(|part| !part.is_empty()) {
        let word = if before == "metadata" {
            "*"
        } else if part.bytes().all(|byte| byte.is_ascii_digit()) {
            "0"
        } else {
            part
        };
        if shape.is_empty() {
            shape.push_str(word);
        } else {
            shape.push('[');
            shape.push_str(word);
            shape.push(']');
        }
        before = part;
    }
    shape
}
