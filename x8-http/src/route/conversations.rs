//! The inbox (C2–C4).

use axum::{Json as Answer, extract::State, http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use x8_core::{
    conversation::Conversation,
    id::{ConversationId, TurnId},
    port::Page,
    tenant::Company,
};

use super::Ctx;
use crate::{
    App,
    error::{ApiError, Problem, Result},
    extract::{CompanyKey, Json, PageQuery, Path, Query, Signed, among, company, with_cursor},
    present,
};

/// The longest reply a human may send at once, in characters.
const LONGEST_REPLY: usize = 7000;

/// `?company_id=…`, to save looking for the conversation in every visible company.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InCompany {
    /// The company, by number or `COMP001`.
    #[param(value_type = Option<String>)]
    company_id: Option<CompanyKey>,
}

/// A human's words.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Reply {
    /// 1–7000 characters.
    text: String,
}

/// A reply on its way.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Queued {
    /// Key of the message.
    id: i64,
    /// `queued`.
    delivery: &'static str,
}

/// Conversations of a company, newest first.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "conversations", params(PageQuery),
    security(("bearer" = [])), responses((status = 200, body = [present::Conversation],
    headers(("x-next-cursor" = String, description = "Cursor of the next page, when there may be one"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<PageQuery>,
) -> Result<Response> {
    let page = query.page()?;
    let company = company(&app, signed.caller(), query.company()?).await?;
    let threads = app.store().conversations(company.tenant(), page).await?;
    let next = threads.last().map(|thread| thread.id.0);
    let rows: Vec<present::Conversation> = threads
        .into_iter()
        .map(|thread| present::Conversation::of(&company, thread))
        .collect();
    Ok(with_cursor(&rows, &page, next))
}

/// One conversation.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/conversations/{conversation_id}", tag = "conversations",
    params(("conversation_id" = i64, Path), InCompany), security(("bearer" = [])),
    responses((status = 200, body = present::Conversation), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn get(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<ConversationId>,
    Query(query): Query<InCompany>,
) -> Result<Answer<present::Conversation>> {
    let (company, thread) = find(&app, &signed, id, &query).await?;
    Ok(Answer(present::Conversation::of(&company, thread)))
}

/// Messages of a conversation, by provider time, then arrival (C2).
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/conversations/{conversation_id}/messages", tag = "conversations",
    params(("conversation_id" = i64, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, body = [present::Message],
    headers(("x-next-cursor" = String, description = "Cursor of the next page, when there may be one"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn messages(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<ConversationId>,
    Query(query): Query<PageQuery>,
) -> Result<Response> {
    let page = query.page()?;
    let inside = InCompany {
        company_id: query.company_id,
    };
    let (company, _) = find(&app, &signed, id, &inside).await?;
    let messages = app.store().messages(company.tenant(), id, page).await?;
    let next = messages.last().map(|message| message.id.0);
    let rows: Vec<present::Message> = messages.into_iter().map(Into::into).collect();
    Ok(with_cursor(&rows, &page, next))
}

/// Turns of a conversation, oldest first: who was asked, what it took, what the guard found and what came of it.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/conversations/{conversation_id}/turns", tag = "conversations",
    params(("conversation_id" = i64, Path), PageQuery), security(("bearer" = [])),
    responses((status = 200, body = [present::Turn],
    headers(("x-next-cursor" = String, description = "Cursor of the next page, when there may be one"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn turns(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<ConversationId>,
    Query(query): Query<PageQuery>,
) -> Result<Response> {
    let page: Page<Uuid> = query.page()?;
    let inside = InCompany {
        company_id: query.company_id,
    };
    let (company, _) = find(&app, &signed, id, &inside).await?;
    let wanted = Page {
        limit: page.limit,
        after: page.after.map(TurnId),
    };
    let turns = app.store().turns_of(company.tenant(), id, wanted).await?;
    let next = turns.last().map(|turn| turn.id.0);
    let rows: Vec<present::Turn> = turns.iter().map(Into::into).collect();
    Ok(with_cursor(&rows, &page, next))
}

/// Sends a human's words and takes the conversation over (C4).
///
/// # Errors
/// 401, 402 (E1), 404 (T3), 409 when the assistant answered in the same moment, 422.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation_id}/messages", tag = "conversations",
    params(("conversation_id" = i64, Path), InCompany), request_body = Reply, security(("bearer" = [])),
    responses((status = 201, body = Queued), (status = 401, body = Problem), (status = 402, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn reply(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<ConversationId>,
    Query(query): Query<InCompany>,
    Json(reply): Json<Reply>,
) -> Result<(StatusCode, Answer<Queued>)> {
    let text = reply.text.trim();
    let length = text.chars().count();
    if !(1..=LONGEST_REPLY).contains(&length) {
        let msg = format!("the text needs 1 to {LONGEST_REPLY} characters, not {length}");
        return Err(ApiError::field("body", "text", "value_error", msg));
    }
    let (company, _) = find(&app, &signed, id, &query).await?;
    app.standing(company.owner)
        .await?
        .may_work()
        .map_err(x8_core::Error::from)?;
    let sent = app
        .engine
        .send_human_reply(company.tenant(), id, text)
        .await?;
    let queued = Queued {
        id: sent.0,
        delivery: "queued",
    };
    Ok((StatusCode::CREATED, Answer(queued)))
}

/// Keeps the assistant quiet in this conversation (C4).
///
/// # Errors
/// 401, 404 (T3), 409, 422.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation_id}/takeover", tag = "conversations",
    params(("conversation_id" = i64, Path), InCompany), security(("bearer" = [])),
    responses((status = 200, body = present::Conversation), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn takeover(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<ConversationId>,
    Query(query): Query<InCompany>,
) -> Result<Answer<present::Conversation>> {
    set(&app, &signed, id, &query, true).await
}

/// Gives the conversation back to the assistant (C4).
///
/// # Errors
/// 401, 404 (T3), 409, 422.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation_id}/release", tag = "conversations",
    params(("conversation_id" = i64, Path), InCompany), security(("bearer" = [])),
    responses((status = 200, body = present::Conversation), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn release(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<ConversationId>,
    Query(query): Query<InCompany>,
) -> Result<Answer<present::Conversation>> {
    set(&app, &signed, id, &query, false).await
}

async fn set(
    app: &App,
    signed: &Signed,
    id: ConversationId,
    query: &InCompany,
    taken_over: bool,
) -> Result<Answer<present::Conversation>> {
    let (company, thread) = find(app, signed, id, query).await?;
    // Saying it twice changes nothing, the fence included.
    if thread.taken_over != taken_over {
        app.engine
            .set_takeover(company.tenant(), id, taken_over)
            .await?;
    }
    let now_is = app.store().conversation(company.tenant(), id).await?;
    Ok(Answer(present::Conversation::of(&company, now_is)))
}

async fn find(
    app: &App,
    signed: &Signed,
    id: ConversationId,
    query: &InCompany,
) -> Result<(Company, Conversation)> {
    let store = app.store();
    let look = |tenant| async move { store.conversation(tenant, id).await };
    let named = query.company_id.as_ref();
    among(app, signed.caller(), named, "no such conversation", look).await
}
