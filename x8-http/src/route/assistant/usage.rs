//! What a company's models cost.

use axum::{Json as Answer, extract::State};
use jiff::{SignedDuration, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use x8_core::{Error, turn::ModelUsage};

use super::super::Ctx;
use crate::{
    error::{ApiError, Problem, Result},
    extract::{CompanyKey, Query, Signed, company},
};

/// The longest span of one answer, in days.
const LONGEST: i32 = 400;

/// Whose, and which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UsageQuery {
    /// Number or `COMP001`.
    #[param(value_type = i64, example = 1)]
    company_id: CompanyKey,
    /// The first day, in UTC; thirty days up to `to` when absent.
    #[param(value_type = Option<String>, example = "2026-11-01")]
    from: Option<Date>,
    /// The last day, in UTC; today when absent.
    #[param(value_type = Option<String>, example = "2026-11-30")]
    to: Option<Date>,
}

/// What models cost within these days, out of stored turns.
#[derive(Debug, Serialize, ToSchema)]
pub struct Usage {
    /// The first day.
    #[schema(value_type = String, example = "2026-11-01")]
    from: Date,
    /// The last day.
    #[schema(value_type = String, example = "2026-11-30")]
    to: Date,
    /// What may be spent in a calendar month, in millionths of the currency; absent: no limit.
    model_budget: Option<u64>,
    /// All of it.
    total: Sums,
    /// By day and model; days without calls are absent.
    days: Vec<DayUsage>,
}

/// One model on one day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayUsage {
    /// In UTC.
    #[schema(value_type = String, example = "2026-11-20")]
    day: Date,
    /// By its own name; `guided` is the one that costs nothing.
    model: String,
    #[serde(flatten)]
    sums: Sums,
}

/// Calls, tokens and their cost.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct Sums {
    /// Tries, failed ones included.
    calls: u64,
    /// Tries without an output.
    failures: u64,
    /// Tokens read.
    prompt_tokens: u64,
    /// Tokens written.
    completion_tokens: u64,
    /// In millionths of the currency of the operator's price list.
    cost_micros: u64,
}

impl Sums {
    fn of(usage: &ModelUsage) -> Self {
        Self {
            calls: usage.calls,
            failures: usage.failures,
            prompt_tokens: usage.tokens.prompt,
            completion_tokens: usage.tokens.completion,
            cost_micros: usage.cost,
        }
    }

    fn plus(self, more: Self) -> Self {
        Self {
            calls: self.calls + more.calls,
            failures: self.failures + more.failures,
            prompt_tokens: self.prompt_tokens + more.prompt_tokens,
            completion_tokens: self.completion_tokens + more.completion_tokens,
            cost_micros: self.cost_micros + more.cost_micros,
        }
    }
}

/// Calls, tokens and cost of a company's models, per day and model.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/assistant/usage", tag = "assistant", params(UsageQuery),
    security(("bearer" = [])), responses((status = 200, body = Usage), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn usage(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<UsageQuery>,
) -> Result<Answer<Usage>> {
    let to = query
        .to
        .unwrap_or_else(|| app.now().to_zoned(TimeZone::UTC).date());
    let from = match query.from {
        Some(from) => from,
        None => to
            .checked_sub(SignedDuration::from_hours(24 * 29))
            .map_err(|_| outside("to"))?,
    };
    let days = (to - from).get_days();
    if !(0..LONGEST).contains(&days) {
        let msg = format!("from must not be after to, and not {LONGEST} days before it");
        return Err(ApiError::field("query", "from", "value_error", msg));
    }
    let company = company(&app, signed.caller(), &query.company_id).await?;
    let start = |day: Date| day.to_zoned(TimeZone::UTC).map(|day| day.timestamp());
    let end = to.tomorrow().and_then(start).map_err(|_| outside("to"))?;
    let begin = start(from).map_err(|error| Error::internal("assistant.usage", error))?;
    let usage = app
        .store()
        .model_usage(company.tenant(), begin, end)
        .await?;
    let days: Vec<DayUsage> = usage
        .into_iter()
        .map(|one| DayUsage {
            day: one.day,
            sums: Sums::of(&one),
            model: one.model,
        })
        .collect();
    Ok(Answer(Usage {
        from,
        to,
        model_budget: company.settings.model_budget,
        total: days
            .iter()
            .fold(Sums::default(), |sum, day| sum.plus(day.sums)),
        days,
    }))
}

fn outside(field: &str) -> ApiError {
    ApiError::field("query", field, "value_error", "no such day")
}
