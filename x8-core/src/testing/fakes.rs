//! Ports that do what they are told and remember what they were asked: for tests of the use cases.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::{
    channel::Platform,
    error::{Error, ErrorKind, Result},
    id::TurnId,
    money::Money,
    port::{
        AccountChange, Answer, Assistant, Calendar, CalendarEvent, CheckoutRequest, CheckoutState,
        Decision, Forgotten, Notice, NoticeWriter, OutboundText, PaymentProvider, ProviderCheckout,
        ProviderEvent, SendOutcome, Sender, TurnInput,
    },
    tenant::Tenant,
    turn::{Try, TurnLimits},
};

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers certain words with the decision it was told, and everything else with words only. A turn that is computed again
/// decides the same again.
#[derive(Debug, Default)]
pub struct ScriptedAssistant(Mutex<Script>);

#[derive(Debug, Default)]
struct Script {
    decisions: BTreeMap<String, Decision>,
    trouble: Trouble,
    cost: u64,
    limits: Vec<(Timestamp, TurnLimits)>,
    remembered: Vec<TurnId>,
    forgotten: Vec<Option<Forgotten>>,
}

/// What is wrong with an assistant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    #[default]
    None,
    /// It can only say `please wait`.
    Holding,
    /// Its own model is down, and another answers.
    FallingBack,
    /// It fails, and may be asked again.
    Down,
    /// It fails, and asking again is pointless.
    Broken,
}

impl ScriptedAssistant {
    /// From now on, a burst that ends with these words decides this.
    pub fn when(&self, words: &str, decision: Decision) {
        lock(&self.0).decisions.insert(words.to_owned(), decision);
    }

    /// From now on, this is wrong.
    pub fn suffer(&self, trouble: Trouble) {
        lock(&self.0).trouble = trouble;
    }

    /// From now on, a turn costs this much, unless the budget is spent.
    pub fn charge(&self, cost: u64) {
        lock(&self.0).cost = cost;
    }

    /// What its memory was told to delete; `None` is a whole company.
    #[must_use]
    pub fn forgotten(&self) -> Vec<Option<Forgotten>> {
        lock(&self.0).forgotten.clone()
    }

    /// When turns were computed and what they might take, in order.
    #[must_use]
    pub fn limits(&self) -> Vec<(Timestamp, TurnLimits)> {
        lock(&self.0).limits.clone()
    }

    /// The turns it was told to remember.
    #[must_use]
    pub fn remembered(&self) -> Vec<TurnId> {
        lock(&self.0).remembered.clone()
    }
}

#[async_trait]
impl Assistant for ScriptedAssistant {
    async fn answer(&self, input: &TurnInput) -> Result<Answer> {
        let mut script = lock(&self.0);
        script.limits.push((input.now, input.limits));
        let held = match script.trouble {
            Trouble::None | Trouble::FallingBack => false,
            Trouble::Holding => true,
            Trouble::Down => return Err(Error::unavailable("assistant.answer", "down")),
            Trouble::Broken => return Err(Error::invalid("assistant.answer", "broken")),
        };
        let last = input.burst.last();
        let decision = last.and_then(|message| script.decisions.get(&message.text).cloned());
        let text = if held {
            "please wait".to_owned()
        } else {
            format!("answer to: {}", input.customer_text())
        };
        let cost = if input.limits.budget_spent {
            0
        } else {
            script.cost
        };
        let one = Try::free("scripted", Ok(text.clone()));
        Ok(Answer {
            text,
            image: None,
            decision: decision.filter(|_| !held).unwrap_or(Decision::Inform),
            session: input.session.clone(),
            reply: serde_json::Value::Null,
            held,
            fell_back: script.trouble == Trouble::FallingBack,
            model_output: String::new(),
            tries: vec![Try { cost, ..one }],
            findings: serde_json::Value::Null,
        })
    }

    async fn remember(&self, input: &TurnInput, _answer: &Answer) {
        lock(&self.0).remembered.push(input.turn);
    }

    async fn forget(&self, _tenant: Tenant, whom: Option<&Forgotten>) -> Result<()> {
        lock(&self.0).forgotten.push(whom.cloned());
        Ok(())
    }
}

/// A payment provider in memory: links are opened once per key, and can be paid or expired from a test.
#[derive(Debug, Default)]
pub struct FakePayments(Mutex<PaymentsState>);

#[derive(Debug, Default)]
struct PaymentsState {
    sessions: BTreeMap<String, (Money, CheckoutState)>,
    refunds: BTreeMap<String, BTreeSet<String>>,
    unavailable: u32,
    unconnected: bool,
    account: Option<AccountChange>,
    log: Vec<String>,
}

impl FakePayments {
    /// An account that is nobody's here.
    pub const FOREIGN: &str = "acct_foreign";

    /// Whether companies have no account to be paid to from now on.
    pub fn disconnect(&self, unconnected: bool) {
        lock(&self.0).unconnected = unconnected;
    }

    /// What is found out when the provider says that an account changed.
    pub fn change_account(&self, change: AccountChange) {
        lock(&self.0).account = Some(change);
    }

    /// The customer is done with the page, by a method that takes days; `false` when the link is not open.
    #[must_use]
    pub fn promise(&self, session: &str) -> bool {
        match lock(&self.0).sessions.get_mut(session) {
            Some((_, found)) if *found == CheckoutState::Open => {
                *found = CheckoutState::Processing;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Promised money comes, or does not; `false` when none was promised.
    #[must_use]
    pub fn keep_promise(&self, session: &str, kept: bool) -> bool {
        match lock(&self.0).sessions.get_mut(session) {
            Some((amount, found)) if *found == CheckoutState::Processing => {
                *found = if kept {
                    paid(session, *amount)
                } else {
                    CheckoutState::Expired
                };
                true
            }
            Some(_) | None => false,
        }
    }

    /// The link's time is up at the provider; `false` when it is not open.
    #[must_use]
    pub fn run_out(&self, session: &str) -> bool {
        match lock(&self.0).sessions.get_mut(session) {
            Some((_, found)) if *found == CheckoutState::Open => {
                *found = CheckoutState::Expired;
                true
            }
            Some(_) | None => false,
        }
    }

    /// What became of links, in order: `opened <session>`, `expired <session>`.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        lock(&self.0).log.clone()
    }

    /// The next `times` calls answer `Unavailable`.
    pub fn fail(&self, times: u32) {
        lock(&self.0).unavailable = times;
    }

    /// Pays a link as its customer would; `false` when it can no longer be paid.
    #[must_use]
    pub fn pay(&self, session: &str) -> bool {
        let mut state = lock(&self.0);
        match state.sessions.get_mut(session) {
            Some((amount, found)) if *found == CheckoutState::Open => {
                *found = paid(session, *amount);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Every session, with where it stands.
    #[must_use]
    pub fn sessions(&self) -> BTreeMap<String, CheckoutState> {
        lock(&self.0)
            .sessions
            .iter()
            .map(|(session, (_, state))| (session.clone(), state.clone()))
            .collect()
    }

    /// How often each payment was sent back.
    #[must_use]
    pub fn refunds(&self) -> BTreeMap<String, usize> {
        lock(&self.0)
            .refunds
            .iter()
            .map(|(reference, keys)| (reference.clone(), keys.len()))
            .collect()
    }

    fn call(&self) -> Result<MutexGuard<'_, PaymentsState>> {
        let mut state = lock(&self.0);
        if state.unavailable > 0 {
            state.unavailable -= 1;
            return Err(Error::unavailable("payments.call", "the provider is down"));
        }
        Ok(state)
    }
}

fn paid(session: &str, amount: Money) -> CheckoutState {
    CheckoutState::Paid {
        reference: format!("pi_{session}"),
        amount,
    }
}

fn checkout(session: &str, state: &CheckoutState) -> ProviderCheckout {
    let url = (*state == CheckoutState::Open).then(|| format!("https://pay.example/{session}"));
    ProviderCheckout {
        session: session.to_owned(),
        url,
        state: state.clone(),
    }
}

fn unknown(session: &str) -> Error {
    Error::not_found("payments.status", "no such session").with("session", session)
}

#[async_trait]
impl PaymentProvider for FakePayments {
    fn name(&self) -> &'static str {
        "fake"
    }

    async fn open(&self, _tenant: Tenant, request: &CheckoutRequest) -> Result<ProviderCheckout> {
        let session = format!("cs_{}", request.idempotency_key);
        let mut state = self.call()?;
        if state.unconnected {
            let why = "the company has no connected account";
            return Err(Error::new(ErrorKind::PaymentRequired, "payments.open", why));
        }
        if !state.sessions.contains_key(&session) {
            state.log.push(format!("opened {session}"));
        }
        let (_, found) = state
            .sessions
            .entry(session.clone())
            .or_insert((request.totals.total, CheckoutState::Open));
        Ok(checkout(&session, found))
    }

    async fn expire(&self, _tenant: Tenant, session: &str) -> Result<ProviderCheckout> {
        let mut state = self.call()?;
        let (_, found) = state
            .sessions
            .get_mut(session)
            .ok_or_else(|| unknown(session))?;
        let was_open = *found == CheckoutState::Open;
        if was_open {
            *found = CheckoutState::Expired;
        }
        let answer = checkout(session, found);
        if was_open {
            state.log.push(format!("expired {session}"));
        }
        Ok(answer)
    }

    async fn status(&self, _tenant: Tenant, session: &str) -> Result<ProviderCheckout> {
        let state = self.call()?;
        state
            .sessions
            .get(session)
            .map(|(_, found)| checkout(session, found))
            .ok_or_else(|| unknown(session))
    }

    async fn refund(&self, _tenant: Tenant, reference: &str, idempotency_key: &str) -> Result<()> {
        let mut state = self.call()?;
        state
            .refunds
            .entry(reference.to_owned())
            .or_default()
            .insert(idempotency_key.to_owned());
        Ok(())
    }

    fn read_event(&self, _signature: &str, body: &[u8], _now: Timestamp) -> Result<ProviderEvent> {
        serde_json::from_slice(body)
            .map_err(|error| Error::invalid("payments.event", "not an event").caused_by(error))
    }

    async fn owns(&self, _tenant: Tenant, account: &str) -> Result<bool> {
        Ok(account != Self::FOREIGN)
    }

    async fn account_changed(&self, _account: &str) -> Result<Option<AccountChange>> {
        Ok(lock(&self.0).account)
    }
}

/// A calendar in memory, which can be told to let nobody in, to be absent, and to make links to meet at.
#[derive(Debug, Default)]
pub struct FakeCalendar(Mutex<CalendarBook>);

#[derive(Debug, Default)]
struct CalendarBook {
    events: BTreeMap<(Tenant, String), CalendarEvent>,
    blocked: Vec<(Timestamp, Timestamp)>,
    revoked: bool,
    absent: bool,
    links: bool,
}

impl FakeCalendar {
    /// Every event, of every company.
    #[must_use]
    pub fn events(&self) -> Vec<CalendarEvent> {
        lock(&self.0).events.values().cloned().collect()
    }

    /// Something of the company's own is in the calendar, from and to.
    pub fn block(&self, from: Timestamp, to: Timestamp) {
        lock(&self.0).blocked.push((from, to));
    }

    /// Whether our access is revoked from now on (B5).
    pub fn revoke(&self, revoked: bool) {
        lock(&self.0).revoked = revoked;
    }

    /// Whether the company has no calendar from now on (P12).
    pub fn take_away(&self, absent: bool) {
        lock(&self.0).absent = absent;
    }

    /// Whether events online show a link to meet at from now on.
    pub fn make_links(&self, links: bool) {
        lock(&self.0).links = links;
    }

    fn call(&self) -> Result<MutexGuard<'_, CalendarBook>> {
        let book = lock(&self.0);
        if book.absent {
            let why = "no calendar is connected";
            return Err(Error::new(ErrorKind::Unsupported, "calendar.call", why));
        }
        if book.revoked {
            let why = "our access was revoked";
            return Err(Error::new(ErrorKind::Unauthenticated, "calendar.call", why));
        }
        Ok(book)
    }
}

#[async_trait]
impl Calendar for FakeCalendar {
    async fn put(&self, tenant: Tenant, event: &CalendarEvent) -> Result<()> {
        let key = (tenant, event.id.clone());
        self.call()?.events.insert(key, event.clone());
        Ok(())
    }

    async fn remove(&self, tenant: Tenant, event_id: &str) -> Result<()> {
        self.call()?.events.remove(&(tenant, event_id.to_owned()));
        Ok(())
    }

    async fn get(&self, tenant: Tenant, event_id: &str) -> Result<Option<CalendarEvent>> {
        let key = (tenant, event_id.to_owned());
        let book = self.call()?;
        let found = book.events.get(&key).cloned();
        Ok(found.map(|event| CalendarEvent {
            meeting_url: (book.links && event.online)
                .then(|| format!("https://meet.test/{}", event.id)),
            ..event
        }))
    }

    async fn busy(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(Timestamp, Timestamp)>> {
        let book = self.call()?;
        let own = book
            .events
            .iter()
            .filter(|((owner, _), _)| *owner == tenant)
            .map(|(_, event)| event);
        Ok(own
            .map(|event| (event.starts_at, event.ends_at))
            .chain(book.blocked.iter().copied())
            .filter(|(start, end)| *start < to && from < *end)
            .collect())
    }
}

/// How a [`FakeSender`] treats the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendFault {
    /// It surely did not go.
    Down,
    /// It went, and the answer was lost.
    AnswerLost,
    /// The platform refuses it for good.
    Refused,
}

/// A sender that remembers what reached the customer, and asks itself before a resend, as the port demands.
#[derive(Debug, Default)]
pub struct FakeSender(Mutex<SenderState>);

#[derive(Debug, Default)]
struct SenderState {
    delivered: Vec<OutboundText>,
    faults: VecDeque<SendFault>,
    window: Option<SignedDuration>,
}

impl FakeSender {
    /// The texts that reached customers, in order.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        lock(&self.0)
            .delivered
            .iter()
            .map(|message| message.text.clone())
            .collect()
    }

    /// From now on, customers may be written to for so long after their last message (H5).
    pub fn set_window(&self, window: SignedDuration) {
        lock(&self.0).window = Some(window);
    }

    /// The next call meets this.
    pub fn fault(&self, fault: SendFault) {
        lock(&self.0).faults.push_back(fault);
    }
}

#[async_trait]
impl Sender for FakeSender {
    fn platform(&self) -> Platform {
        Platform::Whatsapp
    }

    fn window(&self) -> Option<SignedDuration> {
        lock(&self.0).window
    }

    async fn send_text(&self, message: &OutboundText) -> Result<SendOutcome> {
        let mut state = lock(&self.0);
        let known = state
            .delivered
            .iter()
            .any(|sent| sent.client_id == message.client_id);
        let sent = Ok(SendOutcome::Sent {
            provider_id: format!("true_{}", message.client_id),
        });
        if message.resend && known {
            return sent;
        }
        match state.faults.pop_front() {
            Some(SendFault::Down) => Err(Error::unavailable("message.send", "the channel is down")),
            Some(SendFault::Refused) => Err(Error::invalid("message.send", "no such chat")),
            fault => {
                state.delivered.push(message.clone());
                match fault {
                    Some(SendFault::AnswerLost) => Err(Error::new(
                        ErrorKind::UnknownOutcome,
                        "message.send",
                        "the answer was lost",
                    )),
                    Some(SendFault::Down | SendFault::Refused) | None => sent,
                }
            }
        }
    }
}

/// Notices as one stable word and what matters of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainNotices;

impl NoticeWriter for PlainNotices {
    fn write(&self, _language: &str, _time_zone: &str, notice: &Notice<'_>) -> String {
        match notice {
            Notice::PaymentLink { url, total, .. } => format!("link {url} {total}"),
            Notice::PaymentReceived { total } => format!("received {total}"),
            Notice::Booked { slot, place } => format!("booked {} {place}", slot.starts_at),
            Notice::TimesOffered { slots, until, .. } => {
                let starts: Vec<String> = slots
                    .iter()
                    .map(|slot| slot.starts_at.to_string())
                    .collect();
                format!("offered {} until {until}", starts.join(" "))
            }
            Notice::NoTimeChosen { refund: None } => "no time chosen".to_owned(),
            Notice::NoTimeChosen {
                refund: Some(total),
            } => format!("no time chosen, refund {total}"),
            Notice::BookingMoved { slot, place } => format!("moved {} {place}", slot.starts_at),
            Notice::LinkExpired => "expired".to_owned(),
            Notice::RefundStarted { total } => format!("refund {total}"),
            Notice::BookingProblem => "booking problem".to_owned(),
            Notice::CheckoutProblem => "checkout problem".to_owned(),
            Notice::Holding => "holding".to_owned(),
            Notice::OrderCancelled => "order cancelled".to_owned(),
            Notice::Reminder { url, total } => format!("reminder {url} {total}"),
            Notice::MeetingLink { url, slot } => format!("meet {url} {}", slot.starts_at),
        }
    }
}
