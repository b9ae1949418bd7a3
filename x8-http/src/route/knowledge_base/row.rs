//! Rows one by one (K11).

use axum::{Json as Answer, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use x8_core::{
    Error, Sku,
    catalog::{Catalog, Kind, Offering},
    import::{self, Edit, Edited, Refused, RowIssue},
};

use super::{Ctx, table::Table};
use crate::{
    App,
    error::{ApiError, FieldProblem, Loc, Problem, Result},
    extract::{Json, Path, Query, Signed},
    present,
    publish::{Next, display_name, revise},
};

/// `?version=…&type=…`.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RowQuery {
    /// Change this version or none: when another one is live, the answer is 409. Without it the change is made to
    /// whatever is live.
    pub version: Option<u32>,
    /// What a new row is, `product` or `service`; needed for a Hybrid company only.
    #[param(value_type = Option<String>)]
    pub r#type: Option<Kind>,
}

/// What a change of one row made.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowChanged {
    /// The new live version.
    knowledge_base: present::KnowledgeBase,
    /// The row as it is now; as it was, when it was taken out.
    #[schema(value_type = Object)]
    row: Offering,
    /// What is worth a look in the row, as in the report of a file.
    #[schema(value_type = Vec<Object>)]
    warnings: Vec<RowIssue>,
}

/// Adds a row. The body names columns as a file's header does; without a SKU the row gets the next free integer.
///
/// # Errors
/// 401, 404 (T3), 409 when the name fits several companies or `version` is not live, 413, 422 with what is wrong with the
/// row.
#[utoipa::path(post, path = "/api/v1/knowledge-base/row/{table_name}", tag = "knowledge-base",
    params(("table_name" = String, Path, description = "`COMP001`, the number of a version, or `DB Product <Name>`"), RowQuery),
    request_body(content = Object, description = "Columns by name"), security(("bearer" = [])),
    responses((status = 201, body = RowChanged), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn add(
    State(app): Ctx,
    signed: Signed,
    Path(table): Path<String>,
    Query(query): Query<RowQuery>,
    Json(columns): Json<Map<String, Value>>,
) -> Result<(StatusCode, Answer<RowChanged>)> {
    let table = Table::find(&app, &signed, &table).await?;
    let kind = table.kind(query.r#type)?;
    let change = Edit::Add(kind, &columns);
    let changed = apply(&app, &table, query.version, change).await?;
    Ok((StatusCode::CREATED, Answer(changed)))
}

/// Changes some columns of a row; null empties one.
///
/// # Errors
/// As adding one; 404 also for a row that is not there.
#[utoipa::path(patch, path = "/api/v1/knowledge-base/row/{table_name}/{row_id}", tag = "knowledge-base",
    params(("table_name" = String, Path, description = "`COMP001`, the number of a version, or `DB Product <Name>`"),
    ("row_id" = String, Path, description = "The SKU"), RowQuery),
    request_body(content = Object, description = "Columns by name"), security(("bearer" = [])),
    responses((status = 200, body = RowChanged), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(app): Ctx,
    signed: Signed,
    Path((table, sku)): Path<(String, String)>,
    Query(query): Query<RowQuery>,
    Json(changes): Json<Map<String, Value>>,
) -> Result<Answer<RowChanged>> {
    let table = Table::find(&app, &signed, &table).await?;
    let sku = Sku::from(sku);
    let change = Edit::Patch(&sku, &changes);
    apply(&app, &table, query.version, change).await.map(Answer)
}

/// Takes a row out.
///
/// # Errors
/// 401, 404 (T3; also for a row that is not there), 409 as adding one, 422.
#[utoipa::path(delete, path = "/api/v1/knowledge-base/row/{table_name}/{row_id}", tag = "knowledge-base",
    params(("table_name" = String, Path, description = "`COMP001`, the number of a version, or `DB Product <Name>`"),
    ("row_id" = String, Path, description = "The SKU"), RowQuery), security(("bearer" = [])),
    responses((status = 200, body = RowChanged), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn remove(
    State(app): Ctx,
    signed: Signed,
    Path((table, sku)): Path<(String, String)>,
    Query(query): Query<RowQuery>,
) -> Result<Answer<RowChanged>> {
    let table = Table::find(&app, &signed, &table).await?;
    let sku = Sku::from(sku);
    apply(&app, &table, query.version, Edit::Remove(&sku))
        .await
        .map(Answer)
}

async fn apply(
    app: &App,
    table: &Table,
    expected: Option<u32>,
    change: Edit<'_>,
) -> Result<RowChanged> {
    let company = &table.company;
    let next = |live: &Catalog| -> Result<Next<(Offering, Vec<RowIssue>)>> {
        let Edited {
            rows,
            row,
            warnings,
        } = import::edit(live.offerings(), change).map_err(refusal)?;
        let name = if live.name.is_empty() {
            display_name(company, row.kind)
        } else {
            live.name.clone()
        };
        let told = (row, warnings);
        Ok(Next { name, rows, told })
    };
    let (live, (row, warnings)) =
        revise(app.store(), company.tenant(), expected, app.now(), next).await?;
    Ok(RowChanged {
        knowledge_base: present::KnowledgeBase::of(&live, true),
        row,
        warnings,
    })
}

/// One problem per wrong column, its type being the rule.
fn refusal(refused: Refused) -> ApiError {
    match refused {
        Refused::Absent => Error::not_found("knowledge_base.row", "no such row").into(),
        Refused::Row(errors) => {
            let problem = |error: RowIssue| {
                let column = error.column.map(Loc::Name);
                FieldProblem {
                    loc: std::iter::once(Loc::Name("body".to_owned()))
                        .chain(column)
                        .collect(),
                    msg: error.message,
                    kind: error.rule.into(),
                }
            };
            ApiError::fields(errors.into_iter().map(problem).collect())
        }
    }
}
