//! What the guard records about a reply.

use serde::Serialize;

/// A hard rule. Serialised and displayed as its id: `G3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Rule {
    /// Tolerant in, strict out.
    G1,
    /// Length.
    G2,
    /// Figures come from rows.
    G3,
    /// The amount firewall.
    G4,
    /// Only offerings of this turn's rows.
    G5,
    /// Stock numbers stay inside.
    G6,
    /// Free is free.
    G7,
    /// City or area.
    G8,
    /// Phone by channel.
    G9,
    /// A link only for a complete order.
    G10,
    /// The status change is computed and never mentioned.
    G11,
    /// Reminders.
    G12,
    /// Media and links.
    G13,
    /// "Already paid".
    G14,
    /// Injection and leaks.
    G15,
    /// The addressee comes from the turn.
    G16,
    /// No repeated greetings; the one rule here that is about manners.
    A7,
}

impl Rule {
    /// The id: `G3`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::G1 => "G1",
            Self::G2 => "G2",
            Self::G3 => "G3",
            Self::G4 => "G4",
            Self::G5 => "G5",
            Self::G6 => "G6",
            Self::G7 => "G7",
            Self::G8 => "G8",
            Self::G9 => "G9",
            Self::G10 => "G10",
            Self::G11 => "G11",
            Self::G12 => "G12",
            Self::G13 => "G13",
            Self::G14 => "G14",
            Self::G15 => "G15",
            Self::G16 => "G16",
            Self::A7 => "A7",
        }
    }
}

/// What was done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Odd, but harmless as it is.
    Kept,
    /// Something computed or safe stands in its place.
    Replaced,
    /// It is gone.
    Removed,
    /// The claim (or the whole reply) was not accepted.
    Refused,
}

impl Action {
    /// Its word: `kept`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Replaced => "replaced",
            Self::Removed => "removed",
            Self::Refused => "refused",
        }
    }
}

/// One thing that was wrong with a model's output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// What was done.
    pub action: Action,
    /// What was wrong, with the offending value, for operators.
    pub evidence: String,
}
