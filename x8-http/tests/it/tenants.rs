//! R6, T3: every route of the document that names something is called with another tenant's names, and answers 404.

use axum::http::Method;
use serde_json::{Value, json};
use x8_core::port::Page;
use x8_http::openapi;

use crate::app::{Owner, TestApp};

/// Routes of the caller's own account: they name nothing that could be foreign.
const NAMELESS: &[(&str, &str)] = &[
    ("get", "/api/v1/auth/me"),
    ("post", "/api/v1/auth/logout"),
    ("get", "/api/v1/companies"),
    ("post", "/api/v1/companies"),
    ("get", "/api/v1/integrations/available-channels"),
    ("post", "/api/v1/support/ai-faq/chat"),
    ("get", "/api/v1/support/ai-faq/status"),
    ("get", "/api/v1/subscriptions"),
    ("get", "/api/v1/subscriptions/active"),
    ("post", "/api/v1/subscriptions/create-session"),
    ("post", "/api/v1/subscriptions/cancel"),
    ("post", "/api/v1/subscriptions/change-plan"),
];

/// What the victim owns.
struct Belongings {
    conversation: i64,
    channel: i64,
    order: String,
    catalog: i64,
}

async fn belongings(app: &TestApp, owner: &Owner) -> Belongings {
    app.says(owner, "buy").await.expect(200);
    app.work().await;
    let store = app.app.store();
    let page = Page {
        limit: 10,
        after: None,
    };
    let tenant = owner.tenant();
    let wanted = json!({"company_id": owner.company});
    let path = "/api/v1/integrations/whatsapp/connect";
    let channel = app.post(path, &owner.token, &wanted).await.expect(200);
    Belongings {
        conversation: store.conversations(tenant, page).await.unwrap()[0].id.0,
        channel: channel["id"].as_i64().unwrap(),
        order: store.orders(tenant, None, Page::first(1)).await.unwrap()[0]
            .id
            .to_string(),
        catalog: store.live_catalog(tenant).await.unwrap().id.0,
    }
}

/// A valid body for the routes that take one, naming the victim's company.
fn body(path: &str, company: i64) -> Option<Value> {
    match path.strip_prefix("/api/v1/").unwrap_or_default() {
        "companies/{company_id}" => Some(json!({"name": "Mine now"})),
        "integrations/whatsapp/connect" => Some(json!({"company_id": company})),
        "integrations/whatsapp/pairing-code" => {
            Some(json!({"company_id": company, "phone_number": "+34600111222"}))
        }
        "conversations/{conversation_id}/messages" => Some(json!({"text": "hello"})),
        "calendar/opening-hours" => Some(json!({"lead_minutes": 5})),
        "calendar/bookings/{booking_id}" => Some(json!({"status": "cancelled"})),
        "assistant/reply" => Some(json!({"company_id": company, "sender": "x", "text": "hello"})),
        "knowledge-base/row/{table_name}" => Some(json!({"name": "Mine", "description": "now"})),
        "knowledge-base/row/{table_name}/{row_id}" => Some(json!({"price": 0})),
        "assistant/behaviour" => Some(json!({"version": 0, "style": ["Mine"]})),
        "assistant/validate" => Some(json!({"company_id": company, "reply": "hello"})),
        "connect/onboard" | "connect/login" | "connect/disconnect" => {
            Some(json!({"company_id": company}))
        }
        "integrations/google-calendar/auth" => Some(json!({"company_id": company})),
        "integrations/google-calendar" => {
            Some(json!({"company_id": company, "calendar_id": "primary"}))
        }
        "assistant/model" => Some(json!({"company_id": company, "use": "guided"})),
        _ => None,
    }
}

/// The path with the victim's names in it.
fn filled(path: &str, victim: &Owner, names: &Belongings) -> String {
    path.replace("{company_id}", &victim.company.to_string())
        .replace("{conversation_id}", &names.conversation.to_string())
        .replace("{channel_id}", &names.channel.to_string())
        .replace("{order_id}", &names.order)
        .replace("{booking_id}", &names.order)
        .replace("{kb_id}", &names.catalog.to_string())
        .replace("{table_name}", &names.catalog.to_string())
        .replace("{row_id}", "201")
}

#[tokio::test]
async fn r6_another_tenants_names_are_not_found_anywhere() {
    let app = TestApp::new().await;
    let victim = app.shop("victim@example.com").await;
    let names = belongings(&app, &victim).await;
    let thief = app.shop("thief@example.com").await;
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut called = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation["security"].is_null() || NAMELESS.contains(&(method, path)) {
                continue;
            }
            let answer = if path.ends_with("/upload-csv") {
                let company = victim.company.to_string();
                app.upload(
                    &thief.token,
                    &[("company_id", &company)],
                    b"product_name,description\nA,B\n",
                )
                .await
            } else {
                let mut uri = filled(path, &victim, &names);
                assert!(!uri.contains('{'), "say what {path} names");
                let in_query = operation["parameters"].as_array().is_some_and(|all| {
                    all.iter()
                        .any(|one| one["name"] == "company_id" && one["in"] == "query")
                });
                if in_query && !path.contains('{') {
                    uri.push_str(&format!("?company_id={}", victim.company));
                }
                let verb = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                app.call(
                    verb,
                    &uri,
                    Some(&thief.token),
                    body(path, victim.company).as_ref(),
                )
                .await
            };
            assert_eq!(answer.status, 404, "{method} {path}: {}", answer.detail());
            called += 1;
        }
    }
    assert!(called >= 25, "only {called} routes were called");
    let company = app
        .get("/api/v1/companies/COMP001", &victim.token)
        .await
        .expect(200);
    assert_eq!(company["name"], "Northern Flowers");
    let order = app
        .get(&format!("/api/v1/orders/{}", names.order), &victim.token)
        .await
        .expect(200);
    assert_eq!(order["state"], "awaiting_payment");
}

#[tokio::test]
async fn s5_without_a_token_every_such_route_answers_401() {
    let app = TestApp::new().await;
    let document = serde_json::to_value(openapi::document()).unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation["security"].is_null() {
                continue;
            }
            let id = "00000000-0000-0000-0000-000000000001";
            let uri = path
                .split('/')
                .map(|part| match part {
                    "{order_id}" | "{booking_id}" => id,
                    part if part.starts_with('{') => "1",
                    part => part,
                })
                .collect::<Vec<_>>()
                .join("/");
            let verb = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = app.call(verb, &uri, None, None).await;
            assert_eq!(answer.status, 401, "{method} {path}");
        }
    }
}
