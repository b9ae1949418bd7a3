//! E3: what an account has beyond its plan, and until when it may keep it.

use jiff::Timestamp;
use serde::Serialize;

use super::{Standing, Subscription};
use crate::id::ChannelId;

/// How an account is over its limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OverLimit {
    /// How many channels must go.
    pub by: u32,
    /// Until when all of them go on working; `None`: no end of the period is known.
    pub disconnect_by: Option<Timestamp>,
    /// Whether that moment has come: then these channels are not answered automatically any more, although they go on
    /// receiving.
    pub due: bool,
    /// Which ones, unless the owner chooses others: the newest.
    pub channels: Vec<ChannelId>,
}

/// How many of the connected must go before one more fits.
pub(super) const fn to_go(limit: u32, connected: u32) -> u32 {
    connected.saturating_sub(limit).saturating_add(1)
}

/// What `connected` channels (in any order) are beyond the plan. Nothing for an account that has lapsed: there is no limit to
/// get below, only a plan to choose.
///
/// ```
/// use x8_core::{id::ChannelId, plan::{Plan, Standing, Subscription, SubscriptionStatus, over_limit}};
/// let end = "2026-12-20T00:00:00Z".parse().unwrap();
/// let mut bought = Subscription::new(Plan::Single, SubscriptionStatus::Active, Some(end));
/// bought.reduced_until = Some(end);
/// let single = Standing::Subscribed { plan: Plan::Single, limit: Plan::Single.channels() };
/// let over = over_limit(single, Some(&bought), &[ChannelId(8), ChannelId(3)], "2026-12-01T00:00:00Z".parse().unwrap());
/// let over = over.unwrap();
/// assert_eq!((over.by, over.disconnect_by, over.due), (1, Some(end), false));
/// assert_eq!(over.channels, [ChannelId(8)], "the newest");
/// ```
#[must_use]
pub fn over_limit(
    standing: Standing,
    subscription: Option<&Subscription>,
    connected: &[ChannelId],
    now: Timestamp,
) -> Option<OverLimit> {
    let limit = match standing {
        Standing::Lapsed => return None,
        Standing::Trial { .. } | Standing::Subscribed { .. } => standing.channel_limit().count()?,
    };
    let mut channels = connected.to_vec();
    channels.sort_unstable();
    channels.dedup();
    let kept = usize::try_from(limit).unwrap_or(usize::MAX);
    let channels = channels.split_off(kept.min(channels.len()));
    if channels.is_empty() {
        return None;
    }
    let disconnect_by = match standing {
        Standing::Trial { ends_at } => Some(ends_at),
        Standing::Subscribed { .. } => {
            subscription.and_then(|bought| bought.reduced_until.or(bought.ends_at))
        }
        Standing::Lapsed => None,
    };
    Some(OverLimit {
        by: u32::try_from(channels.len()).unwrap_or(u32::MAX),
        disconnect_by,
        due: disconnect_by.is_some_and(|end| end <= now),
        channels,
    })
}
