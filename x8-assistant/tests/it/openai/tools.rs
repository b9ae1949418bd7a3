//! What a model may look up, and what never comes back (K10, G6).

use serde_json::{Value, json};
use x8_assistant::{
    model::Usage,
    openai::{Dialect, OpenAiConfig},
    tool::{Toolbox, tools},
};
use x8_core::{Result, catalog::Stock, channel::Platform, order::CartLine};

use super::{
    rig::{answers, ask, ask_with, failed},
    server::Seen,
};
use crate::guided::driver::{Talk, catalog};

fn messages(seen: &Seen) -> Vec<Value> {
    seen.json()["messages"]
        .as_array()
        .cloned()
        .unwrap_or_default()
}

fn result(message: &Value) -> Value {
    serde_json::from_str(message["content"].as_str().unwrap_or_default()).unwrap_or_default()
}

#[tokio::test]
async fn k12_calls_are_answered_in_their_order_and_paid_for() -> Result<()> {
    let (output, seen) = ask(Dialect::OpenAi, answers("openai", &["calls", "reply"])?).await?;
    let output = output?;
    assert_eq!(
        output.usage,
        Some(Usage {
            prompt_tokens: 150,
            completion_tokens: 32
        }),
        "both calls are paid"
    );
    let said = messages(&seen[1]);
    let [.., asked, found, session] = said.as_slice() else {
        panic!("{said:?}")
    };
    assert_eq!(
        (&asked["role"], &asked["content"]),
        (&"assistant".into(), &Value::Null)
    );
    assert_eq!(
        asked["tool_calls"][0]["function"]["arguments"],
        "{\"query\":\"розы\",\"area\":null,\"limit\":2}",
        "as it was said"
    );
    assert_eq!(
        (
            &found["role"],
            &found["tool_call_id"],
            &session["tool_call_id"]
        ),
        (&"tool".into(), &"call_a".into(), &"call_b".into())
    );
    assert_eq!(result(found)["offerings"].as_array().map(Vec::len), Some(2));
    assert_eq!(result(session)["payment_status"], "no_payment_link");
    Ok(())
}

#[tokio::test]
async fn k12_odd_calls_of_other_vendors_are_answered_too() -> Result<()> {
    for (dialect, vendor, arguments) in [
        // `finish_reason: stop`, no id, arguments as an object.
        (
            Dialect::Ollama,
            "ollama",
            json!({ "query": "roses", "limit": 2 }),
        ),
        (Dialect::LlamaCpp, "llamacpp", json!({ "query": "roses" })),
        // No arguments at all.
        (Dialect::Vllm, "vllm", json!(null)),
    ] {
        let (output, seen) = ask(dialect, answers(vendor, &["calls", "reply"])?).await?;
        assert_eq!(output?.text, r#"{"response":"We have roses."}"#, "{vendor}");
        let said = messages(&seen[1]);
        let [.., asked, found] = said.as_slice() else {
            panic!("{said:?}")
        };
        let call = &asked["tool_calls"][0];
        let id = call["id"].as_str().unwrap_or_default();
        assert!(
            id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{vendor}: {id}"
        );
        assert_eq!(
            (&found["tool_call_id"], &call["type"]),
            (&call["id"], &"function".into()),
            "{vendor}"
        );
        let written = call["function"]["arguments"].as_str().unwrap_or_default();
        assert_eq!(
            serde_json::from_str(written).unwrap_or(Value::Null),
            arguments,
            "{vendor}: sent back as text"
        );
        assert!(result(found).get("error").is_none(), "{vendor}: {found}");
    }
    Ok(())
}

#[tokio::test]
async fn k12_wrong_calls_are_told_what_is_wrong() -> Result<()> {
    let (output, seen) = ask(Dialect::OpenAi, answers("openai", &["bad_calls", "reply"])?).await?;
    assert!(output.is_ok());
    let said = messages(&seen[1]);
    let [.., cut, unknown, typed] = said.as_slice() else {
        panic!("{said:?}")
    };
    for (message, words) in [
        (cut, "not a JSON object"),
        (unknown, "search_offerings and get_session"),
        (typed, "whole number"),
    ] {
        let error = result(message)["error"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(error.contains(words), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn a11_rounds_come_to_an_end() -> Result<()> {
    let two = |config| OpenAiConfig {
        tool_rounds: 2,
        ..config
    };
    for (dialect, choice) in [(Dialect::OpenAi, Some("none")), (Dialect::Ollama, None)] {
        let (output, seen) = ask_with(
            dialect,
            answers("openai", &["calls", "calls", "reply"])?,
            two,
        )
        .await?;
        assert!(output.is_ok());
        let last = seen[2].json();
        assert_eq!(
            last.get("tool_choice").and_then(Value::as_str),
            choice,
            "{dialect:?}"
        );
        assert_eq!(last.get("tools").is_some(), choice.is_some(), "{dialect:?}");
        assert_eq!(
            last["response_format"]["type"], "json_schema",
            "{dialect:?}"
        );
        // A model that still calls has nothing to say.
        let (output, seen) = ask_with(
            dialect,
            answers("openai", &["calls", "calls", "calls", "reply"])?,
            two,
        )
        .await?;
        assert_eq!((output?.text.as_str(), seen.len()), ("", 3), "{dialect:?}");
    }
    Ok(())
}

#[test]
fn k10_no_tool_ever_tells_stock_or_what_is_internal() -> Result<()> {
    for (name, queries) in [("flowers", ["", "роза"]), ("hotel", ["", "excursion"])] {
        let mut rows = catalog(name)?.offerings().to_vec();
        for row in &mut rows {
            row.stock = Some(Stock::new(77_731));
            row.extra.insert("margin".to_owned(), "88842".to_owned());
            row.price_id = Some("price_99953".into());
            row.contacts.contact = Some("+44 66 064".into());
        }
        let rows = x8_core::catalog::Catalog::detached(rows);
        let mut input = Talk::new(rows, Platform::Telegram)?.input(&["hello"]);
        let sku = input.catalog.offerings()[0].sku.clone();
        input.session.cart = vec![CartLine { sku, quantity: 2 }];
        let tools = Toolbox::new(&input);
        let mut told = tools.call("get_session", "{}");
        assert!(told.contains("\"quantity\":2"), "{told}");
        for query in queries {
            told += &tools.call(
                "search_offerings",
                &json!({ "query": query, "limit": 10 }).to_string(),
            );
        }
        assert!(
            told.contains("\"available\":true") && told.contains(" EUR"),
            "{told}"
        );
        for secret in ["77731", "88842", "price_99953", "66 064"] {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
    }
    Ok(())
}

#[test]
fn k12_a_search_keeps_to_its_place_and_limit() -> Result<()> {
    let input = Talk::new(catalog("flowers")?, Platform::Telegram)?.input(&["hello"]);
    let tools = Toolbox::new(&input);
    let find = |arguments: Value| -> Result<Value> {
        serde_json::from_str(&tools.call("search_offerings", &arguments.to_string()))
            .map_err(failed)
    };
    let count = |found: &Value| found["offerings"].as_array().map_or(0, Vec::len);
    let all = input.catalog.offerings().len();
    let one = find(json!({ "query": "", "limit": 1 }))?;
    assert_eq!((count(&one), &one["more"]), (1, &true.into()));
    let quoted = find(json!({ "query": "", "limit": "2" }))?;
    assert_eq!(count(&quoted), 2);
    let many = find(json!({ "query": "", "limit": 999 }))?;
    assert_eq!(
        (count(&many), &many["more"]),
        (all.min(10), &(all > 10).into())
    );
    let nowhere = find(json!({ "query": "", "area": "Reykjavík" }))?;
    assert_eq!((count(&nowhere), &nowhere["more"]), (0, &false.into()));
    assert!(find(json!({ "query": "", "limit": 0 }))?["error"].is_string());
    assert!(
        find(json!({ "query": "", "company_id": 2 }))?["error"].is_string(),
        "there is no other company to ask for"
    );
    Ok(())
}

#[test]
fn k12_tools_are_declared_strictly() {
    for tool in tools() {
        let schema = &tool.parameters;
        assert_eq!(
            (&schema["type"], &schema["additionalProperties"]),
            (&"object".into(), &false.into())
        );
        let names: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        let required: Vec<&str> = schema["required"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(names, required, "{}", tool.name);
    }
}
