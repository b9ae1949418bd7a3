//! What a language model is told: rules and facts as one system text, and the conversation as messages.
//!
//! A [`Prompt`] is data and fits every chat API. [`PromptWriter`] makes one from a turn; models that read no prompt (the
//! guided model, a script) ignore it.

use serde::{Deserialize, Serialize};
use x8_core::{
    Result,
    conversation::{Flow, Message},
    port::TurnInput,
};

use crate::agenda::Plan;

mod facts;
pub(crate) mod library;
pub(crate) mod quote;
mod tasks;
mod writer;

pub use writer::Prompts;

/// Who speaks in a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The company's rules. The only voice a model shall obey.
    System,
    /// The customer.
    User,
    /// Whoever answered before: the assistant, or a person of the company.
    Assistant,
}

impl Role {
    /// The word of the chat APIs: `system`, `user`, `assistant`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message of a prompt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptMessage {
    /// Who speaks.
    pub role: Role,
    /// What was said, as it was said.
    pub text: String,
}

impl PromptMessage {
    /// A message of this role.
    #[must_use]
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self {
            role,
            text: text.into(),
        }
    }
}

/// Everything a language model is told in one turn (A12).
///
/// *Tenancy*: holds data of the turn's company only. The default is empty: there is nothing to tell, and a language model
/// refuses to answer it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// Which template in which version made it (`product/3`), kept with the turn.
    pub version: String,
    /// Rules, facts of the catalogue, what is known and what to do next.
    pub system: String,
    /// The window of the conversation, oldest first; the burst to answer is last.
    pub messages: Vec<PromptMessage>,
}

impl Prompt {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.system.is_empty() && self.messages.is_empty()
    }
}

/// Writes the prompt of a turn, for models that read one (A12).
pub trait PromptWriter: Send + Sync {
    /// The prompt: facts of the catalogue, what is known, what to do next, then `window` and the burst.
    ///
    /// - `window` is what was said before the burst, oldest first, already cut to what may be told (A2: context, not facts).
    /// - Deterministic: the same turn, plan and window give the same prompt.
    ///
    /// # Errors
    /// `Internal` when a template cannot be rendered.
    fn write(&self, input: &TurnInput, plan: &Plan, window: &[PromptMessage]) -> Result<Prompt>;
}

/// The stored messages before the burst as a window, for callers without a chat memory.
///
/// ```
/// # use x8_assistant::prompt::{Role, window};
/// # use x8_core::{conversation::{Author, Delivery, Flow, Message, MessageType}, id::{ConversationId, MessageId}, order::PaymentStatus};
/// # let said = |flow, text: &str| Message { id: MessageId(1), conversation: ConversationId(1), flow, author: Author::Customer,
/// #     kind: MessageType::Type1, payment_status: PaymentStatus::NoPaymentLink, text: text.into(), image: None, provider_id: None,
/// #     at: jiff::Timestamp::UNIX_EPOCH, delivery: Delivery::Received, problem: None, turn: None };
/// // `said` (hidden here) fills a stored message.
/// let window = window(&[said(Flow::Inbound, "Hello"), said(Flow::Outbound, "Good day!"), said(Flow::Inbound, " ")]);
/// let roles: Vec<Role> = window.iter().map(|message| message.role).collect();
/// assert_eq!(roles, [Role::User, Role::Assistant], "media without words say nothing");
/// ```
#[must_use]
pub fn window(history: &[Message]) -> Vec<PromptMessage> {
    let spoken = history.iter().filter(|one| !one.text.trim().is_empty());
    let message = |one: &Message| PromptMessage::new(role(one.flow), &*one.text);
    spoken.map(message).collect()
}

fn role(flow: Flow) -> Role {
    match flow {
        Flow::Inbound => Role::User,
        Flow::Outbound => Role::Assistant,
    }
}
