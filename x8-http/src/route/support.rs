//! Help for the owners of companies: the FAQ bot (A13).

use std::{sync::Arc, time::Duration};

use axum::{Json as Answer, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use x8_assistant::{faq::FaqAnswer, pipeline::Timer};
use x8_core::{Error, tenant::Company};

use super::Ctx;
use crate::{
    App,
    error::{ApiError, Problem, Result},
    extract::{CompanyKey, Json, Signed, company},
    system::Sleep,
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
    /// The company on whose account a language model is asked, by number or `COMP001`; the caller's oldest when absent.
    /// A caller without any gets the entries themselves.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    company_id: Option<CompanyKey>,
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

/// Answers a question from the platform's own FAQ; nothing is ordered or changed, and no word is kept.
///
/// A language model's call counts in the company's `usage`, and none is made when its budget is spent.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(post, path = "/api/v1/support/ai-faq/chat", tag = "support", operation_id = "faq_chat", request_body = FaqQuestion,
    security(("bearer" = [])), responses((status = 200, body = FaqReply), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn chat(
    State(app): Ctx,
    signed: Signed,
    Json(asked): Json<FaqQuestion>,
) -> Result<Answer<FaqReply>> {
    let length = asked.message.chars().count();
    if asked.message.trim().is_empty() || length > LONGEST_QUESTION {
        let msg = format!("the message needs 1 to {LONGEST_QUESTION} characters, not {length}");
        return Err(ApiError::field("body", "message", "value_error", msg));
    }
    let payer = payer(&app, &signed, asked.company_id.as_ref()).await?;
    let (question, last) = (asked.message, asked.language);
    let answer = match payer {
        // To its end, also when nobody waits for it any more: what was asked is counted.
        Some(company) => tokio::spawn(ask(app, company, question, last))
            .await
            .map_err(|error| Error::internal("faq.ask", error))?,
        None => app.faq.find(&question, last.as_deref()),
    };
    Ok(Answer(FaqReply {
        response: answer.text,
        session_id: asked.session_id,
        language: answer.language,
        sources: answer.sources,
    }))
}

/// An answer on this company's account. What cannot be counted is told in the log, and answered all the same.
async fn ask(app: Arc<App>, payer: Company, question: String, last: Option<String>) -> FaqAnswer {
    let timer: &dyn Timer = &Sleep;
    let patience = Some((timer, PATIENCE));
    let answer = app.faq.answer(&question, last.as_deref(), patience).await;
    if let Some(call) = answer.call.clone() {
        let call = call.charged(&app.config.model_prices, app.now());
        if let Err(error) = app.store().record_call(payer.tenant(), &call).await {
            tracing::warn!(%error, "a call of the FAQ's model could not be counted");
        }
    }
    answer
}

/// Who pays for a model's words; nobody where there is no model, no company or nothing left to spend.
async fn payer(app: &App, signed: &Signed, key: Option<&CompanyKey>) -> Result<Option<Company>> {
    let found = match key {
        Some(key) => Some(company(app, signed.caller(), key).await?),
        None => {
            let all = app.store().companies(signed.caller()).await?;
            all.into_iter().find(|one| one.owner == signed.user.id)
        }
    };
    Ok(match found {
        Some(company)
            if app.faq.model_name().is_some() && app.engine.may_call(&company).await? =>
        {
            Some(company)
        }
        Some(_) | None => None,
    })
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
