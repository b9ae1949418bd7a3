//! What servers that speak this API really understand, as data.

use serde::{Deserialize, Serialize};

/// A server that speaks the API, with its own ideas of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// OpenAI itself.
    OpenAi,
    /// Ollama.
    Ollama,
    /// vLLM.
    Vllm,
    /// The server of llama.cpp, and of its Python package.
    LlamaCpp,
    /// Any other: asked for little, and for less when it refuses.
    #[default]
    Compatible,
}

/// How an answer is held to the reply contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `json_schema`: the server lets no other token through.
    Schema,
    /// `json_object` with the schema beside it, as llama.cpp takes it.
    ObjectWithSchema,
    /// `json_object`: any object; the keys are told in words.
    Object,
    /// No `response_format`: the keys are told in words.
    Words,
}

/// What the limit on an answer's tokens is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MaxTokens {
    /// `max_completion_tokens`: reasoning models refuse the older name.
    Completion,
    /// `max_tokens`: others ignore the newer name.
    Legacy,
}

/// What a dialect is asked for at first. What it then refuses is left out from there on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// From the strictest to none; the first is tried first.
    pub formats: &'static [Format],
    /// Whether `tool_choice` is obeyed, so that a last round can forbid tools instead of hiding them.
    pub tool_choice: bool,
    /// Whether tools may still be called while a format binds the answer: a grammar shuts out the tokens of a call.
    pub format_with_tools: bool,
    /// The name of the limit.
    pub max_tokens: MaxTokens,
    /// Whether a streamed answer can end with its usage.
    pub stream_usage: bool,
}

impl Dialect {
    /// Every dialect, in the order of the documentation.
    pub const ALL: [Self; 5] = [
        Self::OpenAi,
        Self::Ollama,
        Self::Vllm,
        Self::LlamaCpp,
        Self::Compatible,
    ];

    /// `openai`, `ollama`, `vllm`, `llamacpp` or `compatible`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Ollama => "ollama",
            Self::Vllm => "vllm",
            Self::LlamaCpp => "llamacpp",
            Self::Compatible => "compatible",
        }
    }

    /// Reads [`as_str`](Self::as_str) back, in any case; `llama.cpp` is `llamacpp`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let word = text
            .trim()
            .to_ascii_lowercase()
            .replace(['.', '-', '_'], "");
        Self::ALL
            .into_iter()
            .find(|dialect| dialect.as_str() == word)
    }

    /// What it is asked for at first.
    #[must_use]
    pub const fn capabilities(self) -> Capabilities {
        match self {
            Self::OpenAi => Capabilities {
                formats: &[Format::Schema, Format::Object, Format::Words],
                tool_choice: true,
                format_with_tools: true,
                max_tokens: MaxTokens::Completion,
                stream_usage: true,
            },
            Self::Ollama => Capabilities {
                formats: &[Format::Schema, Format::Object, Format::Words],
                tool_choice: false,
                format_with_tools: false,
                max_tokens: MaxTokens::Legacy,
                stream_usage: true,
            },
            Self::Vllm => Capabilities {
                formats: &[Format::Schema, Format::Object, Format::Words],
                tool_choice: true,
                format_with_tools: false,
                max_tokens: MaxTokens::Legacy,
                stream_usage: true,
            },
            Self::LlamaCpp => Capabilities {
                formats: &[
                    Format::Schema,
                    Format::ObjectWithSchema,
                    Format::Object,
                    Format::Words,
                ],
                tool_choice: true,
                format_with_tools: false,
                max_tokens: MaxTokens::Legacy,
                stream_usage: true,
            },
            Self::Compatible => Capabilities {
                formats: &[Format::Object, Format::Words],
                tool_choice: false,
                format_with_tools: false,
                max_tokens: MaxTokens::Legacy,
                stream_usage: false,
            },
        }
    }
}
