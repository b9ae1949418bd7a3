//! What a turn has to do, decided by code before any model speaks: what is known, what is missing, what to answer.
//!
//! [`plan`] merges what was heard into the [`Session`] and names the blocks of the reply ([`Say`]). The guided model puts
//! them into words; a language model gets the same session, so both remember the same things.

use std::cell::OnceCell;

use x8_core::{
    conversation::{Asked, Flow, Session},
    order::{OrderState, PaymentStatus},
    port::TurnInput,
};

use crate::understand::{Heard, Intent, Lexicon, Wish, understand};

mod basket;
mod converse;
mod details;
mod next;
mod offer;
mod place;
mod prices;
mod questions;
mod refer;
mod say;
mod talk;
mod times;

pub use say::{Complete, Missing, Say};
pub use times::TimeChoice;

use say::{asks, describes, keeps_question};

/// The decided turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What is remembered, before the reply is checked.
    pub session: Session,
    /// What the reply must say, in order; never empty.
    pub says: Vec<Say>,
    /// The open order is called off.
    pub cancel: bool,
    /// B4: what became of the offered times.
    pub time: Option<TimeChoice>,
    /// A detail of the order came with this burst.
    pub noted: bool,
}

/// The burst and the company's local time, read once. `lexicon` is that of the input's catalogue.
#[must_use]
pub fn hear(input: &TurnInput, lexicon: &Lexicon) -> Heard {
    let now = local_now(input);
    let text = input.customer_text();
    let mut heard = understand(&text, &input.session, lexicon, now);
    // Once an order is made its time is no longer in the session, and "on Wednesday rather" keeps the hour.
    let link = input.payment_status == PaymentStatus::PaymentLinkSent;
    if link && input.session.wished_start.is_none() {
        refer::wished_again(&mut heard, input, &text);
    }
    refer::payment_trouble(&mut heard, input, &text);
    refer::still_wanted(&mut heard, input, &text);
    refer::left_out(&mut heard, &text);
    refer::by_duration(&mut heard, input);
    refer::delivery_time(&mut heard, input);
    refer::delivery_price(&mut heard, input, lexicon);
    refer::contents(&mut heard, input);
    prices::afford(&mut heard, &input.catalog);
    refer::by_kind(&mut heard, input);
    prices::told_apart(&mut heard, &input.catalog, &text);
    refer::by_size(&mut heard, lexicon);
    refer::by_piece(&mut heard, lexicon, &input.catalog);
    refer::for_child(&mut heard, input, lexicon);
    refer::by_unit(&mut heard, input);
    heard
}

/// Local civil time of the company (B6); UTC when its zone is unknown.
fn local_now(input: &TurnInput) -> jiff::civil::DateTime {
    local(input, input.now)
}

fn local(input: &TurnInput, at: jiff::Timestamp) -> jiff::civil::DateTime {
    let zone = jiff::tz::TimeZone::get(&input.company.settings.time_zone)
        .unwrap_or(jiff::tz::TimeZone::UTC);
    at.to_zoned(zone).datetime()
}

/// Decides the turn. Deterministic: the same input and hearing give the same plan. `lexicon` is that of the input's
/// catalogue.
#[must_use]
pub fn plan(input: &TurnInput, lexicon: &Lexicon, heard: &Heard) -> Plan {
    let mut turn = Turn::new(input, lexicon, heard);
    turn.details();
    let settled = turn.offered_times() || turn.stop_or_pay() || turn.cancellation();
    if !settled {
        if !turn.called_off {
            turn.drop_refused();
            turn.questions();
            turn.repeat();
            turn.by_size();
            turn.basket();
        }
        turn.go_on();
    }
    turn.finish()
}

/// A plan in the making.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one turn"
)]
struct Turn<'a> {
    input: &'a TurnInput,
    lexicon: &'a Lexicon,
    heard: &'a Heard,
    session: Session,
    says: Vec<Say>,
    cancel: bool,
    time: Option<TimeChoice>,
    /// Whether the order was spoken of, so that it must go on.
    ordering: bool,
    /// How many there were of what was taken out in this burst.
    swapped: u32,
    /// Whether the customer agreed to what was asked for confirmation.
    confirmed: bool,
    /// Whether amounts were only supposed, so that nothing is ordered.
    supposed: bool,
    /// Whether the number of the burst is taken by something already.
    spent: bool,
    /// What earlier messages left open, and what our last reply named; read when first asked for.
    unsettled: OnceCell<Option<Wish>>,
    named: OnceCell<Option<Wish>>,
    /// Whether what is named was taken out of the cart.
    called_off: bool,
}

impl<'a> Turn<'a> {
    fn new(input: &'a TurnInput, lexicon: &'a Lexicon, heard: &'a Heard) -> Self {
        Self {
            input,
            lexicon,
            heard,
            session: input.session.clone(),
            says: Vec::new(),
            cancel: false,
            time: None,
            ordering: false,
            swapped: 0,
            supposed: false,
            spent: false,
            unsettled: OnceCell::new(),
            named: OnceCell::new(),
            called_off: false,
            confirmed: input.session.asked != Some(Asked::Confirmation),
        }
    }

    fn wants(&self, intent: Intent) -> bool {
        self.heard.wants(intent)
    }

    fn say(&mut self, say: Say) {
        if !self.says.contains(&say) {
            self.says.push(say);
        }
    }

    /// Whether the newest order waits for its money.
    fn link_open(&self) -> bool {
        self.input.payment_status == PaymentStatus::PaymentLinkSent
            || self
                .input
                .order
                .as_ref()
                .is_some_and(|order| order.state == OrderState::AwaitingPayment)
    }

    /// Texts of the customer's earlier messages, newest first.
    fn earlier(&self) -> impl Iterator<Item = &'a str> {
        let own = |message: &&x8_core::conversation::Message| message.flow == Flow::Inbound;
        self.input
            .history
            .iter()
            .rev()
            .filter(own)
            .take(6)
            .map(|message| message.text.as_str())
    }

    fn finish(mut self) -> Plan {
        if self.says.is_empty() {
            self.say(Say::WhichGeneral);
        }
        // A question that is no longer open must not colour the next answer.
        let asked = self.says.iter().rev().find_map(asks);
        let chooses = |say: &Say| {
            matches!(
                say,
                Say::Packs { .. } | Say::Which { .. } | Say::List { .. }
            )
        };
        if self.says.iter().any(chooses) {
            self.session.focus = None;
        }
        let described = self.says.iter().any(describes) && self.session.cart.is_empty();
        let asked = asked
            .or_else(|| (described && self.session.focus.is_some()).then_some(Asked::Quantity));
        if asked.is_some() || !self.says.iter().all(keeps_question) {
            self.session.asked = asked;
        }
        let noted = self.heard.has_details();
        Plan {
            noted,
            session: self.session,
            says: self.says,
            cancel: self.cancel,
            time: self.time,
        }
    }
}
