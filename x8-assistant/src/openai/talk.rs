//! The messages of one turn as they go to the server, and what is cut when they are too many.

use serde_json::{Value, json};

use crate::{
    model::ModelRequest,
    prompt::{PromptMessage, Role},
};

use super::{dialect::Format, wire::Said};

/// The conversation of one turn with the model.
#[derive(Clone, Debug)]
pub(super) struct Talk {
    system: String,
    /// What was said, oldest first; the burst is last.
    said: Vec<Value>,
    /// Calls of tools and their results, after the burst.
    looked_up: Vec<Value>,
}

impl Talk {
    pub(super) fn new(request: &ModelRequest<'_>) -> Self {
        let prompt = request.prompt;
        let mut system = prompt.system.clone();
        if let Some(why) = request.repair {
            // Not a message of its own: many chat templates take a system text only at the beginning.
            system.push_str("\n\nYour last answer was refused by the checker, which found: ");
            system.extend(why.chars().take(2000));
            system.push_str("\nWrite it again without these faults.");
        }
        Self {
            system,
            said: prompt.messages.iter().map(message).collect(),
            looked_up: Vec::new(),
        }
    }

    /// The messages; where no schema binds the answer, the keys are told in words.
    pub(super) fn messages(&self, format: Format) -> Vec<Value> {
        let mut system = self.system.clone();
        match format {
            Format::Schema | Format::ObjectWithSchema => {}
            // A prompt that speaks of the keys itself knows better which of them matter.
            Format::Object | Format::Words if system.contains("\"response\"") => {}
            Format::Object | Format::Words => {
                system.push_str("\n\nAnswer with one JSON object and nothing else. Its keys: ");
                system.push_str(&keys().join(", "));
                system.push('.');
            }
        }
        let mut all = vec![json!({ "role": Role::System.as_str(), "content": system })];
        all.extend(self.said.iter().cloned());
        all.extend(self.looked_up.iter().cloned());
        all
    }

    /// Adds what the model asked to look up, as it said it, and the answers, in its order.
    pub(super) fn look_up(&mut self, said: &Said, answer: impl Fn(&str, &str) -> String) {
        self.looked_up.push(said.message.clone());
        for (index, call) in said.calls.iter().enumerate() {
            let content = if index < MOST_CALLS {
                answer(&call.name, &call.arguments)
            } else {
                json!({ "error": "too many calls at once" }).to_string()
            };
            self.looked_up
                .push(json!({ "role": "tool", "tool_call_id": call.id, "content": content }));
        }
    }

    /// Leaves out the older half of what was said before the burst; `false` when nothing is left to leave out.
    pub(super) fn trim(&mut self) -> bool {
        let last = self.said.iter().rposition(|one| !is(one, Role::User));
        // Everything after the last answer is the burst.
        let before = last.map_or(0, |at| at.saturating_add(1));
        if before == 0 {
            return false;
        }
        self.said.drain(..before.div_ceil(2));
        true
    }
}

/// Calls of one answer that are carried out.
const MOST_CALLS: usize = 4;

fn is(message: &Value, role: Role) -> bool {
    message.get("role").and_then(Value::as_str) == Some(role.as_str())
}

fn message(one: &PromptMessage) -> Value {
    json!({ "role": one.role.as_str(), "content": one.text })
}

/// The keys of the reply contract, in its order.
fn keys() -> Vec<String> {
    let schema = crate::contract::Reply::json_schema();
    let keys = schema.get("properties").and_then(Value::as_object);
    keys.into_iter()
        .flat_map(|keys| keys.keys().cloned())
        .collect()
}
