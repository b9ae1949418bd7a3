//! Every kind of company × language × moment, as models are told it.
//!
//! Each file holds the moments of one kind and language. After a wanted change delete the files and run the test: it
//! writes them anew and fails once, so that somebody looks at the difference.

use std::{fmt::Write as _, fs, path::PathBuf};

use x8_core::{Error, Result, tenant::CompanyType};

use super::scenes::{GOODS, LANGUAGES, SERVICES, Scene, turn, written};

fn told(kind: CompanyType, scenes: &[&Scene], language: usize) -> Result<String> {
    let mut text = String::new();
    for scene in scenes {
        let (input, plan) = turn(kind, scene, language)?;
        let prompt = written(&input, &plan)?;
        let last = prompt.messages.last().map_or("", |message| &message.text);
        let earlier = prompt.messages.len() - 1;
        let form = format!(
            "=== {} ({}, {earlier} earlier messages)\n{}\n--- {last}\n\n",
            scene.name, prompt.version, prompt.system
        );
        text.push_str(&form);
    }
    Ok(text)
}

fn compare(name: &str, told: &str) -> Result<Option<String>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/prompt/snapshots")
        .join(format!("{name}.txt"));
    let failed = |error| Error::internal("test.snapshot", error);
    if !path.exists() {
        fs::write(&path, told).map_err(failed)?;
        return Ok(Some(format!("{name}: written; look at it and run again")));
    }
    let kept = fs::read_to_string(&path).map_err(failed)?;
    let at = kept.lines().zip(told.lines()).position(|(a, b)| a != b);
    if kept == told {
        return Ok(None);
    }
    let mut report = format!("{name} differs at line {at:?}");
    if let Some(at) = at {
        let line = |text: &str| text.lines().nth(at).unwrap_or_default().to_owned();
        let _ = write!(report, ":\n- {}\n+ {}", line(&kept), line(told));
    }
    Ok(Some(report))
}

#[test]
fn a12_prompts_are_as_they_were_looked_at() -> Result<()> {
    let goods: Vec<&Scene> = GOODS.iter().collect();
    let services: Vec<&Scene> = SERVICES.iter().collect();
    let both: Vec<&Scene> = GOODS
        .iter()
        .take(3)
        .chain(SERVICES.iter().take(2))
        .collect();
    let kinds = [
        ("product", CompanyType::Product, goods),
        ("service", CompanyType::Service, services),
        ("hybrid", CompanyType::Hybrid, both),
    ];
    let mut problems = Vec::new();
    for (name, kind, scenes) in &kinds {
        for (at, language) in LANGUAGES.iter().enumerate() {
            let told = told(*kind, scenes, at)?;
            problems.extend(compare(&format!("{name}-{language}"), &told)?);
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(())
}
