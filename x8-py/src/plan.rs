//! Entitlements (E1–E4).

use jiff::Timestamp;
use pyo3::{prelude::*, types::PyDict};
use x8_core::plan::{ChannelLimit, Plan, Standing, Subscription, SubscriptionStatus, standing};

use crate::error::invalid;

/// What a user may do at a moment.
///
/// Times are ISO-8601 with an offset. `subscription` has `plan`, `status`, and optionally `ends_at` and `channels`.
#[pyfunction]
#[pyo3(signature = (*, now, trial_ends_at=None, subscription=None, connected=0))]
pub(crate) fn entitlements<'py>(
    py: Python<'py>,
    now: &str,
    trial_ends_at: Option<&str>,
    subscription: Option<&Bound<'py, PyDict>>,
    connected: u32,
) -> PyResult<Bound<'py, PyDict>> {
    let bought = subscription.map(read_subscription).transpose()?;
    let stands = standing(
        trial_ends_at.map(time).transpose()?,
        bought.as_ref(),
        time(now)?,
    );
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
    match stands.channel_limit() {
        ChannelLimit::AtMost(limit) => answer.set_item("channel_limit", limit)?,
        ChannelLimit::Unlimited => answer.set_item("channel_limit", py.None())?,
    }
    Ok(answer)
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
    Ok(Subscription {
        plan: Plan::parse(&plan).ok_or_else(|| {
            let known: Vec<&str> = Plan::ALL.iter().map(|plan| plan.as_str()).collect();
            invalid(
                "plan.read",
                format!("plan `{plan}` is not one of {}", known.join(", ")),
            )
        })?,
        status: read_status(&status)?,
        ends_at: text("ends_at")?.as_deref().map(time).transpose()?,
        channel_override: value
            .get_item("channels")?
            .filter(|item| !item.is_none())
            .map(|item| item.extract())
            .transpose()?,
    })
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

fn time(text: &str) -> PyResult<Timestamp> {
    text.parse().map_err(|_error| {
        invalid(
            "plan.read",
            format!("`{text}` is not an ISO-8601 time with an offset"),
        )
    })
}
