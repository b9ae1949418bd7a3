//! Taking things out, and changing an order whose link is open (O9).

use x8_core::{
    Sku,
    order::{CartLine, OrderState},
};

use super::super::{Say, Turn, refer::wished_before};
use crate::understand::Intent;

impl Turn<'_> {
    /// Whether something to be taken out is in the cart or in the open order.
    pub(in crate::agenda) fn has_unwanted(&self) -> bool {
        let open = self
            .input
            .order
            .iter()
            .filter(|order| order.state == OrderState::AwaitingPayment);
        let ordered = open.flat_map(|order| order.lines.iter().map(|line| &line.sku));
        let mut held = self
            .session
            .cart
            .iter()
            .map(|line| &line.sku)
            .chain(ordered);
        let unwanted = self.unwanted();
        held.any(|sku| unwanted.contains(sku))
    }

    /// What is to be left out: named as such, else everything named in a wish to remove.
    fn unwanted(&self) -> Vec<Sku> {
        if !self.heard.unwanted.is_empty() {
            return self.heard.unwanted.clone();
        }
        let wishes = self.heard.wishes.iter();
        wishes.flat_map(|wish| wish.skus.clone()).collect()
    }

    /// Takes out what is not wanted; returns how many there were of it, when it was one thing.
    pub(super) fn remove(&mut self) -> u32 {
        self.ordering = true;
        let unwanted = self.unwanted();
        let mut out = self
            .session
            .cart
            .iter()
            .filter(|line| unwanted.contains(&line.sku));
        let count = match (out.next(), out.next()) {
            (Some(line), None) => line.quantity,
            _other => 0,
        };
        if let Some(fewer) = self.heard.fewer
            && fewer < count
        {
            let some = |line: &&mut CartLine| unwanted.contains(&line.sku);
            if let Some(line) = self.session.cart.iter_mut().find(some) {
                line.quantity = count - fewer;
            }
            return 0;
        }
        self.session
            .cart
            .retain(|line| !unwanted.contains(&line.sku));
        if self.session.cart.is_empty() && self.heard.wishes.is_empty() {
            self.say(Say::Cancelled { order: false });
        }
        count
    }

    /// Whether words without an offering change the order whose link is open (O9).
    pub(super) fn changes_open_order(&self) -> bool {
        let details = self.heard.phone.is_some()
            || self.heard.city.is_some()
            || self.heard.wished_start.is_some();
        let counted = (self.heard.count.is_some() || self.heard.people.is_some())
            && (self.wants(Intent::Replace)
                || self.wants(Intent::Order)
                || (self.heard.bare_count && self.heard.question)
                || self.recounts_people());
        let adds = self.wants(Intent::Add) && !self.heard.wishes.is_empty();
        (self.heard.wishes.is_empty() && (counted || (details && !self.wants(Intent::Cities))))
            || adds
    }

    /// "My cousin comes too, we are 3" about the one thing that is ordered.
    fn recounts_people(&self) -> bool {
        let order = self.input.order.as_ref();
        let lines = order.map_or(&[][..], |order| order.lines.as_slice());
        match (lines, self.heard.people) {
            ([line], Some(people)) => self.for_people(&line.sku, people) != line.quantity,
            _other => false,
        }
    }

    /// O9: takes the lines of the open order back into the cart, so that a changed order can replace it.
    pub(super) fn reopen(&mut self) {
        let open = self
            .input
            .order
            .as_ref()
            .filter(|order| order.state == OrderState::AwaitingPayment);
        let Some(order) = open.filter(|_| self.session.cart.is_empty()) else {
            return;
        };
        let single = order.lines.len() == 1;
        self.session.cart = order
            .lines
            .iter()
            .map(|line| CartLine {
                sku: line.sku.clone(),
                quantity: line.quantity,
            })
            .collect();
        self.session.order_done = false;
        self.ordering = true;
        if self.session.wished_start.is_none() {
            self.session.wished_start = wished_before(self.input);
        }
        let count = self.heard.count.or(self.heard.people);
        if let (Some(count), true, true) = (count, single, self.heard.wishes.is_empty())
            && let Some(line) = self.session.cart.first_mut()
        {
            line.quantity = count;
        }
    }
}
