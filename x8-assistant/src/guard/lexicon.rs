//! The words that the rules about words look for, as data (`lexicon.txt`), found in one pass over a sentence.

use super::tree::{self, Fit, Lists};
use crate::understand::city::large;

/// What a word or phrase may be a sign of: one bit in [`Hits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct List(u64);

impl List {
    /// Something is cheaper than the rows say (G4).
    pub(super) const DISCOUNT: Self = Self(1 << 0);
    /// Announces a price.
    pub(super) const PRICE: Self = Self(1 << 1);
    /// May stand between what is priced and the price.
    pub(super) const LINK: Self = Self(1 << 2);
    /// A lower end, or a threshold.
    pub(super) const FROM: Self = Self(1 << 3);
    pub(super) const TOTAL: Self = Self(1 << 4);
    pub(super) const DELIVERY: Self = Self(1 << 5);
    pub(super) const FREE: Self = Self(1 << 6);
    /// "With", "including": what follows is part of a sum.
    pub(super) const WITH: Self = Self(1 << 7);
    pub(super) const ARTICLE: Self = Self(1 << 8);
    /// "For the …", behind an amount.
    pub(super) const FOR: Self = Self(1 << 9);
    /// The customer's own money.
    pub(super) const BUDGET: Self = Self(1 << 10);
    /// What cannot be done for that money.
    pub(super) const REFUSAL: Self = Self(1 << 11);
    /// How long something takes.
    pub(super) const LASTING: Self = Self(1 << 12);
    pub(super) const GUARANTEE: Self = Self(1 << 13);
    pub(super) const REMINDER: Self = Self(1 << 14);
    /// Currencies, in words.
    pub(super) const CURRENCY: Self = Self(1 << 15);
    /// Availability (G6).
    pub(super) const STOCK: Self = Self(1 << 16);
    /// How many are left.
    pub(super) const LEFT: Self = Self(1 << 17);
    /// Availability that tells a number only right beside it.
    pub(super) const BESIDE: Self = Self(1 << 18);
    pub(super) const LAST: Self = Self(1 << 19);
    /// Units of what is left, and small words around a count.
    pub(super) const BETWEEN: Self = Self(1 << 20);
    pub(super) const HAVE: Self = Self(1 << 21);
    /// What the customer still has to tell or to do.
    pub(super) const TO_DO: Self = Self(1 << 22);
    /// Something costs nothing (G7).
    pub(super) const PROMISE: Self = Self(1 << 23);
    /// A present.
    pub(super) const GIFT: Self = Self(1 << 24);
    /// "We offer": a promise only of a delivery.
    pub(super) const OFFER: Self = Self(1 << 25);
    /// "The slot is free" speaks of time.
    pub(super) const TIME: Self = Self(1 << 26);
    /// Money on its way (G14).
    pub(super) const PAYMENT: Self = Self(1 << 27);
    pub(super) const ARRIVED: Self = Self(1 << 28);
    /// Whole confirmations of a payment.
    pub(super) const CONFIRMED: Self = Self(1 << 29);
    pub(super) const PAID: Self = Self(1 << 30);
    /// How one can pay, which confirms nothing.
    pub(super) const MEANS: Self = Self(1 << 31);
    pub(super) const BOOKED: Self = Self(1 << 32);
    /// What was called off …
    pub(super) const CANCELLED: Self = Self(1 << 41);
    /// … and what the customer says of that, or asks of an order.
    pub(super) const CANCELS: Self = Self(1 << 42);
    /// "In your hands": a delivery, for its time.
    pub(super) const ARRIVAL: Self = Self(1 << 44);
    /// An order stands, which only an order does (G14).
    pub(super) const COMPLETE: Self = Self(1 << 46);
    /// How many there are, asked (G6).
    pub(super) const HOW_MANY: Self = Self(1 << 47);
    /// A large city, of all languages.
    pub(super) const CITY: Self = Self(1 << 57);
    /// An offer of the customer's is taken.
    pub(super) const ACCEPTS: Self = Self(1 << 45);
    /// What "it is free" can speak of besides a row.
    pub(super) const ITSELF: Self = Self(1 << 43);
    /// What is booked, and that it is.
    pub(super) const BOOKING: Self = Self(1 << 33);
    pub(super) const STANDING: Self = Self(1 << 34);
    pub(super) const ACCEPTED: Self = Self(1 << 35);
    pub(super) const CLAIMED: Self = Self(1 << 36);
    /// What will or can be has not happened.
    pub(super) const FUTURE: Self = Self(1 << 37);
    /// Internal names and the talk of a model about itself (G15).
    pub(super) const INTERNAL: Self = Self(1 << 38);
    /// Orders given to a model inside a row's text (G15).
    pub(super) const INSTRUCTION: Self = Self(1 << 39);
    /// Promises to a phone (G9).
    pub(super) const SMS: Self = Self(1 << 40);
    /// Words that a sum follows, without any currency: "comes to", "fanno" (G4).
    pub(super) const SUM: Self = Self(1 << 48);
    pub(super) const DAY: Self = Self(1 << 49);
    /// Somebody is expected, which with a day or an hour is an appointment (G14).
    pub(super) const AWAITED: Self = Self(1 << 50);
    /// An hour that can be had (G14).
    pub(super) const VACANT: Self = Self(1 << 51);
    /// A delivery without delay, in words (G4).
    pub(super) const HASTE: Self = Self(1 << 52);
    /// What a price is said to have been (G4).
    pub(super) const FORMERLY: Self = Self(1 << 53);
    pub(super) const GREETING: Self = Self(1 << 54);
    /// A delivery on the next day, in words (G4).
    pub(super) const TOMORROW: Self = Self(1 << 55);
    /// Participles of what is arranged (G14).
    pub(super) const ARRANGED: Self = Self(1 << 56);

    /// A number may be written out (`amounts/numerals.txt`).
    pub(super) const NUMBER: Self = Self(1 << 63);

    /// The sections of `lexicon.txt`.
    const ALL: [(Self, &'static str); 58] = [
        (Self::DISCOUNT, "discount"),
        (Self::PRICE, "price"),
        (Self::LINK, "link"),
        (Self::FROM, "from"),
        (Self::TOTAL, "total"),
        (Self::DELIVERY, "delivery"),
        (Self::FREE, "free"),
        (Self::WITH, "with"),
        (Self::ARTICLE, "article"),
        (Self::FOR, "for"),
        (Self::BUDGET, "budget"),
        (Self::REFUSAL, "refusal"),
        (Self::LASTING, "lasting"),
        (Self::GUARANTEE, "guarantee"),
        (Self::REMINDER, "reminder"),
        (Self::CURRENCY, "currency"),
        (Self::STOCK, "stock"),
        (Self::LEFT, "left"),
        (Self::BESIDE, "beside"),
        (Self::LAST, "last"),
        (Self::BETWEEN, "between"),
        (Self::HAVE, "have"),
        (Self::TO_DO, "to do"),
        (Self::PROMISE, "promise"),
        (Self::GIFT, "gift"),
        (Self::OFFER, "offer"),
        (Self::TIME, "time"),
        (Self::PAYMENT, "payment"),
        (Self::ARRIVED, "arrived"),
        (Self::CONFIRMED, "confirmed"),
        (Self::PAID, "paid"),
        (Self::MEANS, "means"),
        (Self::BOOKED, "booked"),
        (Self::BOOKING, "booking"),
        (Self::STANDING, "standing"),
        (Self::ACCEPTED, "accepted"),
        (Self::CLAIMED, "claimed"),
        (Self::FUTURE, "future"),
        (Self::INTERNAL, "internal"),
        (Self::INSTRUCTION, "instruction"),
        (Self::SMS, "sms"),
        (Self::CANCELLED, "cancelled"),
        (Self::CANCELS, "cancels"),
        (Self::ITSELF, "itself"),
        (Self::ARRIVAL, "arrival"),
        (Self::ACCEPTS, "accepts"),
        (Self::COMPLETE, "complete"),
        (Self::HOW_MANY, "how many"),
        (Self::SUM, "sum"),
        (Self::DAY, "day"),
        (Self::AWAITED, "awaited"),
        (Self::VACANT, "vacant"),
        (Self::HASTE, "haste"),
        (Self::FORMERLY, "formerly"),
        (Self::GREETING, "greeting"),
        (Self::TOMORROW, "tomorrow"),
        (Self::ARRANGED, "arranged"),
        (Self::CITY, "city"),
    ];

    pub(super) const fn bit(self) -> u64 {
        self.0
    }

    fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, known)| *known == name)?;
        Some(found.0)
    }
}

/// The lists of which something was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hits(u64);

impl Hits {
    pub(super) const fn of(lists: Lists) -> Self {
        Self(lists.hits)
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, list: List) -> bool {
        self.0 & list.0 != 0
    }

    pub(super) fn any(self, lists: &[List]) -> bool {
        lists.iter().any(|list| self.has(*list))
    }
}

/// Every list of which a word or phrase stands in a folded text.
pub(super) fn hits(folded: &str) -> Hits {
    Hits::of(tree::read(folded))
}

/// Where the entries of one list stand, as bytes from and to.
pub(super) fn spans(folded: &str, list: List) -> Vec<(usize, usize)> {
    tree::spans(folded, list.0)
}

/// Every entry of `lexicon.txt` with its list: sections `[list]`, entries apart by ` | ` or lines; `*` ends a stem.
pub(super) fn entries() -> impl Iterator<Item = (&'static str, Fit, u64)> {
    let mut bit = 0;
    let lines = include_str!("lexicon.txt").lines();
    let lists = lines
        .filter(|line| !line.starts_with('#'))
        .map(move |line| {
            let name = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'));
            if let Some(name) = name {
                bit = List::named(name).map_or(0, |list| list.0);
            }
            (name.map_or(line, |_| ""), bit)
        });
    let words = lists.flat_map(|(line, bit)| {
        let entries = line.split('|').map(str::trim);
        let entries = entries.filter(|entry| !entry.is_empty());
        entries.map(move |entry| match entry.strip_suffix('*') {
            Some(stem) => (stem, Fit::Stem, bit),
            None => (entry, Fit::Word, bit),
        })
    });
    words.chain(large().map(|city| (city, Fit::Stem, List::CITY.0)))
}

#[cfg(test)]
mod tests {
    use x8_core::text::fold;

    use super::{List, hits};

    #[test]
    fn g4_every_entry_is_folded_and_every_section_known() {
        for line in include_str!("lexicon.txt").lines() {
            if let Some(name) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                assert!(List::named(name).is_some(), "{name}");
            } else if !line.starts_with('#') {
                for entry in line.split('|').map(str::trim) {
                    assert_eq!(fold(entry), entry, "{line}");
                }
            }
        }
        for (at, (list, name)) in List::ALL.iter().enumerate() {
            assert_eq!(List::named(name), Some(*list));
            assert_eq!(list.0, 1 << at);
        }
    }

    #[test]
    fn g4_words_end_and_stems_go_on() {
        assert!(hits("with a discount").has(List::DISCOUNT));
        assert!(hits("two discounts").has(List::DISCOUNT));
        assert!(!hits("no rediscount").has(List::DISCOUNT));
        assert!(hits("20% off").has(List::DISCOUNT));
        assert!(!hits("totally").has(List::TOTAL));
        assert!(hits("in total.").has(List::TOTAL));
    }
}
