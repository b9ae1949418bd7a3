//! The API's own description: OpenAPI 3.1, made from the handlers' types.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        self,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::route::{
    assistant, auth, calendar, companies, connect, conversations, health, integrations,
    knowledge_base, orders, sandbox, webhooks,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "x8", description = "Chats into paid, scheduled orders"),
    modifiers(&Bearer),
    paths(
        health::live, health::ready,
        auth::register, auth::login, auth::refresh, auth::logout, auth::me,
        companies::list, companies::create, companies::get, companies::update, companies::channels,
        integrations::available, integrations::list, integrations::connect, integrations::qr,
        integrations::pairing_code, integrations::status, integrations::disconnect,
        knowledge_base::upload, knowledge_base::list, knowledge_base::get, knowledge_base::rows,
        knowledge_base::rollback,
        conversations::list, conversations::get, conversations::messages, conversations::reply,
        conversations::takeover, conversations::release,
        orders::list, orders::get, orders::cancel,
        calendar::bookings, calendar::slots,
        assistant::reply, assistant::validate,
        webhooks::waha, connect::webhook,
        sandbox::page, sandbox::pay, sandbox::cancel,
    )
)]
struct Document;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The document served at `/openapi.json`.
#[must_use]
pub fn document() -> openapi::OpenApi {
    Document::openapi()
}
