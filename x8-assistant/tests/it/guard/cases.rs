//! Runs the tables. A case says what must be in the verdict; it fails when a key of it is unknown.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value};
use x8_assistant::guard::{Context, Guard, Verdict};

use super::fixture;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default = "shop")]
    catalog: String,
    #[serde(default)]
    context: Value,
    /// The output as an object …
    output: Option<Value>,
    /// … or exactly as the model wrote it.
    raw: Option<String>,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    #[serde(default)]
    refused: bool,
    #[serde(default)]
    reply: Map<String, Value>,
    /// The exact words.
    response: Option<String>,
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
    /// Rules that must be among the findings; `[]` with `clean`.
    #[serde(default)]
    rules: Vec<String>,
    /// No findings at all.
    #[serde(default)]
    clean: bool,
    #[serde(default)]
    order: bool,
}

fn shop() -> String {
    "shop".to_owned()
}

fn run(case: &Case) -> Result<(Verdict, Context), String> {
    let catalog = fixture::catalog(&case.catalog).ok_or("unknown catalogue")?;
    let context = if case.context.is_null() {
        Context::default()
    } else {
        serde_json::from_value(case.context.clone()).map_err(|error| error.to_string())?
    };
    let raw = match (&case.output, &case.raw) {
        (Some(output), None) => output.to_string(),
        (None, Some(raw)) => raw.clone(),
        (Some(_), Some(_)) | (None, None) => return Err("either `output` or `raw`".to_owned()),
    };
    Ok((Guard::new(catalog.into()).check(&raw, &context), context))
}

fn judge(case: &Case) -> Result<(), String> {
    let (verdict, context) = run(case)?;
    let expect = &case.expect;
    let found: BTreeSet<&str> = verdict.findings.iter().map(|f| f.rule.as_str()).collect();
    if verdict.refused() != expect.refused {
        return Err(format!(
            "refused is {}; {:?}",
            verdict.refused(),
            verdict.findings
        ));
    }
    if let Some(rule) = expect
        .rules
        .iter()
        .find(|rule| !found.contains(rule.as_str()))
    {
        return Err(format!(
            "no finding of {rule}: {:?} {:?}",
            verdict.findings,
            verdict.reply.map(|r| r.response)
        ));
    }
    if expect.clean && !verdict.findings.is_empty() {
        return Err(format!("findings: {:?}", verdict.findings));
    }
    if verdict.order.is_some() != expect.order {
        return Err(format!(
            "order is {:?}; {:?}",
            verdict.order, verdict.findings
        ));
    }
    words(case, &verdict, &context)
}

/// The reply's keys and words.
fn words(case: &Case, verdict: &Verdict, context: &Context) -> Result<(), String> {
    let expect = &case.expect;
    let Some(reply) = &verdict.reply else {
        return Ok(());
    };
    let wire = serde_json::to_value(reply).map_err(|error| error.to_string())?;
    for (key, wanted) in &expect.reply {
        if wire.get(key) != Some(wanted) {
            return Err(format!(
                "{key} is {:?}, not {wanted}; {:?}",
                wire.get(key),
                verdict.findings
            ));
        }
    }
    let words = &reply.response;
    if expect
        .response
        .as_ref()
        .is_some_and(|wanted| wanted != words)
    {
        return Err(format!("words are {words:?}; {:?}", verdict.findings));
    }
    if let Some(part) = expect
        .has
        .iter()
        .find(|part| !words.contains(part.as_str()))
    {
        return Err(format!(
            "{part:?} is not in {words:?}; {:?}",
            verdict.findings
        ));
    }
    if let Some(part) = expect
        .lacks
        .iter()
        .find(|part| words.contains(part.as_str()))
    {
        return Err(format!("{part:?} is in {words:?}; {:?}", verdict.findings));
    }
    again(case, &wire.to_string(), context, &wire)
}

/// What the guard let through passes it again, unchanged.
fn again(case: &Case, raw: &str, context: &Context, first: &Value) -> Result<(), String> {
    let catalog = fixture::catalog(&case.catalog).ok_or("unknown catalogue")?;
    let second = Guard::new(catalog.into()).check(raw, context);
    let reply = serde_json::to_value(&second.reply).map_err(|error| error.to_string())?;
    if reply == *first {
        Ok(())
    } else {
        Err(format!(
            "checked again: {reply}, first {first}, {:?}",
            second.findings
        ))
    }
}

fn table(text: &str, least: usize) {
    let cases: Vec<Case> = serde_json::from_str(text).unwrap();
    assert!(cases.len() >= least, "only {} cases", cases.len());
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| judge(case).err().map(|why| format!("{}: {why}", case.name)))
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

#[test]
fn g1_broken_output_is_mended_or_refused() {
    table(include_str!("g01_parse.json"), 20);
}

#[test]
fn g3_g5_g7_g8_g9_g10_orders_are_recomputed() {
    table(include_str!("orders.json"), 20);
}

#[test]
fn g4_unexplained_amounts_never_go_out() {
    table(include_str!("g04_amounts.json"), 30);
}

#[test]
fn g2_g6_g11_to_g16_words_are_checked() {
    table(include_str!("words.json"), 20);
}

#[test]
fn g4_g5_g7_a8_a9_what_a_tester_got_through_goes_out_no_more() {
    table(include_str!("black_box.json"), 45);
}
