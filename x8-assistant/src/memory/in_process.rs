//! The memory of one process: the reference for every other adapter.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use x8_core::{
    Result,
    conversation::Identity,
    id::{ConversationId, TurnId},
    tenant::Tenant,
};

use super::{ChatMemory, Entry, Limits, Said, Scope, window::Window};

/// A memory that ends with the process.
#[derive(Debug, Default)]
pub struct InProcessMemory {
    limits: Limits,
    threads: Mutex<Threads>,
}

type Threads = BTreeMap<(Tenant, ConversationId), Vec<Told>>;

#[derive(Debug)]
struct Told {
    turn: TurnId,
    person: Identity,
    entries: Vec<Entry>,
}

impl InProcessMemory {
    /// An empty memory.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            threads: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Threads> {
        // Every change below is a single step: a panic elsewhere leaves no half of one.
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops the oldest turns that the newest `most_entries` do not reach into.
    fn make_room(&self, thread: &mut Vec<Told>) {
        let mut newer = 0;
        let kept = thread.iter().rev().take_while(|told| {
            let wanted = newer < self.limits.most_entries;
            newer += told.entries.len();
            wanted
        });
        let dropped = thread.len() - kept.count();
        thread.drain(..dropped);
    }
}

#[async_trait]
impl ChatMemory for InProcessMemory {
    fn limits(&self) -> &Limits {
        &self.limits
    }

    async fn append(&self, tenant: Tenant, said: &Said, now: Timestamp) -> Result<()> {
        let entries = self.limits.admit(&said.entries, now);
        if entries.is_empty() {
            return Ok(());
        }
        let mut threads = self.lock();
        let thread = threads.entry((tenant, said.conversation)).or_default();
        if thread.iter().any(|told| told.turn == said.turn) {
            return Ok(());
        }
        thread.push(Told {
            turn: said.turn,
            person: said.person.clone(),
            entries,
        });
        self.make_room(thread);
        Ok(())
    }

    async fn window(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        budget: u32,
        now: Timestamp,
    ) -> Result<Vec<Entry>> {
        let mut window = Window::new(&self.limits, budget, now);
        let threads = self.lock();
        let told = threads.get(&(tenant, conversation)).into_iter().flatten();
        for told in told.rev() {
            if !window.take(told.entries.clone()) {
                break;
            }
        }
        Ok(window.oldest_first())
    }

    async fn delete(&self, tenant: Tenant, scope: &Scope) -> Result<()> {
        let mut threads = self.lock();
        for ((_, conversation), thread) in threads.iter_mut().filter(|((of, _), _)| *of == tenant) {
            match scope {
                Scope::Conversation(one) if one != conversation => {}
                Scope::Conversation(_) | Scope::Tenant => thread.clear(),
                Scope::Person(person) => thread.retain(|told| told.person != *person),
            }
        }
        threads.retain(|_, thread| !thread.is_empty());
        Ok(())
    }

    async fn purge(&self, now: Timestamp) -> Result<()> {
        let mut threads = self.lock();
        for thread in threads.values_mut() {
            thread.retain(|told| self.limits.last_expiry(&told.entries) > now.as_millisecond());
        }
        threads.retain(|_, thread| !thread.is_empty());
        Ok(())
    }
}
