use axum::http::Method;
use serde_json::Value;
use x8_http::openapi;

use crate::app::TestApp;

fn document() -> Value {
    serde_json::to_value(openapi::document()).unwrap()
}

/// Every operation as `METHOD path: statuses`, so that a change of the API is a visible line in review.
#[test]
fn the_api_is_the_one_that_was_reviewed() {
    let document = document();
    let mut lines = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let statuses: Vec<&str> = operation["responses"]
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            lines.push(format!(
                "{} {path}: {}",
                method.to_uppercase(),
                statuses.join(" ")
            ));
        }
    }
    let reviewed: Vec<&str> = include_str!("openapi.txt").lines().collect();
    assert_eq!(
        lines,
        reviewed,
        "when the change is meant, put these lines into tests/it/openapi.txt:\n{}\n",
        lines.join("\n")
    );
}

#[tokio::test]
async fn the_document_is_served_as_openapi_3_1() {
    let app = TestApp::new().await;
    let served = app
        .call(Method::GET, "/openapi.json", None, None)
        .await
        .expect(200);
    assert!(
        served["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
    assert_eq!(served, document());
    let docs = app.call(Method::GET, "/docs/", None, None).await;
    assert_eq!(docs.status, 200);
    assert!(String::from_utf8_lossy(&docs.bytes).contains("swagger-ui"));
}

#[tokio::test]
async fn every_documented_route_is_there() {
    let app = TestApp::new().await;
    for (path, operations) in document()["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let id = "00000000-0000-0000-0000-000000000001";
            let uri = path
                .replace("{order_id}", id)
                .replace("{session}", "cs_sandbox_0");
            let uri: Vec<&str> = uri
                .split('/')
                .map(|part| if part.starts_with('{') { "1" } else { part })
                .collect();
            let verb = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = app.call(verb, &uri.join("/"), None, None).await;
            assert_ne!(answer.status, 405, "{method} {path}");
            let missing = answer.status == 404 && answer.detail() == "Not Found";
            assert!(!missing, "{method} {path} is documented and not routed");
        }
    }
}

#[test]
fn every_reference_of_the_document_resolves() {
    let document = document();
    let mut pending = vec![&document];
    while let Some(value) = pending.pop() {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
        pending.extend(
            value
                .as_object()
                .into_iter()
                .flat_map(serde_json::Map::values),
        );
        pending.extend(value.as_array().into_iter().flatten());
    }
}
