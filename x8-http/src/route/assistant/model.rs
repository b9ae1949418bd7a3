//! The language model of a company.

use axum::{Json as Answer, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use x8_assistant::openai::Dialect;
use x8_core::{ErrorKind, Secret, tenant::Tenant};

use super::Ctx;
use crate::{
    error::{ApiError, Problem, Result},
    extract::{CompanyKey, CompanyQuery, Json, Query, Signed, company},
    models::{Choice, GivenModel, Models, OwnModel},
};

/// Which model answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The platform's; the guided model where the platform has none.
    Platform,
    /// None: the guided model.
    Guided,
    /// The company's own.
    Own,
}

/// The language model of a company. The guided model stands in whenever a language model fails.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelView {
    /// The company.
    company_id: i64,
    /// Which model answers.
    #[serde(rename = "use")]
    source: Source,
    /// The address of the company's own model.
    base_url: Option<String>,
    /// The model's name; `null`: the guided model.
    model: Option<String>,
    /// `openai`, `ollama`, `vllm`, `llamacpp` or `compatible`.
    dialect: Option<String>,
    /// The end of the company's own key, behind dots. The key itself is never shown.
    #[schema(example = "…x4f9")]
    api_key: Option<String>,
}

/// A choice of model.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ModelChoice {
    /// Number or `COMP001`.
    #[schema(value_type = i64, example = 1)]
    company_id: CompanyKey,
    /// Which model shall answer.
    #[serde(rename = "use")]
    source: Source,
    /// With `own`: where `/chat/completions` follows. `https` only; no address inside the platform's own network.
    #[serde(default)]
    #[schema(example = "https://api.openai.com/v1")]
    base_url: Option<String>,
    /// With `own`: the model's name.
    #[serde(default)]
    model: Option<String>,
    /// With `own`: `openai`, `ollama`, `vllm`, `llamacpp` or `compatible` (the default).
    #[serde(default)]
    dialect: Option<String>,
    /// With `own`: the key. Left out, the stored one stays as long as the host stays; empty, it is forgotten.
    #[serde(default)]
    api_key: Option<String>,
}

/// Which language model answers for a company.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/assistant/model", tag = "assistant", params(CompanyQuery), security(("bearer" = [])),
    responses((status = 200, body = ModelView), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
pub async fn get(
    State(app): Ctx,
    signed: Signed,
    Query(named): Query<CompanyQuery>,
) -> Result<Answer<ModelView>> {
    let company = company(&app, signed.caller(), &named.company_id).await?;
    let (choice, _) = app.models.choice(company.tenant()).await?;
    Ok(Answer(view(&app.models, company.tenant(), &choice)))
}

/// Chooses the language model of a company. Putting the same twice changes nothing.
///
/// # Errors
/// 401, 404 (T3), 409 when somebody else chose at the same moment, 422 by field.
#[utoipa::path(put, path = "/api/v1/assistant/model", tag = "assistant", request_body = ModelChoice,
    security(("bearer" = [])), responses((status = 200, body = ModelView), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    State(app): Ctx,
    signed: Signed,
    Json(wanted): Json<ModelChoice>,
) -> Result<Answer<ModelView>> {
    let company = company(&app, signed.caller(), &wanted.company_id).await?;
    let tenant = company.tenant();
    let (now, version) = app.models.choice(tenant).await?;
    let choice = match wanted.source {
        Source::Platform => Choice::Platform,
        Source::Guided => Choice::Guided,
        Source::Own => Choice::Own(own(&app.models, tenant, wanted, &now)?),
    };
    app.models.choose(tenant, &choice, version).await?;
    Ok(Answer(view(&app.models, tenant, &choice)))
}

fn own(models: &Models, tenant: Tenant, wanted: ModelChoice, now: &Choice) -> Result<OwnModel> {
    let needed = |field: &'static str, value: Option<String>| {
        let value = value.map(|value| value.trim().to_owned());
        let missing =
            || ApiError::field("body", field, "missing", "needed for a model of your own");
        value.filter(|value| !value.is_empty()).ok_or_else(missing)
    };
    let base_url = needed("base_url", wanted.base_url)?;
    let model = needed("model", wanted.model)?;
    let dialect = match wanted.dialect.as_deref() {
        None => Dialect::default(),
        Some(word) => Dialect::parse(word).ok_or_else(|| {
            let known = Dialect::ALL.map(Dialect::as_str).join(", ");
            ApiError::field(
                "body",
                "dialect",
                "enum",
                format!("`{word}` is none of {known}"),
            )
        })?,
    };
    let key = match wanted.api_key {
        Some(key) => Some(key.trim().to_owned())
            .filter(|key| !key.is_empty())
            .map(Secret::new),
        None => kept_key(models, tenant, now, &base_url)?,
    };
    let given = GivenModel {
        base_url,
        model,
        dialect,
        key,
    };
    models.own(tenant, given).map_err(|error| {
        let named = error.public().split_once(": ");
        match named {
            Some((field, why)) if error.kind() == ErrorKind::Invalid => {
                ApiError::field("body", field, "value_error", why.to_owned())
            }
            Some(_) | None => error.into(),
        }
    })
}

/// The stored key, which goes to the host it was given for and to no other: who may change the address need not know it.
fn kept_key(
    models: &Models,
    tenant: Tenant,
    now: &Choice,
    base_url: &str,
) -> Result<Option<Secret>> {
    let Choice::Own(known) = now else {
        return Ok(None);
    };
    let Some(key) = models.key(tenant, known)? else {
        return Ok(None);
    };
    if origin(&known.base_url) == origin(base_url) {
        return Ok(Some(key));
    }
    let why = "the address leads to another host: give the key again";
    Err(ApiError::field("body", "api_key", "missing", why))
}

/// Scheme, host and port.
fn origin(url: &str) -> Option<String> {
    Some(
        reqwest::Url::parse(url)
            .ok()?
            .origin()
            .ascii_serialization(),
    )
}

fn view(models: &Models, tenant: Tenant, choice: &Choice) -> ModelView {
    let company_id = tenant.company().0;
    match choice {
        Choice::Platform => ModelView {
            company_id,
            source: Source::Platform,
            base_url: None,
            model: models.platform().map(str::to_owned),
            dialect: None,
            api_key: None,
        },
        Choice::Guided => ModelView {
            company_id,
            source: Source::Guided,
            base_url: None,
            model: None,
            dialect: None,
            api_key: None,
        },
        Choice::Own(own) => ModelView {
            company_id,
            source: Source::Own,
            base_url: Some(own.base_url.clone()),
            model: Some(own.model.clone()),
            dialect: Some(own.dialect.as_str().to_owned()),
            api_key: match models.key(tenant, own) {
                Ok(key) => key.as_ref().map(masked),
                Err(_) => Some("unreadable: give it again".to_owned()),
            },
        },
    }
}

/// The last four letters, when enough stays hidden.
fn masked(key: &Secret) -> String {
    let letters: Vec<char> = key.expose().chars().collect();
    let shown = if letters.len() >= 12 { 4 } else { 0 };
    let tail: String = letters.iter().skip(letters.len() - shown).collect();
    format!("…{tail}")
}
