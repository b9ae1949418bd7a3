//! Custom behaviour of an assistant: what an owner wishes it to be like (A10).
//!
//! Wishes are lines of text in four parts, stored in layers: for the company, for a channel, for a scenario, and for a
//! scenario of one channel. A turn gets the layers that apply to it, merged in that order, each line with the layer it came
//! from. They are **data**: a prompt quotes them, and no rule of the guard reads them, so none can be switched off.
//!
//! ```
//! use x8_core::behaviour::{Behaviours, Layer, Scenario, Scope};
//! let mut kept = Behaviours::default();
//! let formal = Layer { style: vec!["Be formal".into()], ..Layer::default() };
//! let thanks = Layer { prompts: vec!["Thank for the order".into()], ..Layer::default() };
//! kept.replace(Scope::COMPANY, &formal, 0)?;
//! kept.replace(Scope { channel: None, scenario: Some(Scenario::AfterSale) }, &thanks, 0)?;
//! let lines = |scenario| kept.merged(None, Some(scenario)).lines.len();
//! assert_eq!((lines(Scenario::Sale), lines(Scenario::AfterSale)), (1, 2));
//! # Ok::<(), x8_core::Error>(())
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    id::ChannelId,
    text::fold,
};

mod layer;
mod scenario;

pub use layer::{Flaw, Layer, Part};
pub use scenario::Scenario;

/// Where a layer applies.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(default)]
pub struct Scope {
    /// Only on this channel.
    pub channel: Option<ChannelId>,
    /// Only in this situation.
    pub scenario: Option<Scenario>,
}

impl Scope {
    /// Everywhere.
    pub const COMPANY: Self = Self {
        channel: None,
        scenario: None,
    };

    /// The layers that apply, from the widest to the narrowest: the order of merging.
    #[must_use]
    pub fn of_turn(channel: Option<ChannelId>, scenario: Option<Scenario>) -> Vec<Self> {
        let mut scopes = Vec::new();
        let scenarios = [None].into_iter().chain(scenario.map(Some));
        for scenario in scenarios {
            scopes.push(Self {
                channel: None,
                scenario,
            });
            if channel.is_some() {
                scopes.push(Self { channel, scenario });
            }
        }
        scopes
    }
}

/// `company`, `channel 5`, `scenario sale`, `channel 5, scenario sale`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.channel, self.scenario) {
            (None, None) => f.write_str("company"),
            (Some(channel), None) => write!(f, "channel {channel}"),
            (None, Some(scenario)) => write!(f, "scenario {scenario}"),
            (Some(channel), Some(scenario)) => write!(f, "channel {channel}, scenario {scenario}"),
        }
    }
}

/// Every layer of one company: one stored document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Behaviours {
    layers: Vec<Kept>,
}

/// A layer with its place and version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    scope: Scope,
    version: u32,
    layer: Layer,
}

impl Behaviours {
    /// The layer of a scope and its version; an empty one of version 0 before the first.
    #[must_use]
    pub fn layer(&self, scope: Scope) -> (Layer, u32) {
        let kept = self.layers.iter().find(|kept| kept.scope == scope);
        kept.map_or_else(Default::default, |kept| (kept.layer.clone(), kept.version))
    }

    /// Replaces a layer whose version must still be `expected` (0: there is none), and returns the new version.
    ///
    /// # Errors
    /// `Conflict` when somebody else changed it first; `Invalid` when it breaks a limit, see [`Layer::flaws`].
    pub fn replace(&mut self, scope: Scope, layer: &Layer, expected: u32) -> Result<u32> {
        if let Some(flaw) = layer.flaws().into_iter().next() {
            return Err(Error::invalid("behaviour.replace", flaw.message).with("field", flaw.field));
        }
        let (_, version) = self.layer(scope);
        if version != expected {
            let told =
                format!("the behaviour is at version {version}, not {expected}: read it again");
            return Err(Error::conflict("behaviour.replace", told));
        }
        let version = version.saturating_add(1);
        self.layers.retain(|kept| kept.scope != scope);
        self.layers.push(Kept {
            scope,
            version,
            layer: layer.tidied(),
        });
        self.layers.sort_by_key(|kept| kept.scope);
        Ok(version)
    }

    /// What applies to a turn, in the order of merging. A line that comes again counts where it came last.
    #[must_use]
    pub fn merged(&self, channel: Option<ChannelId>, scenario: Option<Scenario>) -> Behaviour {
        let mut lines: Vec<Line> = Vec::new();
        for scope in Scope::of_turn(channel, scenario) {
            let (layer, _) = self.layer(scope);
            for (part, text) in layer.lines() {
                let again = |line: &Line| line.part == part && fold(&line.text) == fold(text);
                lines.retain(|line| !again(line));
                lines.push(Line {
                    part,
                    text: text.to_owned(),
                    from: scope,
                });
            }
        }
        Behaviour { lines }
    }
}

/// The wishes that apply to one turn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Behaviour {
    /// From the widest layer to the narrowest; where two contradict each other, the later one is meant.
    pub lines: Vec<Line>,
}

/// One wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which part.
    pub part: Part,
    /// As the owner wrote it.
    pub text: String,
    /// Which layer gave it.
    pub from: Scope,
}
