//! `search_offerings`: rows by what was asked for (K12).

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use x8_core::{
    catalog::{
        Catalog, Offering, PublicOffering,
        search::{Query, Search},
    },
    order::Area,
};

use super::{Tool, lean};

pub(super) const NAME: &str = "search_offerings";

/// Rows in one answer; more would crowd out the conversation.
const MOST: usize = 10;
const USUAL: usize = 5;
/// Letters of a question that are read.
const LONGEST: usize = 200;

pub(super) fn tool() -> Tool {
    Tool {
        name: NAME,
        description: "Find offerings of this company: name, price, unit, fee, places, details. Ask in the words and the language of the catalogue. Use it before naming any offering that is not in the facts.",
        parameters: json!({
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": "What the customer asks for, or empty for everything"},
                "area": {"type": ["string", "null"], "description": "City, or `online`"},
                "limit": {"type": "integer", "minimum": 1, "maximum": MOST},
            },
            "required": ["query", "area", "limit"],
            "additionalProperties": false,
        }),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    query: String,
    #[serde(default)]
    area: Option<String>,
    #[serde(default, deserialize_with = "count")]
    limit: Option<usize>,
}

/// A whole number, which weak models like to put in quotes.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let number = match &value {
        Value::Null => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_u64(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let wanted = || serde::de::Error::custom(format!("`limit` is a whole number from 1 to {MOST}"));
    let number = number.filter(|number| *number > 0).ok_or_else(wanted)?;
    Ok(Some(usize::try_from(number).unwrap_or(MOST).min(MOST)))
}

pub(super) fn found(catalog: &Catalog, index: &Search, asked: &Asked) -> Value {
    let text: String = asked.query.chars().take(LONGEST).collect();
    let limit = asked.limit.unwrap_or(USUAL);
    let hits = index.find(&Query {
        text: &text,
        area: asked.area.as_deref().and_then(place),
        available_only: false,
        // One more than is shown, to know whether there is more.
        limit: limit.saturating_add(1),
    });
    let rows = hits.iter().take(limit);
    let shown: Vec<Value> = rows
        .filter_map(|hit| catalog.get(&hit.sku))
        .map(view)
        .collect();
    json!({ "offerings": shown, "more": hits.len() > limit })
}

fn place(area: &str) -> Option<Area> {
    let area = area.trim();
    if area.is_empty() {
        return None;
    }
    Some(if area.eq_ignore_ascii_case(Area::Online.as_str()) {
        Area::Online
    } else {
        Area::Place(area.to_owned())
    })
}

/// A row as a model may know it. Whether there is any, never how many (K10).
fn view(row: &Offering) -> Value {
    let PublicOffering {
        sku,
        kind: _,
        name,
        description,
        category,
        unit,
        price,
        fee,
        areas,
        media,
        delivery_hours,
        duration,
        contacts: _,
        details,
    } = row.public();
    lean(&json!({
        "sku": sku,
        "name": name,
        "description": description,
        "category": category,
        "unit": unit,
        "price": price.to_string(),
        "fee": fee.map(|fee| fee.amount.to_string()),
        "fee_free_from": fee.and_then(|fee| fee.free_from).map(|sum| sum.to_string()),
        "places": areas.places(),
        "online": areas.online().then_some(true),
        "website": media.website,
        "delivery_hours": delivery_hours,
        "duration": duration,
        "details": details,
        "available": row.covers(1),
    }))
}
