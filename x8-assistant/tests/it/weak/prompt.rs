//! The prompt of the weak model.

use std::{fmt::Write, sync::Arc};

use x8_assistant::{
    agenda::Plan,
    prompt::{Prompt, PromptMessage, PromptWriter, Role},
};
use x8_core::{Result, port::TurnInput};

pub(super) fn writer() -> Result<Arc<dyn PromptWriter>> {
    Ok(Arc::new(Plain))
}

struct Plain;

impl PromptWriter for Plain {
    fn write(&self, input: &TurnInput, _plan: &Plan, window: &[PromptMessage]) -> Result<Prompt> {
        let mut system = "You sell. Reply with one JSON object: {\"response\": \"words for the customer\"}\n<catalogue>\n".to_owned();
        for row in input.catalog.offerings().iter().take(6) {
            writeln!(system, "{} | {} | {}", row.sku, row.name, row.price).ok();
        }
        // A weak model is slow as well: of what was said it is told the end, which is enough to be wrong about.
        let last = window.last().filter(|one| one.text.chars().count() < 60);
        let mut messages: Vec<PromptMessage> = last.cloned().into_iter().collect();
        messages.push(PromptMessage::new(Role::User, input.customer_text()));
        Ok(Prompt {
            version: "plain/1".to_owned(),
            system,
            messages,
        })
    }
}
