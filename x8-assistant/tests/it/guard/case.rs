//! One case: an output, its turn, and what must be in the verdict. A case with an unknown key fails.
//!
//! Shared by the tests and by `examples/hostile_score.rs`.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use x8_assistant::guard::{Context, Guard, Verdict};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) name: String,
    #[serde(default = "shop")]
    pub(super) catalog: String,
    #[serde(default)]
    context: Value,
    /// The words of an output that holds nothing else …
    say: Option<String>,
    /// … or the output as an object …
    output: Option<Value>,
    /// … or exactly as the model wrote it.
    raw: Option<String>,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent keys of a case's JSON"
)]
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
    /// The words come through as they are.
    #[serde(default)]
    same: bool,
    /// No findings at all.
    #[serde(default)]
    clean: bool,
    #[serde(default)]
    order: bool,
}

fn shop() -> String {
    "shop".to_owned()
}

fn run(case: &Case, guard: &Guard) -> Result<(Verdict, Context), String> {
    let context = if case.context.is_null() {
        Context::default()
    } else {
        serde_json::from_value(case.context.clone()).map_err(|error| error.to_string())?
    };
    let raw = match (&case.say, &case.output, &case.raw) {
        (Some(words), None, None) => json!({ "response": words }).to_string(),
        (None, Some(output), None) => output.to_string(),
        (None, None, Some(raw)) => raw.clone(),
        _several => return Err("one of `say`, `output` and `raw`".to_owned()),
    };
    Ok((guard.check(&raw, &context), context))
}

/// What is wrong with the verdict on a case, if anything.
pub(super) fn judge(case: &Case, guard: &Guard) -> Result<(), String> {
    let (verdict, context) = run(case, guard)?;
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
    words(case, guard, &verdict, &context)
}

/// The reply's keys and words.
fn words(case: &Case, guard: &Guard, verdict: &Verdict, context: &Context) -> Result<(), String> {
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
    if expect.same && case.say.as_ref() != Some(words) {
        return Err(format!("changed to {words:?}; {:?}", verdict.findings));
    }
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
    again(guard, &wire.to_string(), context, &wire)
}

/// What the guard let through passes it again, unchanged.
fn again(guard: &Guard, raw: &str, context: &Context, first: &Value) -> Result<(), String> {
    let second = guard.check(raw, context);
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
