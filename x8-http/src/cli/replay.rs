//! `x8 replay`.

use std::{process::ExitCode, sync::Arc};

use serde_json::{Value, json};
use x8_assistant::{phrases::Phrases, pipeline::TurnPipeline};
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
        out.line(&json!({ "turn": turn, "equal": equal, "differences": differences }).to_string());
    } else {
        out.line(if equal { "equal" } else { "unequal" });
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
    fn differences_are_told_by_their_place() {
        let mut found = Vec::new();
        let stored = json!({"text": "a", "tries": [1, 2], "gone": true});
        let now = json!({"text": "b", "tries": [1, 3], "new": [0]});
        compare("", &stored, &now, &mut found);
        let places: Vec<&str> = found.iter().filter_map(|one| one["at"].as_str()).collect();
        assert_eq!(places, ["/text", "/tries/1", "/gone", "/new"]);
    }
}
