//! A choice that is still open while other facts come in: they are kept, and it is asked for in short.

use x8_core::{
    Sku,
    conversation::{Asked, Flow},
};

use super::{Say, Told, Turn};
use crate::understand::{CityHeard, Intent};

impl Turn<'_> {
    /// What the burst told about the customer, as it is remembered.
    pub(super) fn told(&self) -> Told {
        let heard = self.heard;
        let known = matches!(heard.city, Some(CityHeard::Known(_)));
        Told {
            name: self.session.name.clone().filter(|_| heard.name.is_some()),
            phone: self.session.phone.clone().filter(|_| heard.phone.is_some()),
            city: self.session.city.clone().filter(|_| known),
            start: self
                .session
                .wished_start
                .filter(|_| heard.wished_start.is_some()),
        }
    }

    /// Puts a short question in the place of a list that our last reply showed already.
    pub(super) fn shorten(&mut self) {
        /// So many are named again.
        const FEW: usize = 4;
        if !self.heard.has_details() || self.says.len() != 1 {
            return;
        }
        let ways = match self.says.first() {
            Some(Say::Which { skus }) if self.is_shown(skus) => None,
            Some(Say::List { skus, .. }) if self.is_shown(skus) && !self.wants(Intent::List) => {
                None
            }
            Some(Say::Packs { pieces, options }) => {
                let mut skus: Vec<Sku> = Vec::new();
                for line in options.iter().flatten() {
                    if !skus.contains(&line.sku) {
                        skus.push(line.sku.clone());
                    }
                }
                // Packs depend on the place.
                let same = self.shown_pieces() == Some(*pieces) && self.is_shown(&skus);
                if !same {
                    return;
                }
                Some((*pieces, options.len()))
            }
            _other => return,
        };
        let skus = match self.says.first() {
            Some(Say::Which { skus } | Say::List { skus, .. }) if skus.len() <= FEW => skus.clone(),
            _many => Vec::new(),
        };
        let told = self.told();
        self.says = vec![Say::Choose { told, skus, ways }];
    }

    /// Whether the last list shown was one of just these rows.
    fn is_shown(&self, skus: &[Sku]) -> bool {
        self.named().is_some_and(|shown| {
            shown.skus.len() == skus.len() && skus.iter().all(|sku| shown.skus.contains(sku))
        })
    }

    /// The pieces whose ways to be put together were shown last.
    pub(super) fn shown_pieces(&self) -> Option<u32> {
        const BACK: usize = 4;
        if self.input.session.asked != Some(Asked::Quantity) {
            return None;
        }
        let replies = self.input.history.iter().rev();
        let mut replies = replies
            .filter(|message| message.flow == Flow::Outbound)
            .take(BACK);
        replies.find_map(|reply| {
            let mut lines = reply.text.lines().peekable();
            while let Some(line) = lines.next() {
                let listed = lines.clone().find(|next| !next.trim().is_empty());
                if listed.is_some_and(|next| next.starts_with("1. ")) {
                    return line.split(' ').next()?.parse().ok();
                }
            }
            None
        })
    }

    /// "The cheaper one" of several ways to put pieces together.
    pub(super) fn picks_lowest(&self) -> bool {
        let lower = [Intent::Cheapest, Intent::Cheaper, Intent::Discount];
        lower.iter().any(|intent| self.wants(*intent))
            && self.heard.wishes.is_empty()
            && !self.heard.question
            && self.shown_pieces().is_some()
    }

    /// "What is included?" right after several things were shown.
    pub(super) fn asks_about_which(&self) -> bool {
        let asked = self.input.session.asked == Some(Asked::Offering);
        self.wants(Intent::Details)
            && !self.wants(Intent::List)
            && asked
            && self.heard.wishes.is_empty()
            && self.session.listed
            && self.session.cart.is_empty()
    }
}
