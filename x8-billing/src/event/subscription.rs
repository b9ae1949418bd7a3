//! Reads a provider event body into the subscription it is about (P2). Pure; verify the signature first.
//!
//! | type | names the subscription in |
//! |---|---|
//! | `checkout.session.completed` of mode `subscription` | `subscription` |
//! | `customer.subscription.*` | `id` |
//! | `invoice.*` | `parent.subscription_details.subscription`, in older versions `subscription` |
//! | anything else, sessions of payments (P1), thin v2 events | nothing: stored and ignored |
//!
//! Nothing else is read: an event is a reason to ask for the latest object, whatever it says itself.

use serde_json::Value;
use x8_core::{
    Error, Result,
    port::{AboutSubscription, SubscriptionEvent},
};

use super::field::{Field, shown};

/// Reads an event body.
///
/// ```
/// let body = br#"{"id":"evt_1","object":"event","created":1790000000,"type":"customer.subscription.updated",
///     "data":{"object":{"id":"sub_1","customer":"cus_1"}}}"#;
/// let event = x8_billing::event::subscription::read(body)?;
/// assert_eq!(event.about.map(|about| about.subscription).as_deref(), Some("sub_1"));
/// # Ok::<(), x8_core::Error>(())
/// ```
///
/// # Errors
/// `Invalid`, naming the field, what was found and what was expected. Nothing is lost: the provider sends the event again.
pub fn read(body: &[u8]) -> Result<SubscriptionEvent> {
    let json: Value = serde_json::from_slice(body).map_err(|error| {
        Error::invalid("event.read", format!("the event body is not JSON: {error}"))
    })?;
    let event = Field::root(&json);
    let id = event.get("id").text()?.to_owned();
    let kind = event.get("type").text()?.to_owned();
    let thin = match event.get("object").text()? {
        "event" => false,
        "v2.core.event" => true,
        other => {
            return Err(event
                .get("object")
                .unexpected(shown(other), "`event` or `v2.core.event`"));
        }
    };
    let (created_at, about) = if thin {
        let created = event.get("created");
        let text = created.text()?;
        let at = text
            .parse()
            .map_err(|_| created.unexpected(shown(text), "a time"))?;
        (at, None)
    } else {
        let object = event.get("data").get("object");
        (event.get("created").seconds()?, about(&kind, &object)?)
    };
    Ok(SubscriptionEvent {
        id,
        kind,
        created_at,
        about,
    })
}

fn about(kind: &str, object: &Field<'_>) -> Result<Option<AboutSubscription>> {
    let subscription = if kind.starts_with("customer.subscription.") {
        object.get("id")
    } else if kind.starts_with("invoice.") {
        let details = object.get("parent").get("subscription_details");
        let named = details.get("subscription");
        if named.is_null() {
            object.get("subscription")
        } else {
            named
        }
    } else if kind == "checkout.session.completed" && object.get("mode").text()? == "subscription" {
        object.get("subscription")
    } else {
        return Ok(None);
    };
    // Invoices may be about something else than a subscription.
    if subscription.is_null() && !kind.starts_with("customer.") {
        return Ok(None);
    }
    let customer = object.get("customer");
    Ok(Some(AboutSubscription {
        subscription: subscription.id()?,
        customer: if customer.is_null() {
            None
        } else {
            Some(customer.id()?)
        },
    }))
}
