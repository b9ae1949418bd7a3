//! What a language model may look up during a turn: two read-only tools over the turn's own data.
//!
//! *Tenancy*: a tool sees the [`TurnInput`] and nothing else: one company's rows of this turn, one customer's session.
//! Rows leave through [`Offering::public`](x8_core::catalog::Offering::public), which cannot carry stock (K10, G6).
//! Whatever a model asks, it gets an answer it can read: wrong names and arguments come back as `{"error": …}` that say
//! how to ask better.

use std::sync::OnceLock;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use x8_core::{catalog::search::Search, port::TurnInput};

mod offerings;
mod session;

/// A tool as chat APIs declare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// What a model calls it.
    pub name: &'static str,
    /// When to use it, for the model.
    pub description: &'static str,
    /// JSON Schema of the arguments: one strict object.
    pub parameters: Value,
}

/// Every tool there is.
#[must_use]
pub fn tools() -> [Tool; 2] {
    [offerings::tool(), session::tool()]
}

/// The tools of one turn.
///
/// ```
/// # fn try_it(input: x8_core::port::TurnInput) {
/// use x8_assistant::tool::Toolbox;
///
/// let tools = Toolbox::new(&input);
/// let found = tools.call("search_offerings", r#"{"query": "roses", "limit": 3}"#);
/// assert!(found.contains("29.90 EUR"), "prices are told, stock is not");
/// let wrong = tools.call("search_offerings", "roses!");
/// assert!(wrong.starts_with(r#"{"error":"#), "a model can mend its call");
/// # }
/// ```
#[derive(Debug)]
pub struct Toolbox<'a> {
    input: &'a TurnInput,
    /// Made at the first search: most turns never search.
    index: OnceLock<Search>,
}

impl<'a> Toolbox<'a> {
    /// The tools over this turn.
    #[must_use]
    pub fn new(input: &'a TurnInput) -> Self {
        Self {
            input,
            index: OnceLock::new(),
        }
    }

    /// Answers one call as JSON text: the result, or `{"error": …}` for a name or arguments that make no sense.
    ///
    /// - Changes nothing; the same call in the same turn has the same answer.
    /// - `arguments` is what the model wrote: a JSON object, or that object once more as a JSON text.
    #[must_use]
    pub fn call(&self, name: &str, arguments: &str) -> String {
        let answer = match name {
            offerings::NAME => read(arguments).map(|asked| self.search(&asked)),
            session::NAME => read(arguments).map(|session::Asked {}| session::told(self.input)),
            other => Err(format!(
                "there is no tool `{}`; there are search_offerings and get_session",
                other.chars().take(40).collect::<String>()
            )),
        };
        answer
            .unwrap_or_else(|problem| json!({ "error": problem }))
            .to_string()
    }

    fn search(&self, asked: &offerings::Asked) -> Value {
        let index = self.index.get_or_init(|| Search::new(&self.input.catalog));
        offerings::found(&self.input.catalog, index, asked)
    }
}

/// Arguments as a model wrote them; nothing at all counts as `{}`.
fn read<T: DeserializeOwned>(arguments: &str) -> Result<T, String> {
    let text = if arguments.trim().is_empty() {
        "{}"
    } else {
        arguments
    };
    let mut value: Value = serde_json::from_str(text)
        .map_err(|error| format!("the arguments are not a JSON object: {error}"))?;
    if let Value::String(inner) = &value {
        value = serde_json::from_str(inner)
            .map_err(|error| format!("the arguments are not a JSON object: {error}"))?;
    }
    if value.is_null() {
        value = json!({});
    }
    serde_json::from_value(value).map_err(|error| format!("wrong arguments: {error}"))
}

/// A view without `null`s: what is unknown takes no tokens.
fn lean(view: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(view).unwrap_or_default();
    if let Value::Object(keys) = &mut value {
        keys.retain(|_, value| {
            !(value.is_null()
                || value.as_str().is_some_and(str::is_empty)
                || value.as_array().is_some_and(Vec::is_empty)
                || value.as_object().is_some_and(serde_json::Map::is_empty))
        });
    }
    value
}
