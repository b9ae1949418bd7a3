//! The short way through a model's output that is already what the contract asks for: one strict JSON object with the
//! contract's own keys (G1). Anything else takes the long way, which reads it the same or mends it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use x8_core::Sku;

use super::{ClaimedItem, Claims, read::clean};
use crate::bytes;

/// A longer number is no number of a reply.
const LONGEST_NUMBER: usize = 64;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    #[serde(borrow)]
    response: Cow<'a, str>,
    #[serde(borrow, default)]
    sender: Option<&'a RawValue>,
    #[serde(borrow, default)]
    token: Option<&'a RawValue>,
    #[serde(borrow, default)]
    instance_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    imageurl: Option<&'a RawValue>,
    #[serde(default)]
    send_payment_link: Option<bool>,
    #[serde(borrow, default)]
    city: Option<&'a RawValue>,
    #[serde(borrow, default)]
    units_to_buy: Option<&'a RawValue>,
    #[serde(borrow, default)]
    total_sum: Option<&'a RawValue>,
    #[serde(borrow, default)]
    products_sum: Option<&'a RawValue>,
    #[serde(borrow, default)]
    delivery_sum: Option<&'a RawValue>,
    #[serde(default)]
    free_delivery: Option<bool>,
    #[serde(borrow, default)]
    items: Option<Vec<Basket<'a>>>,
    #[serde(borrow, default)]
    recipient_phone_number: Option<&'a RawValue>,
    #[serde(borrow, default)]
    client_name: Option<&'a RawValue>,
    #[serde(borrow, default)]
    order_description: Option<&'a RawValue>,
    #[serde(borrow, default)]
    payment_reminder_hours: Option<&'a RawValue>,
    #[serde(borrow, default)]
    language: Option<&'a RawValue>,
    #[serde(default)]
    remind: Option<bool>,
    #[serde(borrow, default)]
    stripe_lang: Option<&'a RawValue>,
    #[serde(borrow, default)]
    videourl: Option<&'a RawValue>,
    #[serde(default)]
    change_payment_status: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Basket<'a> {
    #[serde(borrow, rename = "lineItems")]
    line_items: Vec<Line<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    #[serde(borrow, rename = "SKU")]
    sku: &'a RawValue,
    #[serde(borrow, default)]
    price: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "shippingRate")]
    shipping_rate: Option<&'a RawValue>,
    quantity: u32,
}

/// The claims of an output that needs no mending; `None` sends it the long way.
pub(super) fn claims(raw: &str) -> Option<Claims> {
    if !objects_only(raw) {
        return None;
    }
    let wire: Wire<'_> = serde_json::from_str(raw).ok()?;
    Some(Claims {
        response: response(&wire.response)?,
        sender: text(wire.sender)?,
        token: text(wire.token)?,
        instance_id: text(wire.instance_id)?,
        imageurl: text(wire.imageurl)?,
        send_payment_link: wire.send_payment_link,
        city: text(wire.city)?,
        units_to_buy: text(wire.units_to_buy)?,
        total_sum: text(wire.total_sum)?,
        products_sum: text(wire.products_sum)?,
        delivery_sum: text(wire.delivery_sum)?,
        free_delivery: wire.free_delivery,
        items: items(wire.items.as_deref())?,
        recipient_phone_number: text(wire.recipient_phone_number)?,
        client_name: text(wire.client_name)?,
        order_description: text(wire.order_description)?,
        payment_reminder_hours: text(wire.payment_reminder_hours)?,
        language: text(wire.language)?,
        remind: wire.remind,
        stripe_lang: text(wire.stripe_lang)?,
        videourl: text(wire.videourl)?,
        change_payment_status: wire.change_payment_status,
    })
}

/// Whether a text is an object whose lists hold no lists. `serde` would take a list of values for an object.
pub(crate) fn objects_only(raw: &str) -> bool {
    let named = |(at, _): (usize, &str)| {
        raw.get(..at)
            .is_some_and(|head| head.trim_end().ends_with(':'))
    };
    raw.trim_start().starts_with('{') && raw.match_indices('[').all(named)
}

/// Words that the long way would take as they are.
fn response(text: &str) -> Option<String> {
    let wrapped = text.trim_start().starts_with('{');
    let encoded_twice = !text.contains('\n') && text.contains("\\n");
    if wrapped || encoded_twice || rereads(text) {
        return None;
    }
    let clean = clean(text);
    (!clean.is_empty()).then_some(clean)
}

/// Characters that the long way reads as a blank where they are escaped.
fn rereads(text: &str) -> bool {
    let reread = |byte: u8| (byte == b'\r') | (byte == 0x8) | (byte == 0xc);
    bytes::find(text.as_bytes(), reread).is_some()
}

/// The outer option: whether it can be read here; the inner one: whether there is a value.
#[expect(
    clippy::option_option,
    reason = "absent and unreadable are two things here"
)]
fn text(raw: Option<&RawValue>) -> Option<Option<String>> {
    let Some(raw) = raw else { return Some(None) };
    let raw = raw.get();
    let value = match raw.as_bytes().first()? {
        b'"' => {
            let text: Cow<'_, str> = match raw.get(1..raw.len() - 1) {
                Some("") => return Some(None),
                Some(plain) if !plain.contains('\\') => plain.into(),
                Some(_) | None => serde_json::from_str::<String>(raw).ok()?.into(),
            };
            if rereads(&text) {
                return None;
            }
            clean(&text)
        }
        b'-' | b'0'..=b'9' if raw.len() <= LONGEST_NUMBER => raw.to_owned(),
        _flag_list_or_object => return None,
    };
    let none = value.is_empty() || matches!(value.as_str(), "null" | "None" | "N/A" | "n/a");
    Some((!none).then_some(value))
}

#[expect(
    clippy::option_option,
    reason = "absent and unreadable are two things here"
)]
fn items(baskets: Option<&[Basket<'_>]>) -> Option<Option<Vec<ClaimedItem>>> {
    let mut lines = Vec::new();
    for line in baskets
        .into_iter()
        .flatten()
        .flat_map(|basket| &basket.line_items)
    {
        lines.push(ClaimedItem {
            sku: key(line.sku.get())?,
            quantity: line.quantity,
            price: id(line.price)?,
            shipping_rate: id(line.shipping_rate)?,
        });
    }
    Some((!lines.is_empty()).then_some(lines))
}

/// A key of letters and digits; every other spelling takes the long way.
fn key(raw: &str) -> Option<Sku> {
    let bare = raw
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let bare = bare.unwrap_or(raw);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let sound = !bare.is_empty() && bare.len() <= LONGEST_NUMBER && bare.bytes().all(plain);
    let null = bare.len() == raw.len() && !bare.bytes().all(|byte| byte.is_ascii_digit());
    (sound && !null).then(|| Sku::from(bare))
}

/// An id as it is written, empty or not.
#[expect(
    clippy::option_option,
    reason = "absent and unreadable are two things here"
)]
fn id(raw: Option<&RawValue>) -> Option<Option<String>> {
    let Some(raw) = raw else { return Some(None) };
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    let plain = !inner.contains('\\');
    plain.then(|| Some(inner.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{super::parse::read_any, claims};

    fn value() -> impl Strategy<Value = Value> {
        let text = prop_oneof!["\\PC{0,12}", "[a-z{}\\[\\]\"\\\\:,.\n\t\r\u{8} 0-9]{0,16}"]
            .prop_map(Value::from);
        prop_oneof![
            4 => text,
            1 => any::<bool>().prop_map(Value::from),
            1 => any::<u32>().prop_map(Value::from),
            1 => prop_oneof![Just(json!(54.5)), Just(json!(null)), Just(json!("N/A")), Just(json!(-3))],
        ]
    }

    fn items() -> impl Strategy<Value = Value> {
        let sku = prop_oneof![
            Just(json!(201)),
            Just(json!("A-1")),
            Just(json!("7.0")),
            Just(json!(null)),
            value()
        ];
        let line =
            (sku, 0..9_u32, value(), any::<bool>()).prop_map(|(sku, quantity, price, priced)| {
                if priced {
                    json!({"SKU": sku, "quantity": quantity, "price": price, "shippingRate": ""})
                } else {
                    json!({"SKU": sku, "quantity": quantity})
                }
            });
        let baskets =
            proptest::collection::vec(line, 0..3).prop_map(|lines| json!([{"lineItems": lines}]));
        prop_oneof![2 => Just(json!(null)), 3 => baskets, 1 => Just(json!([])), 1 => value()]
    }

    proptest! {
        #[test]
        fn g1_what_the_short_way_reads_the_long_way_reads_alike(
            response in value(), city in value(), sum in value(), flag in value(), items in items(), pretty in any::<bool>()
        ) {
            let object = json!({"response": response, "city": city, "total_sum": sum, "remind": flag, "items": items});
            let raw = if pretty { serde_json::to_string_pretty(&object).unwrap() } else { object.to_string() };
            if let Some(read) = claims(&raw) {
                prop_assert_eq!(read_any(&raw), Ok((read, Vec::new())), "{}", raw);
            }
        }
    }

    #[test]
    fn g1_a_list_is_no_object() {
        for raw in [
            r#"["We are open."]"#,
            r#"{"response": "Hello!", "items": [[[{"SKU": 1, "quantity": 1}]]]}"#,
            r#"{"response": "Hello!", "items": [{"lineItems": [[1, "", "", 2]]}]}"#,
        ] {
            assert_eq!(claims(raw), None, "{raw}");
        }
    }

    #[test]
    fn g1_a_reply_as_the_contract_has_it_takes_the_short_way() {
        let raw = r#"{"response": "Hello!", "remind": true, "total_sum": 59.8, "items": [{"lineItems":
            [{"SKU": 201, "price": "price_1", "shippingRate": "", "quantity": 2}]}], "free_delivery": null}"#;
        let read = claims(raw).unwrap();
        assert_eq!(read.total_sum.as_deref(), Some("59.8"));
        assert_eq!(read_any(raw), Ok((read, Vec::new())));
    }
}
