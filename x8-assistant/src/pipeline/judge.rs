//! Judging tries: the first that the guard lets through is the answer.

use std::slice::Iter;

use serde_json::{Value, json};
use x8_core::{port::TurnInput, turn::Try};

use super::{ask::Live, context};
use crate::{
    agenda::Plan,
    contract::Reply,
    guard::{Guard, Verdict},
};

/// Where tries come from.
pub(super) enum Source<'a> {
    /// Models.
    Live(Live<'a>),
    /// The record of a turn.
    Stored(Iter<'a, Try>),
}

impl Source<'_> {
    async fn next(&mut self, repair: Option<&str>) -> Option<Try> {
        match self {
            Self::Live(live) => live.next(repair).await,
            Self::Stored(tries) => tries.next().cloned(),
        }
    }
}

/// An output that was let through, with what the guard made of it.
pub(super) struct Accepted {
    pub(super) reply: Reply,
    pub(super) verdict: Verdict,
    pub(super) output: String,
    pub(super) model: String,
}

/// Every try of a turn, and what is noted of it.
#[derive(Default)]
pub(super) struct Tried {
    pub(super) tries: Vec<Try>,
    pub(super) notes: Vec<Value>,
}

/// What came of all tries; nothing accepted: nothing better than a holding line can be said.
pub(super) struct Judged {
    pub(super) accepted: Option<Accepted>,
    pub(super) tried: Tried,
}

/// Checks tries one after another until one is let through.
pub(super) async fn judge(
    guard: &Guard,
    input: &TurnInput,
    plan: &Plan,
    mut source: Source<'_>,
) -> Judged {
    let context = context::of(input, plan);
    let mut tried = Tried::default();
    let mut repair: Option<String> = None;
    while let Some(one) = source.next(repair.as_deref()).await {
        let output = match &one.said {
            Ok(output) => output.clone(),
            Err(error) => {
                tried
                    .notes
                    .push(json!({ "model": one.model, "error": error }));
                tried.tries.push(one);
                repair = None;
                continue;
            }
        };
        let verdict = guard.check(&output, &context);
        tried.notes.push(json!({
            "model": one.model,
            "findings": verdict.findings,
            "refused": verdict.refused(),
            "usage": one.tokens,
        }));
        let model = one.model.clone();
        tried.tries.push(one);
        if let Some(reply) = verdict.reply.clone() {
            let accepted = Accepted {
                reply,
                verdict,
                output,
                model,
            };
            return Judged {
                accepted: Some(accepted),
                tried,
            };
        }
        repair = Some(serde_json::to_string(&verdict.findings).unwrap_or_default());
    }
    Judged {
        accepted: None,
        tried,
    }
}
