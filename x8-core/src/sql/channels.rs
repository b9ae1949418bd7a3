//! Connected accounts.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    Scope, SqlStore, Tx, dialect,
    fault::Faults,
    row::{self, Columns, to_word},
};
use crate::{
    channel::{Channel, ChannelEvent, ChannelStatus, Platform, next_status},
    error::{Error, Result},
    id::{ChannelId, UserId},
    plan::Standing,
    port::{ChannelStore, NewChannel},
    tenant::Tenant,
};

/// Selects channels with what [`row::channel`] reads. A channel that x8 did not connect has no session of its own yet.
macro_rules! channels_sql {
    ($tail:literal) => {
        concat!(
            "SELECT c.*, coalesce(x.session, 'channel-' || c.id) AS session FROM channels c
             LEFT JOIN x8_channels x ON x.channel_id = c.id ",
            $tail
        )
    };
}

#[async_trait]
impl ChannelStore for SqlStore {
    async fn reserve_channel(
        &self,
        tenant: Tenant,
        channel: NewChannel,
        standing: Standing,
        now: Timestamp,
    ) -> Result<Channel> {
        const OPERATION: &str = "channel.reserve";
        let mut tx = self.write(tenant, OPERATION).await?;
        let existing = sqlx::query(channels_sql!("WHERE x.session = $1"))
            .bind(&channel.session)
            .fetch_optional(&mut *tx)
            .await
            .of(OPERATION)?
            .as_ref()
            .map(row::channel)
            .transpose()?;
        let others = connected(&mut tx, tenant, existing.as_ref().map(|own| own.id)).await?;
        let reserved = match existing {
            Some(own) if (own.company, own.platform) == (tenant.company(), channel.platform) => {
                standing.may_connect(others)?;
                let mut asked = after(&own, &ChannelEvent::ConnectRequested);
                asked.account = channel.account.or(asked.account);
                store(&mut tx, own, asked, now).await?
            }
            Some(_other) => {
                return Err(Error::conflict(OPERATION, "this session name is taken")
                    .with("session", channel.session));
            }
            None => {
                standing.may_connect(others)?;
                insert(&mut tx, tenant, channel, now).await?
            }
        };
        tx.commit().await.of(OPERATION)?;
        Ok(reserved)
    }

    async fn channels(&self, tenant: Tenant) -> Result<Vec<Channel>> {
        let mut reader = self.glance(tenant, "channel.list").await?;
        sqlx::query(channels_sql!("WHERE c.company_id = $1 ORDER BY c.id"))
            .bind(tenant.company().0)
            .fetch_all(&mut *reader)
            .await
            .of("channel.list")?
            .iter()
            .map(row::channel)
            .collect()
    }

    async fn channel(&self, tenant: Tenant, id: ChannelId) -> Result<Channel> {
        let mut tx = self.read(tenant, "channel.get").await?;
        get(&mut tx, "channel.get", tenant, id).await
    }

    async fn channel_by_session(&self, platform: Platform, session: &str) -> Result<Channel> {
        const OPERATION: &str = "channel.by_session";
        let mut reader = self.glance(Scope::Platform, OPERATION).await?;
        let found = sqlx::query(channels_sql!(
            "WHERE x.session = $1 AND upper(CAST(c.platform AS TEXT)) = $2"
        ))
        .bind(session)
        .bind(to_word(&platform)?)
        .fetch_optional(&mut *reader)
        .await
        .of(OPERATION)?
        .ok_or_else(|| {
            Error::not_found(OPERATION, "no channel has this session").with("session", session)
        })?;
        row::channel(&found)
    }

    async fn apply_channel_event(
        &self,
        tenant: Tenant,
        id: ChannelId,
        event: &ChannelEvent,
        now: Timestamp,
    ) -> Result<Channel> {
        const OPERATION: &str = "channel.apply";
        let mut tx = self.write(tenant, OPERATION).await?;
        let channel = get(&mut tx, OPERATION, tenant, id).await?;
        let next = after(&channel, event);
        let channel = store(&mut tx, channel, next, now).await?;
        tx.commit().await.of(OPERATION)?;
        Ok(channel)
    }
}

async fn get(
    tx: &mut Tx,
    operation: &'static str,
    tenant: Tenant,
    id: ChannelId,
) -> Result<Channel> {
    let found = sqlx::query(channels_sql!("WHERE c.company_id = $1 AND c.id = $2"))
        .bind(tenant.company().0)
        .bind(id.0)
        .fetch_optional(&mut **tx)
        .await
        .of(operation)?
        .ok_or_else(|| Error::not_found(operation, "no such channel").with("channel", id))?;
    row::channel(&found)
}

/// E2: the channels of the company's owner that are not disconnected, without the one that asks again. Nobody connects
/// one of the owner's other companies meanwhile.
async fn connected(tx: &mut Tx, tenant: Tenant, except: Option<ChannelId>) -> Result<u32> {
    const OPERATION: &str = "channel.reserve";
    let owner = sqlx::query("SELECT user_id FROM companies WHERE id = $1")
        .bind(tenant.company().0)
        .fetch_optional(&mut **tx)
        .await
        .of(OPERATION)?
        .map(|row| row.read("user_id").map(UserId))
        .transpose()?;
    let Some(owner) = owner else { return Ok(0) };
    dialect::lock_user(tx, owner).await?;
    sqlx::query(
        "SELECT count(*) AS connected FROM channels c JOIN companies o ON o.id = c.company_id
         WHERE o.user_id = $1 AND upper(coalesce(CAST(c.status AS TEXT), 'DISCONNECTED')) <> 'DISCONNECTED'
           AND c.id <> $2",
    )
    .bind(owner.0)
    .bind(except.map_or(0, |id| id.0))
    .fetch_one(&mut **tx)
    .await
    .of(OPERATION)?
    .count("connected")
}

async fn insert(
    tx: &mut Tx,
    tenant: Tenant,
    channel: NewChannel,
    now: Timestamp,
) -> Result<Channel> {
    const OPERATION: &str = "channel.reserve";
    let created = sqlx::query(
        "INSERT INTO channels (company_id, user_id, platform, is_active, status, platform_account_id, error_count,
                               created_at, updated_at)
         SELECT id, user_id, $2, TRUE, 'CONNECTING', $3, 0, $4, $4 FROM companies WHERE id = $1
         RETURNING *, $5 AS session",
    )
    .bind(tenant.company().0)
    .bind(dialect::word(to_word(&channel.platform)?))
    .bind(channel.account)
    .bind(dialect::datetime(now))
    .bind(&channel.session)
    .fetch_optional(&mut **tx)
    .await
    .of(OPERATION)?
    .ok_or_else(|| {
        Error::not_found(OPERATION, "no such company").with("company", tenant.company())
    })?;
    let created = row::channel(&created)?;
    ensure_session(tx, &created).await?;
    log(tx, &created, None, None, now).await?;
    Ok(created)
}

/// Gives a channel of the existing application its row, so that its changes can be logged.
async fn ensure_session(tx: &mut Tx, channel: &Channel) -> Result<()> {
    sqlx::query(
        "INSERT INTO x8_channels (channel_id, company_id, session) VALUES ($1, $2, $3)
         ON CONFLICT (channel_id) DO NOTHING",
    )
    .bind(channel.id.0)
    .bind(channel.company.0)
    .bind(&channel.session)
    .execute(&mut **tx)
    .await
    .of("channel.apply")?;
    Ok(())
}

/// Stores what became of a channel, and logs it when the status moved.
async fn store(
    tx: &mut Tx,
    channel: Channel,
    mut next: Channel,
    now: Timestamp,
) -> Result<Channel> {
    if next == channel {
        return Ok(channel);
    }
    next.updated_at = now;
    sqlx::query(
        "UPDATE channels SET status = $3, platform_account_id = $4, last_error = $5, error_count = $6, updated_at = $7
         WHERE company_id = $1 AND id = $2",
    )
    .bind(next.company.0)
    .bind(next.id.0)
    .bind(dialect::word(to_word(&next.status)?))
    .bind(&next.account)
    .bind(&next.last_error)
    .bind(i64::from(next.error_count))
    .bind(dialect::datetime(now))
    .execute(&mut **tx)
    .await
    .of("channel.apply")?;
    if next.status != channel.status {
        ensure_session(tx, &next).await?;
        log(
            tx,
            &next,
            Some(channel.status),
            next.last_error.as_deref(),
            now,
        )
        .await?;
    }
    Ok(next)
}

/// What the event makes of the channel, without its time.
fn after(channel: &Channel, event: &ChannelEvent) -> Channel {
    let mut next = channel.clone();
    next.status = next_status(channel.status, event);
    match event {
        ChannelEvent::Working { account } => {
            next.account = account.clone().or(next.account);
            next.last_error = None;
            next.error_count = 0;
        }
        ChannelEvent::Failed { reason } => {
            next.last_error = Some(reason.clone());
            next.error_count = next.error_count.saturating_add(1);
        }
        ChannelEvent::ConnectRequested
        | ChannelEvent::Starting
        | ChannelEvent::AwaitingScan
        | ChannelEvent::Stopped
        | ChannelEvent::DisconnectRequested => {}
    }
    next
}

async fn log(
    tx: &mut Tx,
    channel: &Channel,
    from: Option<ChannelStatus>,
    detail: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO x8_channel_log (company_id, channel_id, from_status, to_status, detail, at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(channel.company.0)
    .bind(channel.id.0)
    .bind(from.as_ref().map(to_word).transpose()?)
    .bind(to_word(&channel.status)?)
    .bind(detail)
    .bind(now.as_millisecond())
    .execute(&mut **tx)
    .await
    .of("channel.apply")?;
    Ok(())
}
