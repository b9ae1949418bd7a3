//! The chat memory's suite: every adapter of [`ChatMemory`] runs [`all`] on memories it makes.
//!
//! Each rule is checked on a memory of its own, and a failure names the rule. Parallel checks join many futures over one
//! memory. No clock is read: time is what the suite says.
//!
//! ```
//! use std::sync::Arc;
//! use x8_assistant::{memory::{ChatMemory, InProcessMemory, Limits}, testing::suite};
//!
//! let make = |limits: Limits| async move {
//!     let memory: Arc<dyn ChatMemory> = Arc::new(InProcessMemory::new(limits));
//!     Ok(memory)
//! };
//! pollster::block_on(suite::memory::windows(&make))?;
//! # Ok::<(), x8_core::testing::Failure>(())
//! ```

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use x8_core::{
    Result,
    conversation::{Identity, IdentityKind},
    id::{CompanyId, ConversationId},
    tenant::Tenant,
    testing::{Checked, fixture},
};

use crate::{
    memory::{ChatMemory, Entry, Limits, Said},
    prompt::Role,
};

/// Runs each case on a memory of its own and names the rule of the first that fails.
macro_rules! cases {
    ($make:expr; $($rule:literal => $case:path),+ $(,)?) => {{
        $(
            let checked = async { $case($make).await };
            Box::pin(checked)
                .await
                .map_err(|failure: x8_core::testing::Failure| failure.under($rule))?;
        )+
        Ok(())
    }};
}

mod appends;
mod deletes;
mod sizes;
mod windows;

pub use appends::appends;
pub use deletes::deletes;
pub use sizes::sizes;
pub use windows::windows;

/// Makes empty memories. Every `Fn(Limits) -> impl Future<Output = Result<Arc<dyn ChatMemory>>>` is one.
#[async_trait]
pub trait Fresh: Sync {
    /// An empty memory that nothing else uses.
    ///
    /// # Errors
    /// Whatever keeps the adapter from making one.
    async fn fresh(&self, limits: Limits) -> Result<Arc<dyn ChatMemory>>;
}

#[async_trait]
impl<F, Made> Fresh for F
where
    F: Fn(Limits) -> Made + Sync,
    Made: Future<Output = Result<Arc<dyn ChatMemory>>> + Send,
{
    async fn fresh(&self, limits: Limits) -> Result<Arc<dyn ChatMemory>> {
        self(limits).await
    }
}

/// Runs every group.
///
/// # Errors
/// The first rule that does not hold.
pub async fn all(make: &dyn Fresh) -> Checked {
    appends(make).await?;
    windows(make).await?;
    deletes(make).await?;
    sizes(make).await
}

const TENANT: Tenant = Tenant::assume(CompanyId(1));
const OTHER: Tenant = Tenant::assume(CompanyId(2));
const THREAD: ConversationId = ConversationId(7);
/// More than any window of the suite takes.
const PLENTY: u32 = 10_000_000;

/// Limits that are in the way of nothing.
fn roomy() -> Limits {
    Limits {
        most_entries: 100_000,
        ..Limits::default()
    }
}

fn person(number: u32) -> Identity {
    Identity::new(IdentityKind::Phone, format!("+3460000{number:04}"))
}

/// A question and its answer, told in turn `number`.
fn said(number: u32, at: Timestamp) -> Said {
    telling(number, &[&format!("question {number}")], at)
}

/// What a customer wrote in turn `number`, and the answer.
fn telling(number: u32, texts: &[&str], at: Timestamp) -> Said {
    let asked = texts.iter().map(|text| Entry::new(Role::User, *text, at));
    let answer = Entry::new(Role::Assistant, format!("answer {number}"), at);
    Said {
        conversation: THREAD,
        person: person(1),
        turn: fixture::turn(u128::from(number) + 1),
        entries: asked.chain([answer]).collect(),
    }
}

/// The texts of everything the thread holds.
async fn texts(memory: &dyn ChatMemory, tenant: Tenant) -> Result<Vec<String>> {
    let window = memory.window(tenant, THREAD, PLENTY, fixture::NOW).await?;
    Ok(window.into_iter().map(|entry| entry.text).collect())
}

/// The texts of these tellings, one after the other.
fn told(said: &[Said]) -> Vec<String> {
    let entries = said.iter().flat_map(|said| &said.entries);
    entries.map(|entry| entry.text.clone()).collect()
}
