//! Provider-shaped events of a session, kept beside it until they are delivered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use x8_core::{Result, id::CompanyId};

use super::session::Session;
use crate::amount;

/// An event as it must be posted to the webhook route, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedEvent {
    /// The event's id; acknowledge with it.
    pub id: String,
    /// The value of the `Stripe-Signature` header, fresh at every attempt.
    pub header: String,
    /// The raw body, the same at every attempt.
    pub body: String,
}

/// An event in a session's outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Outgoing {
    pub(super) id: String,
    pub(super) body: String,
    pub(super) delivered: bool,
}

/// The account that a company has in the sandbox.
pub(super) fn account_of(company: CompanyId) -> String {
    format!("acct_sandbox_{company}")
}

pub(super) fn completed(session: &Session, at: Timestamp) -> Result<Outgoing> {
    let object = checkout(session, "complete", "paid", Some(&session.reference()))?;
    Ok(outgoing(session, "checkout.session.completed", &object, at))
}

pub(super) fn expired(session: &Session, at: Timestamp) -> Result<Outgoing> {
    let object = checkout(session, "expired", "unpaid", None)?;
    Ok(outgoing(session, "checkout.session.expired", &object, at))
}

pub(super) fn refunded(session: &Session, at: Timestamp) -> Result<Outgoing> {
    let total = amount::to_provider(session.amount())?;
    let object = json!({
        "id": session.id.replacen("cs_", "ch_", 1),
        "object": "charge",
        "amount": total,
        "amount_refunded": total,
        "currency": currency(session),
        "livemode": false,
        "metadata": metadata(session),
        "payment_intent": session.reference(),
        "refunded": true,
    });
    Ok(outgoing(session, "charge.refunded", &object, at))
}

fn checkout(
    session: &Session,
    status: &str,
    payment_status: &str,
    payment: Option<&str>,
) -> Result<Value> {
    Ok(json!({
        "id": session.id,
        "object": "checkout.session",
        "amount_subtotal": amount::to_provider(session.totals.products)?,
        "amount_total": amount::to_provider(session.amount())?,
        "client_reference_id": session.order,
        "currency": currency(session),
        "expires_at": session.expires_at.as_second(),
        "livemode": false,
        "locale": session.locale,
        "metadata": metadata(session),
        "mode": "payment",
        "payment_intent": payment,
        "payment_status": payment_status,
        "status": status,
        "url": null,
    }))
}

fn metadata(session: &Session) -> Value {
    json!({ "company": session.company.to_string(), "order": session.order })
}

fn currency(session: &Session) -> String {
    session.amount().currency().code().to_ascii_lowercase()
}

/// Deterministic: a session can complete, expire and be refunded at most once each.
fn outgoing(session: &Session, kind: &str, object: &Value, at: Timestamp) -> Outgoing {
    let word = kind.rsplit('.').next().unwrap_or(kind);
    let id = format!("{}_{word}", session.id.replacen("cs_", "evt_", 1));
    let body = json!({
        "id": id,
        "object": "event",
        "account": account_of(session.company),
        "created": at.as_second(),
        "data": { "object": object },
        "livemode": false,
        "pending_webhooks": 1,
        "type": kind,
    });
    Outgoing {
        id,
        body: body.to_string(),
        delivered: false,
    }
}
