//! Takeover: a human answers from the inbox, and the bot keeps quiet until released (C4).

use super::Engine;
use crate::{
    conversation::{Author, MessageType, Outgoing},
    error::Result,
    id::{ConversationId, MessageId},
    port::{Changes, ConversationUpdate, JobKind, NewJob},
    tenant::Tenant,
};

impl Engine {
    /// Sends a human's words and takes the conversation over: no bot message computed before goes out after it.
    ///
    /// # Errors
    /// `NotFound`, `Conflict` when a turn was committed in the same moment (retry).
    pub async fn send_human_reply(
        &self,
        tenant: Tenant,
        id: ConversationId,
        text: &str,
    ) -> Result<MessageId> {
        let state = self.store.turn_state(tenant, id, 0).await?;
        let mut changes = Changes::at(self.clock.now());
        changes.conversation = Some(ConversationUpdate {
            id,
            expected_version: state.conversation.version,
            session: state.conversation.session,
            answered_through: state.pending.iter().map(|message| message.id).max(),
            taken_over: Some(true),
        });
        changes.messages.push(Outgoing {
            conversation: id,
            author: Author::Human,
            kind: MessageType::Type1,
            payment_status: Self::status_of(state.order.as_ref()),
            text: text.to_owned(),
            image: None,
            turn: None,
            fence: None,
        });
        let ids = self.store.commit(tenant, changes).await?;
        ids.first()
            .copied()
            .ok_or_else(|| crate::Error::internal("message.send", "a commit lost its message"))
    }

    /// Takes a conversation over, or gives it back to the assistant, who then answers what nobody has answered.
    ///
    /// # Errors
    /// As [`send_human_reply`](Self::send_human_reply).
    pub async fn set_takeover(
        &self,
        tenant: Tenant,
        id: ConversationId,
        taken_over: bool,
    ) -> Result<()> {
        let conversation = self.store.conversation(tenant, id).await?;
        let mut changes = Changes::at(self.clock.now());
        changes.conversation = Some(ConversationUpdate {
            id,
            expected_version: conversation.version,
            session: conversation.session,
            answered_through: None,
            taken_over: Some(taken_over),
        });
        if !taken_over {
            let kind = JobKind::Answer { conversation: id };
            let lane = kind.key();
            changes
                .jobs
                .push(NewJob::new(kind, changes.at).in_lane(lane));
        }
        self.store.commit(tenant, changes).await.map(drop)
    }
}
