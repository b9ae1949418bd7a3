//! `x8 replay`: every turn of a real play comes out as it was stored; what was changed is told.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use x8_core::{
    id::TurnId,
    port::{Changes, Companies as _, Inbox as _, Ledger as _, Page, TurnRecord, Turns as _},
    sqlite::SqliteStore,
    tenant::{Caller, Role, Tenant},
};

fn x8(database: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_x8"))
        .args(args)
        .env("DATABASE_URL", url(database))
        .output()
        .unwrap()
}

fn url(database: &Path) -> String {
    format!("sqlite://{}", database.display())
}

/// What `x8 replay --json` ends with and says.
fn replay(database: &Path, turn: TurnId) -> (Option<i32>, Value) {
    let output = x8(database, &["replay", &turn.to_string(), "--json"]);
    let said = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), said)
}

/// The demo's database: two companies, their customers, orders, payments and bookings.
fn play(folder: &TempDir) -> PathBuf {
    let database = folder.path().join("play.db");
    let path = database.display().to_string();
    let listen = "127.0.0.1:0";
    let args = ["demo", "--once", "--listen", listen, "--database", &path];
    let output = x8(&database, &args);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    database
}

async fn turns(store: &SqliteStore) -> Vec<(Tenant, TurnRecord)> {
    let operator = Caller {
        user: x8_core::id::UserId(0),
        role: Role::Admin,
        is_superuser: true,
    };
    let mut all = Vec::new();
    for company in store.companies(operator).await.unwrap() {
        let tenant = company.tenant();
        for thread in store.conversations(tenant, Page::first(200)).await.unwrap() {
            let turns = store.turns_of(tenant, thread.id, Page::first(200)).await;
            all.extend(turns.unwrap().into_iter().map(|turn| (tenant, turn)));
        }
    }
    all
}

/// As people find turns: by the listing of a company.
fn people_find(database: &Path, all: &[(Tenant, TurnRecord)]) {
    let listed = x8(database, &["turns", "--company", "COMP001", "--json"]);
    let listed = String::from_utf8(listed.stdout).unwrap();
    let listed: Vec<Value> = listed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let first = all.iter().filter(|(tenant, _)| tenant.company().0 == 1);
    assert_eq!(listed.len(), first.count());
    assert!(
        listed
            .iter()
            .all(|turn| turn["outcome"] == "answered" && turn["replayable"] == true),
        "{listed:?}"
    );
    let key = listed[0]["turn_id"].as_str().unwrap();
    let said = x8(database, &["replay", key]);
    assert_eq!(
        String::from_utf8_lossy(&said.stdout).lines().next(),
        Some("equal")
    );
    let text = x8(database, &["turns", "--company", "1", "--limit", "1"]).stdout;
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.lines().count() == 1 && text.contains("answered") && text.contains("guided"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_turn_of_the_play_is_replayed_bit_for_bit() {
    let folder = TempDir::new().unwrap();
    let database = play(&folder);
    let store = SqliteStore::open(&url(&database)).await.unwrap();
    let all = turns(&store).await;
    assert!(all.len() >= 4, "{} turns", all.len());
    for (_, turn) in &all {
        let (code, said) = replay(&database, turn.id);
        assert_eq!((code, &said["equal"]), (Some(0), &json!(true)), "{said}");
    }
    people_find(&database, &all);

    let (tenant, turn) = all.into_iter().next_back().unwrap();
    let put = async |turn: TurnRecord| {
        let changes = Changes {
            turn: Some(turn.clone()),
            ..Changes::at(turn.at)
        };
        store.commit(tenant, changes).await.unwrap();
        replay(&database, turn.id)
    };
    let other = |number: u128| TurnRecord {
        id: TurnId(uuid::Uuid::from_u128(number)),
        ..turn.clone()
    };

    let mut changed = other(1);
    changed.answer.as_mut().unwrap()["text"] = json!("Free for everybody!");
    let (code, said) = put(changed).await;
    assert_eq!((code, &said["equal"]), (Some(2), &json!(false)));
    assert_eq!(said["differences"][0]["at"], "/text");
    assert_eq!(said["differences"][0]["stored"], "Free for everybody!");

    let mut older = other(5);
    older.tries[0].prompt = Some("product/0".to_owned());
    older.answer.as_mut().unwrap()["tries"][0]["prompt"] = json!("product/0");
    let (code, said) = put(older).await;
    assert_eq!((code, &said["equal"]), (Some(0), &json!(true)), "{said}");
    assert_eq!(
        said["prompts"][0]["version"],
        json!("product/0"),
        "another prompt is told: {said}"
    );
    assert_ne!(said["prompts"][0]["now"], json!("product/0"));

    let mut output = other(2);
    output.tries[0].said = Ok("garbage".to_owned());
    let (code, said) = put(output).await;
    assert_eq!(code, Some(2), "another output is another answer: {said}");

    let old = TurnRecord {
        input: None,
        answer: None,
        catalog: None,
        ..other(3)
    };
    let (code, said) = put(old).await;
    assert_eq!((code, said), (Some(1), Value::Null));
    let told = x8(&database, &["replay", &other(3).id.to_string()]).stderr;
    let told = String::from_utf8_lossy(&told);
    assert!(told.contains("cannot be replayed"), "{told}");
    let (code, _) = replay(&database, other(4).id);
    assert_eq!(code, Some(1), "an unknown turn");
}
