//! Orders: read, logged, called off, sent back, and given a new link (O9, O11, P7, P8).

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;
use x8_core::{
    id::{CustomerId, OrderId},
    order::{Order, OrderFilter, OrderState},
    port::Page,
    tenant::{Company, Tenant},
};

use super::{Ctx, connect::account::provider};
use crate::{
    App,
    error::{ApiError, Problem, Result},
    extract::{CompanyKey, PageQuery, Path, Query, Signed, among, company, with_next_cursor},
    present,
};

mod log;

/// Rows of a file at most; with more, the cursor says where the next one begins.
const MOST_LOGGED: usize = 50_000;

/// `?company_id=…`, to save looking for the order in every visible company.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InCompany {
    /// The company, by number or `COMP001`.
    #[param(value_type = Option<String>)]
    pub company_id: Option<CompanyKey>,
}

/// Which orders, and how they are shown.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrderQuery {
    /// The company, by number or `COMP001`.
    #[param(value_type = Option<String>)]
    company_id: Option<CompanyKey>,
    /// Rows per page, 1–200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `X-Next-Cursor` of the page before.
    cursor: Option<String>,
    /// One state, or several with commas between.
    #[param(example = "awaiting_payment,paid")]
    state: Option<String>,
    /// Made at this moment or later, ISO 8601.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<String>,
    /// Made before this moment, ISO 8601.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<String>,
    /// The customer, by number.
    customer: Option<i64>,
    /// Words in the name, the phone number, what was ordered, or an id of the order or its money.
    text: Option<String>,
    /// `json` or `csv`: the purchase log. `Accept: text/csv` asks for it, too.
    #[param(example = "csv")]
    format: Option<String>,
}

impl OrderQuery {
    fn page(&self) -> PageQuery {
        PageQuery {
            company_id: self.company_id.clone(),
            limit: self.limit,
            cursor: self.cursor.clone(),
        }
    }

    fn filter(&self) -> Result<OrderFilter> {
        let states = self.state.iter().flat_map(|states| states.split(','));
        let states: Result<Vec<OrderState>> = states
            .map(str::trim)
            .filter(|state| !state.is_empty())
            .map(state)
            .collect();
        let text = self.text.as_deref().map(str::trim);
        Ok(OrderFilter {
            states: states?,
            customer: self.customer.map(CustomerId),
            from: moment("from", self.from.as_deref())?,
            to: moment("to", self.to.as_deref())?,
            text: text.filter(|text| !text.is_empty()).map(str::to_owned),
        })
    }

    fn wants_csv(&self, headers: &HeaderMap) -> Result<bool> {
        match self.format.as_deref() {
            Some("csv") => Ok(true),
            Some("json") => Ok(false),
            Some(other) => {
                let why = format!("`{other}` is neither json nor csv");
                Err(ApiError::field("query", "format", "enum", why))
            }
            None => Ok(headers
                .get(header::ACCEPT)
                .and_then(|accept| accept.to_str().ok())
                .is_some_and(|accept| accept.trim().starts_with("text/csv"))),
        }
    }
}

fn state(word: &str) -> Result<OrderState> {
    OrderState::parse(word).ok_or_else(|| {
        let known: Vec<&str> = OrderState::ALL.map(OrderState::as_str).to_vec();
        let why = format!("`{word}` is not one of {}", known.join(", "));
        ApiError::field("query", "state", "enum", why)
    })
}

fn moment(field: &'static str, text: Option<&str>) -> Result<Option<Timestamp>> {
    let read = |text: &str| {
        text.parse().map_err(|_| {
            let why = "not a time such as 2026-11-20T09:00:00Z";
            ApiError::field("query", field, "value_error", why)
        })
    };
    text.map(read).transpose()
}

/// Orders of a company, newest first. As CSV it is the purchase log: to whom a link went and when, paid or not, how much, the
/// provider's ids, and every status with its time.
///
/// A page of a filtered list may be short and still have a next one: only the cursor tells. A file has up to 50,000 rows
/// unless `limit` says fewer.
///
/// # Errors
/// 401, 404 (T3), 422.
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", params(OrderQuery), security(("bearer" = [])),
    responses((status = 200, content((Vec<present::Order> = "application/json"), (String = "text/csv")),
    headers(("x-next-cursor" = String, description = "Cursor of the next page, when there may be one"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    State(app): Ctx,
    signed: Signed,
    headers: HeaderMap,
    Query(query): Query<OrderQuery>,
) -> Result<Response> {
    let pages = query.page();
    let page = pages.page()?;
    let filter = query.filter()?;
    let csv = query.wants_csv(&headers)?;
    let company = company(&app, signed.caller(), pages.company()?).await?;
    if csv && query.limit.is_none() {
        return logged(&app, &company, &filter, page).await;
    }
    let found = app
        .engine
        .find_orders(company.tenant(), &filter, page)
        .await?;
    if csv {
        return Ok(file(&company, &found.orders, found.next));
    }
    let rows: Vec<present::Order> = found.orders.into_iter().map(Into::into).collect();
    Ok(with_next_cursor(axum::Json(rows), found.next))
}

/// Every order that matches, as one file.
async fn logged(
    app: &App,
    company: &Company,
    filter: &OrderFilter,
    mut page: Page<OrderId>,
) -> Result<Response> {
    let tenant: Tenant = company.tenant();
    let mut orders = Vec::new();
    page.limit = 200;
    loop {
        let found = app.engine.find_orders(tenant, filter, page).await?;
        orders.extend(found.orders);
        page.after = found.next;
        if page.after.is_none() || orders.len() >= MOST_LOGGED {
            return Ok(file(company, &orders, page.after));
        }
    }
}

fn file(company: &Company, orders: &[Order], next: Option<OrderId>) -> Response {
    let name = format!("attachment; filename=\"orders-{}.csv\"", company.public_id);
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, kind);
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    with_next_cursor((headers, log::csv(orders)).into_response(), next)
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

/// Sends an order's money back: its booking is called off, the calendar follows, and the customer hears of it. Asking again
/// changes nothing, but a refund that was given up is tried again.
///
/// # Errors
/// 401, 404 (T3), 409 when nothing was paid, 422.
#[utoipa::path(post, path = "/api/v1/orders/{order_id}/refund", tag = "orders",
    params(("order_id" = uuid::Uuid, Path), InCompany), security(("bearer" = [])),
    responses((status = 200, body = present::Order), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn refund(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<OrderId>,
    Query(query): Query<InCompany>,
) -> Result<Answer<present::Order>> {
    let (company, _) = find(&app, &signed, id, &query).await?;
    let order = app.engine.refund_order(company.tenant(), id).await?;
    Ok(Answer(order.into()))
}

/// Sends a new payment link for an unpaid order. The old one is dead before the new one is made (O9); one that turns out to be
/// paid is taken, and nothing is sent.
///
/// # Errors
/// 401, 402 when the company's account is gone, 404 (T3), 409 when the order does not wait for a payment, 422, 503.
#[utoipa::path(post, path = "/api/v1/orders/{order_id}/resend-link", tag = "orders",
    params(("order_id" = uuid::Uuid, Path), InCompany), security(("bearer" = [])),
    responses((status = 200, body = present::Order), (status = 401, body = Problem), (status = 402, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 503, body = Problem)))]
pub async fn resend_link(
    State(app): Ctx,
    signed: Signed,
    Path(id): Path<OrderId>,
    Query(query): Query<InCompany>,
) -> Result<Answer<present::Order>> {
    let (company, _) = find(&app, &signed, id, &query).await?;
    let order = app.engine.resend_link(company.tenant(), id).await;
    Ok(Answer(order.map_err(provider)?.into()))
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
