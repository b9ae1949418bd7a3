//! Messages in and out: the port.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    MemoryStore,
    state::{State, Stored},
};
use crate::{
    Result,
    channel::Channel,
    conversation::{Conversation, Delivery, Inbound, Message},
    id::{ConversationId, MessageId},
    port::{Accepted, Inbox, Page, Pending, TurnState},
    tenant::Tenant,
};

/// The limit of a page as a count of rows.
pub(super) fn limit(limit: u32) -> usize {
    usize::try_from(limit.clamp(1, 200)).unwrap_or(1)
}

#[async_trait]
impl Inbox for MemoryStore {
    async fn accept(
        &self,
        channel: &Channel,
        messages: &[Inbound],
        wait: Pending,
        now: Timestamp,
    ) -> Result<Accepted> {
        self.lock().accept(channel, messages, wait, now)
    }

    async fn accept_echo(
        &self,
        channel: &Channel,
        message: &Inbound,
        by_human: bool,
        now: Timestamp,
    ) -> Result<()> {
        self.lock().accept_echo(channel, message, by_human, now)
    }

    async fn turn_state(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        history: u32,
    ) -> Result<TurnState> {
        let state = self.lock();
        let thread = state.thread(tenant, conversation)?;
        let (pending, mut earlier): (Vec<Message>, Vec<Message>) = state
            .thread_messages(conversation)
            .into_iter()
            .map(|stored| stored.message.clone())
            .partition(|message| State::is_pending(&thread.conversation, message));
        let wanted = usize::try_from(history).unwrap_or(usize::MAX);
        let history = earlier.split_off(earlier.len().saturating_sub(wanted));
        let customer = thread.conversation.customer;
        Ok(TurnState {
            conversation: thread.conversation.clone(),
            pending,
            waiting: state.waiting(&thread.conversation),
            history,
            order: state.newest_order(tenant.company(), customer).cloned(),
        })
    }

    async fn conversation(&self, tenant: Tenant, id: ConversationId) -> Result<Conversation> {
        let state = self.lock();
        Ok(state.thread(tenant, id)?.conversation.clone())
    }

    async fn conversations(&self, tenant: Tenant, page: Page) -> Result<Vec<Conversation>> {
        let state = self.lock();
        let own = state
            .threads
            .values()
            .rev()
            .filter(|thread| thread.company == tenant.company())
            .map(|thread| &thread.conversation)
            .filter(|conversation| page.after.is_none_or(|after| conversation.id.0 < after));
        Ok(own.take(limit(page.limit)).cloned().collect())
    }

    async fn messages(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        page: Page,
    ) -> Result<Vec<Message>> {
        let state = self.lock();
        state.thread(tenant, conversation)?;
        let all = state.thread_messages(conversation);
        let skip = match page.after {
            None => 0,
            Some(after) => all
                .iter()
                .position(|stored: &&Stored| stored.message.id.0 == after)
                .map_or(all.len(), |place| place + 1),
        };
        let rest = all.into_iter().skip(skip).take(limit(page.limit));
        Ok(rest.map(|stored| stored.message.clone()).collect())
    }

    async fn begin_send(&self, tenant: Tenant, id: MessageId) -> Result<(Message, Delivery)> {
        self.lock().begin_send(tenant, id)
    }

    async fn mark(
        &self,
        tenant: Tenant,
        id: Option<MessageId>,
        provider_id: Option<&str>,
        delivery: Delivery,
        problem: Option<&str>,
        _now: Timestamp,
    ) -> Result<()> {
        self.lock().mark(tenant, id, provider_id, delivery, problem);
        Ok(())
    }
}
