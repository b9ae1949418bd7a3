//! "How much for 3?", "is it cheaper if I buy 5?", "the same again": amounts that are asked before they are ordered (O1, O5).

use x8_core::{
    Sku,
    cart::price,
    conversation::{Asked, Flow},
    order::{Area, CartLine, OrderState},
};

use super::{Say, Turn};
use crate::understand::{Intent, bundles};

impl Turn<'_> {
    /// What so many of the one thing just described come to, without ordering them. Returns whether that was asked.
    pub(super) fn offers(&mut self) -> bool {
        let asks = [Intent::Price, Intent::Cheaper, Intent::Discount];
        let asked = asks.iter().any(|intent| self.wants(*intent));
        let idle = self.session.cart.is_empty()
            && self.heard.phone.is_none()
            && !self.wants(Intent::Order)
            && !self.wants(Intent::Add);
        let only = match self.heard.wishes.as_slice() {
            [] => true,
            [wish] => self
                .session
                .focus
                .as_ref()
                .is_some_and(|focus| wish.skus == [focus.clone()]),
            _several => false,
        };
        let count = self.heard.count.or(self.heard.people).or(self.counted());
        let (Some(focus), Some(count)) = (self.session.focus.clone(), count) else {
            return false;
        };
        if !asked || !idle || !only || count < 2 || self.heard.uncountable {
            return false;
        }
        if !self.wants(Intent::Price) {
            return self.shows_bundles(&focus, count);
        }
        self.shows_sum(&focus, count)
    }

    fn counted(&self) -> Option<u32> {
        let [wish] = self.heard.wishes.as_slice() else {
            return None;
        };
        match wish.count {
            crate::understand::Count::Units(count) => Some(count),
            _other => None,
        }
    }

    fn shows_sum(&mut self, sku: &Sku, count: u32) -> bool {
        let line = CartLine {
            sku: sku.clone(),
            quantity: count,
        };
        if price(&self.input.catalog, std::slice::from_ref(&line), false).is_err() {
            return false;
        }
        self.say(Say::Sum(line));
        true
    }

    /// The packs of just so many beside the single one.
    fn shows_bundles(&mut self, sku: &Sku, count: u32) -> bool {
        let mut rows = bundles(self.lexicon, sku, count);
        if rows.is_empty() {
            return false;
        }
        rows.insert(0, sku.clone());
        self.list(rows, false);
        true
    }

    /// How many of a row our last reply spoke of: "3 × Tulips — 43.50 EUR".
    pub(super) fn quoted(&self, sku: &Sku) -> Option<u32> {
        let row = self.input.catalog.get(sku)?;
        let last = self
            .input
            .history
            .iter()
            .rev()
            .find(|message| message.flow == Flow::Outbound)?;
        let (head, _) = last.text.split_once(&format!(" × {}", row.name))?;
        head.rsplit([' ', '\n']).next()?.parse().ok()
    }

    /// "The same again": the lines of the last order, once that is settled.
    pub(super) fn repeat(&mut self) {
        let Some(order) = &self.input.order else {
            return;
        };
        let settled = !matches!(order.state, OrderState::AwaitingPayment | OrderState::Cart);
        let idle = self.session.cart.is_empty() && self.heard.wishes.is_empty();
        if !self.wants(Intent::Repeat) || !settled || !idle {
            return;
        }
        let catalog = &self.input.catalog;
        let lines = order
            .lines
            .iter()
            .filter(|line| catalog.get(&line.sku).is_some());
        self.session.cart = lines
            .map(|line| CartLine {
                sku: line.sku.clone(),
                quantity: line.quantity,
            })
            .collect();
        if let (Area::Place(place), None) = (&order.area, &self.session.city) {
            self.session.city = Some(place.clone());
        }
        if let (Some(count), [line]) = (self.heard.count, self.session.cart.as_mut_slice()) {
            line.quantity = count;
        }
        self.session.order_done = false;
        self.ordering = true;
        self.confirmed = true;
    }

    /// Of several rows that differ in size only the one that "the small one" means.
    pub(super) fn by_size(&mut self) {
        let Some(size) = self.heard.size else { return };
        if self.input.session.asked != Some(Asked::Offering) || !self.session.cart.is_empty() {
            return;
        }
        let Some(pending) = self.pending() else {
            return;
        };
        let named = |sku: &Sku| self.heard.wishes.iter().any(|wish| wish.skus.contains(sku));
        if pending.skus.iter().any(named) {
            return;
        }
        let Some(sku) = crate::understand::of_size(self.lexicon, &pending.skus, size) else {
            return;
        };
        let quantity = self.heard.count.unwrap_or(1);
        self.ordering = true;
        self.session.order_done = false;
        self.put(&sku, quantity);
        self.session.focus = Some(sku);
    }
}
