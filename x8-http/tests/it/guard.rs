//! The guard as operators and HTTP clients call it: the recorded verdicts of `x8-assistant`, which Python is held to as well.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};
use x8_assistant::{
    contract::{Addressee, Reply},
    guard::{Context, Guard},
};
use x8_core::{
    catalog::{Catalog, Kind},
    import::{ImportOptions, import},
};

use super::app::TestApp;

#[path = "../../../x8-assistant/tests/it/guard/recorded.rs"]
mod recorded;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../x8-assistant/tests/it/guard")
}

fn verdicts() -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join("verdicts.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn catalogue(case: &Value) -> PathBuf {
    let name = case["catalogue"].as_str().unwrap();
    folder().join("hostile/catalogues").join(name)
}

/// The reply as standard input gives it.
fn raw(case: &Value) -> String {
    case["reply"]
        .as_str()
        .map_or_else(|| case["reply"].to_string(), str::to_owned)
}

fn guard(name: &str, case: &Value, context: &Value) -> Output {
    let kind = case["type"].as_str().unwrap();
    run(
        name,
        &catalogue(case),
        kind,
        &raw(case),
        &context.to_string(),
    )
}

fn run(name: &str, catalogue: &Path, kind: &str, reply: &str, context: &str) -> Output {
    let file = std::env::temp_dir().join(format!("x8-guard-{name}-{}.json", std::process::id()));
    std::fs::write(&file, context).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_x8"))
        .args(["guard", "--type", kind, "--catalogue"])
        .arg(catalogue)
        .arg("--context")
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A process that refuses its context need not read the reply.
    let _closed = stdin.write_all(reply.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    std::fs::remove_file(&file).unwrap();
    output
}

#[test]
fn g1_g3_g4_the_command_line_prints_the_verdict_and_tells_refusals_by_its_code() {
    for (at, case) in verdicts().iter().enumerate() {
        let output = guard(&format!("good-{at}"), case, &case["context"]);
        let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(verdict, case["verdict"], "{}", case["reply"]);
        assert_eq!(
            output.status.code().map(i64::from),
            case["exit"].as_i64(),
            "{verdict}"
        );
    }
}

#[test]
fn g16_a_context_of_wrong_types_is_told_with_its_place() {
    let case = verdicts().swap_remove(0);
    for (context, place) in [
        (
            json!({"cart": [{"sku": "301", "quantity": "two"}]}),
            "cart[0].quantity",
        ),
        (
            json!({"cart": [{"sku": true, "quantity": 1}]}),
            "cart[0].sku",
        ),
        (json!({"payment_status": "maybe"}), "payment_status"),
        (json!({"known": {"phone": 600}}), "known.phone"),
        (json!({"link_sent": "yes"}), "link_sent"),
        (json!({"known": null}), "known"),
    ] {
        let output = guard(&place.replace(['[', ']', '.'], "-"), &case, &context);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(place), "{told}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn g16_a_context_is_one_object() {
    let case = verdicts().swap_remove(0);
    for (name, context) in [("broken", "{\"channel\": "), ("two", "{} {\"channel\": 5}")] {
        let kind = case["type"].as_str().unwrap();
        let output = run(name, &catalogue(&case), kind, &raw(&case), context);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(
            told.contains("the context") && output.stdout.is_empty(),
            "{told}"
        );
    }
}

#[tokio::test]
async fn g1_g3_g4_http_answers_the_same_verdicts() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    for case in verdicts() {
        let kind = match case["type"].as_str() {
            Some("service") => Kind::Service,
            _product => Kind::Product,
        };
        let bytes = std::fs::read(catalogue(&case)).unwrap();
        let read = import(&bytes, &ImportOptions::new(kind)).unwrap();
        let check = json!({
            "rows": read.offerings.to_vec(),
            "reply": case["reply"],
            "context": case["context"],
        });
        let verdict = app
            .post("/api/v1/assistant/validate", &owner.token, &check)
            .await
            .expect(200);
        assert_eq!(verdict, case["verdict"], "{}", case["reply"]);
    }
}

/// Python is held to the same in `x8-py/tests/python.rs`.
#[tokio::test]
async fn g1_to_g16_the_command_line_and_http_give_the_guards_own_bytes() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let sample = recorded::recorded(9);
    assert!(sample.len() > 150, "{}", sample.len());
    for (at, case) in sample.iter().enumerate() {
        let bytes = std::fs::read(&case.catalogue).unwrap();
        let read = import(&bytes, &ImportOptions::new(case.kind)).unwrap();
        let check = json!({
            "rows": read.offerings.to_vec(),
            "reply": case.reply,
            "context": case.context,
        });
        let answer = app
            .post("/api/v1/assistant/validate", &owner.token, &check)
            .await;
        let told = String::from_utf8(answer.bytes.clone()).unwrap();
        assert_eq!(told, case.verdict, "{}", case.name);
        if at % 8 == 0 {
            let (name, context) = (format!("same-{at}"), case.context.to_string());
            let output = run(
                &name,
                &case.catalogue,
                case.kind_word(),
                &case.raw(),
                &context,
            );
            let told = String::from_utf8(output.stdout).unwrap();
            assert_eq!(told, format!("{}\n", case.verdict), "{}", case.name);
        }
    }
}

#[tokio::test]
async fn g1_http_hands_the_reply_to_the_guard_as_it_was_written() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let guard = Guard::new(Catalog::detached(Vec::new()).into());
    for reply in [
        r#"{"zz": 1, "response": "Which city?", "aa": 2, "total_sum": 7.00}"#,
        r#"{"response": "Which city?", "total_sum": 1e400}"#,
        r#"{"response": "Which \ud83d city?"}"#,
        r#"{"response": "Which city?", "response": "And who?"}"#,
        r#"{"response": "Which city?", "units_to_buy": 123456789012345678901234567890}"#,
    ] {
        let body = format!(r#"{{"rows": [], "reply": {reply}}}"#);
        let headers = [(
            "authorization".to_owned(),
            format!("Bearer {}", owner.token),
        )];
        let answer = app
            .raw("/api/v1/assistant/validate", &headers, body.into_bytes())
            .await;
        let told = String::from_utf8_lossy(&answer.bytes).into_owned();
        let verdict = guard.check(reply, &Context::default());
        assert_eq!(told, serde_json::to_string(&verdict).unwrap(), "{reply}");
    }
}

/// The keys of a schema of the API's own description, sorted.
fn described(name: &str) -> Vec<String> {
    let document = serde_json::to_value(x8_http::openapi::document()).unwrap();
    let schema = &document["components"]["schemas"][name];
    let mut keys: Vec<String> = schema["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    keys.sort();
    keys
}

fn sorted(keys: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    let mut keys: Vec<String> = keys.into_iter().map(Into::into).collect();
    keys.sort();
    keys
}

#[test]
fn g1_g16_what_is_described_is_what_is_read_and_given() {
    let keys = recorded::context_keys();
    assert!(keys.len() >= 15, "{keys:?}");
    assert_eq!(described("GuardContext"), sorted(keys.clone()));
    let help = Command::new(env!("CARGO_BIN_EXE_x8"))
        .args(["guard", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for key in keys {
        assert!(help.contains(key), "{key} is missing in {help}");
    }
    let reply = Reply::informational("Hello.", Addressee::default(), "en");
    let reply = serde_json::to_value(reply).unwrap();
    assert_eq!(
        described("ReplyContract"),
        sorted(reply.as_object().unwrap().keys())
    );
    let verdict = Guard::new(Catalog::detached(Vec::new()).into()).check("", &Context::default());
    let verdict = serde_json::to_value(verdict).unwrap();
    assert_eq!(
        described("Verdict"),
        sorted(verdict.as_object().unwrap().keys())
    );
    let finding = verdict["findings"][0].as_object().unwrap();
    assert_eq!(described("Finding"), sorted(finding.keys()));
}
