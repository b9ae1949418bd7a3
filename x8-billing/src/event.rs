//! Reads a provider event body into what it says about an order (P5, P7). Pure; verify the signature first.
//!
//! | type | means |
//! |---|---|
//! | `checkout.session.completed` with `payment_status` other than `unpaid`, `checkout.session.async_payment_succeeded` | [`Paid`](PaymentFact::Paid) |
//! | `checkout.session.completed` that is `unpaid` | [`Processing`](PaymentFact::Processing) |
//! | `checkout.session.async_payment_failed` | [`Failed`](PaymentFact::Failed) |
//! | `checkout.session.expired` | [`Expired`](PaymentFact::Expired) |
//! | `charge.refunded` with `refunded: true` | [`Refunded`](PaymentFact::Refunded) |
//! | `charge.refunded` of a part | [`PartlyRefunded`](PaymentFact::PartlyRefunded) |
//! | `refund.updated` of a refund that x8 made (see [`WHOLE_REFUND`]), `succeeded` | [`Refunded`](PaymentFact::Refunded) |
//! | `charge.dispute.created`, `.updated`, `.funds_withdrawn` | [`Disputed`](PaymentFact::Disputed); as a question only while its status begins with `warning` |
//! | `charge.dispute.closed` as `won`, `warning_closed` or `lost` | [`DisputeClosed`](PaymentFact::DisputeClosed) |
//! | `account.updated`, `capability.updated`, `account.application.deauthorized` | [`AccountChanged`](PaymentFact::AccountChanged), by the event's `account` |
//! | anything else, sessions of subscriptions (P1), thin v2 events | nothing: stored and ignored |
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
    let account = event.get("account").optional_text()?.unwrap_or_default();
    Ok(ProviderEvent {
        fact: fact(&kind, &object, &account)?,
        account,
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

fn fact(kind: &str, object: &Field<'_>, account: &str) -> Result<Option<PaymentFact>> {
    match kind {
        "checkout.session.completed" | "checkout.session.async_payment_succeeded" => paid(object),
        "checkout.session.async_payment_failed" => {
            let failed = |session| PaymentFact::Failed { session };
            session(object).map(|session| session.map(failed))
        }
        "checkout.session.expired" => {
            let expired = |session| PaymentFact::Expired { session };
            session(object).map(|session| session.map(expired))
        }
        "charge.dispute.created" | "charge.dispute.updated" | "charge.dispute.funds_withdrawn" => {
            disputed(object)
        }
        "charge.dispute.closed" => dispute_closed(object),
        // In the last of these the object is our application, and access is gone already.
        "account.updated" | "capability.updated" | "account.application.deauthorized" => {
            let account = account.to_owned();
            Ok((!account.is_empty()).then_some(PaymentFact::AccountChanged { account }))
        }
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
        "unpaid" => return Ok(Some(PaymentFact::Processing { session })),
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

/// The id of an order's session.
fn session(object: &Field<'_>) -> Result<Option<String>> {
    if !is_order_session(object)? {
        return Ok(None);
    }
    Ok(Some(object.get("id").text()?.to_owned()))
}

/// `charge.refunded` also tells of partial refunds, which are noted and leave the order as it is.
fn charge_refunded(object: &Field<'_>) -> Result<Option<PaymentFact>> {
    let charged = money(&object.get("amount"), &object.get("currency"))?;
    let returned = money(&object.get("amount_refunded"), &object.get("currency"))?;
    let whole = object.get("refunded").flag()? && returned.at_least(charged)?;
    if !whole && returned.is_zero() {
        return Ok(None);
    }
    let reference = payment(object, "id")?;
    Ok(Some(if whole {
        PaymentFact::Refunded { reference }
    } else {
        PaymentFact::PartlyRefunded {
            reference,
            returned,
        }
    }))
}

/// The payment an object is about: the intent, or the charge where there is none.
fn payment(object: &Field<'_>, charge: &str) -> Result<String> {
    let intent = object.get("payment_intent");
    if intent.is_null() {
        object.get(charge).id()
    } else {
        intent.id()
    }
}

fn disputed(object: &Field<'_>) -> Result<Option<PaymentFact>> {
    let status = object.get("status").text()?;
    // Closed ones are told by their own event.
    if matches!(status, "won" | "lost" | "warning_closed" | "prevented") {
        return Ok(None);
    }
    Ok(Some(PaymentFact::Disputed {
        reference: payment(object, "charge")?,
        dispute: object.get("id").text()?.to_owned(),
        inquiry: status.starts_with("warning"),
    }))
}

fn dispute_closed(object: &Field<'_>) -> Result<Option<PaymentFact>> {
    let won = match object.get("status").text()? {
        "won" | "warning_closed" => true,
        "lost" => false,
        _other => return Ok(None),
    };
    Ok(Some(PaymentFact::DisputeClosed {
        reference: payment(object, "charge")?,
        dispute: object.get("id").text()?.to_owned(),
        won,
    }))
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
