//! Remind of an open link (O14).

use super::{Engine, moves};
use crate::{
    conversation::MessageType,
    error::Result,
    id::OrderId,
    order::OrderState,
    port::{Changes, Job, Notice},
    tenant::Tenant,
};

impl Engine {
    /// The [`Remind`](crate::port::JobKind::Remind) job: one reminder, unless the order is over, its link is, the customer
    /// objected, or the company may not send (T5, E1).
    ///
    /// *Idempotency*: the message and the end of the job are one commit.
    pub(super) async fn remind(&self, job: &Job, tenant: Tenant, id: OrderId) -> Result<()> {
        let order = self.store.order(tenant, id).await?;
        let conversation = self.store.conversation(tenant, order.conversation).await?;
        let Some(checkout) = order.checkout.as_ref() else {
            return self.done(job).await;
        };
        if order.state != OrderState::AwaitingPayment
            || conversation.session.no_reminders
            || conversation.taken_over
            || checkout.expires_at <= self.clock.now()
        {
            return self.done(job).await;
        }
        let company = self.store.company_for_work(tenant.company()).await?;
        if !self.may_answer(&company, conversation.channel).await? {
            return self.done(job).await;
        }
        let zone = company.settings.time_zone;
        let notice = Notice::Reminder {
            url: &checkout.url,
            total: order.totals.total,
        };
        let text = self.notices.write(&order.language, &zone, &notice);
        let mut changes = Changes::at(self.clock.now());
        changes.finish = Some(job.claim);
        changes
            .messages
            .push(moves::notice(&order, MessageType::Type2, text));
        self.store.commit(tenant, changes).await.map(drop)
    }
}
