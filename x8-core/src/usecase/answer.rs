//! Answer: one turn for the pending messages of a conversation (A1, A11).

use super::{Engine, checkout::Placement, hold, limits, moves};
use crate::{
    behaviour::Scenario,
    conversation::{Author, Message, MessageType, Outgoing, Session},
    error::{Error, Result},
    id::{ChannelId, ConversationId, TurnId},
    order::{OrderEvent, PaymentStatus},
    plan::standing,
    port::{
        Answer, Changes, Claim, ConversationUpdate, Decision, Draft, Job, TurnInput, TurnRecord,
        TurnState,
    },
    tenant::{Company, CompanyStatus, Tenant},
};

impl Engine {
    /// The [`Answer`](crate::port::JobKind::Answer) job.
    pub(super) async fn answer(
        &self,
        job: &Job,
        tenant: Tenant,
        conversation: ConversationId,
    ) -> Result<()> {
        match self
            .take_turn(tenant, conversation, Some(job.claim))
            .await?
        {
            Some(_) => Ok(()),
            None => self.done(job).await,
        }
    }

    /// Computes and commits one turn; `None` when there is nothing to answer or nobody may answer.
    ///
    /// *Idempotency*: the commit demands the conversation version the turn was computed from, so of two workers one wins
    /// and the other finds nothing pending.
    pub(super) async fn take_turn(
        &self,
        tenant: Tenant,
        conversation: ConversationId,
        finish: Option<Claim>,
    ) -> Result<Option<Answer>> {
        let company = self.store.company_for_work(tenant.company()).await?;
        let state = self
            .store
            .turn_state(tenant, conversation, self.policy.history)
            .await?;
        if state.pending.is_empty()
            || state.conversation.taken_over
            || !self
                .may_answer(&company, state.conversation.channel)
                .await?
        {
            return Ok(None);
        }
        let input = self.turn_input(company, &state).await?;
        let answer = self.assistant.answer(&input).await?;
        let mut changes = Changes::at(self.clock.now());
        changes.finish = finish;
        self.plan(&mut changes, &input, &state, &answer).await?;
        self.store.commit(tenant, changes).await?;
        self.assistant.remember(&input, &answer).await;
        Ok(Some(answer))
    }

    /// T5, E1 and E3: only active companies of users in good standing answer, on the channels that their plan covers.
    pub(super) async fn may_answer(&self, company: &Company, channel: ChannelId) -> Result<bool> {
        let owner = self.store.user(company.owner).await?;
        let subscription = self.store.subscription(owner.id).await?;
        let stands = standing(owner.trial_ends_at, subscription.as_ref(), self.clock.now());
        let may_work =
            company.status == CompanyStatus::Active && owner.is_active && stands.may_work().is_ok();
        if !may_work {
            return Ok(false);
        }
        match subscription {
            Some(bought) => Ok(!self.is_surplus(&owner, &bought, channel).await?),
            None => Ok(true),
        }
    }

    async fn turn_input(&self, company: Company, state: &TurnState) -> Result<TurnInput> {
        let tenant = company.tenant();
        let conversation = &state.conversation;
        let channel = self.store.channel(tenant, conversation.channel).await?;
        let payment_status = Self::status_of(state.order.as_ref());
        let scenario = Scenario::of(&state.history, &conversation.session, payment_status);
        let behaviours = self.behaviours(tenant).await?;
        Ok(TurnInput {
            turn: TurnId(self.ids.next()),
            conversation: conversation.id,
            platform: conversation.platform,
            sender: conversation.sender.clone(),
            token: conversation.address.clone(),
            instance_id: channel.session.clone(),
            burst: state.pending.clone(),
            history: state.history.clone(),
            session: conversation.session.clone(),
            catalog: self.store.live_catalog(tenant).await?,
            order: state.order.clone(),
            payment_status,
            behaviour: behaviours.merged(Some(channel.id), Some(scenario)),
            now: self.clock.now(),
            limits: self.limits(&company, state).await?,
            company,
        })
    }

    /// Everything a turn changes: thread, record, reply, and what it decided about the order.
    async fn plan(
        &self,
        changes: &mut Changes,
        input: &TurnInput,
        state: &TurnState,
        answer: &Answer,
    ) -> Result<()> {
        let reply = reply_message(input, state, answer);
        changes.turn = Some(record(changes, input, answer)?);
        limits::watch(changes, input, answer)?;
        if answer.held {
            hold::hold(changes, state, reply);
            return Ok(());
        }
        let mut session = Session {
            held: None,
            ..answer.session.clone()
        };
        match &answer.decision {
            Decision::Inform => changes.messages.push(reply),
            Decision::ChooseTime(starts_at) => {
                let chosen = self.choose_time(changes, input, state, *starts_at).await?;
                // The choice is confirmed before the booking is told; what is gone is not confirmed.
                let text = match chosen {
                    Placement::Placed => reply.text.clone(),
                    Placement::NoSlot(notice) => notice,
                };
                changes.messages.insert(0, Outgoing { text, ..reply });
            }
            Decision::DeclineTimes => {
                changes.messages.push(reply);
                self.decline_times(changes, &input.company, state)?;
            }
            Decision::Cancel => {
                changes.messages.push(reply);
                cancel_open(changes, input, state)?;
            }
            Decision::Checkout(draft) => match self.place(changes, input, state, draft).await? {
                Placement::Placed => changes.messages.push(reply),
                // The sentence about the order would be untrue: the system says what is.
                Placement::NoSlot(notice) => {
                    changes.messages.push(Outgoing {
                        text: notice,
                        ..reply
                    });
                    not_ordered(&mut session, draft, &input.session);
                }
            },
        }
        changes.conversation = Some(ConversationUpdate {
            id: state.conversation.id,
            expected_version: state.conversation.version,
            session,
            answered_through: state
                .pending
                .iter()
                .map(|message: &Message| message.id)
                .max(),
            taken_over: None,
        });
        Ok(())
    }
}

/// Everything the turn was computed from and came to.
fn record(changes: &Changes, input: &TurnInput, answer: &Answer) -> Result<TurnRecord> {
    let whole =
        serde_json::to_value(answer).map_err(|error| Error::internal("turn.record", error))?;
    Ok(TurnRecord {
        id: input.turn,
        conversation: input.conversation,
        catalog: Some(input.catalog.id),
        catalog_version: input.catalog.version,
        input: Some(Box::new(input.clone())),
        tries: answer.tries.clone(),
        answer: Some(whole),
        model_output: answer.model_output.clone(),
        reply: answer.reply.clone(),
        findings: answer.findings.clone(),
        at: changes.at,
    })
}

/// The customer called the open order off.
fn cancel_open(changes: &mut Changes, input: &TurnInput, state: &TurnState) -> Result<()> {
    if let Some(mut order) = state.order.clone().filter(|order| order.state.is_open()) {
        moves::advance(
            changes,
            &mut order,
            OrderEvent::Cancelled,
            input.company.settings.late_payment,
        )?;
        moves::write(changes, &order);
    }
    Ok(())
}

/// The assistant thought the order placed. What was wanted is remembered; the time that cannot be had is not.
fn not_ordered(session: &mut Session, draft: &Draft, before: &Session) {
    session.cart.clone_from(&draft.cart);
    session.order_done = false;
    // The words that held the policy were not sent either (G13).
    session.policy_sent = before.policy_sent;
    session.wished_start = None;
}

fn reply_message(input: &TurnInput, state: &TurnState, answer: &Answer) -> Outgoing {
    // C3: a reply that leads to a link is itself only informational; the link's own message is the request.
    let payment_status = match answer.decision {
        Decision::Checkout(_) | Decision::Cancel => PaymentStatus::NoPaymentLink,
        Decision::Inform | Decision::ChooseTime(_) | Decision::DeclineTimes => input.payment_status,
    };
    Outgoing {
        conversation: state.conversation.id,
        author: Author::Assistant,
        kind: MessageType::Type1,
        payment_status,
        text: answer.text.clone(),
        image: answer.image.clone(),
        turn: Some(input.turn),
        fence: Some(state.conversation.fence),
    }
}
