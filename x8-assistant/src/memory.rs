//! Chat memory: what was said before, as context for language models, never as facts (A2).
//!
//! The stored messages of a conversation are the record; a memory is a shortened copy of it that may live elsewhere, expire
//! by itself and be deleted without touching orders. [`ChatMemory`] is the port:
//!
//! | adapter | feature | where |
//! |---|---|---|
//! | [`InProcessMemory`] | always | this process; the reference for the others |
//! | `sql::SqlMemory` | `sqlite`, `postgres` | two small tables in a SQLite file or a PostgreSQL database |
//! | `mongo::MongoMemory` | `mongodb` | bucketed documents with a TTL index |
//!
//! [`MemoryRecall`] puts any of them behind a turn pipeline.
//!
//! ```
//! use x8_assistant::{memory::{ChatMemory, Entry, InProcessMemory, Limits, Said}, prompt::Role};
//! use x8_core::{conversation::{Identity, IdentityKind}, id::{CompanyId, ConversationId, TurnId}, tenant::Tenant};
//! # let now = jiff::Timestamp::UNIX_EPOCH;
//! let memory = InProcessMemory::new(Limits::default());
//! let tenant = Tenant::assume(CompanyId(1));
//! let said = Said {
//!     conversation: ConversationId(7),
//!     person: Identity::new(IdentityKind::Phone, "+34600000001"),
//!     turn: TurnId(uuid::Uuid::nil()),
//!     entries: vec![Entry::new(Role::User, "Hello", now), Entry::new(Role::Assistant, "Good day!", now)],
//! };
//! # pollster::block_on(async {
//! memory.append(tenant, &said, now).await?;
//! memory.append(tenant, &said, now).await?;
//! assert_eq!(memory.window(tenant, said.conversation, 100, now).await?, said.entries, "told twice, kept once");
//! # Ok::<(), x8_core::Error>(())
//! # })?;
//! # Ok::<(), x8_core::Error>(())
//! ```

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use x8_core::{
    Result,
    conversation::Identity,
    id::{ConversationId, TurnId},
    tenant::Tenant,
};

use crate::prompt::{PromptMessage, Role};

mod in_process;
mod limits;
#[cfg(feature = "mongodb")]
pub mod mongo;
mod recall;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub mod sql;
mod tokens;
mod window;

pub use in_process::InProcessMemory;
pub use limits::Limits;
pub use recall::MemoryRecall;
pub use tokens::{entry_tokens, text_tokens};

/// One message as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Who spoke.
    pub role: Role,
    /// What was said.
    pub text: String,
    /// When; kept in whole milliseconds.
    pub at: Timestamp,
}

impl Entry {
    /// An entry.
    #[must_use]
    pub fn new(role: Role, text: impl Into<String>, at: Timestamp) -> Self {
        Self {
            role,
            text: text.into(),
            at,
        }
    }
}

impl From<Entry> for PromptMessage {
    fn from(entry: Entry) -> Self {
        Self::new(entry.role, entry.text)
    }
}

/// What one turn adds to a memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The thread.
    pub conversation: ConversationId,
    /// Who the customer is, so that everything of a person can be deleted.
    pub person: Identity,
    /// The turn, which makes telling it again harmless.
    pub turn: TurnId,
    /// What was said, oldest first.
    pub entries: Vec<Entry>,
}

/// How much a deletion takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One thread.
    Conversation(ConversationId),
    /// What was said in turns of this person, in every thread. A customer with several names (C1) is deleted name by name.
    Person(Identity),
    /// Everything of the company.
    Tenant,
}

/// Remembers what was said, for a while.
///
/// *Tenancy*: everything is kept and found under the tenant; equal conversation numbers of two companies never meet.
#[async_trait]
pub trait ChatMemory: Send + Sync {
    /// What is kept at most.
    fn limits(&self) -> &Limits;

    /// Keeps the entries of a turn, after all that the conversation holds already.
    ///
    /// - What [`Limits`] allow is kept: blank texts are left out, long ones cut, times in the future count as `now`, and the
    ///   oldest turns make room for the newest.
    /// - An entry expires [`Limits::ttl`] after its own time; one that has already is not kept.
    ///
    /// *Idempotency*: by tenant, conversation and turn. The first telling stands, also when many come at once; only a turn
    /// that was deleted, expired or pushed out is new again.
    ///
    /// # Errors
    /// `Unavailable` when the storage cannot be reached: the same call may be repeated.
    async fn append(&self, tenant: Tenant, said: &Said, now: Timestamp) -> Result<()>;

    /// The newest entries that together take at most `budget` tokens ([`entry_tokens`]), oldest first.
    ///
    /// - Cut between entries: an entry that does not fit ends the window, whatever older ones would take.
    /// - Expired entries are never returned, whether or not the storage has removed them.
    /// - An unknown conversation is empty.
    ///
    /// # Errors
    /// `Unavailable` when the storage cannot be reached.
    async fn window(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        budget: u32,
        now: Timestamp,
    ) -> Result<Vec<Entry>>;

    /// Deletes for good. What a turn tells afterwards is kept again.
    ///
    /// *Idempotency*: deleting what is not there succeeds.
    ///
    /// # Errors
    /// `Unavailable` when the storage cannot be reached: repeat it, a part may be left.
    async fn delete(&self, tenant: Tenant, scope: &Scope) -> Result<()>;

    /// Removes what has expired, of all tenants. Windows do not depend on it; disks and privacy rules do.
    ///
    /// # Errors
    /// `Unavailable` when the storage cannot be reached: repeat it.
    async fn purge(&self, now: Timestamp) -> Result<()>;
}
