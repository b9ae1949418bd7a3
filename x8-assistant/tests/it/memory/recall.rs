//! A memory behind a pipeline.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_assistant::{
    agenda::Plan,
    memory::{ChatMemory, Entry, InProcessMemory, Limits, MemoryRecall, Said, Scope},
    model::ScriptedModel,
    phrases::Phrases,
    pipeline::{Recall, TurnPipeline},
    prompt::{Prompt, PromptMessage, PromptWriter, Role},
};
use x8_core::{
    Error, Result,
    channel::Platform,
    conversation::{Author, Flow},
    id::ConversationId,
    port::{Assistant as _, Forgotten, TurnInput},
    tenant::Tenant,
};

use crate::guided::driver::{Talk, catalog};

fn recall(memory: &Arc<InProcessMemory>, budget: u32) -> MemoryRecall {
    let memory: Arc<dyn ChatMemory> = Arc::<InProcessMemory>::clone(memory);
    MemoryRecall::new(memory, budget, |error| panic!("{error}"))
}

/// One turn that the memory is told, twice.
fn turn(talk: &mut Talk, recall: &MemoryRecall, text: &str) -> Result<String> {
    let input = talk.input(&[text]);
    let answer = talk.say(&[text])?;
    pollster::block_on(recall.keep(&input, &answer));
    pollster::block_on(recall.keep(&input, &answer));
    Ok(answer.text)
}

fn seen(recall: &MemoryRecall, input: &TurnInput) -> Result<Vec<(Role, String)>> {
    let window = pollster::block_on(recall.window(input))?;
    let pair = |message: PromptMessage| (message.role, message.text);
    Ok(window.into_iter().map(pair).collect())
}

#[test]
fn a2_c4_the_window_is_what_turns_told_and_what_was_said_since() -> Result<()> {
    let mut talk = Talk::new(catalog("flowers")?, Platform::Telegram)?;
    let memory = Arc::new(InProcessMemory::new(Limits::default()));
    let recall = recall(&memory, 10_000);
    let first = turn(&mut talk, &recall, "Hello")?;
    let mut human = talk.history.last().cloned().unwrap();
    human.author = Author::Human;
    human.text = "Ana here, I can help".to_owned();
    talk.history.push(human);
    let mut wanted = vec![
        (Role::User, "Hello".to_owned()),
        (Role::Assistant, first),
        (Role::Assistant, "Ana here, I can help".to_owned()),
    ];
    assert_eq!(
        seen(&recall, &talk.input(&["Thanks"]))?,
        wanted,
        "before it was told"
    );
    let second = turn(&mut talk, &recall, "Thanks")?;
    wanted.push((Role::User, "Thanks".to_owned()));
    wanted.push((Role::Assistant, second));
    let next = talk.input(&["Roses?"]);
    assert_eq!(seen(&recall, &next)?, wanted, "once it was told");
    // The newest first, when there is little room.
    let little = MemoryRecall::new(Arc::<InProcessMemory>::clone(&memory), 0, |_| {});
    assert_eq!(seen(&little, &next)?, []);
    Ok(())
}

#[test]
fn a2_what_the_memory_forgot_does_not_come_back_from_the_record() -> Result<()> {
    let mut talk = Talk::new(catalog("flowers")?, Platform::Telegram)?;
    let limits = Limits {
        ttl: SignedDuration::from_hours(1),
        ..Limits::default()
    };
    let memory = Arc::new(InProcessMemory::new(limits));
    let recall = recall(&memory, 10_000);
    turn(&mut talk, &recall, "Hello")?;
    let next = talk.input(&["Roses?"]);
    assert_eq!(seen(&recall, &next)?.len(), 2);
    let later = TurnInput {
        now: next.now + SignedDuration::from_hours(1),
        ..next.clone()
    };
    assert_eq!(seen(&recall, &later)?, [], "expired");
    pollster::block_on(memory.delete(next.company.tenant(), &Scope::Person(next.sender.clone())))?;
    assert_eq!(seen(&recall, &next)?, [], "deleted");
    Ok(())
}

/// A memory whose storage is down.
struct Down(Limits);

impl Down {
    fn error<T>() -> Result<T> {
        Err(Error::unavailable("memory.test", "down"))
    }
}

#[async_trait]
impl ChatMemory for Down {
    fn limits(&self) -> &Limits {
        &self.0
    }

    async fn append(&self, _: Tenant, _: &Said, _: Timestamp) -> Result<()> {
        Self::error()
    }

    async fn window(
        &self,
        _: Tenant,
        _: ConversationId,
        _: u32,
        _: Timestamp,
    ) -> Result<Vec<Entry>> {
        Self::error()
    }

    async fn delete(&self, _: Tenant, _: &Scope) -> Result<()> {
        Self::error()
    }

    async fn purge(&self, _: Timestamp) -> Result<()> {
        Self::error()
    }
}

/// Notes the windows it is given.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl PromptWriter for Notes {
    fn write(&self, _: &TurnInput, _: &Plan, window: &[PromptMessage]) -> Result<Prompt> {
        let texts = window.iter().map(|message| message.text.clone());
        self.0.lock().unwrap().extend(texts);
        Ok(Prompt::default())
    }
}

#[test]
fn a2_a11_a_memory_that_is_down_costs_no_answer_and_is_reported() -> Result<()> {
    let talk = Talk::new(catalog("flowers")?, Platform::Telegram)?;
    let reports = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&reports);
    let recall = MemoryRecall::new(Arc::new(Down(Limits::default())), 1_000, move |error| {
        assert_eq!(error.operation(), "memory.test");
        counter.fetch_add(1, Ordering::Relaxed);
    });
    let notes = Arc::new(Notes::default());
    // A model that reads prompts and then says nothing: the guided one answers.
    let silent = Arc::new(ScriptedModel::new([]));
    let pipeline = TurnPipeline::new(silent, Arc::new(Phrases::new()?))
        .with_memory(Arc::new(recall))
        .with_prompts(Arc::<Notes>::clone(&notes));
    let mut input = talk.input(&["Hello"]);
    let mut earlier = input.burst.clone();
    earlier[0].text = "Earlier words".to_owned();
    assert_eq!(earlier[0].flow, Flow::Inbound);
    input.history = earlier;
    let answer = pollster::block_on(pipeline.answer(&input))?;
    assert!(answer.text.contains("29.90 EUR"), "{}", answer.text);
    assert_eq!(
        *notes.0.lock().unwrap(),
        ["Earlier words"],
        "the record serves"
    );
    pollster::block_on(pipeline.remember(&input, &answer));
    assert_eq!(
        reports.load(Ordering::Relaxed),
        2,
        "once read, once written"
    );
    Ok(())
}

#[test]
fn x1_what_is_forgotten_is_in_no_window() -> Result<()> {
    let mut talk = Talk::new(catalog("flowers")?, Platform::Telegram)?;
    let memory = Arc::new(InProcessMemory::new(Limits::default()));
    let recall = recall(&memory, 10_000);
    let tenant = talk.input(&["Hello"]).company.tenant();
    let other = Tenant::assume(x8_core::id::CompanyId(2));
    let whom = |conversation, person: &x8_core::conversation::Identity| Forgotten {
        conversations: vec![conversation],
        people: vec![person.clone()],
    };
    let forget = |tenant, whom: Option<&Forgotten>| pollster::block_on(recall.forget(tenant, whom));
    let left = || {
        pollster::block_on(memory.window(tenant, ConversationId(1), 10_000, Timestamp::UNIX_EPOCH))
    };
    turn(&mut talk, &recall, "Hello")?;
    forget(other, None)?;
    forget(other, Some(&whom(ConversationId(1), &talk.sender)))?;
    assert!(!left()?.is_empty(), "T3: another company's deletion");
    forget(tenant, Some(&whom(ConversationId(1), &talk.sender)))?;
    assert!(left()?.is_empty());
    turn(&mut talk, &recall, "Roses?")?;
    forget(tenant, None)?;
    assert!(left()?.is_empty());
    Ok(())
}
