//! Entitlements (E1–E4).

use jiff::Timestamp;
use pyo3::{prelude::*, types::PyDict};
use x8_core::{
    id::ChannelId,
    plan::{Plan, Standing, Subscription, SubscriptionStatus, over_limit},
};

use crate::{billing::price_list, convert::to_python, error::invalid};

/// What a user may do at a moment.
///
/// Times are ISO-8601 with an offset. `subscription` has `plan`, `status`, and optionally `ends_at`, `channels`, `grace_until`
/// and `reduced_until`. `connected` is how many channels are connected, or their ids: then `over_limit` says which must go.
#[pyfunction]
#[pyo3(signature = (*, now, trial_ends_at=None, subscription=None, connected=None, plans=None))]
pub(crate) fn entitlements<'py>(
    py: Python<'py>,
    now: &str,
    trial_ends_at: Option<&str>,
    subscription: Option<&Bound<'py, PyDict>>,
    connected: Option<&Bound<'py, PyAny>>,
    plans: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let (now, list) = (time(now)?, price_list(plans)?);
    let bought = subscription.map(read_subscription).transpose()?;
    let ends = trial_ends_at.map(time).transpose()?;
    let stands = list.standing(ends, bought.as_ref(), now);
    let (connected, ids) = read_connected(connected)?;
    let answer = PyDict::new(py);
    let word = match stands {
        Standing::Trial { .. } => "trial",
        Standing::Subscribed { .. } => "subscribed",
        Standing::Lapsed => "lapsed",
    };
    answer.set_item("standing", word)?;
    answer.set_item("may_work", stands.may_work().is_ok())?;
    answer.set_item("may_connect", stands.may_connect(connected).is_ok())?;
    answer.set_item(
        "reason",
        stands
            .may_connect(connected)
            .err()
            .map(|refusal| refusal.to_string()),
    )?;
    answer.set_item("over_limit_by", stands.over_limit_by(connected))?;
    answer.set_item("channel_limit", stands.channel_limit().count())?;
    let over = over_limit(stands, bought.as_ref(), &ids, now);
    answer.set_item("over_limit", to_python(py, &over)?)?;
    Ok(answer)
}

/// A number of channels, or their ids.
fn read_connected(value: Option<&Bound<'_, PyAny>>) -> PyResult<(u32, Vec<ChannelId>)> {
    let Some(value) = value else {
        return Ok((0, Vec::new()));
    };
    if let Ok(count) = value.extract() {
        return Ok((count, Vec::new()));
    }
    let ids: Vec<i64> = value.extract().map_err(|_wrong| {
        invalid(
            "plan.read",
            "connected: a number of channels, or a list of their ids, is needed",
        )
    })?;
    let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    Ok((count, ids.into_iter().map(ChannelId).collect()))
}

fn read_subscription(value: &Bound<'_, PyDict>) -> PyResult<Subscription> {
    let text = |key: &str| -> PyResult<Option<String>> {
        value
            .get_item(key)?
            .filter(|item| !item.is_none())
            .map(|item| item.extract())
            .transpose()
    };
    let plan = text("plan")?.unwrap_or_default();
    let status = text("status")?.unwrap_or_default();
    let plan = Plan::parse(&plan).ok_or_else(|| {
        let known: Vec<&str> = Plan::ALL.iter().map(|plan| plan.as_str()).collect();
        invalid(
            "plan.read",
            format!("plan `{plan}` is not one of {}", known.join(", ")),
        )
    })?;
    let moment = |key: &str| text(key)?.as_deref().map(time).transpose();
    let mut bought = Subscription::new(plan, read_status(&status)?, moment("ends_at")?);
    bought.grace_until = moment("grace_until")?;
    bought.reduced_until = moment("reduced_until")?;
    bought.channel_override = value
        .get_item("channels")?
        .filter(|item| !item.is_none())
        .map(|item| item.extract())
        .transpose()?;
    Ok(bought)
}

fn read_status(word: &str) -> PyResult<SubscriptionStatus> {
    serde_json::from_value(serde_json::Value::String(word.to_ascii_uppercase())).map_err(
        |_unknown| {
            invalid(
                "plan.read",
                format!(
                    "status `{word}` is not one of TRIAL, ACTIVE, CANCELLED, EXPIRED, INCOMPLETE"
                ),
            )
        },
    )
}

pub(crate) fn time(text: &str) -> PyResult<Timestamp> {
    text.parse().map_err(|_error| {
        invalid(
            "plan.read",
            format!("`{text}` is not an ISO-8601 time with an offset"),
        )
    })
}
