//! The prompt texts of this version, compiled: one file per kind of assistant, and the parts they share.

use minijinja::{Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;
use x8_core::{Error, Result, tenant::CompanyType};

use crate::phrases::sections;

/// Counts up whenever a text changes what models are told.
const VERSION: &str = "1";

const WHOLE: [(&str, &str); 4] = [
    ("product", include_str!("../../prompts/v1/product.txt")),
    ("service", include_str!("../../prompts/v1/service.txt")),
    ("hybrid", include_str!("../../prompts/v1/hybrid.txt")),
    ("faq", include_str!("../../prompts/v1/faq.txt")),
];
const PARTS: &str = include_str!("../../prompts/v1/parts.txt");
const TASKS: &str = include_str!("../../prompts/v1/tasks.txt");

/// Every text as it was written, for who must know one when it comes back (G15).
pub(crate) fn texts() -> impl Iterator<Item = &'static str> {
    let whole = WHOLE.into_iter().map(|(_, text)| text);
    whole.chain([PARTS, TASKS])
}

/// Every text as a template. A missing value is an error, never an empty place in a prompt.
#[derive(Debug)]
pub(crate) struct Library {
    texts: Environment<'static>,
}

impl Library {
    pub(crate) fn new() -> Result<Self> {
        let mut texts = Environment::new();
        texts.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .map_err(|error| Error::internal("prompt.compile", error))?;
        texts.set_syntax(syntax);
        let whole = WHOLE.map(|(name, text)| (name.to_owned(), text.to_owned()));
        // One of the two line ends is the template's own and is dropped; the other one ends the part.
        let parts = sections(PARTS).map(|(name, text)| (name, format!("{}\n\n", text.trim())));
        let tasks = sections(TASKS).map(|(name, text)| (format!("task_{name}"), text));
        for (name, text) in whole.into_iter().chain(parts).chain(tasks) {
            texts
                .add_template_owned(name.clone(), text)
                .map_err(|error| Error::internal("prompt.compile", error).with("text", name))?;
        }
        Ok(Self { texts })
    }

    /// # Errors
    /// `Internal` when there is no such text, or a value it names is missing.
    pub(crate) fn render(&self, name: &str, values: &impl Serialize) -> Result<String> {
        let text = self.texts.get_template(name);
        let text = text.and_then(|text| text.render(Serde(values)));
        let text = text.map_err(|error| {
            Error::internal("prompt.render", error).with("text", name.to_owned())
        })?;
        Ok(text.trim().to_owned())
    }
}

/// `product/1`: which text in which version.
pub(crate) fn version(name: &str) -> String {
    format!("{name}/{VERSION}")
}

/// The text of a kind of company (T5).
pub(super) fn name(kind: CompanyType) -> &'static str {
    match kind {
        CompanyType::Product => "product",
        CompanyType::Service => "service",
        CompanyType::Hybrid => "hybrid",
    }
}
