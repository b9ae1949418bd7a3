//! For whom a transaction works (T6).

use crate::{
    id::{CompanyId, UserId},
    tenant::Tenant,
};

/// What a transaction may see, and whose other writers it keeps out while it writes.
///
/// SQLite has one writer and no rows that hide; there it documents the intent, and PostgreSQL enforces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Scope {
    /// One company: sees its rows alone, and is its only writer.
    Company(CompanyId),
    /// One account: sees what belongs to no company, and is the account's only writer.
    User(UserId),
    /// Work for nobody in particular: claiming jobs, recording what a provider says, the audit. Sees everything and keeps
    /// nobody out; each of its statements must be safe by itself.
    Platform,
}

impl From<Tenant> for Scope {
    fn from(tenant: Tenant) -> Self {
        Self::Company(tenant.company())
    }
}

impl From<UserId> for Scope {
    fn from(user: UserId) -> Self {
        Self::User(user)
    }
}

impl From<CompanyId> for Scope {
    fn from(company: CompanyId) -> Self {
        Self::Company(company)
    }
}
