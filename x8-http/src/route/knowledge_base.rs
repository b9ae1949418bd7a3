//! Knowledge bases: import, read, roll back (K1–K8).

use axum::{Json as Answer, extract::State, response::Response};
use serde::Serialize;
use utoipa::ToSchema;
use x8_core::{
    Error,
    catalog::{Catalog, Kind, Offering},
    id::CatalogId,
    import::{self, DecimalMark, ImportOptions},
    tenant::{Company, CompanyType},
};

mod find;
mod row;
mod table;

pub use find::{Found, SearchQuery, find as search};
pub use row::{RowChanged, RowQuery, add, change, remove};

// The document is made from these beside the handlers.
pub(crate) use find::__path_find as __path_search;
pub(crate) use row::{__path_add, __path_change, __path_remove};

use table::kind_of;

use super::Ctx;
use crate::{
    App,
    error::{ApiError, Problem, Result},
    extract::{
        CompanyKey, CompanyQuery, PageQuery, Path, Query, Signed, Upload, among, company,
        with_cursor,
    },
    present,
    publish::{Imported, Next, publish_file, revise},
    tables,
};

/// What an upload did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Uploaded {
    /// The new live version; absent in a dry run.
    knowledge_base: Option<present::KnowledgeBase>,
    /// Whether nothing was published on purpose.
    dry_run: bool,
    /// How many rows the file gave.
    rows: usize,
    /// Everything read, decided and refused.
    #[schema(value_type = Object)]
    report: import::Report,
    /// What changes against the live version: added, removed, changed (K7).
    #[schema(value_type = Object)]
    diff: import::Diff,
}

/// The form of an upload.
#[derive(Debug, ToSchema)]
#[expect(
    dead_code,
    reason = "describes the multipart form in the document; read through `Upload`"
)]
pub struct UploadForm {
    /// CSV in any usual encoding.
    #[schema(format = Binary)]
    file: String,
    /// Number or `COMP001`.
    company_id: String,
    /// `product` or `service`; needed for a Hybrid company only.
    r#type: Option<String>,
    /// Only say what would change.
    dry_run: Option<bool>,
    /// Take the good rows even when others have errors.
    partial: Option<bool>,
    /// The decimal mark of every number, `.` or `,`, when the file does not prove it.
    decimal: Option<String>,
}

/// Imports a file as the next live version, whole or not at all (K5, K7). In a Hybrid company the rows of the other kind
/// stay.
///
/// # Errors
/// 401, 404 (T3), 409 when too many changes run at once, 413, 422 with the report when rows are refused, 501 for
/// spreadsheets.
#[utoipa::path(post, path = "/api/v1/knowledge-base/upload-csv", tag = "knowledge-base",
    request_body(content = UploadForm, content_type = "multipart/form-data"), security(("bearer" = [])),
    responses((status = 200, body = Uploaded), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem),
    (status = 501, body = Problem)))]
pub async fn upload(State(app): Ctx, signed: Signed, upload: Upload) -> Result<Answer<Uploaded>> {
    let company = company(&app, signed.caller(), &key(&upload)?).await?;
    let mut options = options(&upload, company.kind)?;
    options.limits.bytes = app.config.upload_bytes();
    let dry_run = upload.flag("dry_run")?;
    let now = (!dry_run).then(|| app.now());
    let done = publish_file(app.store(), &company, &upload.bytes, &options, now).await;
    let Imported {
        read,
        diff,
        published,
    } = done.map_err(refusal)?;
    let Some(diff) = diff else {
        let report = serde_json::to_value(&read.report)
            .map_err(|error| Error::internal("knowledge_base.upload", error))?;
        let detail = "nothing was imported; the report says which rows were refused and why";
        return Err(ApiError::refused_import(detail, report));
    };
    Ok(Answer(Uploaded {
        knowledge_base: published.map(|live| present::KnowledgeBase::of(&live, true)),
        dry_run,
        rows: read.offerings.len(),
        report: read.report,
        diff,
    }))
}

/// A file whose keys meet those of the other table is a wrong field of the form.
fn refusal(error: Error) -> ApiError {
    if error.operation() == tables::JOIN {
        return ApiError::field("body", "file", "value_error", error.public().to_owned());
    }
    error.into()
}

/// All versions of a company's knowledge base, newest first.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/knowledge-base/list", tag = "knowledge-base", params(CompanyQuery),
    security(("bearer" = [])), responses((status = 200, body = [present::KnowledgeBase]),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<CompanyQuery>,
) -> Result<Answer<Vec<present::KnowledgeBase>>> {
    let company = company(&app, signed.caller(), &query.company_id).await?;
    let versions = app.store().catalog_versions(company.tenant()).await?;
    let shown = versions
        .iter()
        .map(|(version, live)| present::KnowledgeBase::of(version, *live));
    Ok(Answer(shown.collect()))
}

/// One version.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/knowledge-base/{kb_id}", tag = "knowledge-base", params(("kb_id" = i64, Path)),
    security(("bearer" = [])), responses((status = 200, body = present::KnowledgeBase),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn get(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<CatalogId>,
) -> Result<Answer<present::KnowledgeBase>> {
    let (_, (version, live)) = find(&app, &signed, id).await?;
    Ok(Answer(present::KnowledgeBase::of(&version, live)))
}

/// Rows of a version, in file order, as the owner may see them (stock included; K10 speaks of customers).
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/knowledge-base/{kb_id}/rows", tag = "knowledge-base",
    params(("kb_id" = i64, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, body = [Object],
    headers(("x-next-cursor" = String, description = "Cursor of the next page, when there may be one"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn rows(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<CatalogId>,
    Query(query): Query<PageQuery>,
) -> Result<Response> {
    let page = query.page()?;
    let (company, _) = find(&app, &signed, id).await?;
    let catalog = app.store().catalog(company.tenant(), id).await?;
    let skip = usize::try_from(page.after.unwrap_or(0)).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let shown: Vec<&Offering> = catalog.offerings().iter().skip(skip).take(limit).collect();
    let next = i64::try_from(skip.saturating_add(shown.len())).ok();
    Ok(with_cursor(&shown, &page, next))
}

/// Makes an earlier version live again (K7).
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(post, path = "/api/v1/knowledge-base/{kb_id}/rollback", tag = "knowledge-base",
    params(("kb_id" = i64, Path)), security(("bearer" = [])),
    responses((status = 200, body = present::KnowledgeBase), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn rollback(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<CatalogId>,
) -> Result<Answer<present::KnowledgeBase>> {
    let (company, _) = find(&app, &signed, id).await?;
    let live = app.store().restore_catalog(company.tenant(), id).await?;
    Ok(Answer(present::KnowledgeBase::of(&live, true)))
}

/// Empties the live knowledge base: the next version has no rows, and rolling back brings them again.
///
/// # Errors
/// 401, 404 (T3), 409 for a version that is not live, 422.
#[utoipa::path(delete, path = "/api/v1/knowledge-base/{kb_id}", tag = "knowledge-base", params(("kb_id" = i64, Path)),
    security(("bearer" = [])), responses((status = 200, body = present::KnowledgeBase),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
pub async fn delete(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<CatalogId>,
) -> Result<Answer<present::KnowledgeBase>> {
    let (company, (version, live)) = find(&app, &signed, id).await?;
    if !live {
        let msg = "this version is history already; name the live one to empty the knowledge base";
        return Err(Error::conflict("knowledge_base.delete", msg).into());
    }
    let empty = |live: &Catalog| -> Result<Next<()>> {
        Ok(Next {
            name: live.name.clone(),
            rows: Vec::new(),
            told: (),
        })
    };
    let (emptied, ()) = revise(
        app.store(),
        company.tenant(),
        Some(version.version),
        app.now(),
        empty,
    )
    .await?;
    Ok(Answer(present::KnowledgeBase::of(&emptied, true)))
}

async fn find(app: &App, signed: &Signed, id: CatalogId) -> Result<(Company, (Catalog, bool))> {
    let store = app.store();
    let look = |tenant| async move {
        let versions = store.catalog_versions(tenant).await?;
        let found = versions.into_iter().find(|(version, _)| version.id == id);
        found.ok_or_else(|| Error::not_found("knowledge_base.get", "no such knowledge base"))
    };
    among(app, signed.caller(), None, "no such knowledge base", look).await
}

fn key(upload: &Upload) -> Result<CompanyKey> {
    let wrong = |kind, msg: String| ApiError::field("body", "company_id", kind, msg);
    let text = upload
        .text("company_id")
        .ok_or_else(|| wrong("missing", "missing field `company_id`".to_owned()))?;
    text.parse().map_err(|msg| wrong("value_error", msg))
}

fn options(upload: &Upload, company: CompanyType) -> Result<ImportOptions> {
    let named = match upload.text("type").map(str::to_lowercase).as_deref() {
        None => None,
        Some("product") => Some(Kind::Product),
        Some("service") => Some(Kind::Service),
        Some(other) => {
            let msg = format!("`{other}` is none of product, service");
            return Err(ApiError::field("body", "type", "enum", msg));
        }
    };
    let kind = kind_of("body", company, named)?;
    let mut options = ImportOptions::new(kind);
    options.partial = upload.flag("partial")?;
    options.decimal = upload
        .text("decimal")
        .map(|text| {
            DecimalMark::parse(text).ok_or_else(|| {
                let msg = format!("`{text}` is no decimal mark; say . or ,");
                ApiError::field("body", "decimal", "enum", msg)
            })
        })
        .transpose()?;
    Ok(options)
}
