//! Connected accounts.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    MemoryStore,
    state::{ChannelChange, State, next_key},
};
use crate::{
    Error, Result,
    channel::{Channel, ChannelEvent, ChannelStatus, Platform, next_status},
    id::ChannelId,
    plan::Standing,
    port::{ChannelStore, NewChannel},
    tenant::Tenant,
};

fn absent() -> Error {
    Error::not_found("channel.get", "no such channel")
}

#[async_trait]
impl ChannelStore for MemoryStore {
    async fn reserve_channel(
        &self,
        tenant: Tenant,
        channel: NewChannel,
        standing: Standing,
        now: Timestamp,
    ) -> Result<Channel> {
        let mut state = self.lock();
        let known = state
            .channels
            .values()
            .find(|known| known.session == channel.session)
            .cloned();
        if let Some(known) = &known
            && (known.company, known.platform) != (tenant.company(), channel.platform)
        {
            return Err(Error::conflict(
                "channel.reserve",
                "this session name is taken",
            ));
        }
        let before = match known {
            Some(known) => known,
            None => state.new_channel(tenant, &channel, now)?,
        };
        standing.may_connect(state.connected_beside(&before))?;
        let reserved = Channel {
            status: next_status(before.status, &ChannelEvent::ConnectRequested),
            account: channel.account.or(before.account.clone()),
            ..before.clone()
        };
        Ok(state.change_channel(&before, reserved, None, now))
    }

    async fn channels(&self, tenant: Tenant) -> Result<Vec<Channel>> {
        let state = self.lock();
        let own = |channel: &&Channel| channel.company == tenant.company();
        Ok(state.channels.values().filter(own).cloned().collect())
    }

    async fn channel(&self, tenant: Tenant, id: ChannelId) -> Result<Channel> {
        self.lock().own_channel(tenant, id).cloned()
    }

    async fn channel_by_session(&self, platform: Platform, session: &str) -> Result<Channel> {
        let state = self.lock();
        state
            .channels
            .values()
            .find(|channel| channel.platform == platform && channel.session == session)
            .cloned()
            .ok_or_else(|| absent().with("platform", platform))
    }

    async fn apply_channel_event(
        &self,
        tenant: Tenant,
        id: ChannelId,
        event: &ChannelEvent,
        now: Timestamp,
    ) -> Result<Channel> {
        let mut state = self.lock();
        let before = state.own_channel(tenant, id)?.clone();
        let mut after = Channel {
            status: next_status(before.status, event),
            ..before.clone()
        };
        let mut reason = None;
        match event {
            ChannelEvent::Working { account } => {
                after.account = account.clone().or(after.account);
                after.last_error = None;
                after.error_count = 0;
            }
            ChannelEvent::Failed { reason: why } => {
                after.last_error = Some(why.clone());
                after.error_count = after.error_count.saturating_add(1);
                reason = Some(why.clone());
            }
            ChannelEvent::ConnectRequested
            | ChannelEvent::Starting
            | ChannelEvent::AwaitingScan
            | ChannelEvent::Stopped
            | ChannelEvent::DisconnectRequested => {}
        }
        Ok(state.change_channel(&before, after, reason, now))
    }
}

impl State {
    pub(super) fn own_channel(&self, tenant: Tenant, id: ChannelId) -> Result<&Channel> {
        self.channels
            .get(&id)
            .filter(|channel| channel.company == tenant.company())
            .ok_or_else(|| absent().with("channel", id))
    }

    /// A channel as it would be stored, disconnected still.
    fn new_channel(&self, tenant: Tenant, new: &NewChannel, now: Timestamp) -> Result<Channel> {
        let company = self.companies.get(&tenant.company());
        let company = company.ok_or_else(|| {
            Error::not_found("channel.reserve", "no such company").with("company", tenant.company())
        })?;
        Ok(Channel {
            id: ChannelId(next_key(&self.channels, |id| id.0)),
            company: company.id,
            user: company.owner,
            platform: new.platform,
            status: ChannelStatus::Disconnected,
            session: new.session.clone(),
            account: None,
            last_error: None,
            error_count: 0,
            updated_at: now,
        })
    }

    /// E2: the owner's other channels that are not disconnected.
    fn connected_beside(&self, channel: &Channel) -> u32 {
        let counts = self.channels.values().filter(|known| {
            known.id != channel.id
                && known.user == channel.user
                && known.status != ChannelStatus::Disconnected
        });
        u32::try_from(counts.count()).unwrap_or(u32::MAX)
    }

    /// Stores a channel, logs its change of status, and stamps it when anything changed at all.
    fn change_channel(
        &mut self,
        before: &Channel,
        mut after: Channel,
        reason: Option<String>,
        now: Timestamp,
    ) -> Channel {
        if after == *before {
            return after;
        }
        after.updated_at = now;
        if after.status != before.status {
            let change = ChannelChange {
                at: now,
                from: before.status,
                to: after.status,
                reason,
            };
            self.channel_log.push((after.id, change));
        }
        self.channels.insert(after.id, after.clone());
        after
    }
}
