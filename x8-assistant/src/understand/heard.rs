//! What one burst says, as plain facts.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use x8_core::{Money, Sku};

use super::{CityHeard, Intent, PhoneHeard, Size, Wish};

/// What one burst says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one burst"
)]
pub struct Heard {
    /// The clearly detected language; `None` keeps the last one (A5).
    pub language: Option<&'static str>,
    /// Whether the letters are Cyrillic, for a first message without a clear language.
    pub cyrillic: bool,
    /// Whether words of names stand as the catalogue writes them, for a first message without a clear language.
    pub native: bool,
    /// What is asked for.
    pub intents: BTreeSet<Intent>,
    /// Offerings spoken of.
    pub wishes: Vec<Wish>,
    /// Offerings to be left out: "no card".
    pub unwanted: Vec<Sku>,
    /// How many of them, when it was said: "take one out".
    pub fewer: Option<u32>,
    /// Things counted beside offerings that are not sold here.
    pub unknown: Vec<String>,
    /// A number on its own: the answer to "how many?".
    pub count: Option<u32>,
    /// So many of what was spoken of before, beside other offerings: "6 please, and a card".
    pub former: Option<u32>,
    /// Whether that number was written as a word: "две" counts, "2" may also be a place in a list.
    pub spelled: bool,
    /// Whether that number is all its part of the message says: an answer or a correction, not an address.
    pub bare_count: bool,
    /// Whether a number stands with a unit ("3 pcs") or corrects one ("no, 3").
    pub recount: bool,
    /// "The large one".
    pub size: Option<Size>,
    /// "The loose ones".
    pub single: bool,
    /// "Of 10": a size of pack alone.
    pub sized: Option<u32>,
    /// "More", "add", "another": on top of what is in the cart, where "and" and "also" may name it again.
    pub more: bool,
    /// "One more", of what is in the cart.
    pub another: bool,
    /// Whether somebody signs up: "book me in", "запишите меня".
    pub books: bool,
    /// Whether a quantity was named that no order can have: below zero, zero, a fraction.
    pub uncountable: bool,
    /// Whether it is written as a question.
    pub question: bool,
    /// "For two".
    pub people: Option<u32>,
    /// "The second one", from 0; `usize::MAX` is the last.
    pub ordinal: Option<usize>,
    /// The place.
    pub city: Option<CityHeard>,
    /// The recipient's phone.
    pub phone: Option<PhoneHeard>,
    /// The customer's name.
    pub name: Option<String>,
    /// A wished start in local time.
    pub wished_start: Option<DateTime>,
    /// The most that is to be spent.
    pub budget: Option<Money>,
    /// The day the named weekday means, when the named date is another one.
    pub other_day: Option<Date>,
    /// How many words were written; 0 for an emoji.
    pub words: usize,
}

impl Heard {
    /// Whether the burst asks for this.
    #[must_use]
    pub fn wants(&self, intent: Intent) -> bool {
        self.intents.contains(&intent)
    }

    /// Whether it says nothing that this crate understands.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.intents.is_empty() && self.wishes.is_empty() && !self.has_details()
    }

    /// Whether it brings a detail of an order.
    #[must_use]
    pub fn has_details(&self) -> bool {
        self.city.is_some()
            || self.phone.is_some()
            || self.name.is_some()
            || self.wished_start.is_some()
    }
}
