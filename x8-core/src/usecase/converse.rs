//! Converse: a turn on behalf of a caller who carries the messages themselves (API, terminal, console).

use jiff::SignedDuration;

use super::Engine;
use crate::{
    channel::{Channel, ChannelEvent, Platform},
    conversation::Inbound,
    error::{Error, Result},
    id::ConversationId,
    plan::{ChannelLimit, Plan, Standing},
    port::{Answer, NewChannel, Pending},
    tenant::Tenant,
};

impl Engine {
    /// Stores one message on the company's internal channel and answers it at once. The answer is `None` when nobody may
    /// answer (inactive company, lapsed plan, human takeover) or the message was known already.
    ///
    /// *Idempotency*: by `message.provider_id`. A crash between storing and answering loses nothing: the worker answers
    /// a minute later.
    ///
    /// # Errors
    /// As the ports; `Conflict` when the conversation moved meanwhile (retry).
    pub async fn converse(
        &self,
        tenant: Tenant,
        platform: Platform,
        message: &Inbound,
    ) -> Result<(ConversationId, Option<Answer>)> {
        let channel = self.internal_channel(tenant, platform).await?;
        let wait = Pending {
            quiet: SignedDuration::from_mins(1),
            longest: SignedDuration::from_mins(2),
        };
        let accepted = self
            .store
            .accept(
                &channel,
                std::slice::from_ref(message),
                wait,
                self.clock.now(),
            )
            .await?;
        let Some((conversation, _)) = accepted.stored.first() else {
            return Err(
                Error::conflict("assistant.reply", "this message was answered already")
                    .with("id", &message.provider_id),
            );
        };
        Ok((
            *conversation,
            self.take_turn(tenant, *conversation, None).await?,
        ))
    }

    /// The company's internal channel for a platform: `DISCONNECTED`, so that no plan counts it.
    async fn internal_channel(&self, tenant: Tenant, platform: Platform) -> Result<Channel> {
        let session = format!(
            "{}{}:{}",
            Channel::INTERNAL,
            tenant.company(),
            platform.source()
        );
        if let Some(known) = self
            .store
            .channels(tenant)
            .await?
            .into_iter()
            .find(|known| known.session == session)
        {
            return Ok(known);
        }
        let now = self.clock.now();
        let unlimited = Standing::Subscribed {
            plan: Plan::Enterprise,
            limit: ChannelLimit::Unlimited,
        };
        let channel = NewChannel {
            platform,
            session,
            account: None,
        };
        let channel = self
            .store
            .reserve_channel(tenant, channel, unlimited, now)
            .await?;
        self.store
            .apply_channel_event(tenant, channel.id, &ChannelEvent::DisconnectRequested, now)
            .await
    }
}
