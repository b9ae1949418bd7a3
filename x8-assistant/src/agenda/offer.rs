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
        let supposes = self.supposes();
        let idle = self.session.cart.is_empty()
            && self.heard.phone.is_none()
            && (supposes || !self.wants(Intent::Order))
            && !self.wants(Intent::Add);
        let count = self.heard.count.or(self.heard.people).or(self.counted());
        let about = match self.heard.wishes.as_slice() {
            [] => self.session.focus.clone(),
            [wish] => match wish.skus.as_slice() {
                [sku] if supposes || self.session.focus.as_ref() == Some(sku) => Some(sku.clone()),
                _several => None,
            },
            _several => None,
        };
        let (Some(about), Some(count)) = (about, count) else {
            return false;
        };
        if !(asked || supposes) || !idle || count < 2 || self.heard.uncountable {
            return false;
        }
        self.session.focus = Some(about.clone());
        if !self.wants(Intent::Price) && self.shows_bundles(&about, count) {
            return true;
        }
        self.shows_sum(&about, count)
    }

    /// "If I buy 5": asked, not ordered.
    fn supposes(&self) -> bool {
        const IF: &[&str] = &[
            "if i",
            "if we",
            "what if",
            "if it's",
            "if its",
            "si cojo",
            "si compro",
            "si pido",
            "si me llevo",
            "si llevo",
            "si son",
            "si fueran",
            "y si ",
            "если",
            "а при ",
        ];
        let text = x8_core::text::fold(&self.input.customer_text());
        self.heard.question && IF.iter().any(|form| text.contains(form))
    }

    fn counted(&self) -> Option<u32> {
        let [wish] = self.heard.wishes.as_slice() else {
            return None;
        };
        match wish.count {
            crate::understand::Count::Units(count) => Some(count),
            crate::understand::Count::Open
            | crate::understand::Count::Pieces(_)
            | crate::understand::Count::Implied => None,
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
        self.spent = true;
        self.ordering = true;
        self.session.order_done = false;
        self.put(&sku, quantity);
        self.session.focus = Some(sku);
    }
}
