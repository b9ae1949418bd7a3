//! [`ChannelStore`](crate::port::ChannelStore).

use futures_util::future::join_all;

use super::{Fresh, World};
use crate::{
    ErrorKind, Result,
    channel::{Channel, ChannelEvent, ChannelStatus, Platform},
    id::ChannelId,
    plan::Standing,
    tenant::Tenant,
    testing::{Checked, ensure, fixture, refused, same},
};

/// Connected accounts, their limit and their states.
///
/// # Errors
/// The first rule that does not hold.
pub async fn channels(make: &dyn Fresh) -> Checked {
    cases! { make;
        "reserve_channel: a new channel is CONNECTING" => connecting,
        "E2: 20 parallel calls at limit - 1 give exactly one channel" => last_place,
        "E2: the channels of all companies of the owner count, disconnected ones do not" => counted,
        "E1: a lapsed account connects nothing" => lapsed,
        "reserve_channel: a known session is the same channel again, under the same limit" => again,
        "reserve_channel: another tenant's session name is refused" => foreign_session,
        "channels: the company's own, oldest first" => listed,
        "channel: another tenant's is not found" => foreign_channel,
        "channel_by_session: by platform and name, or not found" => by_session,
        "H7: events move the status and keep account, error and count" => events,
        "H7: an event that changes nothing leaves one state" => idle_event,
        "H7: an event for another tenant's channel is not found" => foreign_event,
    }
}

async fn reserve(world: &World, tenant: Tenant, session: &str, limit: u32) -> Result<Channel> {
    let new = fixture::new_channel(session);
    let standing = fixture::subscribed(limit);
    world
        .store
        .reserve_channel(tenant, new, standing, fixture::NOW)
        .await
}

async fn apply(world: &World, event: ChannelEvent, seconds: i64) -> Result<Channel> {
    let at = fixture::after(seconds);
    let (tenant, id) = (world.tenant, world.channel.id);
    world
        .store
        .apply_channel_event(tenant, id, &event, at)
        .await
}

async fn connecting(world: &World) -> Checked {
    let channel = &world.channel;
    same(&channel.status, &ChannelStatus::Connecting, "status")?;
    same(&channel.company, &world.company.id, "company")?;
    same(&channel.user, &world.owner.id, "owner")?;
    same(&channel.updated_at, &fixture::NOW, "time")?;
    same(&channel.error_count, &0, "errors")?;
    same(
        &world.store.channel(world.tenant, channel.id).await?,
        channel,
        "read again",
    )
}

async fn last_place(world: &World) -> Checked {
    let names: Vec<String> = (0..20).map(|number| format!("s{number}")).collect();
    let calls = names
        .iter()
        .map(|name| reserve(world, world.tenant, name, 2));
    let mut won = 0;
    for result in join_all(calls).await {
        if result.is_ok() {
            won += 1;
        } else {
            refused(result, ErrorKind::PaymentRequired, "one channel too many")?;
        }
    }
    same(&won, &1, "winners of the last place")?;
    same(
        &world.store.channels(world.tenant).await?.len(),
        &2,
        "stored channels",
    )
}

async fn counted(world: &World) -> Checked {
    let new = fixture::new_company("Second");
    let second = world
        .store
        .create_company(world.owner.id, new, fixture::NOW)
        .await?;
    let full = reserve(world, second.tenant(), "more", 1).await;
    refused(
        full,
        ErrorKind::PaymentRequired,
        "the other company's channel counts",
    )?;
    apply(world, ChannelEvent::DisconnectRequested, 1).await?;
    reserve(world, second.tenant(), "more", 1).await?;
    let (.., foreign) = world.stranger().await?;
    ensure(
        foreign.user != world.owner.id,
        "a stranger's channel is the stranger's",
    )
}

async fn lapsed(world: &World) -> Checked {
    let new = fixture::new_channel("late");
    let refusal = world
        .store
        .reserve_channel(world.tenant, new, Standing::Lapsed, fixture::NOW)
        .await;
    refused(refusal, ErrorKind::PaymentRequired, "a lapsed account")?;
    same(
        &world.store.channels(world.tenant).await?.len(),
        &1,
        "stored channels",
    )
}

async fn again(world: &World) -> Checked {
    let same_place = reserve(world, world.tenant, "main", 1).await?;
    same(
        &same_place.id,
        &world.channel.id,
        "an own open channel does not count against itself",
    )?;
    apply(world, ChannelEvent::DisconnectRequested, 1).await?;
    let other = reserve(world, world.tenant, "other", 1).await?;
    let full = reserve(world, world.tenant, "main", 1).await;
    refused(
        full,
        ErrorKind::PaymentRequired,
        "the place was taken meanwhile",
    )?;
    let back = reserve(world, world.tenant, "main", 2).await?;
    same(&back.id, &world.channel.id, "key")?;
    same(&back.status, &ChannelStatus::Connecting, "status")?;
    ensure(other.id != back.id, "two sessions are two channels")
}

async fn foreign_session(world: &World) -> Checked {
    let (_, company, _) = world.stranger().await?;
    let taken = reserve(world, company.tenant(), "main", 100).await;
    refused(taken, ErrorKind::Conflict, "another tenant's session name")
}

async fn listed(world: &World) -> Checked {
    world.stranger().await?;
    let second = reserve(world, world.tenant, "second", 5).await?;
    let found = world.store.channels(world.tenant).await?;
    same(
        &found,
        &vec![world.channel.clone(), second],
        "the company's channels",
    )
}

async fn foreign_channel(world: &World) -> Checked {
    let (.., foreign) = world.stranger().await?;
    let seen = world.store.channel(world.tenant, foreign.id).await;
    refused(seen, ErrorKind::NotFound, "another tenant's channel")?;
    let absent = world.store.channel(world.tenant, ChannelId(987_654)).await;
    refused(absent, ErrorKind::NotFound, "an absent channel")
}

async fn by_session(world: &World) -> Checked {
    let store = &world.store;
    let found = store.channel_by_session(Platform::Whatsapp, "main").await?;
    same(&found, &world.channel, "the channel")?;
    let platform = store.channel_by_session(Platform::Telegram, "main").await;
    refused(platform, ErrorKind::NotFound, "another platform")?;
    let name = store.channel_by_session(Platform::Whatsapp, "nobody").await;
    refused(name, ErrorKind::NotFound, "an unknown session")
}

async fn events(world: &World) -> Checked {
    let account = Some("+34600000009".to_owned());
    let working = ChannelEvent::Working {
        account: account.clone(),
    };
    let up = apply(world, working, 1).await?;
    same(
        &(up.status, &up.account),
        &(ChannelStatus::Connected, &account),
        "working",
    )?;
    same(&up.updated_at, &fixture::after(1), "time of the change")?;
    let reason = "logged out".to_owned();
    let failed = ChannelEvent::Failed {
        reason: reason.clone(),
    };
    let down = apply(world, failed.clone(), 2).await?;
    same(
        &(down.status, down.error_count),
        &(ChannelStatus::Error, 1),
        "failed",
    )?;
    same(&down.last_error, &Some(reason), "the reason")?;
    same(
        &apply(world, failed, 3).await?.error_count,
        &2,
        "failed again",
    )?;
    let healed = apply(world, ChannelEvent::Working { account: None }, 4).await?;
    same(
        &(healed.status, healed.error_count),
        &(ChannelStatus::Connected, 0),
        "healed",
    )?;
    same(&healed.last_error, &None, "the reason is gone")?;
    same(&healed.account, &account, "the account stays known")?;
    same(
        &world.store.channel(world.tenant, healed.id).await?,
        &healed,
        "read again",
    )
}

async fn idle_event(world: &World) -> Checked {
    let working = ChannelEvent::Working { account: None };
    let first = apply(world, working.clone(), 1).await?;
    let second = apply(world, working, 2).await?;
    same(&second, &first, "the same news again")
}

async fn foreign_event(world: &World) -> Checked {
    let (.., foreign) = world.stranger().await?;
    let event = ChannelEvent::DisconnectRequested;
    let applied = world
        .store
        .apply_channel_event(world.tenant, foreign.id, &event, fixture::NOW)
        .await;
    refused(applied, ErrorKind::NotFound, "another tenant's channel")
}
