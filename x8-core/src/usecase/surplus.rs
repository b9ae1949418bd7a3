//! Surplus: what a downgrade left beyond the plan is not answered once its period is over (E3).

use super::Engine;
use crate::{
    channel::ChannelStatus,
    error::Result,
    id::ChannelId,
    plan::Subscription,
    tenant::{Caller, User},
};

impl Engine {
    /// Whether a channel is beyond a plan that was made smaller, after the period in which that happened. It goes on
    /// receiving; the owner chooses what stays by disconnecting others.
    ///
    /// Only accounts that were made smaller pay for the counting.
    pub(super) async fn is_surplus(
        &self,
        owner: &User,
        bought: &Subscription,
        channel: ChannelId,
    ) -> Result<bool> {
        let (Some(until), Some(limit)) = (bought.reduced_until, bought.reduced_to) else {
            return Ok(false);
        };
        if self.clock.now() < until {
            return Ok(false);
        }
        let mut older = 0_u32;
        for company in self.store.companies(Caller::from(owner)).await? {
            if company.owner != owner.id {
                continue;
            }
            for other in self.store.channels(company.tenant()).await? {
                let connected = other.status != ChannelStatus::Disconnected;
                if other.id == channel && !connected {
                    // Nothing that takes no place is beyond the plan.
                    return Ok(false);
                }
                older = older.saturating_add(u32::from(connected && other.id < channel));
            }
        }
        Ok(older >= limit)
    }
}
