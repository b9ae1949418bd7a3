//! Questions about the delivery and the whole sum: whether, how soon, how much (O2, O5).

use x8_core::{Sku, catalog::Kind};

use super::{Say, Turn};
use crate::understand::{CityHeard, Intent};

impl Turn<'_> {
    /// "How much is it all together?": the order goes on with its sum. Returns whether that was asked.
    pub(super) fn wants_total(&mut self) -> bool {
        let asked = self.wants(Intent::Total)
            && self.heard.wishes.is_empty()
            && !self.session.cart.is_empty()
            && !self.wants(Intent::DeliveryTime);
        self.ordering = self.ordering || asked;
        asked
    }

    /// Answers how soon things are brought. Returns whether that is all that was asked about offerings.
    pub(super) fn about_delivery(&mut self) -> bool {
        if !self.wants(Intent::DeliveryTime) {
            return false;
        }
        let rows = self.brought();
        self.say(Say::DeliveryTime(rows));
        !self.wants(Intent::FreeDelivery) && self.heard.wishes.is_empty()
    }

    /// "Do you deliver to Valencia?" before anything is chosen: yes, and what can be had there. Returns whether that is the whole
    /// answer; a choice that is open goes on.
    pub(super) fn serves_city(&mut self) -> bool {
        let Some(CityHeard::Known(place)) = &self.heard.city else {
            return false;
        };
        let asked = self.wants(Intent::Cities)
            && self.heard.wishes.is_empty()
            && self.heard.count.is_none()
            && self.session.cart.is_empty()
            && !self.session.order_done
            && !self.wants(Intent::FreeDelivery)
            && !self.wants(Intent::DeliveryTime);
        if !asked {
            return false;
        }
        let rows = self.here();
        let open = self.pending().map(|wish| wish.skus).unwrap_or_default();
        let all = open.len() == self.input.catalog.offerings().len();
        let choosing = !open.is_empty() && !all;
        let focus = self.session.focus.iter();
        let meant: Vec<Sku> = if choosing {
            open
        } else {
            focus.cloned().collect()
        };
        // Of what is spoken of nothing may be had there.
        if !meant.is_empty() && !meant.iter().any(|sku| rows.contains(sku)) {
            return false;
        }
        self.say(Say::Served(place.clone()));
        if meant.is_empty() {
            self.list(rows, false);
        }
        meant.is_empty()
    }

    /// The goods a question about the delivery is about: named, chosen, spoken of, ordered, else all.
    fn brought(&self) -> Vec<Sku> {
        let wished = self.heard.wishes.iter().flat_map(|wish| &wish.skus);
        let wished: Vec<Sku> = wished.cloned().collect();
        let cart = self.session.cart.iter().map(|line| line.sku.clone());
        let ordered = self.input.order.iter();
        let ordered = ordered.flat_map(|order| order.lines.iter().map(|line| line.sku.clone()));
        let focus = self.session.focus.iter().cloned();
        let mut ways = [wished, cart.collect(), focus.collect(), ordered.collect()].into_iter();
        let goods = |sku: &Sku| {
            let row = self.input.catalog.get(sku);
            row.is_some_and(|row| row.kind == Kind::Product)
        };
        let named = ways.find(|rows: &Vec<Sku>| rows.iter().any(goods));
        let city = self.session.city.as_deref();
        let near = |sku: &Sku| {
            let row = self.input.catalog.get(sku);
            city.is_none_or(|city| row.is_some_and(|row| row.serves(city)))
        };
        let mut rows = named.unwrap_or_else(|| self.here());
        rows.retain(goods);
        if rows.iter().any(near) {
            rows.retain(near);
        }
        rows
    }
}
