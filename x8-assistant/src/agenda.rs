//! What a turn has to do, decided by code before any model speaks: what is known, what is missing, what to answer.
//!
//! [`plan`] merges what was heard into the [`Session`] and names the blocks of the reply ([`Say`]). The guided model puts
//! them into words; a language model gets the same session, so both remember the same things.

use x8_core::{
    Sku,
    cart::Priced,
    conversation::{Asked, Flow, Session},
    order::{Area, CartLine, OrderState, PaymentStatus, Totals},
    port::TurnInput,
};

use crate::understand::{Heard, Intent, Lexicon, understand};

mod basket;
mod details;
mod next;
mod questions;
mod refer;
mod talk;

/// Which offerings, links or figures a block of the reply speaks of. Amounts are read from rows when it is phrased.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Say {
    /// A7: the offerings, all or those asked for; `fresh` when offerings were not listed before.
    List {
        /// Which rows, in order.
        skus: Vec<Sku>,
        /// Whether it continues a list.
        more: bool,
    },
    /// One offering in short.
    Brief(Sku),
    /// A8: one offering in full.
    Details(Sku),
    /// Where something can be had; the places.
    Places(Vec<String>),
    /// A8, only when asked for.
    Contact(Option<Sku>),
    /// G13.
    Website(Sku),
    /// G13.
    Photo {
        /// Whose.
        sku: Sku,
        /// Whether it was sent before in this conversation.
        shown: bool,
    },
    /// G13.
    Video(Sku),
    /// O5: what delivery costs and that insisting does not change it; the rows in question.
    FreeDelivery(Vec<Sku>),
    /// Prices are the same for everybody.
    SamePrices,
    /// O14.
    RemindersStopped,
    /// G14, O10.
    NotPaidYet {
        /// Whether a link is open.
        link_open: bool,
    },
    /// The payment did arrive.
    PaidIndeed,
    /// O7: nothing to pay.
    NothingToPay,
    /// Where to find the link, or that there is none yet.
    LinkWhere {
        /// Whether one is open.
        open: bool,
    },
    /// G9: only WhatsApp shows the sender's number, and not always.
    OwnNumberUnknown,
    /// O4: that is no phone number.
    PhoneWrong(String),
    /// A2: something in the cart is no longer in the catalogue.
    Gone,
    /// Which of these is meant?
    Which {
        /// The rows.
        skus: Vec<Sku>,
    },
    /// O1: which packs?
    Packs {
        /// Pieces wished for.
        pieces: u32,
        /// The readings.
        options: Vec<Vec<CartLine>>,
    },
    /// O1: nothing fits exactly; would this do?
    Propose {
        /// Pieces wished for.
        pieces: u32,
        /// What covers them.
        lines: Vec<CartLine>,
        /// Pieces it holds.
        held: u32,
    },
    /// What the cart costs, when asked for the price of a quantity.
    Quote {
        /// The lines.
        lines: Vec<CartLine>,
        /// O5.
        totals: Totals,
    },
    /// Shall the order stand like this?
    Confirm(Vec<CartLine>),
    /// O6, never the number.
    NotEnough(Sku),
    /// O2: the two ways out.
    CityRefused {
        /// As asked for.
        asked: String,
        /// Places valid for all items.
        places: Vec<String>,
        /// Items that can be had there.
        available: Vec<Sku>,
    },
    /// O2: these cannot be had at one place, so not in one order.
    Apart(Vec<Sku>),
    /// O4: everything that is missing, at once.
    Ask(Missing),
    /// The order is complete.
    Checkout(Box<Complete>),
    /// Called off.
    Cancelled {
        /// Whether an order (not only a cart) was.
        order: bool,
    },
    /// A paid order cannot be called off here; whom to ask (A8).
    CancelPaid(Option<Sku>),
    /// There is nothing to call off.
    NothingToCancel,
    /// Which offering? After "yes" to nothing.
    WhichGeneral,
    /// A4.
    Declined,
    /// Thanks, good bye.
    Closing,
    /// About the newest order: what, when, where, how much, whether it is paid.
    Status,
    /// The order stands as it is; nothing to add.
    Standing {
        /// Whether it waits for payment.
        awaiting: bool,
    },
}

/// What O4 still needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// The city, with the places that work for all items.
    pub city: Option<Vec<String>>,
    /// Whether the city is that of a service.
    pub service: bool,
    /// Items without a quantity.
    pub quantity: Vec<Sku>,
    /// The name.
    pub name: bool,
    /// The phone.
    pub phone: bool,
    /// What is settled, for the first words.
    pub lines: Vec<CartLine>,
}

/// Everything O4 needs, priced from rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complete {
    /// O1.
    pub cart: Vec<CartLine>,
    /// O2, O3.
    pub area: Area,
    /// O4.
    pub name: String,
    /// O4.
    pub phone: String,
    /// O5.
    pub priced: Priced,
    /// O9: a link of an earlier order is open.
    pub replaces: bool,
}

/// The decided turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What is remembered, before the reply is checked.
    pub session: Session,
    /// What the reply must say, in order; never empty.
    pub says: Vec<Say>,
    /// The open order is called off.
    pub cancel: bool,
}

/// The burst and the company's local time, read once. `lexicon` is that of the input's catalogue.
#[must_use]
pub fn hear(input: &TurnInput, lexicon: &Lexicon) -> Heard {
    understand(
        &input.customer_text(),
        &input.session,
        lexicon,
        local_now(input),
    )
}

/// Local civil time of the company (B6); UTC when its zone is unknown.
fn local_now(input: &TurnInput) -> jiff::civil::DateTime {
    let zone = jiff::tz::TimeZone::get(&input.company.settings.time_zone)
        .unwrap_or(jiff::tz::TimeZone::UTC);
    input.now.to_zoned(zone).datetime()
}

/// Decides the turn. Deterministic: the same input and hearing give the same plan. `lexicon` is that of the input's
/// catalogue.
#[must_use]
pub fn plan(input: &TurnInput, lexicon: &Lexicon, heard: &Heard) -> Plan {
    let mut turn = Turn::new(input, lexicon, heard);
    turn.details();
    let settled = turn.stop_or_pay() || turn.cancellation();
    if !settled {
        turn.questions();
        turn.basket();
        turn.go_on();
    }
    turn.finish()
}

/// A plan in the making.
struct Turn<'a> {
    input: &'a TurnInput,
    lexicon: &'a Lexicon,
    heard: &'a Heard,
    session: Session,
    says: Vec<Say>,
    cancel: bool,
    /// Whether the order was spoken of, so that it must go on.
    ordering: bool,
    /// Whether the customer agreed to what was asked for confirmation.
    confirmed: bool,
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
            ordering: false,
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
        Plan {
            session: self.session,
            says: self.says,
            cancel: self.cancel,
        }
    }
}

/// What a block asks for.
fn asks(say: &Say) -> Option<Asked> {
    if let Say::Ask(missing) = say {
        return Some(match (missing.name || missing.phone, &missing.city) {
            (true, _) => Asked::Contact,
            (false, Some(_)) => Asked::City,
            (false, None) => Asked::Quantity,
        });
    }
    let kinds = [
        (
            Asked::Offering,
            matches!(
                say,
                Say::Which { .. } | Say::WhichGeneral | Say::Apart(_) | Say::List { .. }
            ),
        ),
        (
            Asked::Quantity,
            matches!(say, Say::Packs { .. } | Say::NotEnough(_)),
        ),
        (
            Asked::Confirmation,
            matches!(say, Say::Propose { .. } | Say::Confirm(_)),
        ),
        (Asked::City, matches!(say, Say::CityRefused { .. })),
    ];
    kinds
        .into_iter()
        .find(|(_, asks)| *asks)
        .map(|(asked, _)| asked)
}

/// Whether a block shows one offering and so invites to order it.
fn describes(say: &Say) -> bool {
    matches!(
        say,
        Say::Brief(_)
            | Say::Details(_)
            | Say::Places(_)
            | Say::Website(_)
            | Say::Photo { .. }
            | Say::Video(_)
            | Say::SamePrices
            | Say::FreeDelivery(_)
    )
}

/// Whether a block leaves an earlier question open.
fn keeps_question(say: &Say) -> bool {
    describes(say)
        || matches!(
            say,
            Say::Closing
                | Say::Declined
                | Say::RemindersStopped
                | Say::Contact(_)
                | Say::NotPaidYet { .. }
                | Say::LinkWhere { .. }
        )
}
