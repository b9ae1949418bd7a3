//! `x8 replay`.

use std::{collections::BTreeSet, process::ExitCode, sync::Arc};

use serde::Serialize;
use serde_json::{Value, json};
use x8_assistant::{phrases::Phrases, pipeline::TurnPipeline, prompt::Prompts};
use x8_core::{
    Error, ErrorKind, Result,
    catalog::Catalog,
    id::{CatalogId, TurnId},
    port::{Store, TurnRecord},
    tenant::Tenant,
};

use crate::{config::Config, demo::Transcript, store};

/// Exit code of a turn that comes out differently now.
const UNEQUAL: u8 = 2;

/// Computes a stored turn again and compares; 0 when it is equal bit for bit.
pub(super) async fn run(config: &Config, turn: TurnId, json: bool) -> Result<ExitCode> {
    let store = store::existing(&config.database_url).await?;
    let (tenant, record) = store.turn(turn).await?;
    let prompts = prompts(&record);
    let (stored, again) = replay(store.as_ref(), tenant, record).await?;
    let mut differences = Vec::new();
    compare("", &stored, &again, &mut differences);
    // Equal values in another order of keys would be another text.
    let (before, after) = (stored.to_string(), again.to_string());
    let equal = before == after;
    if !equal && differences.is_empty() {
        differences.push(json!({ "at": "", "stored": "keys in another order" }));
    }
    let out = Transcript;
    if json {
        let told =
            json!({ "turn": turn, "equal": equal, "differences": differences, "prompts": prompts });
        out.line(&told.to_string());
    } else {
        out.line(if equal { "equal" } else { "unequal" });
        for one in &prompts {
            out.line(&one.told());
        }
        for one in &differences {
            let part = |key: &str| one.get(key).map(Value::to_string).unwrap_or_default();
            let at = one.get("at").and_then(Value::as_str).unwrap_or_default();
            out.line(&format!(
                "{at}\n  - {}\n  + {}",
                part("stored"),
                part("now")
            ));
        }
    }
    Ok(if equal {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(UNEQUAL)
    })
}

/// A prompt that a model of the turn read.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Read {
    /// As it was.
    version: String,
    /// What would be written today.
    now: String,
}

impl Read {
    fn told(&self) -> String {
        let Self { version, now } = self;
        if version == now {
            return format!("the model read the prompt {version}, which is today's");
        }
        format!(
            "the model read the prompt {version}; today's is {now}. A replay judges the words it said then and asks no model, \
             so another prompt changes nothing in it"
        )
    }
}

/// The prompts of a turn, each once.
fn prompts(record: &TurnRecord) -> Vec<Read> {
    let Some(input) = &record.input else {
        return Vec::new();
    };
    let now = Prompts::version(input.company.kind);
    let versions = record.tries.iter().filter_map(|one| one.prompt.clone());
    let versions: BTreeSet<String> = versions.collect();
    let read = |version| Read {
        version,
        now: now.clone(),
    };
    versions.into_iter().map(read).collect()
}

/// The answer as it was stored, and as it comes out now.
async fn replay(store: &dyn Store, tenant: Tenant, record: TurnRecord) -> Result<(Value, Value)> {
    let (Some(mut input), Some(stored), Some(catalog)) =
        (record.input, record.answer, record.catalog)
    else {
        return Err(Error::new(
            ErrorKind::Unsupported,
            "turn.replay",
            "this turn was recorded before turns kept what they were computed from; it cannot be replayed",
        )
        .with("turn", record.id));
    };
    input.catalog = rows(store, tenant, catalog).await?;
    let pipeline = TurnPipeline::guided(Arc::new(Phrases::new()?));
    let answer = pipeline.replay(&input, &record.tries).await?;
    let again =
        serde_json::to_value(&answer).map_err(|error| Error::internal("turn.replay", error))?;
    Ok((stored, again))
}

/// The version the turn read; without any, companies have an empty one.
async fn rows(store: &dyn Store, tenant: Tenant, id: CatalogId) -> Result<Arc<Catalog>> {
    if id != CatalogId(0) {
        return store.catalog(tenant, id).await;
    }
    let none = Catalog::new(id, tenant.company(), 0, String::new(), Vec::new());
    Ok(Arc::new(none))
}

/// Where two values differ, as JSON pointers.
fn compare(at: &str, stored: &Value, now: &Value, out: &mut Vec<Value>) {
    match (stored, now) {
        (Value::Object(before), Value::Object(after)) => {
            for key in before
                .keys()
                .chain(after.keys().filter(|key| !before.contains_key(*key)))
            {
                let side = |map: &serde_json::Map<String, Value>| map.get(key).cloned();
                let (before, after) = (side(before), side(after));
                let at = format!("{at}/{key}");
                compare(
                    &at,
                    &before.unwrap_or_default(),
                    &after.unwrap_or_default(),
                    out,
                );
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (place, (before, after)) in before.iter().zip(after).enumerate() {
                compare(&format!("{at}/{place}"), before, after, out);
            }
        }
        _leaves if stored == now => {}
        _leaves => out.push(json!({ "at": at, "stored": stored, "now": now })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a12_another_prompt_is_told() {
        let read = |now: &str| Read {
            version: "product/1".to_owned(),
            now: now.to_owned(),
        };
        assert!(read("product/1").told().ends_with("which is today's"));
        let told = read("product/2").told();
        assert!(told.contains("today's is product/2") && told.contains("asks no model"));
    }

    #[test]
    fn differences_are_told_by_their_place() {
        let mut found = Vec::new();
        let stored = json!({"text": "a", "tries": [1, 2], "gone": true});
        let now = json!({"text": "b", "tries": [1, 3], "new": [0]});
        compare("", &stored, &now, &mut found);
        let places: Vec<&str> = found.iter().filter_map(|one| one["at"].as_str()).collect();
        assert_eq!(places, ["/text", "/tries/1", "/gone", "/new"]);
    }
}
