//! Customers, conversations, and the messages that come in.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::state::{State, Stored, Thread, next_key};
use crate::{
    Error, Result,
    channel::Channel,
    conversation::{Author, Conversation, Delivery, Flow, Inbound, Message, MessageType, Session},
    id::{CompanyId, ConversationId, CustomerId, MessageId},
    order::{Order, PaymentStatus},
    port::{Accepted, JobKind, NewJob, Pending, Waiting},
    tenant::Tenant,
};

impl State {
    pub(super) fn thread(&self, tenant: Tenant, id: ConversationId) -> Result<&Thread> {
        self.threads
            .get(&id)
            .filter(|thread| thread.company == tenant.company())
            .ok_or_else(|| {
                Error::not_found("conversation.get", "no such conversation")
                    .with("conversation", id)
            })
    }

    /// All messages of a thread, by (provider time, arrival) (C2).
    pub(super) fn thread_messages(&self, id: ConversationId) -> Vec<&Stored> {
        let own = |stored: &&Stored| stored.message.conversation == id;
        let mut messages: Vec<&Stored> = self.messages.values().filter(own).collect();
        messages.sort_by_key(|stored| (stored.message.at, stored.message.id));
        messages
    }

    /// Whether no turn has answered an inbound message.
    pub(super) fn is_pending(conversation: &Conversation, message: &Message) -> bool {
        message.flow == Flow::Inbound && Some(message.id) > conversation.answered_through
    }

    /// The payment status of a customer now (O8).
    pub(super) fn payment_status(&self, company: CompanyId, customer: CustomerId) -> PaymentStatus {
        self.newest_order(company, customer)
            .map_or(PaymentStatus::NoPaymentLink, Order::payment_status)
    }

    pub(super) fn accept(
        &mut self,
        channel: &Channel,
        messages: &[Inbound],
        wait: Pending,
        now: Timestamp,
    ) -> Result<Accepted> {
        self.own_channel(Tenant::assume(channel.company), channel.id)?;
        let mut accepted = Accepted::default();
        let mut touched = BTreeSet::new();
        for inbound in messages {
            let key = (channel.id, inbound.provider_id.clone());
            if self.by_provider.contains_key(&key) {
                accepted.duplicates.push(key.1);
                continue;
            }
            let conversation = self.open_thread(channel, inbound);
            let id = self.store_inbound(channel, &conversation, inbound, now);
            accepted.stored.push((conversation.id, id));
            touched.insert(conversation.id);
        }
        for conversation in touched {
            self.enqueue_answer(channel, conversation, wait, now);
        }
        Ok(accepted)
    }

    /// The conversation of the person who wrote, made when there is none, brought up to date with the message.
    pub(super) fn open_thread(&mut self, channel: &Channel, inbound: &Inbound) -> Conversation {
        let customer = self.recognise(channel.company, inbound);
        let key = (channel.id, customer);
        let next = ConversationId(next_key(&self.threads, |id| id.0));
        let id = *self.thread_of.entry(key).or_insert(next);
        let thread = self.threads.entry(id).or_insert_with(|| Thread {
            company: channel.company,
            conversation: Conversation {
                id,
                channel: channel.id,
                platform: channel.platform,
                customer,
                customer_name: None,
                sender: inbound.sender.clone(),
                address: inbound.address.clone(),
                taken_over: false,
                fence: 0,
                version: 0,
                session: Session::default(),
                answered_through: None,
                last_message_at: inbound.sent_at,
            },
        });
        let conversation = &mut thread.conversation;
        conversation.sender = inbound.sender.clone();
        conversation.address.clone_from(&inbound.address);
        if inbound.sender_name.is_some() {
            conversation.customer_name.clone_from(&inbound.sender_name);
        }
        conversation.last_message_at = conversation.last_message_at.max(inbound.sent_at);
        conversation.clone()
    }

    /// C1: the customer behind any of the names, the sender's own first; names not known yet are remembered.
    fn recognise(&mut self, company: CompanyId, inbound: &Inbound) -> CustomerId {
        let next = CustomerId(next_key(&self.customers, |id| id.0));
        let customer = self.known_customer(company, inbound).unwrap_or(next);
        self.customers.entry(customer).or_insert(company);
        for name in std::iter::once(&inbound.sender).chain(&inbound.aliases) {
            self.identities
                .entry((company, name.clone()))
                .or_insert(customer);
        }
        customer
    }

    pub(super) fn known_customer(
        &self,
        company: CompanyId,
        inbound: &Inbound,
    ) -> Option<CustomerId> {
        std::iter::once(&inbound.sender)
            .chain(&inbound.aliases)
            .find_map(|name| self.identities.get(&(company, name.clone())).copied())
    }

    fn store_inbound(
        &mut self,
        channel: &Channel,
        conversation: &Conversation,
        inbound: &Inbound,
        now: Timestamp,
    ) -> MessageId {
        let message = Message {
            id: MessageId(0),
            conversation: conversation.id,
            flow: Flow::Inbound,
            author: Author::Customer,
            kind: MessageType::Type1,
            payment_status: self.payment_status(channel.company, conversation.customer),
            text: inbound.text.clone(),
            image: None,
            provider_id: Some(inbound.provider_id.clone()),
            at: inbound.sent_at,
            delivery: Delivery::Received,
            problem: None,
            turn: None,
        };
        self.store_message(channel, message, None, now)
    }

    /// Stores a message under the next key.
    pub(super) fn store_message(
        &mut self,
        channel: &Channel,
        message: Message,
        fence: Option<u32>,
        now: Timestamp,
    ) -> MessageId {
        let id = MessageId(next_key(&self.messages, |id| id.0));
        if let Some(provider) = &message.provider_id {
            self.by_provider.insert((channel.id, provider.clone()), id);
        }
        let stored = Stored {
            company: channel.company,
            channel: channel.id,
            arrived_at: now,
            fence,
            message: Message { id, ..message },
        };
        self.messages.insert(id, stored);
        id
    }

    /// When the pending messages arrived that no holding line has spoken of.
    pub(super) fn waiting(&self, conversation: &Conversation) -> Option<Waiting> {
        let held = conversation.session.held.map(|held| held.through);
        let arrivals = self.messages.values().filter(|stored| {
            stored.message.conversation == conversation.id
                && Self::is_pending(conversation, &stored.message)
                && held.is_none_or(|held| stored.message.id > held)
        });
        let arrivals = || arrivals.clone().map(|stored| stored.arrived_at);
        Some(Waiting {
            first: arrivals().min()?,
            last: arrivals().max()?,
        })
    }

    /// A1: one job per thread, when it is quiet or the longest wait of its first pending message is over.
    fn enqueue_answer(
        &mut self,
        channel: &Channel,
        id: ConversationId,
        wait: Pending,
        now: Timestamp,
    ) {
        let Some(thread) = self.threads.get(&id) else {
            return;
        };
        if thread.conversation.taken_over {
            return;
        }
        // What was answered through before it came needs no answer.
        let Some(Waiting { first, .. }) = self.waiting(&thread.conversation) else {
            return;
        };
        let run_at = wait.due(Waiting { first, last: now });
        let kind = JobKind::Answer { conversation: id };
        let lane = kind.key();
        let job = NewJob::new(kind, run_at).in_lane(lane);
        self.queue
            .enqueue(Some(Tenant::assume(channel.company)), job);
    }
}
