//! Channels.

use super::{Columns, Row, corrupt, from_word};
use crate::{
    channel::{Channel, ChannelStatus, Platform},
    error::Result,
    id::{ChannelId, CompanyId, UserId},
};

/// A row of `channels` with the `session` of `x8_channels`.
pub(in super::super) fn channel(row: &Row) -> Result<Channel> {
    let platform: String = row.read("platform")?;
    Ok(Channel {
        id: ChannelId(row.read("id")?),
        company: CompanyId(row.read("company_id")?),
        user: UserId(row.read("user_id")?),
        platform: Platform::parse(&platform)
            .ok_or_else(|| corrupt("platform", "an unknown platform").with("value", platform))?,
        status: status(row.read::<Option<String>>("status")?.as_deref()),
        session: row.read("session")?,
        account: row.read("platform_account_id")?,
        last_error: row.read("last_error")?,
        error_count: match row.read::<Option<i64>>("error_count")? {
            Some(_) => row.count("error_count")?,
            None => 0,
        },
        updated_at: row.datetime_if("updated_at")?.unwrap_or_default(),
    })
}

/// A status in any case; what is not known is not linked.
fn status(text: Option<&str>) -> ChannelStatus {
    from_word(&text.unwrap_or_default().to_ascii_uppercase()).unwrap_or_default()
}
