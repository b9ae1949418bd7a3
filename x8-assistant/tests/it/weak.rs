//! A real and very weak language model sells: whatever it says, nothing wrong may come out.
//!
//! Runs when `X8_TEST_LLM_URL` names an OpenAI-compatible server (`http://127.0.0.1:4620/v1`). The pipeline, the prompts, the
//! tools and the ways to bind a model are those of the server; only the answers are cut shorter and the temperature changes,
//! so that a slow machine hears many. The customers are those of `weak/people.txt` (seven languages) and `guided/people`,
//! with [baits](checker::BAITS) in between. Set
//!
//! - `X8_TEST_LLM_TURNS` (6): how many turns are held over each of the two catalogues;
//! - `X8_TEST_LLM_FROM` (0): with which of the people they begin;
//! - `X8_TEST_LLM_KEEP`: a file to which every turn is added as it was;
//! - `X8_TEST_LLM_KEPT`: such a file, to be judged again by the guard and the checker of today.

use std::{sync::Arc, time::Duration};

use x8_assistant::{
    openai::{Dialect, OpenAiConfig, OpenAiModel, Timeouts},
    phrases::Phrases,
    pipeline::TurnPipeline,
    prompt::Prompts,
};
use x8_core::{
    Error, Result, channel::Platform, order::OrderState, port::Assistant, tenant::CompanyType,
};

use crate::guided::driver::{Talk, catalog};
use checker::{BAITS, Tally};

mod checker;
mod kept;

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
    let runtime =
        tokio::runtime::Runtime::new().map_err(|error| Error::internal("test.runtime", error))?;
    let _context = runtime.enter();
    let mut shift = Shift {
        shop,
        turns: number("X8_TEST_LLM_TURNS").unwrap_or(6),
        tally: Tally::default(),
    };
    let own = include_str!("weak/people.txt").split("## ");
    let own = own.filter(|text| text.starts_with(shop));
    let dialogues = own.chain(people.split("## ").filter(|text| !text.trim().is_empty()));
    let first = number("X8_TEST_LLM_FROM").unwrap_or(0);
    for (number, dialogue) in dialogues.cycle().enumerate().skip(first) {
        if shift.over() {
            break;
        }
        let lines: Vec<&str> = dialogue.lines().collect();
        shift.hold(&lines, number, |mood| pipeline(&url, number, mood))?;
    }
    let tally = shift.tally;
    println!("{shop}: {tally}");
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
    assert!(tally.outputs > 0, "the model never spoke: {tally}");
    Ok(())
}

fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Thousandths of temperature: every message is answered calmly and wildly. The prompt is the same each time, so the
/// server reads it once. The last one's answers make the conversation.
const MOODS: [u16; 7] = [900, 1_200, 700, 1_500, 500, 1_000, 200];

/// The ways to bind the model take turns: as the server binds this kind, with tools and a schema; any object; nothing.
fn pipeline(url: &str, number: usize, mood: u16) -> Result<TurnPipeline> {
    let dialect = [Dialect::LlamaCpp, Dialect::Compatible, Dialect::Compatible][number % 3];
    let usual = OpenAiConfig::new(url, "weak", dialect);
    let config = OpenAiConfig {
        timeouts: Timeouts {
            request: Duration::from_secs(300),
            ..Timeouts::default()
        },
        max_tokens: 60,
        temperature_milli: Some(mood),
        tool_rounds: if number % 3 == 1 {
            0
        } else {
            usual.tool_rounds
        },
        stream: number % 2 == 1,
        ..usual
    };
    let model = OpenAiModel::new(config)?;
    let pipeline = TurnPipeline::new(Arc::new(model), Arc::new(Phrases::new()?));
    Ok(pipeline.with_prompts(Arc::new(Prompts::new()?)))
}

/// One shop, open for so many turns.
struct Shift<'a> {
    shop: &'a str,
    turns: usize,
    tally: Tally,
}

impl Shift<'_> {
    fn over(&self) -> bool {
        self.tally.turns >= self.turns
    }

    fn hold(
        &mut self,
        lines: &[&str],
        number: usize,
        make: impl Fn(u16) -> Result<TurnPipeline>,
    ) -> Result<()> {
        let platform = [Platform::Whatsapp, Platform::Telegram][number % 2];
        let mut talk = talk(self.shop, platform)?;
        let [others @ .., last] = MOODS;
        talk.pipeline = make(last)?;
        let others: Vec<TurnPipeline> = others.into_iter().map(make).collect::<Result<_>>()?;
        let said = lines.iter().filter_map(|line| line.strip_prefix("- "));
        let bait = BAITS[number % BAITS.len()];
        for words in said.chain([bait]) {
            if self.over() {
                return Ok(());
            }
            let texts: Vec<&str> = words.split(" // ").collect();
            let input = talk.input(&texts);
            for other in &others {
                let answer = pollster::block_on(other.answer(&input))?;
                kept::keep(self.shop, &input, &answer)?;
                self.tally.note(self.shop, &input, &answer)?;
            }
            let answer = talk.say(&texts)?;
            kept::keep(self.shop, &input, &answer)?;
            self.tally.note(self.shop, &input, &answer)?;
            if number % 5 == 4 && talk.order.is_some() {
                talk.set_state(OrderState::Paid);
            }
        }
        Ok(())
    }
}

/// A conversation with this shop, whose company is of its catalogue's kind.
fn talk(shop: &str, platform: Platform) -> Result<Talk> {
    let mut talk = Talk::new(catalog(shop)?, platform)?;
    talk.kind = if shop == "hotel" {
        CompanyType::Service
    } else {
        CompanyType::Product
    };
    Ok(talk)
}
