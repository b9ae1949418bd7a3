//! From the house's request to Stripe's fields, and from Stripe's session to the house's link; pure.

mod account;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use x8_core::{
    Currency, Error, ErrorKind, Money, Result,
    catalog::Kind,
    order::OrderLine,
    port::{CheckoutRequest, CheckoutState, ProviderCheckout},
    tenant::Tenant,
};

use super::{
    account::StripeAccount,
    client::Form,
    config::{DeliveryAs, StripeConfig},
    locale::{fee_name, page_locale},
    wire::{Expandable, Session},
};
use crate::{amount, checkout};

/// Stripe's limit on the life of a link.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Stripe's limit on lines in payment mode.
const MOST_LINES: usize = 100;

/// The metadata key that names the company.
const COMPANY: &str = "company";

/// Refuses what Stripe would refuse, or what would charge something else than was agreed.
///
/// A life that is too short is left to Stripe: a link that was opened in time is found again by its key until the end.
pub(super) fn check(request: &CheckoutRequest, now: Timestamp) -> Result<()> {
    const OPERATION: &str = "stripe.open";
    checkout::adds_up(OPERATION, request)?;
    if request.expires_at > now + LONGEST_LIFE {
        return Err(Error::invalid(
            OPERATION,
            format!(
                "a link cannot expire at {}; Stripe keeps it for 30 minutes to 24 hours from now, {now}",
                request.expires_at
            ),
        ));
    }
    let lines = request.lines.len() + usize::from(!request.totals.delivery.is_zero());
    if request.lines.is_empty() || lines > MOST_LINES {
        return Err(Error::invalid(
            OPERATION,
            format!("a payment link has 1 to {MOST_LINES} lines, its delivery included"),
        )
        .with("lines", lines));
    }
    for line in &request.lines {
        if line.quantity == 0 || line.name.trim().is_empty() {
            return Err(Error::invalid(
                OPERATION,
                "a line of a payment link has a name and a quantity of at least 1",
            )
            .with("sku", &line.sku));
        }
    }
    Ok(())
}

/// The fields of a new session. The same request always makes the same fields, in the same order.
pub(super) fn opening(
    config: &StripeConfig,
    tenant: Tenant,
    account: &StripeAccount,
    request: &CheckoutRequest,
    prices: &BTreeSet<&str>,
) -> Result<Form> {
    let mut form = Form::default();
    form.set("mode", "payment");
    form.set("client_reference_id", &request.order);
    form.set("locale", page_locale(&request.locale));
    form.set("expires_at", &request.expires_at.as_second());
    for (field, url) in [
        ("success_url", &config.success_url),
        ("cancel_url", &config.cancel_url),
    ] {
        let url = url
            .replace("{ORDER}", &request.order.to_string())
            .replace("{COMPANY}", &tenant.company().to_string());
        form.set(field, &url);
    }
    for (index, line) in request.lines.iter().enumerate() {
        item(&mut form, index, line, prices)?;
    }
    delivery(&mut form, config.delivery, request)?;
    // Stripe does not copy a session's metadata to the payment, and events of payments must be routed too.
    for place in ["", "payment_intent_data"] {
        for (key, value) in [
            ("order", request.order.to_string()),
            (COMPANY, tenant.company().to_string()),
        ] {
            let field = if place.is_empty() {
                format!("metadata[{key}]")
            } else {
                format!("{place}[metadata][{key}]")
            };
            form.set(field, &value);
        }
    }
    if let Some(fee) = account.fee(request.totals.total)? {
        form.set("payment_intent_data[application_fee_amount]", &fee);
    }
    Ok(form)
}

fn item(form: &mut Form, index: usize, line: &OrderLine, prices: &BTreeSet<&str>) -> Result<()> {
    let own = line.price_id.as_deref().filter(|id| prices.contains(id));
    if let Some(id) = own {
        form.set(format!("line_items[{index}][price]"), id);
    } else {
        let data = format!("line_items[{index}][price_data]");
        form.set(
            format!("{data}[currency]"),
            &currency(line.price.currency()),
        );
        form.set(
            format!("{data}[unit_amount]"),
            &amount::to_provider(line.price)?,
        );
        form.set(format!("{data}[product_data][name]"), line.name.trim());
        form.set(format!("{data}[product_data][metadata][sku]"), &line.sku);
    }
    form.set(format!("line_items[{index}][quantity]"), &line.quantity);
    Ok(())
}

/// The fee, once per order (O5).
fn delivery(form: &mut Form, shown: DeliveryAs, request: &CheckoutRequest) -> Result<()> {
    let fee = request.totals.delivery;
    if fee.is_zero() {
        return Ok(());
    }
    let travel = request.lines.iter().all(|line| line.kind == Kind::Service);
    let name = fee_name(&request.locale, travel);
    let (wire, currency) = (amount::to_provider(fee)?, currency(fee.currency()));
    match shown {
        DeliveryAs::ShippingOption if !travel => {
            let rate = "shipping_options[0][shipping_rate_data]";
            form.set(format!("{rate}[type]"), "fixed_amount");
            form.set(format!("{rate}[display_name]"), name);
            form.set(format!("{rate}[fixed_amount][amount]"), &wire);
            form.set(format!("{rate}[fixed_amount][currency]"), &currency);
        }
        DeliveryAs::ShippingOption | DeliveryAs::LineItem => {
            let item = format!("line_items[{}]", request.lines.len());
            form.set(format!("{item}[price_data][currency]"), &currency);
            form.set(format!("{item}[price_data][unit_amount]"), &wire);
            form.set(format!("{item}[price_data][product_data][name]"), name);
            form.set(format!("{item}[quantity]"), &1);
        }
    }
    Ok(())
}

fn currency(currency: Currency) -> String {
    currency.code().to_ascii_lowercase()
}

/// T3: two companies may share an account, not their links. Sessions that were not made here carry no company.
pub(super) fn belongs(session: &Session, tenant: Tenant) -> bool {
    let company = session.metadata.get(COMPANY);
    company.is_none_or(|company| *company == tenant.company().to_string())
}

/// What a session costs, when it says so.
pub(super) fn total(session: &Session) -> Result<Option<Money>> {
    let (Some(wire), Some(code)) = (session.amount_total, session.currency.as_deref()) else {
        return Ok(None);
    };
    let currency = Currency::parse(code).ok_or_else(|| odd(session, "currency", code))?;
    amount::from_provider(wire, currency).map(Some)
}

/// A session in the house's words.
pub(super) fn link(session: Session) -> Result<ProviderCheckout> {
    let (url, state) = match (session.status.as_str(), session.payment_status.as_str()) {
        ("open", _) => {
            if session.url.is_none() {
                return Err(odd(&session, "url", "nothing"));
            }
            (session.url.clone(), CheckoutState::Open)
        }
        ("expired", _) => (None, CheckoutState::Expired),
        // The customer is done, the money is on its way (bank debits); an event will tell how it ends.
        ("complete", "unpaid") if has_failed(&session) => (None, CheckoutState::Expired),
        ("complete", "unpaid") => (None, CheckoutState::Processing),
        ("complete", "paid" | "no_payment_required") => {
            let amount =
                total(&session)?.ok_or_else(|| odd(&session, "amount_total", "nothing"))?;
            let reference = reference(&session)?;
            (None, CheckoutState::Paid { reference, amount })
        }
        ("complete", other) => return Err(odd(&session, "payment_status", other)),
        (other, _) => return Err(odd(&session, "status", other)),
    };
    Ok(ProviderCheckout {
        session: session.id,
        url,
        state,
    })
}

/// The session does not say that its money did not come; its payment waits for another way to pay then.
fn has_failed(session: &Session) -> bool {
    let Some(Expandable::Object { status, .. }) = &session.payment_intent else {
        return false;
    };
    matches!(
        status.as_deref(),
        Some("requires_payment_method" | "canceled")
    )
}

/// The payment's id. Nothing was charged without one, so the session stands for it, as in its event.
fn reference(session: &Session) -> Result<String> {
    match (&session.payment_intent, session.payment_status.as_str()) {
        (Some(Expandable::Id(id) | Expandable::Object { id, .. }), _) => Ok(id.clone()),
        (None, "no_payment_required") => Ok(session.id.clone()),
        (None, _) => Err(odd(session, "payment_intent", "nothing")),
    }
}

fn odd(session: &Session, field: &'static str, found: &str) -> Error {
    let found: String = found.chars().take(60).collect();
    Error::new(
        ErrorKind::Internal,
        "stripe.read",
        "Stripe's answer could not be understood",
    )
    .with("session", &session.id)
    .with("field", field)
    .with("found", found)
}
