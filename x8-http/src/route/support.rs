//! Help for the owners of companies: the FAQ bot (A13).

use std::time::Duration;

use axum::{Json as Answer, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Ctx;
use crate::{
    error::{ApiError, Problem, Result},
    extract::{Json, Signed},
};

/// The longest question, in characters.
const LONGEST_QUESTION: usize = 2_000;
/// A11: how long a language model may take; then the entry itself answers.
const PATIENCE: Duration = Duration::from_secs(15);

/// A question about the platform.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FaqQuestion {
    /// 1–2000 characters.
    #[schema(example = "How long is the trial?")]
    message: String,
    /// Echoed; nothing is kept under it.
    #[serde(default)]
    session_id: Option<String>,
    /// The language of the answer before, for questions that could be in any (A5).
    #[serde(default)]
    #[schema(example = "en")]
    language: Option<String>,
}

/// The bot's words.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaqReply {
    /// The answer, or where else to ask.
    response: String,
    /// As it was sent.
    session_id: Option<String>,
    /// The language of the answer.
    language: String,
    /// The entries it comes from; empty: no entry answers the question.
    sources: Vec<String>,
}

/// What the bot can do.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaqStatus {
    /// Always true: without a language model entries are found and quoted.
    available: bool,
    /// `model` or `guided`.
    mode: &'static str,
    /// The language model's name.
    model: Option<String>,
    /// How many entries there are.
    entries: usize,
    /// The languages they are in.
    languages: Vec<String>,
    /// The version of the entries.
    version: String,
}

/// Answers a question from the platform's own FAQ; nothing is ordered, changed or kept.
///
/// # Errors
/// 401, 422.
#[utoipa::path(post, path = "/api/v1/support/ai-faq/chat", tag = "support", operation_id = "faq_chat", request_body = FaqQuestion,
    security(("bearer" = [])), responses((status = 200, body = FaqReply), (status = 401, body = Problem),
    (status = 422, body = Problem)))]
pub async fn chat(
    State(app): Ctx,
    _signed: Signed,
    Json(asked): Json<FaqQuestion>,
) -> Result<Answer<FaqReply>> {
    let length = asked.message.chars().count();
    if asked.message.trim().is_empty() || length > LONGEST_QUESTION {
        let msg = format!("the message needs 1 to {LONGEST_QUESTION} characters, not {length}");
        return Err(ApiError::field("body", "message", "value_error", msg));
    }
    let last = asked.language.as_deref();
    let answer = app.faq.answer(&asked.message, last);
    let answer = tokio::time::timeout(PATIENCE, answer).await;
    let answer = answer.unwrap_or_else(|_late| app.faq.find(&asked.message, last));
    Ok(Answer(FaqReply {
        response: answer.text,
        session_id: asked.session_id,
        language: answer.language,
        sources: answer.sources,
    }))
}

/// Whether the bot answers, from what, and in whose words.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/api/v1/support/ai-faq/status", tag = "support", operation_id = "faq_status",
    security(("bearer" = [])), responses((status = 200, body = FaqStatus), (status = 401, body = Problem)))]
pub async fn status(State(app): Ctx, _signed: Signed) -> Answer<FaqStatus> {
    let knowledge = app.faq.knowledge();
    let model = app.faq.model_name().map(str::to_owned);
    Answer(FaqStatus {
        available: true,
        mode: if model.is_some() { "model" } else { "guided" },
        model,
        entries: knowledge.entries().len(),
        languages: knowledge
            .languages()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        version: knowledge.version().to_owned(),
    })
}
