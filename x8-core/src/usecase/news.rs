//! News from the provider that is not about the payment of one order: accounts, and events that do not fit (P3, P5).

use super::Engine;
use crate::{
    error::Result,
    order::Order,
    port::{AccountChange, Alert, Changes, Job, ProviderEvent},
    tenant::Tenant,
};

impl Engine {
    /// A connected account changed: it is looked at again, and its owner hears when it cannot be paid to any more (P3).
    pub(super) async fn account_changed(&self, job: &Job, account: &str) -> Result<()> {
        let Some(change) = self.payments.account_changed(account).await? else {
            return self.done(job).await;
        };
        let Some((code, message)) = account_alert(change) else {
            return self.done(job).await;
        };
        let mut changes = Changes::at(self.clock.now());
        changes.finish = Some(job.claim);
        changes.alerts.push(Alert {
            code,
            order: None,
            message: message.to_owned(),
        });
        self.store.commit(change.tenant, changes).await.map(drop)
    }

    /// P5: an event that names a company's link and comes from an account that is not the company's changes nothing. It is
    /// kept, and somebody looks at it.
    pub(super) async fn foreign_event(
        &self,
        job: &Job,
        tenant: Tenant,
        order: &Order,
        event: &ProviderEvent,
    ) -> Result<()> {
        let mut changes = Changes::at(self.clock.now());
        changes.finish = Some(job.claim);
        let alert = Alert {
            code: "foreign_payment_event",
            order: Some(order.id),
            message: format!(
                "event {} ({}) came from an account that is not the company's and was not applied; check it at the provider",
                event.id, event.kind
            ),
        };
        let key = format!("foreign_payment_event:{}:{}", event.account, event.id);
        changes.once.push((key, alert));
        self.store.commit(tenant, changes).await.map(drop)
    }
}

fn account_alert(change: AccountChange) -> Option<(&'static str, &'static str)> {
    if change.is_ready || !change.was_ready {
        return None;
    }
    Some(if change.connected {
        (
            "connect_not_ready",
            "the payment account cannot be paid to any more; complete what the provider asks for",
        )
    } else {
        (
            "connect_lost",
            "the payment account was disconnected at the provider; connect one to be paid again",
        )
    })
}
