//! The rules of the house, checked over the sources of the whole workspace.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// More code than this in one file, and nobody finds anything in it.
const LONGEST_FILE: usize = 500;

/// More than this, and a port is two ports.
const WIDEST_PORT: usize = 8;

/// Beside the `lib.rs` of a crate, only these may ask for features.
const GATED: [&str; 9] = [
    "x8-assistant/src/memory.rs",
    "x8-assistant/src/memory/sql.rs",
    "x8-channels/src/waha.rs",
    "x8-channels/src/waha/inbound.rs",
    "x8-core/src/import.rs",
    "x8-core/src/import/table.rs",
    "x8-core/src/memory/audit.rs",
    "x8-http/src/store.rs",
    "x8-http/src/system/memory.rs",
];

/// Who has seen one adapter of a kind has seen them all: where they live, and which files each has.
const ADAPTERS: [(&str, &[&str]); 2] = [
    (
        "x8-channels/src",
        &[
            "config.rs",
            "api.rs",
            "inbound.rs",
            "outbound.rs",
            "error.rs",
            "docs.md",
        ],
    ),
    // Those of money; a calendar is beside it only where one is simulated.
    ("x8-billing/src", &["config.rs", "payments.rs"]),
];

/// Folders beside the adapters that are none.
const NO_ADAPTERS: [&str; 3] = ["connect", "event", "testing"];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every `.rs` file of the crates below their folder `part`, by its path in the workspace.
fn sources(part: &str) -> Vec<(String, String)> {
    let root = workspace();
    let crates = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap());
    let mut found = Vec::new();
    for member in crates.filter(|entry| entry.file_name().to_string_lossy().starts_with("x8-")) {
        collect(&member.path().join(part), &root, &mut found);
    }
    assert!(found.len() > 20, "the workspace is not where it should be");
    found
}

fn collect(folder: &Path, root: &Path, found: &mut Vec<(String, String)>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(&path, root, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy();
            let text = fs::read_to_string(&path).unwrap();
            found.push((name.replace('\\', "/"), text));
        }
    }
}

fn code_lines(text: &str) -> usize {
    let is_code = |line: &&str| !line.is_empty() && !line.starts_with("//");
    text.lines().map(str::trim).filter(is_code).count()
}

#[test]
fn no_source_file_is_longer_than_anybody_reads() {
    let long: Vec<_> = sources("src")
        .into_iter()
        .map(|(path, text)| (path, code_lines(&text)))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .collect();
    assert!(long.is_empty(), "split along responsibilities: {long:?}");
}

#[test]
fn features_are_asked_for_in_few_places() {
    let word = concat!("cfg(", "feature");
    let composed = concat!("feature ", "= \"");
    let gated = sources("src")
        .into_iter()
        .filter(|(_, text)| {
            let mut lines = text.lines().map(str::trim);
            lines.any(|line| {
                line.starts_with("#[cfg") && (line.contains(word) || line.contains(composed))
            })
        })
        .map(|(path, _)| path);
    let stray: Vec<_> = gated
        .filter(|path| !path.ends_with("/src/lib.rs") && !GATED.contains(&path.as_str()))
        .collect();
    assert!(
        stray.is_empty(),
        "gate the module in lib.rs instead: {stray:?}"
    );
}

/// Each trait of a file with the number of methods that must be written for it.
fn ports(text: &str) -> Vec<(String, usize)> {
    let mut found: Vec<(String, usize)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("pub trait ") {
            let name = rest.split(|letter: char| !letter.is_alphanumeric()).next();
            found.push((name.unwrap_or_default().to_owned(), 0));
            inside = true;
        } else if line == "}" {
            inside = false;
        } else if inside
            && (line.starts_with("    fn ") || line.starts_with("    async fn "))
            && let Some((_, methods)) = found.last_mut()
        {
            *methods += 1;
        }
    }
    found
}

#[test]
fn no_port_has_more_than_eight_methods() {
    let all: Vec<(String, usize)> = sources("src")
        .into_iter()
        .flat_map(|(_, text)| ports(&text))
        .collect();
    assert!(all.contains(&("Ledger".to_owned(), 8)), "{all:?}");
    let wide: Vec<_> = all
        .into_iter()
        .filter(|(_, methods)| *methods > WIDEST_PORT)
        .collect();
    assert!(wide.is_empty(), "split the port: {wide:?}");
}

#[test]
fn every_adapter_has_the_files_of_its_kind() {
    for (home, files) in ADAPTERS {
        let entries = fs::read_dir(workspace().join(home)).unwrap();
        let folders = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir());
        let mut seen = 0;
        for folder in folders {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            if NO_ADAPTERS.contains(&name.as_str()) {
                continue;
            }
            seen += 1;
            for file in files {
                assert!(folder.join(file).is_file(), "{home}/{name} lacks {file}");
            }
        }
        assert!(seen > 0, "{home} holds no adapter");
    }
}

#[test]
fn nothing_is_left_for_later() {
    let left = [
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("dbg", "!("),
        concat!("#[", "ignore"),
    ];
    let files = sources("src").into_iter().chain(sources("tests"));
    let found: Vec<_> = files
        .filter(|(_, text)| left.iter().any(|word| text.contains(word)))
        .map(|(path, _)| path)
        .collect();
    assert!(found.is_empty(), "finish what these begin: {found:?}");
}
