//! Plans as data, what a subscription becomes (P2, E3, E4), and signatures of Stripe's webhooks (P5).

use jiff::Timestamp;
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict, PyList},
};
use x8_billing::signature;
use x8_core::{
    Error, Money, Secret,
    plan::{Billed, BilledEffect, Plan, Plans, ProviderSubscription, follow},
};

use crate::{
    convert::{json_text, read, to_python},
    error::{invalid, raise},
    order::snake,
    plan::time,
};

/// A price list: the default one, or one that is changed by a dict as in the file `X8_PLANS_FILE`.
pub(crate) fn price_list(plans: Option<&Bound<'_, PyAny>>) -> PyResult<Plans> {
    let Some(given) = plans else {
        return Ok(Plans::default());
    };
    let text = json_text("plans.read", "plans", given)?;
    Plans::from_json(&text).map_err(|error| raise(&error))
}

/// Every plan: what it costs and gives.
#[pyfunction]
#[pyo3(signature = (changes=None))]
pub(crate) fn plans<'py>(
    py: Python<'py>,
    changes: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyList>> {
    let list = price_list(changes)?;
    let offers = PyList::empty(py);
    for plan in Plan::ALL {
        let terms = list.terms(plan);
        let offer = PyDict::new(py);
        offer.set_item("id", plan.as_str())?;
        offer.set_item("price_minor", terms.price.map(Money::minor))?;
        let currency = terms.price.map_or(x8_core::Currency::USD, Money::currency);
        offer.set_item("currency", currency.code())?;
        offer.set_item("channels", terms.channels.count())?;
        offer.set_item("price_id", terms.price_id.as_deref())?;
        offer.set_item("tier", plan.tier())?;
        offers.append(offer)?;
    }
    Ok(offers)
}

/// What to store once the provider's latest object is known, whatever was stored before. Pure: events may come late, twice
/// and in any order, as long as the latest object is asked for.
///
/// `latest` has `id`, `customer`, `state` (`active`, `past_due`, `cancelled`, …), `plan` and times in ISO-8601; `stored` is
/// what this function gave last. The answer has `subscription` (`None`: nothing was ever paid for) and `effects`.
#[pyfunction]
#[pyo3(signature = (latest, *, now, stored=None, plans=None))]
pub(crate) fn follow_subscription<'py>(
    py: Python<'py>,
    latest: &Bound<'py, PyAny>,
    now: &str,
    stored: Option<&Bound<'py, PyAny>>,
    plans: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    const OPERATION: &str = "subscription.follow";
    let latest: ProviderSubscription = read(OPERATION, "latest", latest)?;
    let stored: Option<Billed> = stored
        .map(|stored| read(OPERATION, "stored", stored))
        .transpose()?;
    let list = price_list(plans)?;
    let followed = follow(stored.as_ref(), &latest, &list, time(now)?);
    let answer = PyDict::new(py);
    answer.set_item("subscription", to_python(py, &followed.next)?)?;
    let effects = followed.effects.iter().map(|effect| {
        if let BilledEffect::Changed { from } = effect {
            format!("changed_from_{}", from.as_str().to_lowercase())
        } else {
            snake(&format!("{effect:?}"))
        }
    });
    answer.set_item("effects", effects.collect::<Vec<_>>())?;
    Ok(answer)
}

/// Verifies a `Stripe-Signature` header on the raw body; `UnauthenticatedError` when it does not prove it.
///
/// `secrets` is one secret or several (while one replaces another); the signature may be five minutes old. `now` is
/// ISO-8601 with an offset, and the machine's clock when absent.
#[pyfunction]
#[pyo3(signature = (body, header, secrets, now=None))]
pub(crate) fn verify_stripe_webhook(
    py: Python<'_>,
    body: &Bound<'_, PyBytes>,
    header: &str,
    secrets: &Bound<'_, PyAny>,
    now: Option<&str>,
) -> PyResult<()> {
    let secrets: Vec<String> = match secrets.extract::<String>() {
        Ok(one) => vec![one],
        Err(_several) => secrets.extract().map_err(|_wrong| {
            invalid(
                "webhook.verify",
                "secrets: a text or a list of texts is needed",
            )
        })?,
    };
    // A key of nothing would accept whoever signs with nothing.
    if secrets.iter().any(|secret| secret.trim().is_empty()) {
        return Err(invalid("webhook.verify", "secrets: one of them is empty"));
    }
    let secrets: Vec<Secret> = secrets.into_iter().map(Secret::new).collect();
    let now = match now {
        Some(text) => time(text)?,
        None => clock(py)?,
    };
    let bytes = body.as_bytes();
    signature::verify(&secrets, header, bytes, now).map_err(|refusal| raise(&Error::from(refusal)))
}

/// The machine's clock, as Python tells it, so that a test that stops Python's clock stops this one.
fn clock(py: Python<'_>) -> PyResult<Timestamp> {
    let nanoseconds: i128 = py.import("time")?.call_method0("time_ns")?.extract()?;
    Timestamp::from_nanosecond(nanoseconds)
        .map_err(|error| raise(&Error::internal("webhook.verify", error)))
}
