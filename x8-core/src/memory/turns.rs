//! Turns that were taken: the port.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{MemoryStore, inbox::limit, state::State};
use crate::{
    Error, Result,
    conversation::{Identity, Session},
    id::{ConversationId, CustomerId, TurnId},
    port::{Forgotten, Page, TurnRecord, Turns},
    tenant::Tenant,
    turn::{Call, ModelUsage, Purpose, Tokens},
};

/// The error of a try whose words were deleted.
const DELETED: &str = "deleted";

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

    async fn record_call(&self, tenant: Tenant, call: &Call) -> Result<()> {
        self.lock().calls.push((tenant, call.clone()));
        Ok(())
    }

    async fn forget_turns(
        &self,
        tenant: Tenant,
        customer: Option<CustomerId>,
    ) -> Result<Forgotten> {
        let mut state = self.lock();
        let company = tenant.company();
        if let Some(id) = customer.filter(|id| state.customers.get(id) != Some(&company)) {
            return Err(Error::not_found("turn.forget", "no such customer").with("customer", id));
        }
        let wanted = |id: CustomerId| customer.is_none_or(|customer| customer == id);
        let mut conversations = Vec::new();
        for thread in state.threads.values_mut() {
            if thread.company == company && wanted(thread.conversation.customer) {
                thread.conversation.session = Session::default();
                thread.conversation.version += 1;
                conversations.push(thread.conversation.id);
            }
        }
        state.drop_turns(tenant, &conversations);
        let people = state.identities.iter();
        let people = people.filter(|((owner, _), id)| *owner == company && wanted(**id));
        let mut people: Vec<Identity> = people.map(|((_, name), _)| name.clone()).collect();
        people.sort_unstable();
        Ok(Forgotten {
            conversations,
            people,
        })
    }

    async fn model_usage(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<ModelUsage>> {
        let state = self.lock();
        let mut days: BTreeMap<(Date, &str), ModelUsage> = BTreeMap::new();
        for one in state.asked(tenant, from, to) {
            let day = one.at.to_zoned(TimeZone::UTC).date();
            let sum = days.entry((day, one.model)).or_insert_with(|| ModelUsage {
                day,
                model: one.model.to_owned(),
                calls: 0,
                failures: 0,
                tokens: Tokens::default(),
                cost: 0,
            });
            let tokens = one.tokens.unwrap_or_default();
            sum.calls += 1;
            sum.failures += u64::from(one.failed);
            sum.tokens.prompt += tokens.prompt;
            sum.tokens.completion += tokens.completion;
            sum.cost += one.cost;
        }
        Ok(days.into_values().collect())
    }

    async fn model_cost(&self, tenant: Tenant, from: Timestamp, to: Timestamp) -> Result<u64> {
        let state = self.lock();
        Ok(state.asked(tenant, from, to).map(|one| one.cost).sum())
    }
}

/// What the account needs of a call, within a turn or outside.
struct Asked<'a> {
    at: Timestamp,
    model: &'a str,
    failed: bool,
    tokens: Option<Tokens>,
    cost: u64,
}

impl State {
    /// Takes turns out; what they cost stays.
    fn drop_turns(&mut self, tenant: Tenant, conversations: &[ConversationId]) {
        let gone = |_: &TurnId, (_, turn): &mut (Tenant, TurnRecord)| {
            conversations.contains(&turn.conversation)
        };
        for (_, (_, turn)) in self.turns.extract_if(.., gone) {
            let calls = turn.tries.into_iter().map(|one| Call {
                purpose: Purpose::Turn,
                model: one.model,
                error: one.said.err().map(|_| DELETED.to_owned()),
                tokens: one.tokens,
                cost: one.cost,
                at: turn.at,
            });
            self.calls.extend(calls.map(|call| (tenant, call)));
        }
    }

    /// The tries of a company's turns and its other calls within `[from, to)`.
    fn asked(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = Asked<'_>> {
        let turns = self
            .turns
            .values()
            .filter(move |(owner, _)| *owner == tenant);
        let tries = turns.flat_map(|(_, turn)| {
            turn.tries.iter().map(|one| Asked {
                at: turn.at,
                model: &one.model,
                failed: one.said.is_err(),
                tokens: one.tokens,
                cost: one.cost,
            })
        });
        let calls = self.calls.iter().filter(move |(owner, _)| *owner == tenant);
        let calls = calls.map(|(_, one)| Asked {
            at: one.at,
            model: &one.model,
            failed: one.error.is_some(),
            tokens: one.tokens,
            cost: one.cost,
        });
        let within = move |one: &Asked<'_>| one.at >= from && one.at < to;
        tries.chain(calls).filter(within)
    }
}
