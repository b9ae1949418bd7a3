//! Deliver: an outgoing message leaves through its channel (H3, C4).

use jiff::SignedDuration;

use super::Engine;
use crate::{
    channel::ChannelStatus,
    conversation::{Delivery, Message},
    error::{Error, ErrorKind, Result, Retry},
    id::MessageId,
    port::{Alert, Changes, Job, JobKind, NewJob, OutboundText, SendOutcome},
    tenant::Tenant,
};

/// How long a message waits before a disconnected channel is looked at again.
const DISCONNECTED_WAIT: SignedDuration = SignedDuration::from_mins(1);

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
        if channel.status == ChannelStatus::Disconnected {
            return self.wait_for_channel(job, tenant, id).await;
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
            Err(error) if is_permanent(&error) => self.refused(job, tenant, id, &error).await,
            Err(error) => Err(error),
        }
    }

    /// H6: the queue waits however long the channel is away. Nothing was tried, so no try is used up, and the job keeps its
    /// place in its lane: enqueued while it runs, it runs again.
    async fn wait_for_channel(&self, job: &Job, tenant: Tenant, message: MessageId) -> Result<()> {
        let now = self.clock.now();
        let mut changes = Changes::at(now);
        let again = JobKind::Send { message };
        changes
            .jobs
            .push(NewJob::new(again, now + DISCONNECTED_WAIT));
        let _nothing_new = self.store.commit(tenant, changes).await?;
        self.done(job).await
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

    /// A job ran out of tries: what it was about is said aloud before it is buried.
    pub(super) async fn give_up(&self, job: &Job, tenant: Tenant, error: &Error) -> Result<()> {
        let mut changes = Changes::at(self.clock.now());
        let message = format!(
            "{} gave up after {} tries: {}",
            job.kind.key(),
            job.attempts,
            error.public()
        );
        changes.alerts.push(Alert {
            code: "dead_letter",
            order: None,
            message,
        });
        if let JobKind::Send { message } = job.kind {
            let problem = Some(error.public());
            self.store
                .mark(
                    tenant,
                    Some(message),
                    None,
                    Delivery::Failed,
                    problem,
                    changes.at,
                )
                .await?;
        }
        self.store.commit(tenant, changes).await.map(drop)
    }
}

fn is_permanent(error: &Error) -> bool {
    error.retry() == Retry::Never && error.kind() != ErrorKind::UnknownOutcome
}

/// The same for every try of one message, and for no other message of any database.
fn client_id(message: &Message) -> String {
    format!("{}-{}", message.at.as_millisecond(), message.id)
}
