//! What PostgreSQL says in its own way.

use std::{borrow::Cow, error::Error as StdError};

use jiff::Timestamp;
use sqlx::{
    Decode, Encode, Postgres, Row as _, Transaction, Type, TypeInfo as _, ValueRef as _,
    encode::IsNull,
    error::DatabaseError,
    postgres::{PgArgumentBuffer, PgRow, PgTypeInfo, PgValueRef, types::Oid},
};

use super::ports::{Faults, Meaning};
use crate::{error::Result, id::UserId};

pub(super) use super::PostgresStore as SqlStore;

/// A row as the driver gives it.
pub(super) type Row = PgRow;

/// A transaction; dropped without a commit, it leaves nothing.
pub(super) type Tx = Transaction<'static, Postgres>;

/// Even a single statement must say what it may see, hence a transaction.
pub(super) type Glance = Tx;

/// Why a column could not be read.
pub(super) type Unread = Box<dyn StdError + Send + Sync>;

/// A value that a column can be read as. The existing application's columns vary: its keys have 32 bits, its enums are types
/// of their own or text.
pub(super) trait Column: Sized {
    /// Reads the value; `NULL` is refused.
    fn of(value: PgValueRef<'_>) -> std::result::Result<Self, Unread>;
}

impl Column for i64 {
    fn of(value: PgValueRef<'_>) -> std::result::Result<Self, Unread> {
        let wide = match value.type_info().name() {
            "INT2" => <i16 as Decode<Postgres>>::decode(value)?.into(),
            "INT4" => <i32 as Decode<Postgres>>::decode(value)?.into(),
            "INT8" => <Self as Decode<Postgres>>::decode(value)?,
            other => return Err(format!("{other} is not a whole number").into()),
        };
        Ok(wide)
    }
}

impl Column for bool {
    fn of(value: PgValueRef<'_>) -> std::result::Result<Self, Unread> {
        match value.type_info().name() {
            "BOOL" => <Self as Decode<Postgres>>::decode(value),
            other => Err(format!("{other} is not a boolean").into()),
        }
    }
}

/// Text of any length, and the names of enums, which travel alike.
impl Column for String {
    fn of(value: PgValueRef<'_>) -> std::result::Result<Self, Unread> {
        Ok(value.as_str()?.to_owned())
    }
}

impl<T: Column> Column for Option<T> {
    fn of(value: PgValueRef<'_>) -> std::result::Result<Self, Unread> {
        if value.is_null() {
            return Ok(None);
        }
        T::of(value).map(Some)
    }
}

/// Reads a column.
pub(super) fn read<T: Column>(row: &Row, column: &str) -> std::result::Result<T, Unread> {
    T::of(row.try_get_raw(column)?)
}

/// Microseconds from 1970 to 2000, where the server's times begin.
const EPOCH: i64 = 946_684_800_000_000;

/// Reads a datetime of the existing application, with or without a zone: both travel as microseconds, and those without are
/// UTC.
pub(super) fn read_datetime(
    row: &Row,
    column: &str,
) -> std::result::Result<Option<Timestamp>, Unread> {
    let value = row.try_get_raw(column)?;
    if value.is_null() {
        return Ok(None);
    }
    let kind = value.type_info().name().to_owned();
    if !matches!(kind.as_str(), "TIMESTAMP" | "TIMESTAMPTZ") {
        return Err(format!("{kind} is not a timestamp").into());
    }
    let micros = i64::from_be_bytes(value.as_bytes()?.try_into()?);
    let time = match micros {
        i64::MAX => Timestamp::MAX,
        i64::MIN => Timestamp::MIN,
        since => Timestamp::from_microsecond(since.saturating_add(EPOCH))?,
    };
    Ok(Some(time))
}

/// A datetime for a column of the existing application; the server turns it into whatever the column is, in UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct DateTime(Timestamp);

/// The time as such a value.
pub(super) const fn datetime(time: Timestamp) -> DateTime {
    DateTime(time)
}

impl Type<Postgres> for DateTime {
    fn type_info() -> PgTypeInfo {
        const TIMESTAMPTZ: u32 = 1184;
        PgTypeInfo::with_oid(Oid(TIMESTAMPTZ))
    }
}

impl Encode<'_, Postgres> for DateTime {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> std::result::Result<IsNull, Unread> {
        let micros = self.0.as_microsecond().saturating_sub(EPOCH);
        buffer.extend_from_slice(&micros.to_be_bytes());
        Ok(IsNull::No)
    }
}

/// A value of one of the existing application's enums, by its name; the column tells the server whether that is an enum or
/// text.
#[derive(Clone, Debug)]
pub(super) struct Word(String);

/// The name as such a value.
pub(super) const fn word(name: String) -> Word {
    Word(name)
}

impl Type<Postgres> for Word {
    fn type_info() -> PgTypeInfo {
        const UNKNOWN: u32 = 705;
        PgTypeInfo::with_oid(Oid(UNKNOWN))
    }
}

impl Encode<'_, Postgres> for Word {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> std::result::Result<IsNull, Unread> {
        buffer.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
}

/// Text that the database can hold: it has no place for NUL, which no customer means.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        return Cow::Owned(text.replace('\0', "\u{FFFD}"));
    }
    Cow::Borrowed(text)
}

/// What a refusal means, by its SQLSTATE.
pub(super) fn meaning(told: &dyn DatabaseError) -> Meaning {
    let Some(code) = told.code() else {
        return Meaning::Defect;
    };
    match (code.get(..2).unwrap_or_default(), code.as_ref()) {
        // Our own triggers.
        ("X8", _) => Meaning::Rule,
        ("23", _) => Meaning::Constraint,
        // Too long for a column of the existing application; not a text.
        (_, "22001" | "22021" | "22P05") => Meaning::Unfit,
        // Connection, lost against another, resources, operator, a lock that took too long, a standby.
        ("08" | "40" | "53" | "57", _) | (_, "55P03" | "25006") => Meaning::Unavailable,
        _other => Meaning::Defect,
    }
}

/// Keeps out everybody who would write for this account, until the transaction ends.
pub(super) async fn lock_user(tx: &mut Tx, user: UserId) -> Result<()> {
    lock(tx, format!("x8 user {user}")).await
}

/// Keeps out everybody who would write about this link or payment, until the transaction ends.
pub(super) async fn lock_payment(tx: &mut Tx, key: &str) -> Result<()> {
    lock(tx, format!("x8 payment {key}")).await
}

async fn lock(tx: &mut Tx, name: String) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(name)
        .execute(&mut **tx)
        .await
        .of("store.lock")
        .map(drop)
}

/// Passes over rows that another claimer holds, instead of waiting for it.
macro_rules! skip_locked {
    () => {
        "FOR UPDATE OF j SKIP LOCKED"
    };
}
pub(super) use skip_locked;

/// T4: the highest number in a public id, however it came there.
macro_rules! highest_public_number {
    () => {
        "SELECT max(CAST(substring(company_id FROM '^COMP([0-9]{1,18})') AS BIGINT)) FROM companies"
    };
}
pub(super) use highest_public_number;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d1_text_that_the_server_has_no_place_for_is_replaced() {
        assert_eq!(text("hola"), "hola");
        assert_eq!(text("ho\0la"), "ho\u{FFFD}la");
    }
}
