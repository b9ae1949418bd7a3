//! The guard: every hard rule, in code. A model's output goes in; a reply that breaks no rule comes out, with the list of
//! what was wrong.

use std::sync::Arc;

use serde::Serialize;
use x8_core::{
    cart::Priced,
    catalog::Catalog,
    order::{Area, CartLine},
};

use self::{facts::Facts, work::Work};
use crate::contract::{self, Reply};

mod a07_greeting;
mod amounts;
mod clauses;
mod context;
mod cues;
mod facts;
mod finding;
mod g02_length;
mod g03_figures;
mod g04_amounts;
mod g05_sku;
mod g06_stock;
mod g07_free;
mod g08_area;
mod g09_phone;
mod g10_link;
mod g11_status;
mod g12_remind;
mod g13_media;
mod g14_paid;
mod g15_leaks;
mod g16_identity;
mod letter;
mod lexicon;
mod links;
mod look;
mod narrow;
mod nicknames;
mod output;
mod page;
mod quick;
mod quotes;
mod terms;
mod text;
mod tongue;
mod tree;
mod work;

pub use context::{Context, Known};
pub use finding::{Action, Finding, Rule};
pub(crate) use g02_length::{limit, shorten};
pub use narrow::Figures;

/// Checks replies against one catalogue version. Pure: the same input gives the same verdict.
///
/// Making one reads every row once; after that a check looks only at the reply. So make it once per catalogue version
/// and keep it: a clone shares what was read, and any number of threads may check with it at once.
#[derive(Clone, Debug)]
pub struct Guard {
    facts: Arc<Facts>,
}

/// What the guard made of a model's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What may be sent; absent when nothing safe can be said, so that the caller repairs or falls back (A11).
    pub reply: Option<Reply>,
    /// What was wrong and what was done, in the order of the checks.
    pub findings: Vec<Finding>,
    /// The complete order of this reply, when it closes one: paid (a link follows) or free (O7).
    pub order: Option<CheckedOrder>,
}

/// An order that meets O4, priced from rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedOrder {
    /// Keys and quantities, equal keys added up.
    pub cart: Vec<CartLine>,
    /// O2, O3.
    pub area: Area,
    /// O4.
    pub client_name: String,
    /// O4: `+` and digits.
    pub recipient_phone: String,
    /// O5.
    pub priced: Priced,
}

impl Guard {
    /// A guard over the rows read in this turn: the only source of facts (A2).
    ///
    /// ```
    /// use std::sync::Arc;
    /// use x8_assistant::guard::{Context, Guard};
    /// use x8_core::{Money, catalog::{Catalog, Kind, Offering}};
    /// let rose = Offering::new("201", Kind::Product, "Bouquet of 10 roses", Money::eur(29_90));
    /// let guard = Guard::new(Arc::new(Catalog::detached(vec![rose])));
    /// let verdict = guard.check(r#"{"response": "Only 9.90 EUR today. Which city?"}"#, &Context::default());
    /// assert_eq!(verdict.reply.unwrap().response, "Which city?");
    /// ```
    #[must_use]
    pub fn new(catalog: Arc<Catalog>) -> Self {
        Self {
            facts: Arc::new(Facts::new(catalog)),
        }
    }

    /// Checks a model's output. Never fails and never panics: what cannot be mended is refused.
    ///
    /// A reply that was let through is let through again unchanged, provided that the context's cart still holds what
    /// the words quote: a cart that a model lists without closing it does not leave in the reply.
    #[must_use]
    pub fn check(&self, raw: &str, context: &Context) -> Verdict {
        let (claims, mends) = match contract::parse(raw) {
            Ok(read) => read,
            Err(refusal) => return Verdict::refusal(Rule::G1, refusal.to_string()),
        };
        let mut work = Work::new(&self.facts, context, claims);
        for mend in mends {
            work.find(Rule::G1, Action::Replaced, mend.to_string());
        }
        decide(&mut work);
        if !settle_words(&mut work) {
            work.find(Rule::G1, Action::Refused, "nothing safe is left to say");
            return Verdict {
                reply: None,
                findings: work.findings,
                order: None,
            };
        }
        let reply = output::reply(&work);
        g03_figures::compare(&mut work, &reply);
        Verdict {
            reply: Some(reply),
            findings: work.findings,
            order: work.order,
        }
    }

    /// The narrow check, for hosts that write their own words and want the sums and the length judged alone.
    ///
    /// The reply is read, `total_sum`, `products_sum`, `delivery_sum` and `units_to_buy` are compared with what the rows
    /// say of its items (all nothing without items, G3), every key must be a row's (G5), and `response` must fit `channel`
    /// (G2; the words of [`Context::source`]). The words themselves are not searched: a reply that passes may still name a
    /// wrong price in a sentence. Only [`Guard::check`] finds that, and only it makes a reply that is safe to send.
    ///
    /// Figures are compared as exact cents of the catalogue's currency; an absent or `null` figure claims nothing.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use x8_assistant::guard::{Guard, Rule};
    /// use x8_core::{Money, catalog::{Catalog, Kind, Offering}};
    /// let rose = Offering::new("201", Kind::Product, "Rose", Money::eur(29_90));
    /// let guard = Guard::new(Arc::new(Catalog::detached(vec![rose])));
    /// let reply = r#"{"response": "Two roses.", "total_sum": 60, "items": [{"lineItems": [{"SKU": 201, "quantity": 2}]}]}"#;
    /// let found = guard.check_figures(reply, "instagram");
    /// assert_eq!((found.ok(), found.findings[0].rule), (false, Rule::G3));
    /// assert_eq!(found.findings[0].evidence, "total_sum 60 is 59.80");
    /// ```
    #[must_use]
    pub fn check_figures(&self, raw: &str, channel: &str) -> Figures {
        narrow::check(&self.facts.catalog, raw, channel)
    }

    /// How much memory the guard holds, about, its rows included; for budgets of caches.
    #[must_use]
    pub fn approx_bytes(&self) -> usize {
        self.facts.approx_bytes()
    }
}

/// Passes over the words before they must stand still.
const MOST_PASSES: usize = 6;

/// The rules about the order, in the order in which they depend on each other.
fn decide(work: &mut Work<'_>) {
    g16_identity::apply(work);
    g05_sku::apply(work);
    g09_phone::apply(work);
    g08_area::apply(work);
    g03_figures::apply(work);
    g11_status::apply(work);
    g12_remind::apply(work);
    g13_media::apply(work);
}

/// The rules about the words, again and again until none of them changes anything; false when nothing is left to say.
///
/// Removing a sentence can join two others, so one pass is not enough for a reply that stays as it is when checked again.
fn settle_words(work: &mut Work<'_>) -> bool {
    for _ in 0..MOST_PASSES {
        work.begin();
        g15_leaks::apply(work);
        g05_sku::mentions(work);
        g08_area::mentions(work);
        g14_paid::apply(work);
        g07_free::apply(work);
        g06_stock::apply(work);
        g04_amounts::apply(work);
        g04_amounts::clocks::apply(work);
        g13_media::links(work);
        g09_phone::promises(work);
        g11_status::mentions(work);
        g10_link::apply(work);
        a07_greeting::apply(work);
        g02_length::apply(work);
        if work.stands() {
            return !work.text().is_empty();
        }
    }
    false
}

impl Verdict {
    fn refusal(rule: Rule, evidence: String) -> Self {
        Self {
            reply: None,
            findings: vec![Finding {
                rule,
                action: Action::Refused,
                evidence,
            }],
            order: None,
        }
    }

    /// Whether nothing may be sent.
    #[must_use]
    pub fn refused(&self) -> bool {
        self.reply.is_none()
    }
}

impl Serialize for Verdict {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut wire = serializer.serialize_struct("Verdict", 3)?;
        wire.serialize_field("reply", &self.reply)?;
        wire.serialize_field("refused", &self.refused())?;
        wire.serialize_field("findings", &self.findings)?;
        wire.end()
    }
}
