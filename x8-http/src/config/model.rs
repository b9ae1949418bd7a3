//! The platform's language model.

use x8_assistant::openai::Dialect;
use x8_core::{Secret, turn::Prices};

use super::Reader;

/// The platform's own language model, for companies that name none of their own.
#[derive(Clone, Debug)]
pub struct Model {
    /// Where `/chat/completions` follows.
    pub url: String,
    /// Its key; local servers need none.
    pub key: Option<Secret>,
    /// The model's name there.
    pub name: String,
    /// Which server it is.
    pub dialect: Dialect,
}

impl Reader<'_> {
    /// All of it or nothing: half a model would be noticed by a customer first.
    pub(super) fn model(&mut self) -> Option<Model> {
        let url = self.address("X8_MODEL_URL");
        let name = self.text("X8_MODEL_NAME");
        let word = self.text("X8_MODEL_DIALECT");
        let dialect = word.as_deref().map(Dialect::parse);
        if dialect == Some(None) {
            let known = Dialect::ALL.map(Dialect::as_str).join(", ");
            self.problems
                .push(format!("X8_MODEL_DIALECT: must be one of {known}"));
        }
        let given = ["X8_MODEL_URL", "X8_MODEL_NAME", "X8_MODEL_KEY"];
        if !given.iter().any(|name| self.text(name).is_some()) {
            return None;
        }
        for (variable, example) in [
            ("X8_MODEL_URL", "https://api.openai.com/v1"),
            ("X8_MODEL_NAME", "gpt-5-mini"),
        ] {
            if self.text(variable).is_none() {
                self.problems.push(format!(
                    "{variable}: needed for a language model, such as {example}"
                ));
            }
        }
        Some(Model {
            url: url?,
            key: self.secret("X8_MODEL_KEY"),
            name: name?,
            dialect: dialect.flatten().unwrap_or_default(),
        })
    }

    pub(super) fn prices(&mut self) -> Prices {
        let Some(value) = self.text("X8_MODEL_PRICES") else {
            return Prices::default();
        };
        serde_json::from_str(&value).unwrap_or_else(|error| {
            self.problems.push(format!(
                r#"X8_MODEL_PRICES: not a JSON object such as {{"small-1": {{"prompt": 150000, "completion": 600000}}}}: {error}"#
            ));
            Prices::default()
        })
    }
}
