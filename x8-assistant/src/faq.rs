//! The FAQ bot: answers questions about the platform itself, from its own knowledge base and nothing else (A13).
//!
//! Without a language model it finds the entry that fits and answers with it. With one, the model words the answer from the
//! entries that fit, and the same guard as in a turn judges it; on top of that, every figure of the answer must stand in
//! those entries. Whatever fails falls back on the entry itself. It has no catalogue of anybody, and takes no orders.

use std::{collections::BTreeSet, fmt, sync::Arc};

use serde_json::json;
use x8_core::{Result, catalog::Catalog, conversation::Session, port::TurnInput};

use crate::{
    agenda::{Plan, Say},
    contract::{self, language_name},
    guard::{Context, Guard},
    model::{ChatModel, ModelRequest},
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
        }
    }

    /// Answers in the model's words when there is a model and its answer passes, else as [`find`](Self::find) does.
    ///
    /// The deadline is the caller's: dropping the future ends the model's call.
    pub async fn answer(&self, question: &str, last: Option<&str>) -> FaqAnswer {
        let found = self.find(question, last);
        let entries = self.knowledge.find(&found.language, question);
        let Some(model) = self.model.as_ref().filter(|_| !entries.is_empty()) else {
            return found;
        };
        let entries = entries.get(..MOST_ENTRIES).unwrap_or(&entries);
        match self
            .word(model.as_ref(), question, &found.language, entries)
            .await
        {
            Some(text) => FaqAnswer {
                text,
                sources: entries.iter().map(|entry| entry.id.clone()).collect(),
                worded: true,
                ..found
            },
            None => found,
        }
    }

    /// One answer of the model, judged; `None` when it fails or nothing of it may be said.
    async fn word(
        &self,
        model: &dyn ChatModel,
        question: &str,
        language: &str,
        entries: &[&Entry],
    ) -> Option<String> {
        let prompt = self.prompt(question, language, entries).ok()?;
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
        let output = model.complete(&request).await.ok()?;
        let (claims, _mends) = contract::parse(&output.text).ok()?;
        // Only the words count: whatever else a model claims, nothing is ordered here.
        let words = json!({ "response": claims.response }).to_string();
        let context = Context {
            language: Some(language.to_owned()),
            customer_text: question.to_owned(),
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

/// Every figure of a text: digits with their marks, `9,99` as `9.99`.
fn figures(text: &str) -> BTreeSet<String> {
    let digits = |c: char| c.is_numeric() || c == '.' || c == ',';
    let runs = text.split(|c| !digits(c));
    let runs = runs.map(|run| run.trim_matches(['.', ',']).replace(',', "."));
    runs.filter(|run| run.contains(char::is_numeric)).collect()
}
