//! The contract's keys, their order, and the exported schema.

use serde_json::Value;
use x8_assistant::contract::{Addressee, Basket, LineItem, Reply, STRIPE_LANGS};
use x8_core::Money;

use super::fixture::sku;

const KEYS: [&str; 22] = [
    "response",
    "sender",
    "token",
    "instance_id",
    "imageurl",
    "send_payment_link",
    "city",
    "units_to_buy",
    "total_sum",
    "products_sum",
    "delivery_sum",
    "free_delivery",
    "items",
    "recipient_phone_number",
    "client_name",
    "order_description",
    "payment_reminder_hours",
    "language",
    "remind",
    "stripe_lang",
    "videourl",
    "change_payment_status",
];

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys().map(String::as_str))
        .collect()
}

#[test]
fn g1_a_reply_has_exactly_the_contracts_keys_in_order() {
    let reply = Reply::informational("Hello.", Addressee::default(), "ru");
    let wire = serde_json::to_value(&reply).unwrap();
    assert_eq!(keys(&wire), KEYS);
    assert_eq!(wire["language"], "Russian");
    for (key, value) in [
        ("free_delivery", Value::Null),
        ("items", Value::Null),
        ("stripe_lang", Value::Null),
        ("total_sum", 0.into()),
    ] {
        assert_eq!(wire[key], value, "{key}");
    }
    let text = serde_json::to_string(&reply).unwrap();
    assert!(
        text.starts_with(r#"{"response":"Hello.","sender":"""#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Reply>(&text).unwrap(), reply);
}

#[test]
fn g3_sums_and_keys_have_their_wire_form() {
    let mut reply = Reply::informational("Hello.", Addressee::default(), "en");
    reply.total_sum = Money::eur(54_50);
    let line = |key: &str| LineItem {
        sku: sku(key),
        price: "price_1".into(),
        shipping_rate: String::new(),
        quantity: 2,
    };
    reply.items = Some(vec![Basket {
        line_items: vec![line("201"), line("007")],
    }]);
    let wire = serde_json::to_string(&reply).unwrap();
    assert!(wire.contains(r#""total_sum":54.5,"#), "{wire}");
    assert!(
        wire.contains(r#"{"SKU":201,"price":"price_1","shippingRate":"","quantity":2}"#),
        "{wire}"
    );
    assert!(wire.contains(r#""SKU":"007""#), "{wire}");
    assert_eq!(serde_json::from_str::<Reply>(&wire).unwrap(), reply);
}

#[test]
fn g1_the_schema_is_strict_and_lists_the_same_keys() {
    let schema = Reply::json_schema();
    assert_eq!(keys(&schema["properties"]), KEYS);
    let required: Vec<&str> = schema["required"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(required, KEYS);
    assert_eq!(schema["additionalProperties"], false);
    let line = &schema["properties"]["items"]["items"]["properties"]["lineItems"]["items"];
    assert_eq!(
        keys(&line["properties"]),
        ["SKU", "price", "shippingRate", "quantity"]
    );
    assert_eq!(
        schema["properties"]["stripe_lang"]["enum"]
            .as_array()
            .unwrap()
            .len(),
        STRIPE_LANGS.len() + 1
    );
}

#[test]
fn g1_languages_have_one_name_and_one_code() {
    use x8_assistant::contract::{language_code, language_name, stripe_lang};
    for (text, code, name, stripe) in [
        ("Spanish", Some("es"), "Spanish", "es"),
        ("es-MX", Some("es"), "Spanish", "es"),
        ("русский", Some("ru"), "Russian", "ru"),
        ("Ukrainian", Some("uk"), "Ukrainian", "en"),
        ("Klingon", None, "Klingon", "en"),
        ("", None, "English", "en"),
    ] {
        assert_eq!(language_code(text), code, "{text}");
        assert_eq!(language_name(text), name, "{text}");
        assert_eq!(stripe_lang(text), stripe, "{text}");
    }
}
