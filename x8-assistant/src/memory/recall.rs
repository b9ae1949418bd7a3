//! A chat memory behind a turn pipeline.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use x8_core::{
    Error, Result,
    conversation::{Author, Flow, Message},
    port::{Answer, Forgotten, TurnInput},
    tenant::Tenant,
};

use super::{ChatMemory, Entry, Said, Scope, window::Window};
use crate::{
    pipeline::Recall,
    prompt::{PromptMessage, Role},
};

type Report = dyn Fn(&Error) + Send + Sync;

/// Gives a pipeline windows of a memory, and tells the memory every turn.
///
/// Between two turns people of the company and the system itself may speak (C4). The memory is not there then: windows show
/// it from the stored messages, and the next turn tells it. A memory begins empty, and what it forgot stays forgotten: older
/// stored messages do not take its place.
pub struct MemoryRecall {
    memory: Arc<dyn ChatMemory>,
    budget: u32,
    report: Arc<Report>,
}

impl fmt::Debug for MemoryRecall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryRecall")
            .field("budget", &self.budget)
            .finish_non_exhaustive()
    }
}

impl MemoryRecall {
    /// Windows of at most `budget` tokens. `report` hears what could not be kept or read, for the log; the turn goes on.
    #[must_use]
    pub fn new(
        memory: Arc<dyn ChatMemory>,
        budget: u32,
        report: impl Fn(&Error) + Send + Sync + 'static,
    ) -> Self {
        Self {
            memory,
            budget,
            report: Arc::new(report),
        }
    }
}

#[async_trait]
impl Recall for MemoryRecall {
    async fn window(&self, input: &TurnInput) -> Result<Vec<PromptMessage>> {
        let tenant = input.company.tenant();
        let asked = self
            .memory
            .window(tenant, input.conversation, self.budget, input.now);
        let remembered = asked.await.inspect_err(|error| (self.report)(error))?;
        let limits = self.memory.limits();
        let mut window = Window::new(limits, self.budget, input.now);
        let untold = entries(since_last_turn(&input.history));
        let _room = window.take(limits.admit(&untold, input.now)) && window.take(remembered);
        let fitting = window.oldest_first().into_iter();
        Ok(fitting.map(PromptMessage::from).collect())
    }

    async fn keep(&self, input: &TurnInput, answer: &Answer) {
        let mut told = entries(since_last_turn(&input.history));
        told.extend(entries(&input.burst));
        told.push(Entry::new(Role::Assistant, &*answer.text, input.now));
        let said = Said {
            conversation: input.conversation,
            person: input.sender.clone(),
            turn: input.turn,
            entries: told,
        };
        let tenant = input.company.tenant();
        if let Err(error) = self.memory.append(tenant, &said, input.now).await {
            (self.report)(&error);
        }
    }

    async fn forget(&self, tenant: Tenant, whom: Option<&Forgotten>) -> Result<()> {
        let Some(whom) = whom else {
            return self.memory.delete(tenant, &Scope::Tenant).await;
        };
        for conversation in &whom.conversations {
            let thread = Scope::Conversation(*conversation);
            self.memory.delete(tenant, &thread).await?;
        }
        // What a person said in a thread that is no more.
        for person in &whom.people {
            let person = Scope::Person(person.clone());
            self.memory.delete(tenant, &person).await?;
        }
        Ok(())
    }
}

/// What was said after the assistant's last words: the part of the record that no turn has told yet.
fn since_last_turn(history: &[Message]) -> &[Message] {
    let last = history
        .iter()
        .rposition(|message| message.author == Author::Assistant);
    let from = last.map_or(0, |last| last + 1);
    history.get(from..).unwrap_or_default()
}

fn entries(messages: &[Message]) -> Vec<Entry> {
    let spoken = messages.iter().filter(|one| !one.text.trim().is_empty());
    let entry = |one: &Message| {
        let role = match one.flow {
            Flow::Inbound => Role::User,
            Flow::Outbound => Role::Assistant,
        };
        Entry::new(role, &*one.text, one.at)
    };
    spoken.map(entry).collect()
}
