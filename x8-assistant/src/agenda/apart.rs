//! What cannot be one order: things that share no place (O2), and things wished for at different times (B2).

use jiff::civil::DateTime;
use x8_core::{
    Sku,
    cart::{AreaRefusal, settle_area},
    catalog::Kind,
    conversation::Asked,
};

use super::{Say, Turn, local_now};
use crate::understand::{Intent, Timed, understand};

impl Turn<'_> {
    /// Whether any row names places, so that "no common place" means a conflict.
    pub(super) fn is_placed(&self) -> bool {
        self.rows().iter().any(|row| !row.areas.places().is_empty())
    }

    /// No place or no time works for all: the customer chooses what to order first.
    pub(super) fn set_apart(&self) -> Say {
        let times = self.times();
        let skus = self.session.cart.iter().map(|line| line.sku.clone());
        Say::Apart(
            skus.map(|sku| {
                let start = start_of(&times, &sku);
                (sku, start)
            })
            .collect(),
        )
    }

    /// Whether what is in the cart is wished for at different times.
    pub(super) fn is_timed_apart(&self) -> bool {
        if self.session.cart.len() < 2 || self.session.wished_start.is_some() {
            return false;
        }
        let times = self.times();
        let mut starts = self.session.cart.iter();
        let first = starts.next().and_then(|line| start_of(&times, &line.sku));
        let differs = |start: DateTime| first.is_some_and(|first| first != start);
        starts.any(|line| start_of(&times, &line.sku).is_some_and(differs))
    }

    /// Whether the customer was asked what to order first.
    pub(super) fn is_apart(&self) -> bool {
        self.input.session.asked == Some(Asked::Offering)
            && self.session.cart.len() > 1
            && (self.shares_no_place() || self.is_timed_apart())
    }

    fn shares_no_place(&self) -> bool {
        matches!(
            settle_area(&self.rows(), None),
            Err(AreaRefusal::Missing { places }) if places.is_empty()
        )
    }

    /// The answer to that choice: what was not chosen leaves the cart, and what was is wished for at its own time.
    pub(super) fn choose_apart(&mut self) {
        if self.wants(Intent::Add) || !self.heard.each.is_empty() || !self.is_apart() {
            return;
        }
        let named = self.heard.wishes.iter().flat_map(|wish| &wish.skus);
        let mut chosen: Vec<Sku> = named.cloned().collect();
        if let Some(index) = self.nth(self.session.cart.len())
            && chosen.is_empty()
        {
            let line = self.session.cart.get(index);
            chosen.extend(line.map(|line| line.sku.clone()));
        }
        let times = self.times();
        let held = |sku: &Sku| self.session.cart.iter().any(|line| line.sku == *sku);
        chosen.retain(held);
        let Some(first) = chosen.first() else { return };
        if self.heard.wished_start.is_none()
            && let Some(start) = start_of(&times, first)
        {
            self.session.wished_start = Some(start);
        }
        self.ordering = true;
        self.session.cart.retain(|line| chosen.contains(&line.sku));
    }

    /// One of several things that were each given a time is wished for at its own.
    pub(super) fn recall_time(&mut self) {
        let [wish] = self.heard.wishes.as_slice() else {
            return;
        };
        let [sku] = wish.skus.as_slice() else { return };
        let row = self.input.catalog.get(sku);
        let service = row.is_some_and(|row| row.kind == Kind::Service);
        if service && self.session.cart.is_empty() && self.session.wished_start.is_none() {
            self.session.wished_start = start_of(&self.times(), sku);
        }
    }

    /// The times last told for several things, each its own.
    fn times(&self) -> Vec<Timed> {
        if !self.heard.each.is_empty() {
            return self.heard.each.clone();
        }
        let now = local_now(self.input);
        let told = |text: &str| understand(text, &self.input.session, self.lexicon, now).each;
        let mut told = self.earlier().map(told);
        told.find(|each| !each.is_empty()).unwrap_or_default()
    }
}

fn start_of(times: &[Timed], sku: &Sku) -> Option<DateTime> {
    let mut own = times.iter().filter(|timed| timed.skus.contains(sku));
    own.next().map(|timed| timed.start)
}
