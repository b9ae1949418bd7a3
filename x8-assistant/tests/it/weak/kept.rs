//! What a weak model really said: kept while it speaks, and judged again on days without a server.

use std::{fs::OpenOptions, io::Write as _, sync::Arc};

use serde_json::{Value, json};
use x8_assistant::{model::ScriptedModel, phrases::Phrases, pipeline::TurnPipeline};
use x8_core::{
    Error, Result,
    channel::Platform,
    port::{Answer, Assistant as _, TurnInput},
    turn::Try,
};

use super::{checker::Tally, talk};
use crate::guided::driver::catalog;

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::internal("test.kept", error)
}

/// Adds a turn to the file that `X8_TEST_LLM_KEEP` names.
pub(super) fn keep(shop: &str, input: &TurnInput, answer: &Answer) -> Result<()> {
    let Ok(path) = std::env::var("X8_TEST_LLM_KEEP") else {
        return Ok(());
    };
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(failed)?;
    let line = json!({ "shop": shop, "input": input, "tries": answer.tries });
    writeln!(file, "{line}").map_err(failed)
}

#[test]
fn a11_g15_what_was_kept_is_judged_again() -> Result<()> {
    let Ok(path) = std::env::var("X8_TEST_LLM_KEPT") else {
        println!("SKIPPED: set X8_TEST_LLM_KEPT to a file that a run with X8_TEST_LLM_KEEP wrote");
        return Ok(());
    };
    let mut tally = Tally::default();
    for line in std::fs::read_to_string(path).map_err(failed)?.lines() {
        let line: Value = serde_json::from_str(line).map_err(failed)?;
        let shop = line["shop"].as_str().unwrap_or_default().to_owned();
        let mut input: TurnInput = serde_json::from_value(line["input"].clone()).map_err(failed)?;
        let tries: Vec<Try> = serde_json::from_value(line["tries"].clone()).map_err(failed)?;
        input.catalog = Arc::new(catalog(&shop)?);
        // No replay: what was let through then may be refused now, and others are asked.
        let said = tries.iter().filter(|one| one.model != "guided");
        let said = said.map(|one| one.said.clone());
        let model = ScriptedModel::new(said.collect::<Vec<_>>());
        let pipeline = TurnPipeline::new(Arc::new(model), Arc::new(Phrases::new()?));
        let answer = pollster::block_on(pipeline.answer(&input))?;
        tally.note(&shop, &input, &answer)?;
    }
    println!("kept: {tally}");
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    Ok(())
}

/// What the model really said in some runs: one of each kind that was new.
#[test]
fn a11_g15_what_a_weak_model_said_is_still_held() -> Result<()> {
    let mut tally = Tally::default();
    let recorded = include_str!("recorded.txt")
        .split("## ")
        .filter(|one| !one.is_empty());
    for one in recorded {
        let (head, output) = one.split_once('\n').unwrap_or((one, ""));
        let (shop, words) = head.split_once(" > ").unwrap_or(("flowers", head));
        let mut talk = talk(shop, Platform::Telegram)?;
        let lines = [Ok(output.to_owned()), Ok(output.to_owned())];
        let phrases = Arc::new(Phrases::new()?);
        talk.pipeline = TurnPipeline::new(Arc::new(ScriptedModel::new(lines)), phrases);
        let input = talk.input(&[words]);
        let answer = talk.say(&[words])?;
        tally.note(shop, &input, &answer)?;
    }
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    Ok(())
}
