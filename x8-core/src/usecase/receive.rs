//! Receive: what a verified webhook says becomes durable facts (H1, H2, H7, H8).

use std::collections::BTreeMap;

use super::Engine;
use crate::{
    channel::{Channel, Platform},
    error::{Error, Result},
    id::{ConversationId, MessageId},
    order::PaymentStatus,
    port::{ChannelSignal, InboundEvent, ProviderEvent, Recorded},
    tenant::Tenant,
};

/// What became of a webhook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// New messages.
    pub stored: Vec<(ConversationId, MessageId)>,
    /// Messages that were there already.
    pub duplicates: usize,
}

impl Engine {
    /// Stores everything a verified webhook says; when this returns, it may be acknowledged.
    ///
    /// Items are grouped by channel, and each channel's messages are committed together with their answer jobs. A status
    /// or a bad neighbour never blocks a message (H1).
    ///
    /// *Idempotency*: the same webhook any number of times, in parallel, stores each message once (H2).
    ///
    /// # Errors
    /// `NotFound` when an item names an unknown channel; items of known channels are stored all the same.
    pub async fn receive(&self, platform: Platform, events: Vec<InboundEvent>) -> Result<Received> {
        let mut by_session: BTreeMap<String, Vec<ChannelSignal>> = BTreeMap::new();
        for event in events {
            by_session
                .entry(event.session)
                .or_default()
                .push(event.signal);
        }
        let mut received = Received::default();
        let mut unknown = None;
        for (session, signals) in by_session {
            match self.store.channel_by_session(platform, &session).await {
                Ok(channel) => self.receive_on(&channel, signals, &mut received).await?,
                Err(error) if error.kind() == crate::ErrorKind::NotFound => {
                    unknown = Some(
                        Error::not_found("webhook.receive", "unknown channel")
                            .with("session", session),
                    );
                }
                Err(error) => return Err(error),
            }
        }
        unknown.map_or(Ok(received), Err)
    }

    async fn receive_on(
        &self,
        channel: &Channel,
        signals: Vec<ChannelSignal>,
        received: &mut Received,
    ) -> Result<()> {
        let now = self.clock.now();
        let tenant = Tenant::assume(channel.company);
        let (mut messages, mut news) = (Vec::new(), Vec::new());
        for signal in signals {
            if let ChannelSignal::Message(message) = signal {
                messages.push(message);
            } else {
                news.push(signal);
            }
        }
        if !messages.is_empty() {
            let accepted = self
                .store
                .accept(channel, &messages, self.policy.burst, now)
                .await?;
            received.duplicates += accepted.duplicates.len();
            received.stored.extend(accepted.stored);
        }
        for signal in news {
            self.take_note(channel, tenant, signal).await?;
        }
        Ok(())
    }

    /// What is said about our own messages and about the channel itself.
    async fn take_note(
        &self,
        channel: &Channel,
        tenant: Tenant,
        signal: ChannelSignal,
    ) -> Result<()> {
        let now = self.clock.now();
        match signal {
            ChannelSignal::Echo { message, by_human } => {
                self.store
                    .accept_echo(channel, &message, by_human, now)
                    .await
            }
            ChannelSignal::Status {
                provider_id,
                delivery,
            } => {
                self.store
                    .mark(tenant, None, Some(&provider_id), delivery, None, now)
                    .await
            }
            ChannelSignal::State(event) => self
                .store
                .apply_channel_event(tenant, channel.id, &event, now)
                .await
                .map(drop),
            ChannelSignal::Message(_) | ChannelSignal::Ignored { .. } => Ok(()),
        }
    }

    /// Stores a verified payment event; when this returns, it may be acknowledged (P5).
    ///
    /// # Errors
    /// Storage failures only.
    pub async fn record_payment_event(
        &self,
        event: &ProviderEvent,
        body: &[u8],
    ) -> Result<Recorded> {
        self.store.record_event(event, body, self.clock.now()).await
    }

    /// O8 for a customer: the status of their newest order.
    pub(super) fn status_of(order: Option<&crate::order::Order>) -> PaymentStatus {
        order.map_or(
            PaymentStatus::NoPaymentLink,
            crate::order::Order::payment_status,
        )
    }
}
