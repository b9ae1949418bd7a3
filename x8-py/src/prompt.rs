//! Prompts and requests as plain data.

use serde_json::{Value, json};
use x8_assistant::{
    agenda::{Plan, Say},
    model::ModelRequest,
    prompt::Prompt,
};

/// `version`, `system` and `messages`, these as chat APIs take them.
pub(crate) fn prompt(prompt: &Prompt) -> Value {
    let messages = prompt.messages.iter();
    let messages: Vec<Value> = messages
        .map(|one| json!({ "role": one.role.as_str(), "content": one.text }))
        .collect();
    json!({ "version": prompt.version, "system": prompt.system, "messages": messages })
}

/// What a model in Python is asked.
pub(crate) fn request(request: &ModelRequest<'_>) -> Value {
    let mut asked = prompt(request.prompt);
    if let Some(keys) = asked.as_object_mut() {
        keys.insert("repair".to_owned(), json!(request.repair));
        keys.insert("plan".to_owned(), plan(request.plan));
    }
    asked
}

/// What code decided, in short; the steps in full are in the prompt.
fn plan(plan: &Plan) -> Value {
    let session = &plan.session;
    let steps: Vec<String> = plan.says.iter().map(step).collect();
    json!({
        "steps": steps,
        "language": session.language,
        "cart": session.cart,
        "city": session.city,
        "name_known": session.name.is_some(),
        "phone_known": session.phone.is_some(),
        "cancel": plan.cancel,
    })
}

/// `FreeDelivery([…])` → `free_delivery`.
fn step(say: &Say) -> String {
    let shown = format!("{say:?}");
    let name = shown.split(|c: char| !c.is_ascii_alphanumeric()).next();
    crate::order::snake(name.unwrap_or_default())
}
