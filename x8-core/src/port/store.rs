//! The system of record, in small ports. One adapter (memory, SQLite, PostgreSQL) implements them all over one database.

mod accounts;
mod catalogs;
mod channels;
mod inbox;
mod jobs;
mod ledger;
mod subscriptions;
mod turns;

pub use accounts::{Accounts, Companies, NewUser, RefreshToken};
pub use catalogs::{Catalogs, Documents};
pub use channels::{ChannelStore, NewChannel};
pub use inbox::{Accepted, Inbox, Page, Pending, TurnState, Waiting};
pub use jobs::{Claim, Job, JobKind, Jobs, NewJob};
pub use ledger::{
    Alert, AuditFinding, Changes, ConversationUpdate, Ledger, OrderWrite, Recorded, TurnRecord,
};

pub use subscriptions::{SubscriptionRecord, Subscriptions};
pub use turns::{Forgotten, Turns};

/// All store ports together, so that an application holds one `Arc<dyn Store>`.
pub trait Store:
    Accounts
    + Companies
    + ChannelStore
    + Catalogs
    + Inbox
    + Ledger
    + Turns
    + Jobs
    + Documents
    + Subscriptions
{
}

impl<T> Store for T where
    T: Accounts
        + Companies
        + ChannelStore
        + Catalogs
        + Inbox
        + Ledger
        + Turns
        + Jobs
        + Documents
        + Subscriptions
{
}
