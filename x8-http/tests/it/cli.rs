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
