//! The commands as an operator runs them: exit codes, and one JSON object whatever happens.

use std::process::{Command, Output};

use serde_json::Value;

fn import(name: &str, file: &[u8]) -> Output {
    let path = std::env::temp_dir().join(format!("x8-cli-{name}-{}.csv", std::process::id()));
    std::fs::write(&path, file).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_x8"))
        .args(["import", "--type", "product", "--dry-run", "--json"])
        .arg(&path)
        .output()
        .unwrap();
    std::fs::remove_file(&path).unwrap();
    output
}

#[test]
fn k5_import_tells_good_refused_and_unreadable_files_apart() {
    for (name, file, code, ok) in [
        (
            "good",
            &b"name,description,price\nPan,Loaf,1.20\n"[..],
            0,
            true,
        ),
        (
            "refused",
            b"name,description,price\nPan,Loaf,-1\n",
            2,
            false,
        ),
        ("twice", b"Name,Product name,description\na,b,c\n", 1, false),
        ("empty", b"", 1, false),
    ] {
        let output = import(name, file);
        assert_eq!(output.status.code(), Some(code), "{name}");
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["ok"], ok, "{name}: {answer}");
        let told = answer["error"]
            .as_str()
            .is_some_and(|text| !text.is_empty());
        assert_eq!(told, code == 1, "{name}: {answer}");
    }
}

#[test]
fn looking_into_a_database_that_is_not_there_says_so_and_makes_none() {
    let path = std::env::temp_dir().join(format!("x8-cli-nowhere-{}.db", std::process::id()));
    let turn = "01a1f9ce-bef0-72a8-b8f2-d2cc2527a108";
    for arguments in [&["audit"][..], &["audit", "--json"], &["replay", turn]] {
        let output = Command::new(env!("CARGO_BIN_EXE_x8"))
            .args(arguments)
            .env(
                "DATABASE_URL",
                format!("sqlite://{}?mode=rwc", path.display()),
            )
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(
            output.stdout.is_empty() && told.contains("there is no such database"),
            "{told}"
        );
        assert!(told.contains("x8-cli-nowhere") && !path.exists(), "{told}");
    }
}
