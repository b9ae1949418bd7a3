//! Searching a version (K12).

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use x8_core::{
    Error,
    catalog::{
        Catalog, Offering,
        search::{self, Hit, Search, Why},
    },
    id::CatalogId,
    order::Area,
};

use super::Ctx;
use crate::{
    App,
    error::{Problem, Result},
    extract::{DEFAULT_LIMIT, Path, Query, Signed, within},
};

/// `?text=…&area=…&available=…&limit=…`.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// A SKU, a name or a question; empty: every row.
    #[serde(default)]
    pub text: String,
    /// Only what can be had in this city, or `online`.
    pub area: Option<String>,
    /// Only what is in stock.
    #[serde(default)]
    pub available: bool,
    /// Hits at most, 1–200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// A row that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    /// How well it fits; comparable within one answer.
    score: u32,
    /// What fits: `sku`, `name`, `part_of_name`, `similar_name`, `words`, `listed`.
    #[schema(value_type = String)]
    why: Why,
    /// The row, as the owner may see it.
    #[schema(value_type = Object)]
    row: Offering,
}

/// Searches the rows of a version as the assistant does, best first.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/knowledge-base/{kb_id}/search", tag = "knowledge-base",
    params(("kb_id" = i64, Path), SearchQuery), security(("bearer" = [])),
    responses((status = 200, body = [Found]), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
pub async fn find(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<CatalogId>,
    Query(query): Query<SearchQuery>,
) -> Result<Answer<Vec<Found>>> {
    let limit = within(query.limit.unwrap_or(DEFAULT_LIMIT))?;
    let (company, _) = super::find(&app, &signed, id).await?;
    let catalog = app.store().catalog(company.tenant(), id).await?;
    let search = index(&app, &catalog).await?;
    let area = query
        .area
        .as_deref()
        .map(str::trim)
        .filter(|area| !area.is_empty());
    let hits = search.find(&search::Query {
        text: &query.text,
        area: area.map(area_of),
        available_only: query.available,
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
    });
    let found = |Hit { sku, score, why }: Hit| {
        let row = catalog.get(&sku)?.clone();
        Some(Found { score, why, row })
    };
    Ok(Answer(hits.into_iter().filter_map(found).collect()))
}

/// "online" in any of the catalogue's spellings is no place (K4).
fn area_of(text: &str) -> Area {
    let areas: x8_core::catalog::Areas = std::iter::once(text).collect();
    if areas.online() {
        Area::Online
    } else {
        Area::Place(text.to_owned())
    }
}

/// The index of a version, made once while there is room for it; making it takes a while: off the async threads.
async fn index(app: &App, catalog: &Arc<Catalog>) -> Result<Arc<Search>> {
    let key = (catalog.company, catalog.id);
    if let Some(known) = app.searches.get(key) {
        return Ok(known);
    }
    let rows = Arc::clone(catalog);
    let made = tokio::task::spawn_blocking(move || Search::new(&rows)).await;
    let made = Arc::new(made.map_err(|error| Error::internal("knowledge_base.search", error))?);
    app.searches.put(key, &made, made.approx_bytes());
    Ok(made)
}
