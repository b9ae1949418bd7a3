//! What no port asks for: setting the scene of a test, and looking at what was written.

use super::MemoryStore;
use crate::{
    id::{ChannelId, ConversationId, UserId},
    plan::Subscription,
    port::{Alert, TurnRecord},
    tenant::Tenant,
};

pub use super::state::ChannelChange;

impl MemoryStore {
    /// Gives a user this subscription, in place of the one they had.
    pub fn subscribe(&self, user: UserId, subscription: Subscription) {
        self.lock().subscriptions.insert(user, subscription);
    }

    /// The changes of a channel's status, oldest first (H7).
    #[must_use]
    pub fn channel_log(&self, id: ChannelId) -> Vec<ChannelChange> {
        let state = self.lock();
        let own = state
            .channel_log
            .iter()
            .filter(|(channel, _)| *channel == id);
        own.map(|(_, change)| change.clone()).collect()
    }

    /// The alerts of a company, oldest first (I1).
    #[must_use]
    pub fn alerts(&self, tenant: Tenant) -> Vec<Alert> {
        let state = self.lock();
        let own = state.alerts.iter().filter(|(owner, ..)| *owner == tenant);
        own.map(|(.., alert)| alert.clone()).collect()
    }

    /// The recorded turns of a conversation, by key.
    #[must_use]
    pub fn turns(&self, tenant: Tenant, conversation: ConversationId) -> Vec<TurnRecord> {
        let state = self.lock();
        let own = state
            .turns
            .values()
            .filter(|(owner, turn)| *owner == tenant && turn.conversation == conversation);
        own.map(|(_, turn)| turn.clone()).collect()
    }

    /// The raw body a provider's event came in (P5).
    #[must_use]
    pub fn event_body(&self, account: &str, id: &str) -> Option<Vec<u8>> {
        let key = (account.to_owned(), id.to_owned());
        self.lock()
            .events
            .get(&key)
            .map(|stored| stored.body.clone())
    }
}
