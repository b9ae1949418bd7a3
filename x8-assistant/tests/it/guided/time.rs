//! A11: calls of a model end in time. The time is simulated: it jumps to the next moment that anybody waits for.

use std::{
    collections::BTreeSet,
    future::{Future, pending, poll_fn},
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use async_trait::async_trait;
use jiff::SignedDuration;
use x8_assistant::{
    model::{ChatModel, ModelOutput, ModelRequest, Usage},
    phrases::Phrases,
    pipeline::{Recall, Timer, TurnPipeline},
    prompt::{Prompt, PromptMessage, PromptWriter, Role},
};
use x8_core::{
    Error, Result,
    channel::Platform,
    port::{Answer, Assistant, Forgotten, TurnInput},
    tenant::Tenant,
    turn::{Prices, TokenPrice, Tokens, TurnLimits},
};

use super::driver::{Talk, catalog};

/// Simulated time.
#[derive(Debug, Default)]
struct Simulated(Mutex<(Duration, BTreeSet<Duration>)>);

impl Simulated {
    fn now(&self) -> Duration {
        self.0.lock().unwrap().0
    }

    /// Runs a future to its end, jumping whenever everybody waits.
    fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
                return done;
            }
            let mut time = self.0.lock().unwrap();
            let next = time.1.pop_first().expect("somebody waits for a moment");
            time.0 = time.0.max(next);
        }
    }
}

#[async_trait]
impl Timer for Simulated {
    async fn wait(&self, pause: Duration) {
        let end = self.now() + pause;
        poll_fn(|_| {
            let mut time = self.0.lock().unwrap();
            if time.0 >= end {
                return Poll::Ready(());
            }
            time.1.insert(end);
            Poll::Pending
        })
        .await;
    }
}

/// What a model does with its calls, in order; then it is silent.
struct Moody {
    time: Arc<Simulated>,
    calls: Mutex<Vec<(u64, Result<&'static str, &'static str>)>>,
}

#[async_trait]
impl ChatModel for Moody {
    fn name(&self) -> &'static str {
        "moody"
    }

    async fn complete(&self, _request: &ModelRequest<'_>) -> Result<ModelOutput> {
        let next = self.calls.lock().unwrap().pop();
        let Some((seconds, said)) = next else {
            return pending().await;
        };
        self.time.wait(Duration::from_secs(seconds)).await;
        let text = said.map_err(|why| Error::unavailable("model.complete", why))?;
        Ok(ModelOutput {
            usage: Some(Usage {
                prompt_tokens: 2_000,
                completion_tokens: 100,
            }),
            ..ModelOutput::free("moody-1", text)
        })
    }
}

struct Rig {
    time: Arc<Simulated>,
    pipeline: TurnPipeline,
}

impl Rig {
    fn new(calls: &[(u64, Result<&'static str, &'static str>)]) -> Result<Self> {
        let time = Arc::new(Simulated::default());
        let model = Moody {
            time: Arc::clone(&time),
            calls: Mutex::new(calls.iter().rev().copied().collect()),
        };
        let price = TokenPrice {
            prompt: 150_000,
            completion: 600_000,
        };
        let prices: Prices = [("moody-1".to_owned(), price)].into_iter().collect();
        let pipeline = TurnPipeline::new(Arc::new(model), Arc::new(Phrases::new()?))
            .with_timer(Arc::<Simulated>::clone(&time))
            .with_prices(prices);
        Ok(Self { time, pipeline })
    }

    /// The answer, and the seconds it took.
    fn ask(&self, input: &TurnInput) -> Result<(Answer, u64)> {
        let before = self.time.now();
        let answer = self.time.run(self.pipeline.answer(input))?;
        let again = pollster::block_on(self.pipeline.replay(input, &answer.tries))?;
        assert_eq!(again, answer, "the replay of a turn that ran out of time");
        Ok((answer, (self.time.now() - before).as_secs()))
    }
}

/// "Hello", with so many seconds left until the customer must have an answer.
fn hello(left: i64) -> Result<TurnInput> {
    let input = Talk::new(catalog("flowers")?, Platform::Telegram)?.input(&["Hello"]);
    Ok(TurnInput {
        limits: TurnLimits {
            answer_by: Some(input.now + SignedDuration::from_secs(left)),
            budget_spent: false,
        },
        ..input
    })
}

const GOOD: &str = r#"{"response": "We sell roses."}"#;

fn said(answer: &Answer) -> Vec<&str> {
    let said = |one: &'_ x8_core::turn::Try| one.said.is_ok();
    let names = answer.tries.iter();
    names
        .map(|one| if said(one) { one.model.as_str() } else { "-" })
        .collect()
}

#[test]
fn a11_a_silent_model_is_given_up_three_seconds_before_the_customer_must_know() -> Result<()> {
    for (left, most) in [(20, 15), (18, 15), (12, 9), (0, 5), (-3_600, 5)] {
        let (answer, took) = Rig::new(&[])?.ask(&hello(left)?)?;
        assert_eq!(took, most, "{left} s left");
        assert_eq!(said(&answer), ["-", "-", "guided"]);
        assert!(answer.fell_back && !answer.held && answer.text.contains("29.90 EUR"));
    }
    Ok(())
}

#[test]
fn a11_a_slow_first_try_leaves_time_for_a_repair() -> Result<()> {
    let (answer, took) = Rig::new(&[(60, Ok(GOOD)), (4, Ok(GOOD))])?.ask(&hello(20)?)?;
    assert_eq!((answer.text.as_str(), took), ("We sell roses.", 14));
    assert_eq!(said(&answer), ["-", "moody-1"]);
    assert!(!answer.fell_back);
    Ok(())
}

#[test]
fn a11_every_failure_ends_in_an_answer_in_time() -> Result<()> {
    let failures = ["402 Payment Required", "429 Too Many Requests", "503"];
    for why in failures {
        let (answer, took) = Rig::new(&[(1, Err(why)), (2, Err(why))])?.ask(&hello(20)?)?;
        assert_eq!(
            (said(&answer), took),
            (vec!["-", "-", "guided"], 3),
            "{why}"
        );
    }
    let garbage = [(9, Ok("{}")), (9, Ok(""))];
    let (answer, took) = Rig::new(&garbage)?.ask(&hello(20)?)?;
    assert_eq!(took, 15);
    assert_eq!(said(&answer), ["moody-1", "-", "guided"]);
    Ok(())
}

#[test]
fn every_try_is_charged_refused_ones_too() -> Result<()> {
    let (answer, _) = Rig::new(&[(1, Ok("")), (1, Ok(GOOD))])?.ask(&hello(20)?)?;
    let costs: Vec<_> = answer
        .tries
        .iter()
        .map(|one| (one.tokens, one.cost))
        .collect();
    let tokens = Some(Tokens {
        prompt: 2_000,
        completion: 100,
    });
    assert_eq!(costs, [(tokens, 360), (tokens, 360)]);
    Ok(())
}

#[test]
fn a_spent_budget_calls_no_model() -> Result<()> {
    let mut input = hello(20)?;
    input.limits.budget_spent = true;
    let (answer, took) = Rig::new(&[(1, Ok(GOOD))])?.ask(&input)?;
    assert_eq!((said(&answer), took), (vec!["guided"], 0));
    assert!(!answer.fell_back, "it did what it was told");
    Ok(())
}

/// A memory that answers, or never does.
struct Memory {
    silent: bool,
    kept: Mutex<usize>,
}

#[async_trait]
impl Recall for Memory {
    async fn window(&self, _input: &TurnInput) -> Result<Vec<PromptMessage>> {
        if self.silent {
            return pending().await;
        }
        Ok(vec![PromptMessage::new(Role::User, "long ago")])
    }

    async fn keep(&self, _input: &TurnInput, _answer: &Answer) {
        *self.kept.lock().unwrap() += 1;
    }

    async fn forget(&self, _tenant: Tenant, _whom: Option<&Forgotten>) -> Result<()> {
        *self.kept.lock().unwrap() = 0;
        Ok(())
    }
}

/// Notes the window it was given.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl PromptWriter for Notes {
    fn write(
        &self,
        _input: &TurnInput,
        _plan: &x8_assistant::agenda::Plan,
        window: &[PromptMessage],
    ) -> Result<Prompt> {
        let texts = window.iter().map(|message| message.text.clone());
        self.0.lock().unwrap().extend(texts);
        Ok(Prompt::default())
    }
}

#[test]
fn a2_the_window_comes_from_the_memory_else_from_the_stored_messages() -> Result<()> {
    for (silent, window) in [(false, "long ago"), (true, "Earlier words")] {
        let memory = Arc::new(Memory {
            silent,
            kept: Mutex::new(0),
        });
        let notes = Arc::new(Notes::default());
        let rig = Rig::new(&[(1, Ok(GOOD))])?;
        let rig = Rig {
            pipeline: rig
                .pipeline
                .with_memory(Arc::<Memory>::clone(&memory))
                .with_prompts(Arc::<Notes>::clone(&notes)),
            ..rig
        };
        let mut input = hello(20)?;
        let mut earlier = input.burst.clone();
        earlier[0].text = "Earlier words".to_owned();
        input.history = earlier;
        let (answer, took) = rig.ask(&input)?;
        assert_eq!(
            answer.text, "We sell roses.",
            "a silent memory costs {took} s"
        );
        assert_eq!(*notes.0.lock().unwrap(), [window]);
        pollster::block_on(rig.pipeline.remember(&input, &answer));
        assert_eq!(*memory.kept.lock().unwrap(), 1);
    }
    Ok(())
}
