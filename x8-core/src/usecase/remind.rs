//! Remind of an open link (O14, P10).
//!
//! A reminder comes `payment_reminder` hours after the link went out, or when the quiet hours it falls into end. The link
//! and its hold outlive it by an hour, within the 24 hours that a link can live; what would come later comes an hour before
//! the link ends. When quiet hours leave no time before that, there is no reminder: one at night would be unkind.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{Engine, moves};
use crate::{
    conversation::{Flow, MessageType},
    error::Result,
    id::{ConversationId, OrderId},
    order::{Order, OrderState},
    port::{Alert, Changes, Job, JobKind, NewJob, Notice},
    tenant::{Company, Tenant},
};

/// How long a link lives after its reminder, so that there is time to pay.
const TIME_TO_PAY: SignedDuration = SignedDuration::from_hours(1);

/// How many messages are looked through for the customer's last one.
const LOOK_BACK: u32 = 50;

impl Engine {
    /// The [`Remind`](JobKind::Remind) job: one reminder, unless the order is over, its link is, the customer objected, a
    /// human has taken over, or the company may not send (T5, E1). In quiet hours it waits for their end; where the
    /// platform's window is closed it is dropped, and the company told (H5).
    ///
    /// *Idempotency*: the message, the mark on the order and the end of the job are one commit, and a link that was
    /// reminded of is not reminded of again, however often the job is asked for.
    pub(super) async fn remind(&self, job: &Job, tenant: Tenant, id: OrderId) -> Result<()> {
        let mut order = self.store.order(tenant, id).await?;
        let conversation = self.store.conversation(tenant, order.conversation).await?;
        let now = self.clock.now();
        let Some(checkout) = order.checkout.clone() else {
            return self.done(job).await;
        };
        if order.state != OrderState::AwaitingPayment
            || conversation.session.no_reminders
            || conversation.taken_over
            || checkout.expires_at <= now
            || order
                .reminded_at
                .is_some_and(|at| at >= checkout.created_at)
        {
            return self.done(job).await;
        }
        let company = self.store.company_for_work(tenant.company()).await?;
        if !self.may_answer(&company, conversation.channel).await? {
            return self.done(job).await;
        }
        let mut changes = Changes::at(now);
        changes.finish = Some(job.claim);
        let heard = after_quiet(&company, now);
        if heard > now {
            if heard < checkout.expires_at {
                let later = NewJob::new(JobKind::Remind { order: id }, heard);
                changes.jobs.push(later);
            }
            return self.store.commit(tenant, changes).await.map(drop);
        }
        let window = self.sender(conversation.platform)?.window();
        if let Some(window) = window
            && !self.wrote_within(tenant, conversation.id, window).await?
        {
            changes.alerts.push(unreachable(id));
            return self.store.commit(tenant, changes).await.map(drop);
        }
        let notice = Notice::Reminder {
            url: &checkout.url,
            total: order.totals.total,
        };
        let zone = &company.settings.time_zone;
        let text = self.notices.write(&order.language, zone, &notice);
        order.reminded_at = Some(now);
        changes
            .messages
            .push(moves::notice(&order, MessageType::Type2, text));
        moves::write(&mut changes, &order);
        self.store.commit(tenant, changes).await.map(drop)
    }

    /// H5: whether the customer's last message is no older than this.
    async fn wrote_within(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        window: SignedDuration,
    ) -> Result<bool> {
        let state = self
            .store
            .turn_state(tenant, conversation, LOOK_BACK)
            .await?;
        let now = self.clock.now();
        let mut own = state
            .history
            .iter()
            .chain(&state.pending)
            .filter(|message| message.flow == Flow::Inbound);
        Ok(own.any(|message| message.at.duration_until(now) < window))
    }
}

fn unreachable(order: OrderId) -> Alert {
    Alert {
        code: "reminder_outside_window",
        order: Some(order),
        message: "the customer could not be reminded: the platform lets nobody write so long after their last message"
            .to_owned(),
    }
}

/// The moment itself, or the end of the company's quiet hours it falls into.
fn after_quiet(company: &Company, moment: Timestamp) -> Timestamp {
    let zone = TimeZone::get(&company.settings.time_zone).unwrap_or(TimeZone::UTC);
    let quiet = company.settings.quiet_hours;
    quiet.map_or(moment, |quiet| quiet.after(moment, &zone))
}

/// O14: after how many hours to remind, if at all.
fn hours(order: &Order) -> Option<SignedDuration> {
    let hours = order.reminder_hours.filter(|hours| *hours > 0)?;
    Some(SignedDuration::from_hours(i64::from(hours)))
}

/// When to remind of a link that went out at `sent`; `None`: not at all.
pub(super) fn due(
    company: &Company,
    order: &Order,
    sent: Timestamp,
    expires_at: Timestamp,
) -> Option<Timestamp> {
    let wanted = sent.checked_add(hours(order)?).ok()?;
    let last = expires_at - TIME_TO_PAY;
    let at = after_quiet(company, wanted.min(last.max(sent)));
    (at > sent && at < expires_at).then_some(at)
}

/// P4, O14: the link outlives its reminder by an hour, within the 31 minutes to 24 hours that Stripe allows.
pub(super) fn link_expiry(company: &Company, order: &Order) -> Timestamp {
    let made = order.trail.renewed_at.unwrap_or(order.created_at);
    let reminder = hours(order).and_then(|hours| made.checked_add(hours).ok());
    let reminded = reminder.map_or(made, |at| after_quiet(company, at) + TIME_TO_PAY);
    let own = SignedDuration::from_mins(i64::from(company.settings.link_minutes));
    let least = SignedDuration::from_mins(31);
    let most = SignedDuration::from_mins(24 * 60 - 10);
    made + own.max(made.duration_until(reminded)).clamp(least, most)
}
