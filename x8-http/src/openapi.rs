//! The API's own description: OpenAPI 3.1, made from the handlers' types.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, Content, Ref, ResponseBuilder,
        path::Operation,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::route::{
    assistant, auth, calendar, companies, connect, conversations, health, integrations,
    knowledge_base, orders, paid, sandbox, subscriptions, support, webhooks,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "x8", description = "Chats into paid, scheduled orders"),
    modifiers(&Common),
    paths(
        health::live, health::ready,
        auth::register, auth::login, auth::refresh, auth::logout, auth::me,
        companies::list, companies::create, companies::get, companies::update, companies::channels,
        integrations::available, integrations::list, integrations::whatsapp::connect, integrations::whatsapp::qr,
        integrations::whatsapp::pairing_code, integrations::whatsapp::status, integrations::disconnect,
        knowledge_base::upload, knowledge_base::list, knowledge_base::get, knowledge_base::rows,
        knowledge_base::rollback, knowledge_base::delete, knowledge_base::search, knowledge_base::add,
        knowledge_base::change, knowledge_base::remove,
        conversations::list, conversations::get, conversations::messages, conversations::reply,
        conversations::takeover, conversations::release, conversations::turns,
        orders::list, orders::get, orders::cancel,
        calendar::bookings, calendar::slots, calendar::change, calendar::hours::put,
        assistant::reply, assistant::validate, assistant::model::get, assistant::model::put, assistant::usage::usage,
        assistant::behaviour::get, assistant::behaviour::put, support::chat, support::status,
        webhooks::waha, connect::webhook,
        sandbox::page, sandbox::pay, sandbox::cancel,
        orders::refund, orders::resend_link,
        connect::account::onboard, connect::account::status, connect::account::login, connect::account::disconnect,
        connect::account::transactions, sandbox::account, sandbox::finish, paid::paid, paid::not_paid,
        integrations::google_calendar::auth, integrations::google_calendar::callback,
        integrations::google_calendar::status, integrations::google_calendar::choose,
        integrations::google_calendar::disconnect,
        subscriptions::list, subscriptions::active, subscriptions::plans, subscriptions::create_session,
        subscriptions::cancel, subscriptions::change_plan, subscriptions::webhook,
        subscriptions::sandbox::page, subscriptions::sandbox::confirm,
    )
)]
struct Document;

/// What holds for many operations at once.
struct Common;

impl Modify for Common {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
        for item in document.paths.paths.values_mut() {
            let operations = [
                &mut item.get,
                &mut item.post,
                &mut item.put,
                &mut item.patch,
                &mut item.delete,
            ];
            for operation in operations.into_iter().flatten() {
                name_uniquely(operation);
                if operation.security.is_some() {
                    may_answer(
                        operation,
                        "403",
                        "The account is disabled, or may not do this",
                    );
                }
                if operation.request_body.is_some() {
                    may_answer(operation, "413", "The body is too large");
                }
            }
        }
    }
}

/// `list` of `companies` becomes `companies_list`: operation ids are unique in a document, and clients are generated from them.
fn name_uniquely(operation: &mut Operation) {
    let tag = operation.tags.as_ref().and_then(|tags| tags.first());
    if let (Some(tag), Some(name)) = (tag, &operation.operation_id) {
        operation.operation_id = Some(format!("{}_{name}", tag.replace('-', "_")));
    }
}

fn may_answer(operation: &mut Operation, status: &str, description: &str) {
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    let response = ResponseBuilder::new()
        .description(description)
        .content("application/json", problem)
        .build();
    operation
        .responses
        .responses
        .entry(status.to_owned())
        .or_insert_with(|| response.into());
}

/// The document served at `/openapi.json`.
#[must_use]
pub fn document() -> openapi::OpenApi {
    Document::openapi()
}
