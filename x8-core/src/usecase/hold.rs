//! Hold: the customer is told to wait, a human is called, and the messages stay to be answered (A11).
//!
//! A held turn leaves its messages unanswered and comes again by itself after 1, 5 and 15 minutes; whatever the customer
//! writes meanwhile is answered together with them at once. Nobody hears the same holding line twice: only messages that
//! came since bring another one. When the last try was held too, the messages count as answered and are a human's.

use jiff::SignedDuration;

use super::Engine;
use crate::{
    conversation::{Author, Held, MessageType, Outgoing, Session},
    error::{Error, ErrorKind, Result},
    id::{ConversationId, MessageId},
    port::{Alert, Changes, ConversationUpdate, Job, JobKind, NewJob, Notice, TurnState},
    tenant::{Company, Tenant},
};

/// When held messages are tried again, after the first, second, third held turn.
const AGAIN: [SignedDuration; 3] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(15),
];

/// An answer that failed this often, or is to be tried only after so long, keeps the customer waiting too long.
const PATIENCE: (u32, SignedDuration) = (4, SignedDuration::from_secs(8));

impl Engine {
    /// The [`AnswerHeld`](JobKind::AnswerHeld) job.
    pub(super) async fn answer_held(
        &self,
        job: &Job,
        tenant: Tenant,
        id: ConversationId,
    ) -> Result<()> {
        let conversation = self.store.conversation(tenant, id).await?;
        if conversation.session.held.is_none() {
            return self.done(job).await;
        }
        self.answer(job, tenant, id).await
    }

    /// An answer failed with an error and waits for its next try, or has none: who waits too long hears so, once.
    ///
    /// *Idempotency*: what was said is remembered in the conversation.
    pub(super) async fn still_thinking(
        &self,
        job: &Job,
        wait: Option<SignedDuration>,
        error: &Error,
    ) -> Result<()> {
        let (JobKind::Answer { conversation } | JobKind::AnswerHeld { conversation }, Some(tenant)) =
            (&job.kind, job.tenant)
        else {
            return Ok(());
        };
        let (tries, longest) = PATIENCE;
        // Who lost a race is tried again within moments.
        let patient = job.attempts < tries || error.kind() == ErrorKind::Conflict;
        if patient && wait.is_some_and(|wait| wait <= longest) {
            return Ok(());
        }
        let state = match self.store.turn_state(tenant, *conversation, 0).await {
            Err(gone) if gone.kind() == ErrorKind::NotFound => return Ok(()),
            found => found?,
        };
        let company = self.store.company_for_work(tenant.company()).await?;
        let Some(through) = newest(&state).filter(|through| is_news(&state, *through)) else {
            return Ok(());
        };
        let channel = state.conversation.channel;
        if state.conversation.taken_over || !self.may_answer(&company, channel).await? {
            return Ok(());
        }
        let mut changes = self.hold_on(&company, &state, through);
        changes.alerts.push(alert(
            "answer_late",
            format!(
                "conversation {conversation} waits for an answer: {}; a holding line was sent",
                error.public()
            ),
        ));
        match self.store.commit(tenant, changes).await {
            // Somebody has just answered.
            Err(late) if late.kind() == ErrorKind::Conflict => Ok(()),
            done => done.map(drop),
        }
    }

    /// The system's own holding line.
    fn hold_on(&self, company: &Company, state: &TurnState, through: MessageId) -> Changes {
        let session = &state.conversation.session;
        let language = session.language.as_deref().unwrap_or("en");
        let zone = &company.settings.time_zone;
        let mut changes = Changes::at(self.clock.now());
        changes.messages.push(Outgoing {
            conversation: state.conversation.id,
            author: Author::System,
            kind: MessageType::Type1,
            payment_status: Self::status_of(state.order.as_ref()),
            text: self.notices.write(language, zone, &Notice::Holding),
            image: None,
            turn: None,
            fence: Some(state.conversation.fence),
        });
        let turns = session.held.map_or(0, |held| held.turns);
        changes.conversation = Some(waiting(state, Some(Held { turns, through })));
        changes
    }
}

/// What a held turn changes besides its record; `line` is its holding line.
pub(super) fn hold(changes: &mut Changes, state: &TurnState, line: Outgoing) {
    let Some(through) = newest(state) else { return };
    let id = state.conversation.id;
    let turns = 1 + state.conversation.session.held.map_or(0, |held| held.turns);
    let wait = usize::try_from(turns - 1)
        .ok()
        .and_then(|turn| AGAIN.get(turn));
    if is_news(state, through) {
        changes.messages.push(line);
        changes.alerts.push(alert(
            "model_failing",
            format!(
                "no model could answer conversation {id}; a holding line was sent, and it is tried again"
            ),
        ));
    }
    if let Some(wait) = wait {
        let kind = JobKind::AnswerHeld { conversation: id };
        let at = changes.at.checked_add(*wait).unwrap_or(changes.at);
        // Its own key and no lane: it must not hold up the answer to a newer message.
        changes.jobs.push(NewJob::new(kind, at));
    } else {
        changes.alerts.push(alert(
            "answer_failed",
            format!("no model could answer conversation {id} in {turns} turns; answer by hand"),
        ));
    }
    // Nothing is remembered: the same words are read again, and must not count twice.
    let held = wait.map(|_| Held { turns, through });
    changes.conversation = Some(ConversationUpdate {
        answered_through: wait.is_none().then_some(through),
        ..waiting(state, held)
    });
}

/// The thread as it stands, with what was held.
fn waiting(state: &TurnState, held: Option<Held>) -> ConversationUpdate {
    ConversationUpdate {
        id: state.conversation.id,
        expected_version: state.conversation.version,
        session: Session {
            held,
            ..state.conversation.session.clone()
        },
        answered_through: None,
        taken_over: None,
    }
}

fn alert(code: &'static str, message: String) -> Alert {
    Alert {
        code,
        order: None,
        message,
    }
}

/// The last message that waits.
fn newest(state: &TurnState) -> Option<MessageId> {
    state.pending.iter().map(|message| message.id).max()
}

/// Whether no holding line has spoken of it yet.
fn is_news(state: &TurnState, through: MessageId) -> bool {
    let held = state.conversation.session.held;
    held.is_none_or(|held| held.through < through)
}
