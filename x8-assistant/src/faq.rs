//! The FAQ bot: answers questions about the platform itself, from its own knowledge base and nothing else (A13).
//!
//! Without a language model it finds the entry that fits and answers with it. With one, the model words the answer from the
//! entries that fit, and the same guard as in a turn judges it; on top of that, every figure of the answer must stand in
//! those entries. Whatever fails falls back on the entry itself. It has no catalogue of anybody, and takes no orders.

use std::{collections::BTreeSet, fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use serde_json::json;
use x8_core::{
    Result,
    catalog::Catalog,
    conversation::Session,
    port::TurnInput,
    turn::{Call, Prices, Purpose, Tokens},
};

use crate::{
    agenda::{Plan, Say},
    contract::{self, language_name},
    guard::{Context, Guard},
    model::{ChatModel, ModelOutput, ModelRequest},
    pipeline::{Countdown, Timer},
    prompt::{
        Prompt, PromptMessage, Role,
        library::{self, Library},
        quote::{quoted, spoken},
    },
    understand::{Lexicon, understand},
};

mod knowledge;
mod turn;

pub use knowledge::{Entry, Knowledge, Text};

/// Entries that a model is given.
const MOST_ENTRIES: usize = 5;
/// Characters of an answer, for a small chat window.
const ROOM: usize = 900;

/// Answers questions from a knowledge base. Cheap to share behind an `Arc`; keeps nothing of what it is asked.
pub struct FaqBot {
    knowledge: Knowledge,
    library: Library,
    lexicon: Lexicon,
    model: Option<Arc<dyn ChatModel>>,
}

impl fmt::Debug for FaqBot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaqBot")
            .field("model", &self.model_name())
            .finish_non_exhaustive()
    }
}

/// What the bot says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaqAnswer {
    /// The words.
    pub text: String,
    /// Their language, a code; to be given back with the next question (A5).
    pub language: String,
    /// The entries they come from, best first; none: there was no answer.
    pub sources: Vec<String>,
    /// Whether a language model worded them.
    pub worded: bool,
    /// The call of the model, when one was made: to be counted.
    pub call: Option<Asked>,
}

/// What a call of the model took, whatever came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who was asked, by its own name.
    pub model: String,
    /// Why there was no answer.
    pub error: Option<String>,
    /// Tokens, when the model says so.
    pub tokens: Option<Tokens>,
}

impl Asked {
    fn failed(model: &dyn ChatModel, why: impl Into<String>) -> Self {
        Self {
            model: model.name().to_owned(),
            error: Some(why.into()),
            tokens: None,
        }
    }

    fn answered(model: &dyn ChatModel, output: &ModelOutput) -> Self {
        let own = Some(output.model.clone()).filter(|name| !name.is_empty());
        Self {
            model: own.unwrap_or_else(|| model.name().to_owned()),
            error: None,
            tokens: output.usage.map(Into::into),
        }
    }

    /// As it is kept in a company's account.
    #[must_use]
    pub fn charged(self, prices: &Prices, at: Timestamp) -> Call {
        let price = prices.of(&self.model);
        Call {
            purpose: Purpose::Faq,
            cost: self.tokens.map_or(0, |tokens| price.of(tokens)),
            model: self.model,
            error: self.error,
            tokens: self.tokens,
            at,
        }
    }
}

impl FaqBot {
    /// A bot over a knowledge base, with a language model or without.
    ///
    /// # Errors
    /// `Internal` when the prompt does not compile; a test makes sure that it does.
    pub fn new(knowledge: Knowledge, model: Option<Arc<dyn ChatModel>>) -> Result<Self> {
        Ok(Self {
            knowledge,
            library: Library::new()?,
            lexicon: Lexicon::new(&Catalog::detached(Vec::new())),
            model,
        })
    }

    /// The knowledge base.
    #[must_use]
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// The language model's name, when there is one.
    #[must_use]
    pub fn model_name(&self) -> Option<&str> {
        self.model.as_ref().map(|model| model.name())
    }

    /// Answers at once, with the entry that fits best. `last` is the language of the answer before (A5).
    ///
    /// ```
    /// use x8_assistant::faq::{FaqBot, Knowledge};
    /// let bot = FaqBot::new(Knowledge::shipped()?, None)?;
    /// assert!(bot.find("How long is the trial?", None).text.contains("7 days"));
    /// assert!(bot.find("¿cuánto dura la prueba?", None).text.contains("7 días"));
    /// assert!(bot.find("Who won the football match?", None).sources.is_empty());
    /// # Ok::<(), x8_core::Error>(())
    /// ```
    #[must_use]
    pub fn find(&self, question: &str, last: Option<&str>) -> FaqAnswer {
        let language = self.language(question, last);
        let sources: Vec<&Entry> = self.knowledge.find(&language, question);
        let best = sources.first().and_then(|entry| entry.text(&language));
        let text = best.map_or_else(
            || self.knowledge.unknown(&language).to_owned(),
            |text| text.answer.clone(),
        );
        FaqAnswer {
            text,
            sources: sources.iter().take(1).map(|one| one.id.clone()).collect(),
            language,
            worded: false,
            call: None,
        }
    }

    /// Answers in the model's words when there is a model and its answer passes within `patience`, else as
    /// [`find`](Self::find) does. Without a timer the patience is the model's own.
    ///
    /// Whoever pays for the model asks before whether it may be called, and counts [`FaqAnswer::call`] after.
    pub async fn answer(
        &self,
        question: &str,
        last: Option<&str>,
        patience: Option<(&dyn Timer, Duration)>,
    ) -> FaqAnswer {
        let found = self.find(question, last);
        let entries = self.knowledge.find(&found.language, question);
        let Some(model) = self.model.as_ref().filter(|_| !entries.is_empty()) else {
            return found;
        };
        let entries = entries.get(..MOST_ENTRIES).unwrap_or(&entries);
        let asked = self.word(model.as_ref(), question, &found.language, entries);
        let asked = match patience {
            Some((timer, patience)) => Countdown::start(timer, patience).run(asked, None).await,
            None => Some(asked.await),
        };
        let late = || Worded::nothing(Asked::failed(model.as_ref(), "no answer in time"));
        let Worded { text, call } = asked.unwrap_or_else(late);
        let Some(text) = text else {
            return FaqAnswer { call, ..found };
        };
        FaqAnswer {
            text,
            sources: entries.iter().map(|entry| entry.id.clone()).collect(),
            worded: true,
            call,
            ..found
        }
    }

    /// One answer of the model, judged; no text when it fails or nothing of it may be said.
    async fn word(
        &self,
        model: &dyn ChatModel,
        question: &str,
        language: &str,
        entries: &[&Entry],
    ) -> Worded {
        let Ok(prompt) = self.prompt(question, language, entries) else {
            return Worded::default();
        };
        let input: TurnInput =
            turn::of(question, language, knowledge::rows(language, entries, true));
        let plan = Plan {
            noted: false,
            session: input.session.clone(),
            says: vec![Say::Closing],
            cancel: false,
            time: None,
        };
        let request = ModelRequest {
            input: &input,
            plan: &plan,
            prompt: &prompt,
            repair: None,
        };
        match model.complete(&request).await {
            Ok(output) => Worded {
                text: Self::judged(&output, &input, language, entries),
                call: Some(Asked::answered(model, &output)),
            },
            Err(error) => Worded::nothing(Asked::failed(model, error.to_string())),
        }
    }

    fn judged(
        output: &ModelOutput,
        input: &TurnInput,
        language: &str,
        entries: &[&Entry],
    ) -> Option<String> {
        let (claims, _mends) = contract::parse(&output.text).ok()?;
        // Only the words count: whatever else a model claims, nothing is ordered here.
        let words = json!({ "response": claims.response }).to_string();
        let context = Context {
            language: Some(language.to_owned()),
            customer_text: input.customer_text(),
            ..Context::default()
        };
        let verdict = Guard::new(Arc::clone(&input.catalog)).check(&words, &context);
        // What had to be mended is not worth sending: the entry says it better.
        let reply = verdict.reply.filter(|_| verdict.findings.is_empty())?;
        let known = entries.iter().filter_map(|entry| entry.text(language));
        let known: BTreeSet<String> = known
            .flat_map(|text| figures(&format!("{} {}", text.question, text.answer)))
            .collect();
        figures(&reply.response)
            .is_subset(&known)
            .then_some(reply.response)
    }

    fn prompt(&self, question: &str, language: &str, entries: &[&Entry]) -> Result<Prompt> {
        let texts = entries.iter().filter_map(|entry| entry.text(language));
        let text = |text: &Text| json!({ "question": quoted(&text.question, 300), "answer": quoted(&text.answer, 1_000) });
        let values = json!({
            "company": "x8",
            "language": language_name(language),
            "room": ROOM,
            "entries": texts.map(text).collect::<Vec<_>>(),
        });
        Ok(Prompt {
            version: library::version("faq"),
            system: self.library.render("faq", &values)?,
            messages: vec![PromptMessage::new(Role::User, spoken(question))],
        })
    }

    /// A5, among the languages the knowledge base has; English for all others.
    fn language(&self, question: &str, last: Option<&str>) -> String {
        let session = Session {
            language: last.map(str::to_owned),
            ..Session::default()
        };
        let now = jiff::civil::DateTime::ZERO;
        let heard = understand(question, &session, &self.lexicon, now).language;
        let wanted = heard.or(last).unwrap_or("en");
        let known = self.knowledge.languages();
        if known.contains(&wanted) {
            wanted
        } else {
            "en"
        }
        .to_owned()
    }
}

/// What came of asking a model.
#[derive(Default)]
struct Worded {
    text: Option<String>,
    call: Option<Asked>,
}

impl Worded {
    fn nothing(call: Asked) -> Self {
        Self {
            text: None,
            call: Some(call),
        }
    }
}

/// Every figure of a text: digits with their marks, `9,99` as `9.99`.
fn figures(text: &str) -> BTreeSet<String> {
    let digits = |c: char| c.is_numeric() || c == '.' || c == ',';
    let runs = text.split(|c| !digits(c));
    let runs = runs.map(|run| run.trim_matches(['.', ',']).replace(',', "."));
    runs.filter(|run| run.contains(char::is_numeric)).collect()
}
