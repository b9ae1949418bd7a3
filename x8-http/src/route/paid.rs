//! Where the payment page sends the customer back to. The address proves nothing: only the provider says that money came (O10).

use axum::{extract::State, response::Html};
use serde::Deserialize;
use utoipa::IntoParams;
use x8_core::{
    ErrorKind,
    id::{CompanyId, OrderId},
};

use super::Ctx;
use crate::{
    App,
    error::{Problem, Result},
    extract::Query,
};

/// What the payment page hands on.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Back {
    /// The company of the order.
    company: Option<i64>,
    /// The order.
    #[param(value_type = Option<uuid::Uuid>)]
    order: Option<OrderId>,
}

/// Says thank you, and has the provider asked about the order at once, in case its event is late.
///
/// The page is the same whatever the order is, or whether it is.
///
/// # Errors
/// 422 for a malformed address.
#[utoipa::path(get, path = "/paid", tag = "payments", params(Back),
    responses((status = 200, body = String, content_type = "text/html"), (status = 422, body = Problem)))]
pub async fn paid(State(app): Ctx, Query(back): Query<Back>) -> Result<Html<&'static str>> {
    if let (Some(company), Some(order)) = (back.company, back.order) {
        ask(&app, CompanyId(company), order).await?;
    }
    Ok(Html(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
<title>Thank you</title></head>\n<body><h1>Thank you</h1>\n<p>You will get a message as soon as the payment is confirmed. \
You can close this page.</p></body></html>\n",
    ))
}

/// Says that nothing was paid, and that the link still works.
#[utoipa::path(get, path = "/not-paid", tag = "payments", responses((status = 200, body = String, content_type = "text/html")))]
pub async fn not_paid() -> Html<&'static str> {
    Html(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
<title>Not paid</title></head>\n<body><h1>Nothing was paid</h1>\n<p>The link in your chat works until it runs out. \
You can close this page.</p></body></html>\n",
    )
}

async fn ask(app: &App, company: CompanyId, order: OrderId) -> x8_core::Result<()> {
    let asked = async {
        let company = app.store().company_for_work(company).await?;
        app.engine.check_payment(company.tenant(), order).await
    };
    match asked.await {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        told => told,
    }
}
