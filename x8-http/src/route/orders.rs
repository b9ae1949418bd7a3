//! Orders, read and called off (O11).

use axum::{Json as Answer, extract::State, response::Response};
use serde::Deserialize;
use utoipa::IntoParams;
use x8_core::{id::OrderId, order::Order, tenant::Company};

use super::Ctx;
use crate::{
    App,
    error::{Problem, Result},
    extract::{CompanyKey, PageQuery, Path, Query, Signed, among, company, with_cursor},
    present,
};

/// `?company_id=…`, to save looking for the order in every visible company.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InCompany {
    /// The company, by number or `COMP001`.
    #[param(value_type = Option<String>)]
    pub company_id: Option<CompanyKey>,
}

/// Orders of a company, newest first.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, body = [present::Order],
    headers(("x-next-cursor" = String, description = "Cursor of the next page, when there may be one"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(app): Ctx,
    signed: Signed,
    Query(query): Query<PageQuery>,
) -> Result<Response> {
    let page = query.page()?;
    let company = company(&app, signed.caller(), query.company()?).await?;
    let orders = app.store().orders(company.tenant(), None, page).await?;
    let next = orders.last().map(|order| order.id);
    let rows: Vec<present::Order> = orders.into_iter().map(Into::into).collect();
    Ok(with_cursor(&rows, &page, next))
}

/// One order.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/orders/{order_id}", tag = "orders",
    params(("order_id" = uuid::Uuid, Path), InCompany), security(("bearer" = [])),
    responses((status = 200, body = present::Order), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
pub async fn get(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<OrderId>,
    Query(query): Query<InCompany>,
) -> Result<Answer<present::Order>> {
    let (_, order) = find(&app, &signed, id, &query).await?;
    Ok(Answer(order.into()))
}

/// Calls an order off: an unpaid one is cancelled and its link expired, a paid one goes back to the customer.
///
/// # Errors
/// 401, 404 (T3), 409 when it can no longer be called off, 422.
#[utoipa::path(post, path = "/api/v1/orders/{order_id}/cancel", tag = "orders",
    params(("order_id" = uuid::Uuid, Path), InCompany), security(("bearer" = [])),
    responses((status = 200, body = present::Order), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn cancel(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<OrderId>,
    Query(query): Query<InCompany>,
) -> Result<Answer<present::Order>> {
    let (company, _) = find(&app, &signed, id, &query).await?;
    let order = app.engine.cancel_order(company.tenant(), id).await?;
    Ok(Answer(order.into()))
}

async fn find(
    app: &App,
    signed: &Signed,
    id: OrderId,
    query: &InCompany,
) -> Result<(Company, Order)> {
    let store = app.store();
    let look = |tenant| async move { store.order(tenant, id).await };
    let named = query.company_id.as_ref();
    among(app, signed.caller(), named, "no such order", look).await
}
