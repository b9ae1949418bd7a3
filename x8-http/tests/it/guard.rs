//! The guard as operators and HTTP clients call it: the recorded verdicts of `x8-assistant`, which Python is held to as well.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};
use x8_core::{
    catalog::Kind,
    import::{ImportOptions, import},
};

use super::app::TestApp;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../x8-assistant/tests/it/guard")
}

fn recorded() -> Vec<Value> {
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
    let file = std::env::temp_dir().join(format!("x8-guard-{name}-{}.json", std::process::id()));
    std::fs::write(&file, context.to_string()).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_x8"))
        .args(["guard", "--type", case["type"].as_str().unwrap()])
        .arg("--catalogue")
        .arg(catalogue(case))
        .arg("--context")
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A process that refuses its context need not read the reply.
    let _closed = stdin.write_all(raw(case).as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    std::fs::remove_file(&file).unwrap();
    output
}

#[test]
fn g1_g3_g4_the_command_line_prints_the_verdict_and_tells_refusals_by_its_code() {
    for (at, case) in recorded().iter().enumerate() {
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
    let case = recorded().swap_remove(0);
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
    ] {
        let output = guard(&place.replace(['[', ']', '.'], "-"), &case, &context);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(place), "{told}");
        assert!(output.stdout.is_empty());
    }
}

#[tokio::test]
async fn g1_g3_g4_http_answers_the_same_verdicts() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    for case in recorded() {
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
