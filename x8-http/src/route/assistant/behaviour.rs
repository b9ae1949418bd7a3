//! Custom behaviour of a company, a channel, a scenario, or a scenario of one channel (A10).

use axum::{Json as Answer, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use x8_core::{
    behaviour::{Behaviours, Layer, Line, Scenario, Scope},
    id::ChannelId,
    tenant::Company,
};

use crate::{
    App,
    error::{ApiError, FieldProblem, Problem, Result},
    extract::{CompanyKey, Json, Query, Signed, company},
    route::Ctx,
};

/// Which layer: without channel and scenario the company's.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ScopeQuery {
    /// The company, by number or `COMP001`.
    #[param(value_type = String)]
    company_id: CompanyKey,
    /// Only on this channel.
    #[param(value_type = Option<i64>)]
    channel_id: Option<ChannelId>,
    /// Only in this situation: `greeting`, `sale`, `checkout`, `payment` or `after_sale`.
    scenario: Option<String>,
}

/// The lines of a layer. Absent parts become empty.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BehaviourUpdate {
    /// The version that was read; 0 when there was none.
    version: u32,
    /// How to speak.
    #[serde(default)]
    style: Vec<String>,
    /// What to do.
    #[serde(default)]
    rules: Vec<String>,
    /// What not to do.
    #[serde(default)]
    restrictions: Vec<String>,
    /// Sentences to use.
    #[serde(default)]
    prompts: Vec<String>,
}

/// One layer, and what applies together with the wider ones.
#[derive(Debug, Serialize, ToSchema)]
pub struct BehaviourOut {
    /// Number of the company.
    company_id: i64,
    /// The channel of this layer.
    channel_id: Option<i64>,
    /// The scenario of this layer.
    scenario: Option<&'static str>,
    /// To be sent back with a change; 0: nothing was written yet.
    version: u32,
    /// How to speak.
    style: Vec<String>,
    /// What to do.
    rules: Vec<String>,
    /// What not to do.
    restrictions: Vec<String>,
    /// Sentences to use.
    prompts: Vec<String>,
    /// Every line that applies here, in the order of merging, with the layer that gave it.
    merged: Vec<Merged>,
    /// What a layer may hold.
    limits: Limits,
}

/// One line of the merged behaviour.
#[derive(Debug, Serialize, ToSchema)]
pub struct Merged {
    /// `style`, `rules`, `restrictions` or `prompts`.
    part: &'static str,
    /// As it is shown to the model: as data.
    text: String,
    /// `company`, `channel 5`, `scenario sale` or `channel 5, scenario sale`.
    from: String,
}

/// What a layer may hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct Limits {
    /// Lines per part.
    lines: usize,
    /// Characters per line.
    line_characters: usize,
    /// Characters of all lines together.
    characters: usize,
}

/// The behaviour of one scope. It shapes words; no hard rule can be switched off by it.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/assistant/behaviour", tag = "assistant", params(ScopeQuery), operation_id = "behaviour",
    security(("bearer" = [])), responses((status = 200, body = BehaviourOut), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn get(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<ScopeQuery>,
) -> Result<Answer<BehaviourOut>> {
    let (company, scope) = placed(&app, &signed, &query).await?;
    let kept = app.engine.behaviours(company.tenant()).await?;
    Ok(Answer(shown(&company, scope, &kept)))
}

/// Replaces the behaviour of one scope.
///
/// # Errors
/// 401, 404 (T3), 409 when it was changed meanwhile, 422 naming the limit.
#[utoipa::path(put, path = "/api/v1/assistant/behaviour", tag = "assistant", params(ScopeQuery),
    operation_id = "change_behaviour", request_body = BehaviourUpdate, security(("bearer" = [])),
    responses((status = 200, body = BehaviourOut), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<ScopeQuery>,
    Json(wanted): Json<BehaviourUpdate>,
) -> Result<Answer<BehaviourOut>> {
    let (company, scope) = placed(&app, &signed, &query).await?;
    let layer = Layer {
        style: wanted.style,
        rules: wanted.rules,
        restrictions: wanted.restrictions,
        prompts: wanted.prompts,
    };
    let flaws = layer.flaws();
    if !flaws.is_empty() {
        let problem = |flaw: x8_core::behaviour::Flaw| {
            FieldProblem::new("body", flaw.field, "value_error", flaw.message)
        };
        return Err(ApiError::fields(flaws.into_iter().map(problem).collect()));
    }
    let kept = app
        .engine
        .change_behaviour(company.tenant(), scope, &layer, wanted.version)
        .await?;
    Ok(Answer(shown(&company, scope, &kept)))
}

/// The company and the scope, if this caller may see them.
async fn placed(app: &App, signed: &Signed, query: &ScopeQuery) -> Result<(Company, Scope)> {
    let company = company(app, signed.caller(), &query.company_id).await?;
    let wrong = |msg: String| ApiError::field("query", "scenario", "enum", msg);
    let scenario = query.scenario.as_deref().map(str::parse::<Scenario>);
    let scenario = scenario.transpose().map_err(wrong)?;
    if let Some(channel) = query.channel_id {
        let _known = app.store().channel(company.tenant(), channel).await?;
    }
    let scope = Scope {
        channel: query.channel_id,
        scenario,
    };
    Ok((company, scope))
}

fn shown(company: &Company, scope: Scope, kept: &Behaviours) -> BehaviourOut {
    let (layer, version) = kept.layer(scope);
    let merged = kept.merged(scope.channel, scope.scenario).lines;
    let line = |line: Line| Merged {
        part: line.part.as_str(),
        text: line.text,
        from: line.from.to_string(),
    };
    BehaviourOut {
        company_id: company.id.0,
        channel_id: scope.channel.map(|id| id.0),
        scenario: scope.scenario.map(Scenario::as_str),
        version,
        style: layer.style,
        rules: layer.rules,
        restrictions: layer.restrictions,
        prompts: layer.prompts,
        merged: merged.into_iter().map(line).collect(),
        limits: Limits {
            lines: Layer::MOST_LINES,
            line_characters: Layer::LONGEST_LINE,
            characters: Layer::MOST_CHARACTERS,
        },
    }
}
