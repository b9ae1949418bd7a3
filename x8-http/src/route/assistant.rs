//! One turn for callers who carry the messages themselves, and the guard alone.

use std::{borrow::Cow, sync::Arc};

use axum::{Json as Answer, extract::State};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use x8_assistant::guard::{Context, Guard, Verdict};
use x8_core::{
    Error,
    catalog::{Catalog, Offering},
    channel::Platform,
    conversation::{Identity, IdentityKind, Inbound},
};

pub mod behaviour;
pub mod model;
pub mod usage;

use super::Ctx;
use crate::{
    error::{ApiError, FieldProblem, Problem, Result},
    extract::{CompanyKey, Json, Signed, company},
    present::guard as shown,
};

/// The longest customer text of one turn, in characters.
const LONGEST_TEXT: usize = 20_000;

/// A customer's words, to be answered.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TurnRequest {
    /// Number or `COMP001`.
    #[schema(value_type = i64, example = 1)]
    company_id: CompanyKey,
    /// Who writes: one conversation per sender and channel.
    #[schema(example = "+34600111222")]
    sender: String,
    /// The words.
    text: String,
    /// `whatsapp` (the default), `telegram`, `instagram`, `facebook`, `email` or `tiktok`.
    #[serde(default)]
    channel: Option<String>,
    /// The reply address, echoed as `token`; the sender when absent.
    #[serde(default)]
    token: Option<String>,
    /// The customer's name, when the platform tells it.
    #[serde(default)]
    sender_name: Option<String>,
    /// The platform's id of the message: the same id is answered once. Made up when absent.
    #[serde(default)]
    message_id: Option<String>,
}

/// Answers one message: the reply contract object, as the existing workflows consume it. The caller sends it.
///
/// # Errors
/// 401, 402 (E1), 404 (T3), 409 when this message was answered already, a human has taken over or the company is not
/// active, 422, 503.
#[utoipa::path(post, path = "/api/v1/assistant/reply", tag = "assistant", request_body = TurnRequest,
    security(("bearer" = [])), responses((status = 200, body = shown::ReplyContract, description = "The reply contract"),
    (status = 401, body = Problem), (status = 402, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn reply(
    State(app): Ctx,
    signed: Signed,
    Json(turn): Json<TurnRequest>,
) -> Result<Answer<serde_json::Value>> {
    let platform = check(&turn)?;
    let company = company(&app, signed.caller(), &turn.company_id).await?;
    app.standing(company.owner)
        .await?
        .may_work()
        .map_err(x8_core::Error::from)?;
    let sender = turn.sender.trim().to_owned();
    let message = Inbound {
        provider_id: turn
            .message_id
            .filter(|id| !id.trim().is_empty())
            .unwrap_or_else(|| app.engine.ids.next().to_string()),
        address: turn.token.unwrap_or_else(|| sender.clone()),
        sender: identity(platform, sender),
        aliases: Vec::new(),
        sender_name: turn.sender_name,
        text: turn.text,
        sent_at: app.now(),
    };
    let (_, answer) = app
        .engine
        .converse(company.tenant(), platform, &message)
        .await?;
    let silent = || {
        x8_core::Error::conflict(
            "assistant.reply",
            "nobody answers here: a human has taken the conversation over, or the company is not active; the message is stored",
        )
    };
    Ok(Answer(answer.ok_or_else(silent)?.reply))
}

fn check(turn: &TurnRequest) -> Result<Platform> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, kind: &'static str, msg: String| {
        problems.push(FieldProblem::new("body", field, kind, msg));
    };
    let word = turn.channel.as_deref().unwrap_or("whatsapp");
    let platform = Platform::parse(word);
    if platform.is_none() {
        let allowed: Vec<&str> = Platform::ALL.iter().map(|known| known.source()).collect();
        wrong(
            "channel",
            "enum",
            format!("`{word}` is none of {}", allowed.join(", ")),
        );
    }
    let sender = turn.sender.trim().chars().count();
    if !(1..=255).contains(&sender) {
        wrong(
            "sender",
            "value_error",
            format!("the sender needs 1 to 255 characters, not {sender}"),
        );
    }
    let length = turn.text.chars().count();
    if turn.text.trim().is_empty() || length > LONGEST_TEXT {
        wrong(
            "text",
            "value_error",
            format!("the text needs 1 to {LONGEST_TEXT} characters, not {length}"),
        );
    }
    match platform {
        Some(platform) if problems.is_empty() => Ok(platform),
        Some(_) | None => Err(ApiError::fields(problems)),
    }
}

/// On WhatsApp a number is a phone (G9); everywhere else the name is only the caller's own.
fn identity(platform: Platform, sender: String) -> Identity {
    let digits = sender.strip_prefix('+').unwrap_or(&sender);
    let is_phone =
        (7..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if platform == Platform::Whatsapp && is_phone {
        return Identity::new(IdentityKind::Phone, format!("+{digits}"));
    }
    Identity::new(IdentityKind::Api, sender)
}

/// A reply to be checked against catalogue rows.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ValidateRequest {
    /// The company whose live rows are the facts; leave out when `rows` are given.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    company_id: Option<CompanyKey>,
    /// The facts themselves, in the form of `GET knowledge-base/{kb_id}/rows`.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    rows: Option<Vec<Offering>>,
    /// The model's output.
    #[schema(value_type = shown::ModelOutput)]
    reply: Box<RawValue>,
    /// What the guard must know about the turn.
    #[serde(default)]
    #[schema(value_type = Option<shown::GuardContext>)]
    context: Context,
}

impl ValidateRequest {
    /// The output as it was written: nothing between the caller and the guard reads its numbers or sorts its keys.
    fn raw(&self) -> Cow<'_, str> {
        let written = self.reply.get();
        // Text is taken out of its quotes; what is none, or holds half a character, is the guard's own to read.
        serde_json::from_str::<String>(written).map_or(Cow::Borrowed(written), Cow::Owned)
    }
}

/// Runs the guard alone: no model, nothing stored.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(post, path = "/api/v1/assistant/validate", tag = "assistant", request_body = ValidateRequest,
    security(("bearer" = [])), responses((status = 200, body = shown::Verdict), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn validate(
    State(app): Ctx,
    signed: Signed,
    Json(given): Json<ValidateRequest>,
) -> Result<Answer<Verdict>> {
    let raw = given.raw().into_owned();
    let catalog = match (&given.company_id, given.rows) {
        (None, None) => {
            let msg = "name the company whose rows are the facts, or give `rows`";
            return Err(ApiError::field("body", "company_id", "missing", msg));
        }
        (_, Some(rows)) => Arc::new(Catalog::detached(rows)),
        (Some(key), None) => {
            let company = company(&app, signed.caller(), key).await?;
            app.store().live_catalog(company.tenant()).await?
        }
    };
    let context = given.context;
    // Reading many rows for the first time takes a while: off the async threads.
    let judged = tokio::task::spawn_blocking(move || {
        let read = || Guard::new(Arc::clone(&catalog));
        let guard = app.guards.of(&catalog, read, Guard::approx_bytes);
        guard.check(&raw, &context)
    });
    let verdict = judged
        .await
        .map_err(|error| Error::internal("assistant.validate", error))?;
    Ok(Answer(verdict))
}
