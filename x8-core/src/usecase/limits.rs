//! Limits: how long a turn may take, and what it may cost.

use jiff::{Timestamp, tz::TimeZone};

use super::Engine;
use crate::{
    error::{Error, Result},
    port::{Alert, Answer, Changes, TurnInput, TurnState},
    tenant::Company,
    turn::TurnLimits,
};

impl Engine {
    /// A11: counted from the moment the burst is due; messages that were told to wait, from now.
    pub(super) async fn limits(&self, company: &Company, state: &TurnState) -> Result<TurnLimits> {
        let now = self.clock.now();
        let due = state
            .waiting
            .map_or(now, |waiting| self.policy.burst.due(waiting));
        Ok(TurnLimits {
            answer_by: due.checked_add(self.policy.answer_within).ok(),
            budget_spent: self.budget_spent(company, now).await?,
        })
    }

    /// Whether models may be called for this company outside of turns. When its budget is spent they may not, and a human
    /// is told once a month.
    ///
    /// # Errors
    /// Storage failures only.
    pub async fn may_call(&self, company: &Company) -> Result<bool> {
        let now = self.clock.now();
        if !self.budget_spent(company, now).await? {
            return Ok(true);
        }
        let mut changes = Changes::at(now);
        changes.once.push(spent(company, now)?);
        self.store.commit(company.tenant(), changes).await?;
        Ok(false)
    }

    /// Whether the company's models have cost what they may in this month.
    async fn budget_spent(&self, company: &Company, now: Timestamp) -> Result<bool> {
        let Some(budget) = company.settings.model_budget else {
            return Ok(false);
        };
        let (start, _) = month(company, now)?;
        let cost = self
            .store
            .model_cost(company.tenant(), start, Timestamp::MAX)
            .await?;
        Ok(cost >= budget)
    }
}

/// What a human should know of a turn's models, at most once a month (budget) and once an hour (failures).
pub(super) fn watch(changes: &mut Changes, input: &TurnInput, answer: &Answer) -> Result<()> {
    if input.limits.budget_spent {
        changes.once.push(spent(&input.company, input.now)?);
    } else if answer.fell_back && !answer.held {
        let hour = input.now.strftime("%Y-%m-%dT%H");
        let why = answer.tries.iter().find_map(|one| one.said.as_ref().err());
        let why = why.map_or("its answers were refused", String::as_str);
        let message = format!("the model did not answer and the guided one did: {why}");
        changes
            .once
            .push(once(format!("model_down:{hour}"), "model_down", message));
    }
    Ok(())
}

/// The budget of this month is spent.
fn spent(company: &Company, now: Timestamp) -> Result<(String, Alert)> {
    let (_, name) = month(company, now)?;
    let message = format!(
        "the budget for models of {name} is spent; until the month ends or the budget is raised, the guided model and the \
         entries of the FAQ answer"
    );
    Ok(once(
        format!("model_budget:{name}"),
        "model_budget",
        message,
    ))
}

fn once(key: String, code: &'static str, message: String) -> (String, Alert) {
    let alert = Alert {
        code,
        order: None,
        message,
    };
    (key, alert)
}

/// The start of the company's calendar month, and its name, `2026-11`.
fn month(company: &Company, now: Timestamp) -> Result<(Timestamp, String)> {
    let zone = TimeZone::get(&company.settings.time_zone).unwrap_or(TimeZone::UTC);
    let local = now.to_zoned(zone);
    let first = local
        .first_of_month()
        .and_then(|day| day.start_of_day())
        .map_err(|error| Error::internal("turn.budget", error))?;
    Ok((first.timestamp(), local.strftime("%Y-%m").to_string()))
}
