//! The turn pipeline: understand → plan → model → guard → answer (A11).
//!
//! Given the same [`TurnInput`] and the same model output, a turn yields the same [`Answer`]: nothing here reads a clock,
//! a random number or a store.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use serde_json::json;
use x8_core::{
    Error, Result,
    conversation::{Flow, Session},
    port::{Answer, Assistant, Decision, Draft, TurnInput},
};

use crate::{
    agenda::{Plan, hear, plan},
    contract::{Addressee, Reply},
    guard::{CheckedOrder, Guard, Verdict},
    guided::GuidedModel,
    model::{ChatModel, ModelRequest},
    phrases::Phrases,
    policy,
    prompt::{self, Prompt, PromptWriter},
};

mod context;
mod shelf;

/// An [`Assistant`] made of a model, the guard, and the guided model to fall back on.
pub struct TurnPipeline {
    model: Arc<dyn ChatModel>,
    prompts: Option<Arc<dyn PromptWriter>>,
    guided: GuidedModel,
    phrases: Arc<Phrases>,
    shelf: shelf::Shelf,
}

impl fmt::Debug for TurnPipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TurnPipeline")
            .field("model", &self.model.name())
            .finish_non_exhaustive()
    }
}

/// One model output that was accepted, with what the guard made of it.
struct Accepted {
    reply: Reply,
    verdict: Verdict,
    output: String,
    /// Every try of this turn, for the record.
    tries: Vec<serde_json::Value>,
}

impl TurnPipeline {
    /// A pipeline around a model.
    #[must_use]
    pub fn new(model: Arc<dyn ChatModel>, phrases: Arc<Phrases>) -> Self {
        Self {
            model,
            prompts: None,
            guided: GuidedModel::new(Arc::clone(&phrases)),
            phrases,
            shelf: shelf::Shelf::new(),
        }
    }

    /// A pipeline that needs no language model.
    #[must_use]
    pub fn guided(phrases: Arc<Phrases>) -> Self {
        Self::new(Arc::new(GuidedModel::new(Arc::clone(&phrases))), phrases)
    }

    /// Gives the model a prompt.
    #[must_use]
    pub fn with_prompts(mut self, prompts: Arc<dyn PromptWriter>) -> Self {
        self.prompts = Some(prompts);
        self
    }

    /// The model, one repair attempt, then the guided model; `None` when even that was refused.
    async fn propose(
        &self,
        input: &TurnInput,
        plan: &Plan,
    ) -> Result<(Option<Accepted>, Vec<serde_json::Value>)> {
        let mut tries = Vec::new();
        let prompt = self.prompt(input, plan, &mut tries);
        let first = if prompt.is_some() { 0 } else { 2 };
        let prompt = prompt.unwrap_or_default();
        let guard = Guard::new(Arc::clone(&input.catalog));
        let context = context::of(input, plan);
        let mut repair: Option<String> = None;
        for attempt in first..3 {
            let request = ModelRequest {
                input,
                plan,
                prompt: &prompt,
                repair: repair.as_deref(),
            };
            let model: &dyn ChatModel = if attempt < 2 {
                self.model.as_ref()
            } else {
                &self.guided
            };
            let output = match model.complete(&request).await {
                Ok(output) => output,
                Err(error) => {
                    tries.push(json!({ "model": model.name(), "error": error.to_string() }));
                    repair = None;
                    continue;
                }
            };
            let verdict = guard.check(&output.text, &context);
            tries.push(json!({
                "model": model.name(),
                "findings": verdict.findings,
                "refused": verdict.refused(),
                "usage": output.usage,
            }));
            if let Some(reply) = verdict.reply.clone() {
                return Ok((
                    Some(Accepted {
                        reply,
                        verdict,
                        output: output.text,
                        tries: tries.clone(),
                    }),
                    tries,
                ));
            }
            repair = Some(serde_json::to_string(&verdict.findings).unwrap_or_default());
        }
        Ok((None, tries))
    }

    /// The prompt, empty without a writer; `None` when it cannot be written: then the model would know nothing, and the
    /// guided one needs none.
    fn prompt(
        &self,
        input: &TurnInput,
        plan: &Plan,
        tries: &mut Vec<serde_json::Value>,
    ) -> Option<Prompt> {
        let Some(prompts) = &self.prompts else {
            return Some(Prompt::default());
        };
        let written = prompts.write(input, plan, &prompt::window(&input.history));
        let failed = |error: &Error| tries.push(json!({ "prompt": error.to_string() }));
        written.inspect_err(failed).ok()
    }

    /// A11: a safe line in the customer's language; nothing is remembered as asked or sold.
    fn holding(
        &self,
        input: &TurnInput,
        plan: &Plan,
        tries: &[serde_json::Value],
    ) -> Result<Answer> {
        let language = plan.session.language.as_deref().unwrap_or("en");
        let text = self.phrases.render(language, "holding", &json!({}))?;
        let addressee = Addressee {
            sender: input.sender.value.clone(),
            token: input.token.clone(),
            instance_id: input.instance_id.clone(),
        };
        let reply = Reply::informational(text.clone(), addressee, language);
        Ok(Answer {
            text,
            image: None,
            decision: Decision::Inform,
            session: Session {
                asked: input.session.asked,
                ..plan.session.clone()
            },
            reply: to_json(&reply)?,
            held: true,
            model_output: String::new(),
            findings: json!({ "tries": tries }),
        })
    }
}

#[async_trait]
impl Assistant for TurnPipeline {
    async fn answer(&self, input: &TurnInput) -> Result<Answer> {
        let lexicon = self.shelf.lexicon(&input.catalog);
        let heard = hear(input, &lexicon);
        let plan = plan(input, &lexicon, &heard);
        let told = TurnInput {
            session: plan.session.clone(),
            ..input.clone()
        };
        let (accepted, tries) = self.propose(&told, &plan).await?;
        match accepted {
            Some(accepted) => answer(&told, &plan, accepted),
            None => self.holding(input, &plan, &tries),
        }
    }
}

fn answer(input: &TurnInput, plan: &Plan, accepted: Accepted) -> Result<Answer> {
    let Accepted {
        mut reply,
        verdict,
        output,
        tries,
    } = accepted;
    let image = Some(reply.imageurl.clone()).filter(|url| !url.is_empty());
    let mut session = plan.session.clone();
    if let Some(url) = &image {
        let rows = input.catalog.offerings().iter();
        let shown = rows
            .filter(|row| row.media.image.as_ref() == Some(url))
            .map(|row| row.sku.clone());
        session.shown_images.extend(shown);
    }
    policy::add(input, &mut session, &mut reply.response);
    let decision = match verdict.order {
        Some(order) => Decision::Checkout(close(&mut session, order, reply.remind)),
        None if plan.cancel => Decision::Cancel,
        None => Decision::Inform,
    };
    Ok(Answer {
        text: reply.response.clone(),
        image,
        decision,
        session,
        reply: to_json(&reply)?,
        held: false,
        model_output: output,
        findings: json!({ "findings": verdict.findings, "tries": tries }),
    })
}

/// Empties the cart into a draft; name, phone and city stay for the next order.
fn close(session: &mut Session, order: CheckedOrder, remind: bool) -> Draft {
    session.cart.clear();
    session.asked = None;
    session.focus = None;
    session.order_done = true;
    session.refused_city = None;
    session.name = Some(order.client_name.clone());
    session.phone = Some(order.recipient_phone.clone());
    Draft {
        cart: order.cart,
        area: order.area,
        client_name: order.client_name,
        recipient_phone: order.recipient_phone,
        wished_start: session.wished_start.take(),
        language: session.language.clone().unwrap_or_else(|| "en".to_owned()),
        remind: remind && !session.no_reminders,
    }
}

fn to_json(reply: &Reply) -> Result<serde_json::Value> {
    serde_json::to_value(reply).map_err(|error| Error::internal("turn.reply", error))
}

/// Whether anything was said to this customer before.
fn is_first(input: &TurnInput) -> bool {
    !input
        .history
        .iter()
        .any(|message| message.flow == Flow::Outbound)
}
