//! Deliver: an outgoing message leaves through its channel (H3, C4).

use jiff::SignedDuration;

use super::{Engine, moves};
use crate::{
    channel::ChannelStatus,
    conversation::{Delivery, Message},
    error::{Error, ErrorKind, Result, Retry},
    id::MessageId,
    port::{Alert, Changes, Job, OutboundText, SendOutcome},
    tenant::Tenant,
};

/// How long at most a message waits before a channel in trouble is tried again.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(1);

impl Engine {
    /// The [`Send`](crate::port::JobKind::Send) job.
    ///
    /// A try whose outcome is unknown leaves the message `Sending`; the next try asks the provider first, so that nothing is
    /// blindly repeated (H3).
    pub(super) async fn deliver(&self, job: &Job, tenant: Tenant, id: MessageId) -> Result<()> {
        let (message, before) = self.store.begin_send(tenant, id).await?;
        if message.delivery != Delivery::Sending {
            return self.done(job).await;
        }
        let conversation = self
            .store
            .conversation(tenant, message.conversation)
            .await?;
        let channel = self.store.channel(tenant, conversation.channel).await?;
        if channel.is_internal() {
            // Whoever called the API reads the conversation; there is nothing to transport.
            return self.sent(job, tenant, id, None).await;
        }
        // H6: what a channel in trouble could not take waits until somebody has mended it, however long.
        let wait = moves::backoff(job.attempts).min(LONGEST_WAIT);
        let wait = Retry::After(wait.try_into().unwrap_or_default());
        if channel.status == ChannelStatus::Disconnected {
            if before == Delivery::Queued {
                self.take_back(tenant, id).await?;
            }
            return Err(Error::unavailable(
                "message.send",
                "the channel is disconnected; connect it and the message goes",
            )
            .with("channel", channel.id)
            .retrying(wait));
        }
        let outbound = OutboundText {
            session: channel.session,
            address: conversation.address,
            text: message.text.clone(),
            client_id: client_id(&message),
            resend: before == Delivery::Sending,
        };
        match self.sender(channel.platform)?.send_text(&outbound).await {
            Ok(SendOutcome::Sent { provider_id }) => {
                self.sent(job, tenant, id, Some(&provider_id)).await
            }
            Ok(SendOutcome::Unconfirmed) => self.unconfirmed(job, tenant, id).await,
            Err(error) if is_permanent(&error) => self.refused(job, tenant, id, &error).await,
            Err(error) => {
                if error.kind() != ErrorKind::UnknownOutcome {
                    self.take_back(tenant, id).await?;
                }
                let refused_key = error.kind() == ErrorKind::Unauthenticated;
                Err(
                    if channel.status == ChannelStatus::Connected && !refused_key {
                        error
                    } else {
                        error.retrying(wait)
                    },
                )
            }
        }
    }

    /// This try surely did not go: the next one need not ask whether it did.
    async fn take_back(&self, tenant: Tenant, id: MessageId) -> Result<()> {
        self.store
            .mark(
                tenant,
                Some(id),
                None,
                Delivery::Queued,
                None,
                self.clock.now(),
            )
            .await
    }

    /// Nobody can tell whether it went, and repeating it might double it: a human is told, the customer hears at most once.
    async fn unconfirmed(&self, job: &Job, tenant: Tenant, id: MessageId) -> Result<()> {
        let problem = "sent, but the provider did not confirm it";
        let now = self.clock.now();
        self.store
            .mark(tenant, Some(id), None, Delivery::Sent, Some(problem), now)
            .await?;
        let mut changes = Changes::at(now);
        changes.finish = Some(job.claim);
        let message = format!(
            "message {id}: {problem}; look at the chat, and write again if it is not there"
        );
        changes.alerts.push(Alert {
            code: "send_unconfirmed",
            order: None,
            message,
        });
        self.store.commit(tenant, changes).await.map(drop)
    }

    async fn sent(
        &self,
        job: &Job,
        tenant: Tenant,
        id: MessageId,
        provider_id: Option<&str>,
    ) -> Result<()> {
        self.store
            .mark(
                tenant,
                Some(id),
                provider_id,
                Delivery::Sent,
                None,
                self.clock.now(),
            )
            .await?;
        self.done(job).await
    }

    async fn refused(&self, job: &Job, tenant: Tenant, id: MessageId, error: &Error) -> Result<()> {
        let now = self.clock.now();
        self.store
            .mark(
                tenant,
                Some(id),
                None,
                Delivery::Failed,
                Some(error.public()),
                now,
            )
            .await?;
        let mut changes = Changes::at(now);
        changes.finish = Some(job.claim);
        changes.alerts.push(Alert {
            code: "send_failed",
            order: None,
            message: format!("message {id}: {}", error.public()),
        });
        self.store.commit(tenant, changes).await.map(drop)
    }
}

/// Whether no later try can succeed. A refused key is mended by a human, and the queue waits for that (H6).
fn is_permanent(error: &Error) -> bool {
    error.retry() == Retry::Never
        && !matches!(
            error.kind(),
            ErrorKind::UnknownOutcome | ErrorKind::Unauthenticated
        )
}

/// The same for every try of one message, and for no other message of any database.
fn client_id(message: &Message) -> String {
    format!("{}-{}", message.at.as_millisecond(), message.id)
}
