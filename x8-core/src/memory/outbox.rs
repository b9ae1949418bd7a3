//! Outgoing messages on their way, and their echoes.

use jiff::Timestamp;

use super::state::{State, Stored};
use crate::{
    Error, Result,
    channel::Channel,
    conversation::{Author, Delivery, Flow, Inbound, Message, MessageType, Outgoing},
    id::{ChannelId, ConversationId, MessageId},
    port::{JobKind, NewJob},
    tenant::Tenant,
};

impl State {
    fn outgoing(&mut self, tenant: Tenant, id: MessageId) -> Option<&mut Stored> {
        self.messages.get_mut(&id).filter(|stored| {
            stored.company == tenant.company() && stored.message.flow == Flow::Outbound
        })
    }

    /// Commits a message with its job, in the lane of its conversation (H3).
    pub(super) fn queue_message(
        &mut self,
        channel: &Channel,
        outgoing: Outgoing,
        at: Timestamp,
    ) -> MessageId {
        let conversation = outgoing.conversation;
        let message = Message {
            id: MessageId(0),
            conversation,
            flow: Flow::Outbound,
            author: outgoing.author,
            kind: outgoing.kind,
            payment_status: outgoing.payment_status,
            text: outgoing.text,
            image: outgoing.image,
            provider_id: None,
            at,
            delivery: Delivery::Queued,
            problem: None,
            turn: outgoing.turn,
        };
        let id = self.store_message(channel, message, outgoing.fence, at);
        self.touch(conversation, at);
        let job = NewJob::new(JobKind::Send { message: id }, at);
        let job = job.in_lane(format!("send:{conversation}"));
        self.queue
            .enqueue(Some(Tenant::assume(channel.company)), job);
        id
    }

    /// Something came or went at this time.
    fn touch(&mut self, id: ConversationId, at: Timestamp) {
        if let Some(thread) = self.threads.get_mut(&id) {
            let last = &mut thread.conversation.last_message_at;
            *last = (*last).max(at);
        }
    }

    pub(super) fn begin_send(
        &mut self,
        tenant: Tenant,
        id: MessageId,
    ) -> Result<(Message, Delivery)> {
        let threads = std::mem::take(&mut self.threads);
        let begun = self.outgoing(tenant, id).map(|stored| {
            let before = stored.message.delivery;
            let thread = threads.get(&stored.message.conversation);
            let fence = thread.map_or(0, |thread| thread.conversation.fence);
            let fenced = stored.fence.is_some_and(|own| own < fence);
            stored.message.delivery = match before {
                Delivery::Queued | Delivery::Sending if fenced => Delivery::Withheld,
                Delivery::Queued | Delivery::Sending => Delivery::Sending,
                Delivery::Received
                | Delivery::Sent
                | Delivery::Delivered
                | Delivery::Read
                | Delivery::Failed
                | Delivery::Withheld => before,
            };
            (stored.message.clone(), before)
        });
        self.threads = threads;
        begun.ok_or_else(|| {
            Error::not_found("message.send", "no such outgoing message").with("message", id)
        })
    }

    pub(super) fn mark(
        &mut self,
        tenant: Tenant,
        id: Option<MessageId>,
        provider_id: Option<&str>,
        delivery: Delivery,
        problem: Option<&str>,
    ) {
        let known = |stored: &&Stored| {
            stored.company == tenant.company()
                && stored.message.provider_id.as_deref() == provider_id
        };
        let named = || self.messages.values().find(known);
        let found = match (id, provider_id) {
            (Some(id), _) => Some(id),
            (None, Some(_)) => named().map(|stored| stored.message.id),
            (None, None) => None,
        };
        let Some(stored) = found.and_then(|id| self.outgoing(tenant, id)) else {
            return;
        };
        if stored.message.delivery.moves_on(delivery) {
            stored.message.delivery = delivery;
            if let Some(problem) = problem {
                stored.message.problem = Some(problem.to_owned());
            }
        }
        let (channel, id) = (stored.channel, stored.message.id);
        if let Some(provider_id) = provider_id {
            self.name_message(channel, id, provider_id);
        }
    }

    /// Keeps the platform's id of a message that has none, unless another message of the channel has it.
    fn name_message(&mut self, channel: ChannelId, id: MessageId, provider_id: &str) {
        let key = (channel, provider_id.to_owned());
        if let Some(stored) = self.messages.get_mut(&id)
            && stored.message.provider_id.is_none()
            && !self.by_provider.contains_key(&key)
        {
            stored.message.provider_id = Some(key.1.clone());
            self.by_provider.insert(key, id);
        }
    }

    pub(super) fn accept_echo(
        &mut self,
        channel: &Channel,
        echo: &Inbound,
        by_human: bool,
        now: Timestamp,
    ) -> Result<()> {
        let tenant = Tenant::assume(channel.company);
        self.own_channel(tenant, channel.id)?;
        if let Some(own) = self.own_echo(channel, echo) {
            let provider_id = Some(echo.provider_id.as_str());
            self.mark(tenant, Some(own), provider_id, Delivery::Sent, None);
            return Ok(());
        }
        let conversation = self.open_thread(channel, echo);
        let message = Message {
            id: MessageId(0),
            conversation: conversation.id,
            flow: Flow::Outbound,
            author: if by_human {
                Author::Human
            } else {
                Author::System
            },
            kind: MessageType::Type1,
            payment_status: self.payment_status(channel.company, conversation.customer),
            text: echo.text.clone(),
            image: None,
            provider_id: Some(echo.provider_id.clone()),
            at: echo.sent_at,
            delivery: Delivery::Sent,
            problem: None,
            turn: None,
        };
        self.store_message(channel, message, None, now);
        let last = self.answered_by(conversation.id, echo.sent_at);
        if by_human && let Some(thread) = self.threads.get_mut(&conversation.id) {
            thread.conversation.taken_over = true;
            thread.conversation.answered_through = thread.conversation.answered_through.max(last);
            thread.conversation.fence += 1;
            // A turn that is being computed now decides nothing any more.
            thread.conversation.version += 1;
        }
        Ok(())
    }

    /// The last of the messages that a human had before them when they wrote: none that came after is among them.
    fn answered_by(&self, id: ConversationId, written_at: Timestamp) -> Option<MessageId> {
        let messages = self.thread_messages(id);
        let inbound = || {
            let flow = |message: &&Message| message.flow == Flow::Inbound;
            messages.iter().map(|stored| &stored.message).filter(flow)
        };
        let later = inbound()
            .filter(|message| message.at > written_at)
            .map(|message| message.id)
            .min();
        inbound()
            .map(|message| message.id)
            .filter(|one| later.is_none_or(|later| *one < later))
            .max()
    }

    /// H8: the message an echo repeats: known by its provider id, or still `Sending` with the same words.
    fn own_echo(&self, channel: &Channel, echo: &Inbound) -> Option<MessageId> {
        let key = (channel.id, echo.provider_id.clone());
        if let Some(known) = self.by_provider.get(&key) {
            return Some(*known);
        }
        let customer = self.known_customer(channel.company, echo)?;
        let conversation = self.thread_of.get(&(channel.id, customer))?;
        let same_words = |stored: &&Stored| {
            stored.message.conversation == *conversation
                && stored.message.delivery == Delivery::Sending
                && stored.message.text.trim() == echo.text.trim()
        };
        let found = self.messages.values().find(same_words)?;
        Some(found.message.id)
    }
}
