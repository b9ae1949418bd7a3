//! The system of record in memory: the reference for every other adapter, and the store of tests and simulations.
//!
//! [`MemoryStore`] keeps every promise of the [store ports](crate::port::Store): one lock makes each call a transaction,
//! and a commit is planned in full before anything is written, so a refused one leaves no trace. It forgets everything
//! when the last clone is dropped.
//!
//! ```
//! use x8_core::{memory::MemoryStore, port::{Companies, Accounts}, tenant::{Caller, Role}};
//! # use x8_core::{Secret, port::NewUser};
//! # let now = "2026-11-20T09:00:00Z".parse().unwrap();
//! # let new = |email: &str| NewUser { email: email.into(), password_hash: Secret::new("…"), full_name: None,
//! #     role: Role::Client, trial_ends_at: now, created_at: now };
//! let store = MemoryStore::default();
//! let owner = pollster::block_on(store.create_user(new("owner@example.com")))?;
//! assert!(pollster::block_on(store.create_user(new("OWNER@example.com"))).is_err(), "taken");
//! assert!(pollster::block_on(store.companies(Caller::from(&owner)))?.is_empty());
//! # Ok::<(), x8_core::Error>(())
//! ```

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

mod accounts;
mod audit;
mod catalogs;
mod channels;
mod commit;
mod inbox;
mod inspect;
mod jobs;
mod ledger;
mod outbox;
mod seats;
mod state;
mod subscriptions;
mod threads;
mod turns;

pub use inspect::ChannelChange;
use state::State;

/// All store ports over one lock. Clones share their contents.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Mutex<State>>);

impl MemoryStore {
    /// The one transaction that runs at a time. A panic elsewhere cannot leave half a write: plans are made first.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
