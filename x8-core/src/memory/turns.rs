//! Turns that were taken: the port.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{MemoryStore, inbox::limit, state::State};
use crate::{
    Error, Result,
    id::{ConversationId, TurnId},
    port::{Page, TurnRecord, Turns},
    tenant::Tenant,
    turn::{ModelUsage, Tokens, Try},
};

#[async_trait]
impl Turns for MemoryStore {
    async fn turn(&self, id: TurnId) -> Result<(Tenant, TurnRecord)> {
        let found = self.lock().turns.get(&id).cloned();
        found.ok_or_else(|| Error::not_found("turn.get", "no such turn").with("turn", id))
    }

    async fn turns_of(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        page: Page<TurnId>,
    ) -> Result<Vec<TurnRecord>> {
        let state = self.lock();
        state.thread(tenant, conversation)?;
        let mut own: Vec<&TurnRecord> = state
            .turns
            .values()
            .map(|(_, turn)| turn)
            .filter(|turn| turn.conversation == conversation)
            .collect();
        own.sort_by_key(|turn| (turn.at, turn.id));
        let after = match page.after {
            None => 0,
            Some(key) => own
                .iter()
                .position(|turn| turn.id == key)
                .map_or(own.len(), |at| at + 1),
        };
        let page = own.into_iter().skip(after).take(limit(page.limit));
        Ok(page.cloned().collect())
    }

    async fn model_usage(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<ModelUsage>> {
        let state = self.lock();
        let mut days: BTreeMap<(Date, &str), ModelUsage> = BTreeMap::new();
        for (at, one) in state.tries(tenant, from, to) {
            let day = at.to_zoned(TimeZone::UTC).date();
            let sum = days.entry((day, &one.model)).or_insert_with(|| ModelUsage {
                day,
                model: one.model.clone(),
                calls: 0,
                failures: 0,
                tokens: Tokens::default(),
                cost: 0,
            });
            let tokens = one.tokens.unwrap_or_default();
            sum.calls += 1;
            sum.failures += u64::from(one.said.is_err());
            sum.tokens.prompt += tokens.prompt;
            sum.tokens.completion += tokens.completion;
            sum.cost += one.cost;
        }
        Ok(days.into_values().collect())
    }

    async fn model_cost(&self, tenant: Tenant, from: Timestamp, to: Timestamp) -> Result<u64> {
        let state = self.lock();
        Ok(state.tries(tenant, from, to).map(|(_, one)| one.cost).sum())
    }
}

impl State {
    /// The tries of a company's turns within `[from, to)`.
    fn tries(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, &Try)> {
        self.turns
            .values()
            .filter(move |(owner, turn)| *owner == tenant && turn.at >= from && turn.at < to)
            .flat_map(|(_, turn)| turn.tries.iter().map(|one| (turn.at, one)))
    }
}
