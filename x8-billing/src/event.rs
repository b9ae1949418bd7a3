//! Reads a provider event body into what it says about an order (P5, P7). Pure; verify the signature first.
//!
//! | type | means |
//! |---|---|
//! | `checkout.session.completed` with `payment_status` other than `unpaid`, `checkout.session.async_payment_succeeded` | [`Paid`](PaymentFact::Paid) |
//! | `checkout.session.expired` | [`Expired`](PaymentFact::Expired) |
//! | `charge.refunded` with `refunded: true` | [`Refunded`](PaymentFact::Refunded) |
//! | `refund.updated` of a refund that x8 made (see [`WHOLE_REFUND`]), `succeeded` | [`Refunded`](PaymentFact::Refunded) |
//! | anything else, partial refunds, sessions of subscriptions (P1), thin v2 events | nothing: stored and ignored |
//!
//! Types that are not understood may hold anything; types that are must hold what they promise, or the error names the field.

use jiff::Timestamp;
use serde_json::Value;
use x8_core::{
    Currency, Error, Money, Result,
    port::{PaymentFact, ProviderEvent},
};

use crate::amount;

mod field;
pub mod subscription;

use field::{Field, shown};

/// The metadata pair of a refund that x8 made, which always sends the whole amount back.
///
/// A refund object does not say whether it is partial. One made by hand is therefore judged by its `charge.refunded`.
pub const WHOLE_REFUND: (&str, &str) = ("x8_refund", "whole");

/// Reads an event body.
///
/// ```
/// let body = br#"{"id":"evt_1","object":"event","created":1790000000,"type":"customer.created","data":{"object":{}}}"#;
/// let event = x8_billing::event::read(body)?;
/// assert_eq!((event.id.as_str(), event.fact), ("evt_1", None));
/// # Ok::<(), x8_core::Error>(())
/// ```
///
/// # Errors
/// `Invalid`, naming the field, what was found and what was expected. Nothing is lost: the caller keeps the raw body.
pub fn read(body: &[u8]) -> Result<ProviderEvent> {
    let json: Value = serde_json::from_slice(body).map_err(|error| {
        Error::invalid("event.read", format!("the event body is not JSON: {error}"))
    })?;
    let event = Field::root(&json);
    let id = event.get("id").text()?.to_owned();
    let kind = event.get("type").text()?.to_owned();
    match event.get("object").text()? {
        "event" => {}
        "v2.core.event" => return thin(&event, id, kind),
        other => {
            return Err(event
                .get("object")
                .unexpected(shown(other), "`event` or `v2.core.event`"));
        }
    }
    let object = event.get("data").get("object");
    Ok(ProviderEvent {
        fact: fact(&kind, &object)?,
        account: event.get("account").optional_text()?.unwrap_or_default(),
        created_at: event.get("created").seconds()?,
        id,
        kind,
    })
}

/// A thin event names an object and says nothing about it.
fn thin(event: &Field<'_>, id: String, kind: String) -> Result<ProviderEvent> {
    let created = event.get("created");
    let created_at: Timestamp = created
        .text()?
        .parse()
        .map_err(|_| created.unexpected(shown(created.text().unwrap_or_default()), "a time"))?;
    Ok(ProviderEvent {
        id,
        account: event.get("context").optional_text()?.unwrap_or_default(),
        kind,
        created_at,
        fact: None,
    })
}

fn fact(kind: &str, object: &Field<'_>) -> Result<Option<PaymentFact>> {
    match kind {
        "checkout.session.completed" | "checkout.session.async_payment_succeeded" => paid(object),
        "checkout.session.expired" => expired(object),
        "charge.refunded" => charge_refunded(object),
        "refund.updated" | "charge.refund.updated" => refund_updated(object),
        _other => Ok(None),
    }
}

/// P1: sessions of subscriptions are another world.
fn is_order_session(object: &Field<'_>) -> Result<bool> {
    Ok(object.get("mode").text()? == "payment")
}

fn paid(object: &Field<'_>) -> Result<Option<PaymentFact>> {
    if !is_order_session(object)? {
        return Ok(None);
    }
    let session = object.get("id").text()?.to_owned();
    let reference = match object.get("payment_status").text()? {
        "unpaid" => return Ok(None),
        "paid" => object.get("payment_intent").id()?,
        // Nothing was charged, so there is no payment to name; the session stands for it.
        "no_payment_required" => session.clone(),
        other => {
            return Err(object
                .get("payment_status")
                .unexpected(shown(other), "`paid`, `unpaid` or `no_payment_required`"));
        }
    };
    let amount = money(&object.get("amount_total"), &object.get("currency"))?;
    Ok(Some(PaymentFact::Paid {
        session,
        reference,
        amount,
    }))
}

fn expired(object: &Field<'_>) -> Result<Option<PaymentFact>> {
    if !is_order_session(object)? {
        return Ok(None);
    }
    let session = object.get("id").text()?.to_owned();
    Ok(Some(PaymentFact::Expired { session }))
}

/// `charge.refunded` also tells of partial refunds, which leave the order as it is.
fn charge_refunded(object: &Field<'_>) -> Result<Option<PaymentFact>> {
    let charged = money(&object.get("amount"), &object.get("currency"))?;
    let returned = money(&object.get("amount_refunded"), &object.get("currency"))?;
    if !object.get("refunded").flag()? || !returned.at_least(charged)? {
        return Ok(None);
    }
    let intent = object.get("payment_intent");
    let reference = if intent.is_null() {
        object.get("id").id()?
    } else {
        intent.id()?
    };
    Ok(Some(PaymentFact::Refunded { reference }))
}

fn refund_updated(object: &Field<'_>) -> Result<Option<PaymentFact>> {
    let (key, word) = WHOLE_REFUND;
    let whole = object.get("metadata").get(key).optional_text()?.as_deref() == Some(word);
    if !whole || object.get("status").text()? != "succeeded" {
        return Ok(None);
    }
    money(&object.get("amount"), &object.get("currency"))?;
    let reference = object.get("payment_intent").id()?;
    Ok(Some(PaymentFact::Refunded { reference }))
}

fn money(number: &Field<'_>, code: &Field<'_>) -> Result<Money> {
    let text = code.text()?;
    let currency = Currency::parse(text)
        .ok_or_else(|| code.unexpected(shown(text), "a three-letter currency code"))?;
    let wire = number.integer()?;
    amount::from_provider(wire, currency)
        .map_err(|error| number.unexpected(wire.to_string(), error.public()))
}
