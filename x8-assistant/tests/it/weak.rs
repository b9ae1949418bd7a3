//! A real and very weak language model sells: whatever it says, nothing wrong may come out.
//!
//! Runs when `X8_TEST_LLM_URL` names an OpenAI-compatible server (`http://127.0.0.1:4620/v1`); `X8_TEST_LLM_TURNS` (100)
//! is how many turns are held over each of the two catalogues, `X8_TEST_LLM_FROM` (0) with which of the people they begin. The customers say what is in `guided/people`, with [baits](checker::BAITS) in between. The model reads the
//! prompts that the server sends.

use std::{sync::Arc, time::Duration};

use x8_assistant::{
    model::ScriptedModel,
    openai::{Dialect, OpenAiConfig, OpenAiModel, Timeouts},
    phrases::Phrases,
    pipeline::TurnPipeline,
    prompt::Prompts,
};
use x8_core::{
    Error, Result,
    channel::Platform,
    order::OrderState,
    port::{Answer, Assistant, TurnInput},
};

use crate::guided::driver::{Talk, catalog};
use checker::{BAITS, Tally};

mod checker;

#[test]
fn a11_g15_a_weak_model_sells_flowers_and_nothing_wrong_comes_out() -> Result<()> {
    sell("flowers", include_str!("guided/people/flowers.txt"))
}

#[test]
fn a11_g15_a_weak_model_sells_excursions_and_nothing_wrong_comes_out() -> Result<()> {
    sell("hotel", include_str!("guided/people/hotel.txt"))
}

fn sell(shop: &str, people: &str) -> Result<()> {
    let Ok(url) = std::env::var("X8_TEST_LLM_URL") else {
        println!(
            "SKIPPED: set X8_TEST_LLM_URL to a server such as http://127.0.0.1:4620/v1 to let a real model talk"
        );
        return Ok(());
    };
    let turns = std::env::var("X8_TEST_LLM_TURNS").ok();
    let turns = turns.and_then(|text| text.parse().ok()).unwrap_or(100);
    let runtime =
        tokio::runtime::Runtime::new().map_err(|error| Error::internal("test.runtime", error))?;
    let _context = runtime.enter();
    let mut tally = Tally::default();
    let dialogues = people.split("## ").filter(|text| !text.trim().is_empty());
    // Where to begin, so that several runs hear several people.
    let first = std::env::var("X8_TEST_LLM_FROM").ok();
    let first = first.and_then(|text| text.parse().ok()).unwrap_or(0);
    for (number, dialogue) in dialogues.cycle().enumerate().skip(first) {
        if tally.turns >= turns {
            break;
        }
        let lines: Vec<&str> = dialogue.lines().collect();
        let pipelines = MOODS.map(|mood| pipeline(&url, number, mood));
        hold(shop, &lines, number, pipelines, &mut tally, turns)?;
    }
    println!("{shop}: {tally}");
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    assert!(tally.outputs > 0, "the model never spoke: {tally}");
    Ok(())
}

/// What the model really said in one such run, for days without a server.
#[test]
fn a11_g15_what_a_weak_model_said_is_still_held() -> Result<()> {
    let mut tally = Tally::default();
    let recorded = include_str!("weak/recorded.txt")
        .split("## ")
        .filter(|one| !one.is_empty());
    for one in recorded {
        let (head, output) = one.split_once('\n').unwrap_or((one, ""));
        let (shop, words) = head.split_once(" > ").unwrap_or(("flowers", head));
        let mut talk = Talk::new(catalog(shop)?, Platform::Telegram)?;
        let phrases = Arc::new(Phrases::new()?);
        let lines = [Ok(output.to_owned()), Ok(output.to_owned())];
        talk.pipeline =
            TurnPipeline::new(Arc::new(ScriptedModel::new(lines)), Arc::clone(&phrases));
        let input = talk.input(&[words]);
        let expected = pollster::block_on(TurnPipeline::guided(phrases).answer(&input))?;
        let answer = talk.say(&[words])?;
        println!("{words}\n  < {}\n  > {}", output.trim(), answer.text);
        tally.turn(&input, &expected, &answer);
    }
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    Ok(())
}

/// Thousandths of temperature: every message is answered calmly and wildly. The prompt is the same each time, so the
/// server reads it once.
const MOODS: [u16; 3] = [200, 1_200, 700];

/// The ways to bind the model take turns: a schema beside `json_object`, any object, nothing.
fn pipeline(url: &str, number: usize, mood: u16) -> Result<TurnPipeline> {
    let dialect = [Dialect::LlamaCpp, Dialect::Compatible, Dialect::Compatible][number % 3];
    let config = OpenAiConfig {
        timeouts: Timeouts {
            request: Duration::from_secs(120),
            ..Timeouts::default()
        },
        max_tokens: 60,
        temperature_milli: Some(mood),
        tool_rounds: u8::from(number % 3 == 2),
        stream: number % 2 == 1,
        ..OpenAiConfig::new(url, "weak", dialect)
    };
    let model = OpenAiModel::new(config)?;
    let pipeline = TurnPipeline::new(Arc::new(model), Arc::new(Phrases::new()?));
    Ok(pipeline.with_prompts(Arc::new(Prompts::new()?)))
}

fn hold(
    shop: &str,
    lines: &[&str],
    number: usize,
    pipelines: [Result<TurnPipeline>; 3],
    tally: &mut Tally,
    turns: usize,
) -> Result<()> {
    let platform = [Platform::Whatsapp, Platform::Telegram][number % 2];
    let mut talk = Talk::new(catalog(shop)?, platform)?;
    let [last, others @ ..] = pipelines;
    talk.pipeline = last?;
    let others = others.into_iter().collect::<Result<Vec<_>>>()?;
    let twin = TurnPipeline::guided(Arc::new(Phrases::new()?));
    let said = lines.iter().filter_map(|line| line.strip_prefix("- "));
    let bait = BAITS[number % BAITS.len()];
    for words in said.chain([bait]) {
        if tally.turns >= turns {
            return Ok(());
        }
        let texts: Vec<&str> = words.split(" // ").collect();
        let input = talk.input(&texts);
        let expected = pollster::block_on(twin.answer(&input))?;
        for other in &others {
            let answer = pollster::block_on(other.answer(&input))?;
            note(
                &format!("{shop} > {words}"),
                &input,
                &expected,
                &answer,
                tally,
            );
        }
        let answer = talk.say(&texts)?;
        note(
            &format!("{shop} > {words}"),
            &input,
            &expected,
            &answer,
            tally,
        );
        if number % 5 == 4 && talk.order.is_some() {
            talk.set_state(OrderState::Paid);
        }
    }
    Ok(())
}

/// Judges one answer, and prints it with what the model really wrote.
fn note(head: &str, input: &TurnInput, expected: &Answer, answer: &Answer, tally: &mut Tally) {
    tally.turn(input, expected, answer);
    println!("[{}] {head}", tally.turns);
    for one in answer.tries.iter().filter(|one| one.model != "guided") {
        println!("    < {:?}", one.said);
    }
    println!("    {}\n    ({tally})", answer.text.replace('\n', "\n    "));
}
