//! What a request carries. It begins with what the dialect knows and loses what the server refuses.

use reqwest::StatusCode;

use super::{
    client::Refusal,
    config::OpenAiConfig,
    dialect::{Capabilities, Format, MaxTokens},
};

/// What requests carry from here on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) can: Capabilities,
    /// How many of the dialect's formats were refused.
    refused: usize,
    pub(super) tools: bool,
    pub(super) temperature: bool,
    pub(super) max_tokens: MaxTokens,
    pub(super) stream_usage: bool,
}

impl Shape {
    pub(super) fn new(config: &OpenAiConfig) -> Self {
        let can = config.dialect.capabilities();
        Self {
            can,
            refused: 0,
            tools: config.tool_rounds > 0,
            temperature: config.temperature_milli.is_some(),
            max_tokens: can.max_tokens,
            stream_usage: can.stream_usage,
        }
    }

    /// How answers are bound.
    pub(super) fn format(&self) -> Format {
        let mut formats = self.can.formats.iter().skip(self.refused);
        formats.next().copied().unwrap_or(Format::Words)
    }

    /// The shape without what this refusal names; `None`: it names nothing that can be left out.
    ///
    /// Each step leaves out one thing for good, so steps come to an end.
    pub(super) fn without(&self, refusal: &Refusal) -> Option<Self> {
        let about_request = matches!(
            refusal.status,
            StatusCode::BAD_REQUEST
                | StatusCode::NOT_FOUND
                | StatusCode::UNPROCESSABLE_ENTITY
                | StatusCode::INTERNAL_SERVER_ERROR
                | StatusCode::NOT_IMPLEMENTED
        );
        let fault = &refusal.fault;
        if !about_request || fault.is_too_long() || fault.is_quota() {
            return None;
        }
        let mut next = *self;
        if self.stream_usage && fault.names_stream_options() {
            next.stream_usage = false;
        } else if self.tools && fault.names_tools() {
            next.tools = false;
        } else if self.format() != Format::Words && fault.names_format() {
            next.refused = self.refused.saturating_add(1);
        } else if self.temperature && fault.names_temperature() {
            next.temperature = false;
        } else if self.max_tokens == self.can.max_tokens && fault.names_max_tokens() {
            next.max_tokens = match self.max_tokens {
                MaxTokens::Completion => MaxTokens::Legacy,
                MaxTokens::Legacy => MaxTokens::Completion,
            };
        } else {
            return None;
        }
        Some(next)
    }
}
