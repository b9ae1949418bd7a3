//! What SQLite says in its own way.

use std::error::Error as StdError;

use jiff::{Timestamp, civil, tz::TimeZone};
use sqlx::{
    Decode, Row as _, Sqlite, Transaction, Type, error::DatabaseError, pool::PoolConnection,
    sqlite::SqliteRow,
};

use super::ports::Meaning;
use crate::{error::Result, id::UserId};

pub(super) use super::SqliteStore as SqlStore;

/// A row as the driver gives it.
pub(super) type Row = SqliteRow;

/// A transaction; dropped without a commit, it leaves nothing.
pub(super) type Tx = Transaction<'static, Sqlite>;

/// A connection for one statement that only reads.
pub(super) type Glance = PoolConnection<Sqlite>;

/// A value that a column can be read as.
pub(super) trait Column: for<'r> Decode<'r, Sqlite> + Type<Sqlite> {}

impl<T: for<'r> Decode<'r, Sqlite> + Type<Sqlite>> Column for T {}

/// Why a column could not be read.
pub(super) type Unread = Box<dyn StdError + Send + Sync>;

/// Reads a column.
pub(super) fn read<T: Column>(row: &Row, column: &str) -> std::result::Result<T, Unread> {
    Ok(row.try_get(column)?)
}

/// Reads a datetime of the existing application, which are text here.
pub(super) fn read_datetime(
    row: &Row,
    column: &str,
) -> std::result::Result<Option<Timestamp>, Unread> {
    let Some(text) = row.try_get::<Option<String>, _>(column)? else {
        return Ok(None);
    };
    match from_datetime(&text) {
        Some(time) => Ok(Some(time)),
        None => Err(format!("not a datetime like 2026-01-31 12:00:00: {text}").into()),
    }
}

/// A datetime as the existing application writes it: UTC, six decimals.
pub(super) fn datetime(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S.%6f").to_string()
}

/// A value of one of the existing application's enums: its name as text.
pub(super) const fn word(name: String) -> String {
    name
}

/// Text that the database can hold: here, any.
pub(super) const fn text(text: &str) -> &str {
    text
}

/// Reads a datetime with or without decimals, `T` and offset; without an offset it is UTC.
fn from_datetime(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let local: civil::DateTime = text.parse().ok()?;
    let zoned = local.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

/// What a refusal means. Primary result codes are the low byte of the extended ones.
pub(super) fn meaning(told: &dyn DatabaseError) -> Meaning {
    const TRIGGER: u32 = 1811;
    let code = told.code().and_then(|code| code.parse::<u32>().ok());
    match code.map(|code| (code, code & 0xff)) {
        Some((TRIGGER, _)) => Meaning::Rule,
        // CONSTRAINT
        Some((_, 19)) => Meaning::Constraint,
        // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN
        Some((_, 5 | 6 | 8 | 10 | 13 | 14)) => Meaning::Unavailable,
        // TOOBIG
        Some((_, 18)) => Meaning::Unfit,
        Some(_) | None => Meaning::Defect,
    }
}

/// Keeps out everybody who would write for this account; here the one writer already does.
#[expect(
    clippy::unused_async,
    reason = "other databases ask their server for the lock"
)]
pub(super) async fn lock_user(_tx: &mut Tx, _user: UserId) -> Result<()> {
    Ok(())
}

/// Keeps out everybody who would write about this link or payment; here the one writer already does.
#[expect(
    clippy::unused_async,
    reason = "other databases ask their server for the lock"
)]
pub(super) async fn lock_payment(_tx: &mut Tx, _key: &str) -> Result<()> {
    Ok(())
}

/// Passes over rows that another claimer holds; here there is none while we write.
macro_rules! skip_locked {
    () => {
        ""
    };
}
pub(super) use skip_locked;

/// T4: the highest number in a public id, however it came there.
macro_rules! highest_public_number {
    () => {
        "SELECT max(CAST(substr(company_id, 5) AS INTEGER)) FROM companies WHERE company_id GLOB 'COMP[0-9]*'"
    };
}
pub(super) use highest_public_number;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d2_datetimes_are_written_as_the_existing_app_writes_them() {
        let time = "2026-03-29T00:30:00.25Z".parse().unwrap();
        assert_eq!(datetime(time), "2026-03-29 00:30:00.250000");
        assert_eq!(from_datetime("2026-03-29 00:30:00.250000"), Some(time));
        assert_eq!(from_datetime("2026-03-29T01:30:00.250+01:00"), Some(time));
        assert_eq!(
            from_datetime("2026-03-29 00:30:00"),
            "2026-03-29T00:30:00Z".parse().ok()
        );
        assert_eq!(from_datetime("yesterday"), None);
    }
}
