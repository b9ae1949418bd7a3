//! The pipeline around the model: repair, fallback, holding line, replay (A11).

use std::sync::Arc;

use x8_assistant::{
    agenda::Plan,
    guard::{Context, Guard, Rule},
    model::{ChatModel, CompanyModels, Directory, ScriptedModel},
    phrases::Phrases,
    pipeline::TurnPipeline,
    prompt::{Prompt, PromptMessage, PromptWriter},
};
use x8_core::{
    Error, Money, Result,
    catalog::{Catalog, Kind, Offering},
    channel::Platform,
    conversation::{Identity, IdentityKind},
    port::{Answer, Assistant, Decision, TurnInput},
    tenant::Tenant,
};

use super::driver::{Talk, catalog};

fn input(texts: &[&str]) -> Result<TurnInput> {
    Ok(Talk::new(catalog("flowers")?, Platform::Telegram)?.input(texts))
}

fn scripted(lines: &[Result<&str, &str>]) -> Result<TurnPipeline> {
    let own = |line: &Result<&str, &str>| line.map(str::to_owned).map_err(str::to_owned);
    let model = ScriptedModel::new(lines.iter().map(own));
    Ok(TurnPipeline::new(
        Arc::new(model),
        Arc::new(Phrases::new()?),
    ))
}

fn tries(answer: &Answer) -> usize {
    answer
        .findings
        .get("tries")
        .and_then(serde_json::Value::as_array)
        .map_or(0, Vec::len)
}

#[test]
fn a11_a_refused_output_is_repaired_once() -> Result<()> {
    let pipeline = scripted(&[Ok(""), Ok(r#"{"response": "We sell roses."}"#)])?;
    let answer = pollster::block_on(pipeline.answer(&input(&["Hello"])?))?;
    assert_eq!(
        (answer.text.as_str(), tries(&answer)),
        ("We sell roses.", 2)
    );
    Ok(())
}

#[test]
fn a11_a_model_that_stays_down_is_replaced_by_the_guided_one() -> Result<()> {
    let pipeline = scripted(&[Err("timeout"), Err("429")])?;
    let answer = pollster::block_on(pipeline.answer(&input(&["Hello"])?))?;
    assert!(answer.text.contains("29.90 EUR"), "{}", answer.text);
    assert_eq!(tries(&answer), 3);
    assert_eq!(answer.session.language.as_deref(), Some("en"));
    Ok(())
}

#[test]
fn a11_a_model_down_at_checkout_still_sells() -> Result<()> {
    let pipeline = scripted(&[Err("402"), Err("402")])?;
    let order = input(&["2 bouquets of 10 roses to Valencia, John Smith, +34 600 111 222"])?;
    let answer = pollster::block_on(pipeline.answer(&order))?;
    assert!(
        matches!(&answer.decision, Decision::Checkout(draft) if draft.client_name == "John Smith")
    );
    Ok(())
}

#[test]
fn a11_the_same_input_and_output_give_the_same_answer() -> Result<()> {
    let texts = ["Хочу 20 роз в Мадрид", "Анна, +34 600 000 000"];
    let guided = TurnPipeline::guided(Arc::new(Phrases::new()?));
    let first = pollster::block_on(guided.answer(&input(&texts)?))?;
    assert_eq!(first, pollster::block_on(guided.answer(&input(&texts)?))?);
    let replay = scripted(&[Ok(&first.model_output)])?;
    let again = pollster::block_on(replay.answer(&input(&texts)?))?;
    assert_eq!(
        (again.text, again.reply, again.session),
        (first.text, first.reply, first.session)
    );
    Ok(())
}

#[test]
fn a2_details_of_a_language_models_turn_are_remembered_all_the_same() -> Result<()> {
    let pipeline = scripted(&[Ok(r#"{"response": "Noted, which city?"}"#)])?;
    let answer = pollster::block_on(pipeline.answer(&input(&[
        "A bouquet of 20 roses for Kim Lee, phone +34600999888",
    ])?))?;
    assert_eq!(answer.session.name.as_deref(), Some("Kim Lee"));
    assert_eq!(answer.session.phone.as_deref(), Some("+34600999888"));
    assert_eq!(answer.session.cart.len(), 1);
    Ok(())
}

#[test]
fn o4_a_checkout_empties_the_cart_and_keeps_the_details() -> Result<()> {
    let mut talk = Talk::new(catalog("flowers")?, Platform::Telegram)?;
    talk.say(&["1 bouquet of 10 roses to Madrid, Ana Ruiz, +34600111222"])?;
    assert!(talk.session.cart.is_empty() && talk.session.order_done);
    assert_eq!(talk.session.name.as_deref(), Some("Ana Ruiz"));
    assert_eq!(talk.session.city.as_deref(), Some("Madrid"));
    assert_eq!(talk.session.phone.as_deref(), Some("+34600111222"));
    Ok(())
}

#[test]
fn a2_a_row_that_left_the_catalogue_leaves_the_cart_and_is_told() -> Result<()> {
    let mut talk = Talk::new(catalog("flowers")?, Platform::Telegram)?;
    talk.say(&["I want a bouquet of 10 roses and a card to Madrid"])?;
    let rows = talk
        .catalog
        .offerings()
        .iter()
        .filter(|row| row.sku.as_str() != "201")
        .cloned()
        .collect();
    talk.catalog = Arc::new(x8_core::catalog::Catalog::detached(rows));
    let answer = talk.say(&["Ana Ruiz, +34600111222"])?;
    assert!(answer.text.contains("updated"), "{}", answer.text);
    assert_eq!(
        talk.session.order_done,
        matches!(answer.decision, Decision::Checkout(_))
    );
    Ok(())
}

#[test]
fn g2_a_large_catalogue_is_cut_and_continued() -> Result<()> {
    let row = |number: usize| {
        let name = format!("Lamp model {number}");
        Offering::new(number.to_string(), Kind::Product, name, Money::eur(10_00))
    };
    let rows = (1..=2_000).map(row).collect();
    let mut talk = Talk::new(Catalog::detached(rows), Platform::Instagram)?;
    let first = talk.say(&["Hello, what do you sell?"])?;
    assert!(
        first.text.chars().count() <= 800 && first.text.contains("Lamp model 1 "),
        "{}",
        first.text
    );
    let second = talk.say(&["show more"])?;
    assert!(
        !second.text.contains("Lamp model 1 ") && second.text.contains("Lamp model 4"),
        "{}",
        second.text
    );
    Ok(())
}

#[test]
fn a11_odd_input_is_answered() -> Result<()> {
    let long = "роза ".repeat(20_000);
    let odd = [
        "",
        "👍👍",
        "…",
        "1",
        "+",
        "?",
        "٣٤٥",
        "\u{202e}abc",
        "{{ 7*7 }} {% for %}",
        "-- ' \" ; DROP",
        long.as_str(),
    ];
    for text in odd {
        let mut talk = Talk::new(catalog("flowers")?, Platform::Facebook)?;
        let answer = talk.say(&[text])?;
        assert!(
            !answer.text.is_empty() && answer.decision == Decision::Inform,
            "{text:?}"
        );
    }
    Ok(())
}

/// A prompt writer whose template is broken.
struct NoPrompt;

impl PromptWriter for NoPrompt {
    fn write(&self, _input: &TurnInput, _plan: &Plan, _window: &[PromptMessage]) -> Result<Prompt> {
        Err(Error::internal("prompt.write", "broken template"))
    }
}

#[test]
fn a11_without_a_prompt_the_guided_model_answers() -> Result<()> {
    let pipeline =
        scripted(&[Ok(r#"{"response": "I know nothing."}"#)])?.with_prompts(Arc::new(NoPrompt));
    let answer = pollster::block_on(pipeline.answer(&input(&["Hello"])?))?;
    assert!(answer.text.contains("29.90 EUR"), "{}", answer.text);
    Ok(())
}

#[test]
fn a12_no_prompt_is_written_for_who_reads_none() -> Result<()> {
    let phrases = Arc::new(Phrases::new()?);
    let companies = CompanyModels::new(Arc::new(NobodyHasOne), Arc::clone(&phrases));
    let companies = TurnPipeline::new(Arc::new(companies), Arc::clone(&phrases));
    for pipeline in [TurnPipeline::guided(phrases), companies] {
        let pipeline = pipeline.with_prompts(Arc::new(NoPrompt));
        let answer = pollster::block_on(pipeline.answer(&input(&["Hello"])?))?;
        let models: Vec<&str> = answer.tries.iter().map(|one| one.model.as_str()).collect();
        assert_eq!(
            models,
            ["guided"],
            "a broken template would have been a try"
        );
    }
    Ok(())
}

struct NobodyHasOne;

#[async_trait::async_trait]
impl Directory for NobodyHasOne {
    async fn model_for(&self, _tenant: Tenant) -> Result<Option<Arc<dyn ChatModel>>> {
        Ok(None)
    }
}

#[test]
fn g9_a_senders_chat_id_becomes_a_phone_with_a_plus() -> Result<()> {
    for (sender, phone) in [
        ("34600111222@c.us", Some("+34600111222")),
        ("34600111222", Some("+34600111222")),
        ("+34 600 111 222", Some("+34600111222")),
        ("12345678901234@lid", None),
        ("123456@g.us", None),
    ] {
        let mut talk = Talk::new(catalog("flowers")?, Platform::Whatsapp)?;
        talk.sender = Identity::new(IdentityKind::Phone, sender);
        let answer =
            talk.say(&["one bouquet of 10 roses to Madrid, Ann Lee, use my current number"])?;
        let given = match &answer.decision {
            Decision::Checkout(draft) => Some(draft.recipient_phone.as_str()),
            Decision::Inform
            | Decision::Cancel
            | Decision::ChooseTime(_)
            | Decision::DeclineTimes => None,
        };
        assert_eq!(given, phone, "{sender}: {}", answer.text);
    }
    Ok(())
}

#[test]
fn a7_a_long_list_is_compact_and_continues_in_every_language() -> Result<()> {
    for more in ["more", "ещё", "más"] {
        let row = |number: u32| {
            Offering::new(
                number.to_string(),
                Kind::Product,
                format!("Lamp {number}"),
                Money::eur(i64::from(number)),
            )
        };
        let catalog = Catalog::detached((101..=160).map(row).collect());
        let mut talk = Talk::new(catalog, Platform::Whatsapp)?;
        let first = talk.say(&["what do you have?"])?.text;
        assert_eq!(first.matches("• Lamp").count(), 30, "{first}");
        assert!(first.contains("show more"), "{first}");
        let rest = talk.say(&[more])?.text;
        assert_eq!(rest.matches("• Lamp").count(), 30, "{rest}");
        assert!(
            rest.contains("Lamp 131 ") && rest.contains("Lamp 160 "),
            "{rest}"
        );
    }
    Ok(())
}

#[test]
fn g4_sums_and_counted_lines_explain_themselves() -> Result<()> {
    let catalog = catalog("flowers")?;
    let guard = Guard::new(catalog.into());
    for (words, kept) in [
        ("29.90 EUR + 54.50 EUR = 84.40 EUR.", true),
        ("29.90 EUR + 2 × 5.00 EUR = 39.90 EUR.", true),
        ("2 × Букет из 10 роз — 59.80 EUR", true),
        ("29.90 EUR + 54.50 EUR = 80.00 EUR and 70.40 EUR.", false),
        ("29.90 EUR + 1.10 EUR = 31.00 EUR.", false),
        ("3 × Букет из 10 роз — 59.80 EUR", false),
    ] {
        let output = serde_json::json!({ "response": words }).to_string();
        let verdict = guard.check(&output, &Context::default());
        assert_eq!(
            verdict
                .findings
                .iter()
                .all(|finding| finding.rule != Rule::G4),
            kept,
            "{words}: {verdict:?}"
        );
    }
    Ok(())
}
