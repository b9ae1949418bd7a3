//! What a reply can say, block by block, and what each block asks for.

use jiff::civil::{Date, DateTime};
use x8_core::{
    Sku,
    cart::Priced,
    conversation::Asked,
    order::{Area, CartLine, Totals},
};

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
    /// Where the business is; the rows' places when no address is given.
    Address(Option<Sku>),
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
    /// O5: how long the delivery of these takes.
    DeliveryTime(Vec<Sku>),
    /// O2: that this place is served.
    Served(String),
    /// Prices are the same for everybody.
    SamePrices,
    /// Nothing costs as little as asked for; what costs least follows.
    NothingCheaper,
    /// B2: the weekday and the date that were named are two days.
    WhichDay {
        /// The day of the date.
        dated: Date,
        /// The day of the weekday.
        named: Date,
    },
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
    /// A2: something counted beside what is sold, as written.
    NotSold(String),
    /// A2: something in the cart is no longer in the catalogue.
    Gone,
    /// Which of these is meant?
    Which {
        /// The rows.
        skus: Vec<Sku>,
    },
    /// The same choice once more, in short: what was told in the meantime is kept.
    Choose {
        /// What was told.
        told: Told,
        /// Which rows, when they are few.
        skus: Vec<Sku>,
        /// Pieces and how many ways there are, when packs are to be chosen.
        ways: Option<(u32, usize)>,
    },
    /// Details of which of those just listed?
    WhichAbout,
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
    /// What so many of one thing come to, before they are ordered.
    Sum(CartLine),
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
    /// O2, B2: these cannot be had at one place, or are wished for at different times, so not in one order.
    Apart(Vec<(Sku, Option<DateTime>)>),
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
    /// B4: one of the offered times, or another, is to be booked; the booking itself tells when.
    TimeChosen,
    /// B4: none of the offered times suits; the order is off and what was paid goes back.
    TimesDeclined,
    /// B4: which of the offered times?
    WhichTime,
    /// About the newest order: what, when, where, how much, whether it is paid.
    Status,
    /// The order stands as it is; nothing to add.
    Standing {
        /// Whether it waits for payment.
        awaiting: bool,
    },
}

/// Details of the customer that a burst brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The name.
    pub name: Option<String>,
    /// The phone.
    pub phone: Option<String>,
    /// The place.
    pub city: Option<String>,
    /// The wished start, local time.
    pub start: Option<DateTime>,
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
    /// The start that was just wished for, local time.
    pub start: Option<DateTime>,
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

/// What a block asks for.
pub(super) fn asks(say: &Say) -> Option<Asked> {
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
                Say::Which { .. }
                    | Say::WhichGeneral
                    | Say::WhichAbout
                    | Say::Apart(_)
                    | Say::List { .. }
                    | Say::Choose { ways: None, .. }
            ),
        ),
        (
            Asked::Quantity,
            matches!(
                say,
                Say::Packs { .. } | Say::NotEnough(_) | Say::Choose { ways: Some(_), .. }
            ),
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
pub(super) fn describes(say: &Say) -> bool {
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
            | Say::DeliveryTime(_)
            | Say::Sum(_)
    )
}

/// Whether a block leaves an earlier question open.
pub(super) fn keeps_question(say: &Say) -> bool {
    describes(say)
        || matches!(
            say,
            Say::Closing
                | Say::Declined
                | Say::RemindersStopped
                | Say::Contact(_)
                | Say::Address(_)
                | Say::NotPaidYet { .. }
                | Say::LinkWhere { .. }
        )
}
