//! Everything we ask of WAHA exists in its own API description, when `X8_WAHA_OPENAPI` names that file.

use std::{env, fs};

use serde_json::{Value, json};
use x8_channels::{
    testing::{FakeWaha, RecordedRequest},
    waha::{WahaConnector, WahaSender},
};
use x8_core::{
    Error, Result,
    port::{Connector, OutboundText, Sender},
};

const HOOK: &str = "https://x8.example/webhooks/whatsapp";

/// Every kind of request there is.
async fn everything() -> Result<Vec<RecordedRequest>> {
    let fake = FakeWaha::start().await?;
    let connector = WahaConnector::new(fake.config(HOOK))?;
    connector.connect("acme-1").await?;
    connector.qr("acme-1").await?;
    connector.pairing_code("acme-1", "+34600111222").await?;
    fake.scan("acme-1", "34600999888");
    WahaConnector::new(fake.config("https://moved.example/hook"))?
        .connect("acme-1")
        .await?;
    connector.disconnect("acme-1").await?;
    connector.connect("acme-1").await?;
    fake.set_status("acme-1", "FAILED");
    connector.connect("acme-1").await?;
    let message = OutboundText {
        session: "acme-1".to_owned(),
        address: "34600111222@c.us".to_owned(),
        text: "Hola".to_owned(),
        client_id: "job-1".to_owned(),
        resend: true,
    };
    WahaSender::new(&fake.config(HOOK))?
        .send_text(&message)
        .await?;
    Ok(fake.requests())
}

/// The most literal path of the description that the request meets.
fn operation<'a>(document: &'a Value, request: &RecordedRequest) -> Option<&'a Value> {
    let asked: Vec<&str> = request.path.split('/').collect();
    let meets = |path: &str| {
        let known: Vec<&str> = path.split('/').collect();
        known.len() == asked.len()
            && known
                .iter()
                .zip(&asked)
                .all(|(known, asked)| known == asked || known.starts_with('{'))
    };
    let paths = document.get("paths")?.as_object()?;
    let found = paths.iter().filter(|(path, _)| meets(path));
    let (_, item) = found.min_by_key(|(path, _)| path.matches('{').count())?;
    item.get(request.method.to_lowercase())
}

/// The schema of a body. The description lists webhook events as objects, while its own examples are words.
fn schema(document: &Value, operation: &Value) -> Option<Value> {
    let body = operation.pointer("/requestBody/content/application~1json/schema")?;
    let mut schemas = document.pointer("/components/schemas")?.clone();
    // `required: true` inside a property is not JSON Schema; the schemas we send do not use that one.
    schemas.as_object_mut()?.remove("SessionInfo");
    if let Some(events) = schemas.pointer_mut("/WebhookConfig/properties/events/items") {
        *events = json!({ "type": "string" });
    }
    Some(json!({ "allOf": [body], "components": { "schemas": schemas } }))
}

fn problems(document: &Value, request: &RecordedRequest) -> Vec<String> {
    let name = format!("{} {}", request.method, request.path);
    let Some(operation) = operation(document, request) else {
        return vec![format!("{name}: no such operation")];
    };
    let Some(schema) = schema(document, operation) else {
        let extra = !request.body.is_null();
        return extra
            .then(|| format!("{name}: takes no body"))
            .into_iter()
            .collect();
    };
    match jsonschema::validator_for(&schema) {
        Ok(validator) => {
            let errors = validator.iter_errors(&request.body);
            errors
                .map(|error| format!("{name}: {error} at {}", error.instance_path()))
                .collect()
        }
        Err(error) => vec![format!("{name}: the schema does not compile: {error}")],
    }
}

fn query_problems(document: &Value, request: &RecordedRequest) -> Vec<String> {
    let parameters = operation(document, request).and_then(|operation| operation.get("parameters"));
    let parameters = parameters
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let known = |name: &str| {
        parameters
            .iter()
            .any(|parameter| parameter.get("name").and_then(Value::as_str) == Some(name))
    };
    let names = request
        .query
        .split('&')
        .filter_map(|pair| pair.split('=').next());
    names
        .filter(|name| !name.is_empty() && !known(name))
        .map(|name| format!("{}: unknown query {name}", request.path))
        .collect()
}

#[tokio::test]
async fn w1_every_request_is_in_the_api_description() -> Result<()> {
    let requests = everything().await?;
    assert!(requests.len() > 10);
    let Ok(path) = env::var("X8_WAHA_OPENAPI") else {
        println!(
            "skipped: set X8_WAHA_OPENAPI to the path of WAHA's openapi.json to compare requests with it"
        );
        return Ok(());
    };
    let read = |error| Error::internal("test", error);
    let document = fs::read_to_string(path).map_err(read)?;
    let document: Value =
        serde_json::from_str(&document).map_err(|error| Error::internal("test", error))?;
    let found: Vec<String> = requests
        .iter()
        .flat_map(|request| {
            let mut found = problems(&document, request);
            found.extend(query_problems(&document, request));
            found
        })
        .collect();
    assert_eq!(found, Vec::<String>::new());
    let wrong = RecordedRequest {
        method: "POST".to_owned(),
        path: "/api/sendText".to_owned(),
        query: String::new(),
        body: json!({ "session": 1 }),
    };
    assert!(
        !problems(&document, &wrong).is_empty(),
        "the comparison can fail"
    );
    Ok(())
}
