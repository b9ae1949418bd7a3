//! The cart: adding, replacing, removing, and how many (O1).

use x8_core::{Sku, conversation::Asked, order::CartLine};

use super::{Say, Turn};
use crate::understand::{Count, Intent, Wish};

mod quantity;
mod reopen;
mod several;
mod unnamed;

impl Turn<'_> {
    /// Applies the burst to the cart.
    pub(super) fn basket(&mut self) {
        if self.supposed {
            return;
        }
        if self.wants(Intent::Remove) && self.has_unwanted() {
            self.reopen();
            self.swapped = self.remove();
            if self.heard.unwanted.is_empty() || self.heard.wishes.is_empty() {
                let pending = self.pending();
                self.ask_again(pending.as_ref());
                return;
            }
        }
        if self.changes_open_order() || self.recounts_order() {
            self.reopen();
        }
        self.choose_apart();
        if self.takes_some_out() {
            return;
        }
        if self.heard.wishes.is_empty() {
            self.without_wish();
        } else if self.is_ordering() {
            self.with_wishes();
        }
        self.settle_confirmation();
    }

    /// Whether offerings are named to be ordered, not only asked about.
    pub(super) fn is_ordering(&self) -> bool {
        let counted = self
            .heard
            .wishes
            .iter()
            .any(|wish| matches!(wish.count, Count::Units(_) | Count::Pieces(_)));
        // "Do you have roses? I want a dozen".
        let wanted = self.wants(Intent::Order) && self.heard.count.is_some_and(|count| count > 1);
        let asking = [
            Intent::Details,
            Intent::Price,
            Intent::Photo,
            Intent::Video,
            Intent::Website,
            Intent::Contact,
            Intent::Cities,
            Intent::List,
        ]
        .into_iter()
        .any(|intent| self.wants(intent) && !(wanted && intent == Intent::List));
        let ordering = [
            Intent::Order,
            Intent::Add,
            Intent::Replace,
            Intent::NewOrder,
        ]
        .into_iter()
        .any(|intent| self.wants(intent));
        let answering = matches!(
            self.input.session.asked,
            Some(Asked::Offering | Asked::Quantity | Asked::Confirmation | Asked::City)
        );
        let details = self.heard.phone.is_some()
            || self.heard.name.is_some()
            || self.heard.wished_start.is_some()
            || self.heard.people.is_some();
        let told = details || self.heard.city.is_some();
        // "Tulips?" is a question even after "which one?".
        let haggling =
            self.wants(Intent::Discount) && self.heard.phone.is_none() && self.heard.name.is_none();
        let asking = asking || haggling || (self.heard.question && !ordering && !told);
        let meant = ordering
            || answering
            || told
            || self.wants(Intent::Yes)
            || !self.session.cart.is_empty();
        // "Not the 3000, the 4000. What's the total then?"
        let swaps = self.wants(Intent::Replace)
            && !self.session.cart.is_empty()
            && self.heard.wishes.iter().all(|wish| wish.skus.len() == 1);
        // Who gives a phone orders, whatever else is asked.
        counted || swaps || (meant && (!asking || self.heard.phone.is_some()))
    }

    fn with_wishes(&mut self) {
        self.ordering = true;
        let replaces = self.wants(Intent::Replace) && !self.wants(Intent::Add);
        // What cannot be had there is not wanted any more once something else is named.
        let refused = self.input.session.asked == Some(Asked::City)
            && self.session.refused_city.is_some()
            && self.heard.city.is_none();
        let before = match self.session.cart.as_slice() {
            [line] if (replaces || refused) && self.swapped == 0 => line.quantity,
            _other => self.swapped,
        };
        // "Rather German": as many as of the first.
        if before > 0 && self.heard.wishes.len() == 1 {
            self.swapped = before;
        }
        if self.session.order_done || !self.confirmed {
            self.session.cart.clear();
        } else if ((replaces && self.heard.unwanted.is_empty()) || refused) && !self.recounts() {
            self.make_room();
        }
        self.session.order_done = false;
        self.confirmed = true;
        for stranger in self.heard.unknown.clone() {
            self.say(Say::NotSold(stranger));
        }
        self.count_former();
        let pending = self.pending();
        for wish in self.ordered() {
            let wish = self.in_cart(narrowed(wish, pending.as_ref()));
            match wish.skus.as_slice() {
                [sku] => self.put_one(sku, wish.count, pending.as_ref()),
                _several => self.put_several(&wish, pending.as_ref()),
            }
        }
        self.with_companions();
        // "Rather the other one": as many as of the first.
        if let (Some(line), false) = (self.session.cart.last_mut(), self.heard.uncountable)
            && line.quantity == 0
        {
            line.quantity = before;
        }
        self.ask_again(pending.as_ref());
    }

    /// What is wished for, without what is only asked about beside it.
    fn ordered(&self) -> Vec<Wish> {
        let ordered = self.heard.wishes.iter().filter(|wish| !wish.asked);
        let ordered: Vec<Wish> = ordered.cloned().collect();
        if ordered.is_empty() {
            self.heard.wishes.clone()
        } else {
            ordered
        }
    }

    /// "A manicure and a pedicure, can I have both?", "the classic manicure": what was asked for together and needed no choice
    /// goes with what was chosen.
    fn with_companions(&mut self) {
        let choosing = self.input.session.asked == Some(Asked::Offering);
        let [wish] = self.heard.wishes.as_slice() else {
            return;
        };
        let [chosen] = wish.skus.as_slice() else {
            return;
        };
        let Some(mut together) = self.asked_together().filter(|_| choosing) else {
            return;
        };
        let among = together
            .iter()
            .any(|wish| wish.skus.len() > 1 && wish.skus.contains(chosen));
        together.retain(|wish| !wish.skus.contains(chosen));
        if !among || !together.iter().all(|wish| wish.skus.len() == 1) {
            return;
        }
        for sku in together.iter().flat_map(|wish| &wish.skus) {
            self.put(sku, u32::from(self.is_single(sku)));
        }
    }

    /// "… and a card too" leaves the question which of several is meant open.
    fn ask_again(&mut self, pending: Option<&Wish>) {
        let Some(wish) = pending.filter(|wish| {
            (self.wants(Intent::Add) || self.wants(Intent::Remove)) && wish.skus.len() > 1
        }) else {
            return;
        };
        let settled = self
            .session
            .cart
            .iter()
            .any(|line| wish.skus.contains(&line.sku));
        let asked = self.input.session.asked == Some(Asked::Offering);
        if asked && !settled && wish.skus.len() < self.input.catalog.offerings().len() {
            self.put_several(&wish.clone(), None);
        }
    }

    /// Of several rows the one that is in the cart already: "one set" after a set was chosen.
    fn in_cart(&self, mut wish: Wish) -> Wish {
        let counted = matches!(wish.count, Count::Units(_));
        let changes = self.wants(Intent::Add) || (self.wants(Intent::Replace) && !counted);
        let held = |sku: &&Sku| self.session.cart.iter().any(|line| line.sku == **sku);
        let mut here = wish.skus.iter().filter(held);
        if let (Some(sku), None, false) = (here.next(), here.next(), changes) {
            wish.skus = vec![sku.clone()];
        }
        wish
    }

    /// The number of the burst, while nothing has taken it.
    fn number(&self) -> Option<u32> {
        self.heard.count.filter(|_| !self.spent)
    }

    /// A wish for one row; an open quantity may have been said before the question.
    pub(super) fn put_one(&mut self, sku: &Sku, count: Count, pending: Option<&Wish>) {
        let meant = pending
            .filter(|wish| wish.skus.contains(sku))
            .map(|wish| wish.count);
        let count = match (count, meant) {
            (Count::Open | Count::Implied, Some(Count::Pieces(pieces))) => Count::Pieces(pieces),
            (Count::Open, Some(Count::Units(units))) => Count::Units(units),
            (Count::Open, Some(Count::Implied)) => Count::Implied,
            (own, _) => own,
        };
        match count {
            // "0 orchids": how many is still to be said.
            _ if self.heard.uncountable => self.put(sku, 0),
            Count::Units(units) => {
                // "Two for Saturday, actually make that three".
                let corrected = self.heard.recount && self.wants(Intent::Replace);
                let more = self
                    .number()
                    .filter(|_| corrected && self.heard.wishes.len() == 1);
                self.put(sku, more.unwrap_or(units));
            }
            Count::Implied => {
                // "A bouquet of 20, two of those".
                let more = self
                    .number()
                    .filter(|_| self.heard.recount && self.heard.wishes.len() == 1);
                self.put(sku, more.unwrap_or(1));
            }
            Count::Open => {
                // "Five roses and a card" in languages without articles, "add a card": one.
                let counted = |wish: &Wish| wish.count != Count::Open;
                let among = self.heard.wishes.len() > 1 && self.heard.wishes.iter().any(counted);
                let lone = self.number().filter(|_| self.heard.wishes.len() == 1);
                let single = among || self.wants(Intent::Add) || self.is_single(sku);
                let before =
                    (self.swapped > 0 && self.heard.wishes.len() == 1).then_some(self.swapped);
                let one = lone.or(before).unwrap_or(u32::from(single));
                let people = self
                    .heard
                    .people
                    .map_or(one, |people| self.for_people(sku, people));
                self.put(sku, people);
            }
            Count::Pieces(pieces) => self.put_pieces(pieces, std::slice::from_ref(sku)),
        }
        self.session.focus = Some(sku.clone());
    }

    pub(super) fn put_lines(&mut self, lines: &[CartLine]) {
        for line in lines {
            self.put(&line.sku, line.quantity);
        }
        self.session.focus = lines.first().map(|line| line.sku.clone());
    }

    /// Sets a line; "one more" adds to it. Zero: the quantity is not said yet.
    pub(super) fn put(&mut self, sku: &Sku, quantity: u32) {
        let adding = self.wants(Intent::Add);
        match self.session.cart.iter_mut().find(|line| line.sku == *sku) {
            // "And the card then": it is in there already.
            Some(line) if adding && !self.heard.more && line.quantity > 0 && quantity <= 1 => {}
            Some(line) if adding => line.quantity = line.quantity.saturating_add(quantity.max(1)),
            Some(line) if quantity > 0 => line.quantity = quantity,
            Some(_line) => {}
            None => self.session.cart.push(CartLine {
                sku: sku.clone(),
                quantity,
            }),
        }
    }

    /// A proposal stands only once it was agreed to.
    fn settle_confirmation(&mut self) {
        let proposed = self
            .says
            .iter()
            .any(|say| matches!(say, Say::Propose { .. }));
        if proposed || self.confirmed || self.session.cart.is_empty() {
            return;
        }
        self.ordering = true;
        if self.wants(Intent::Yes) || self.wants(Intent::Order) {
            self.confirmed = true;
        } else if self.wants(Intent::No) {
            self.session.cart.clear();
            self.confirmed = true;
            self.say(Say::WhichGeneral);
        } else {
            let lines = self.session.cart.clone();
            self.say(Say::Confirm(lines));
        }
    }
}

/// Out of several rows those that the open question was about: "the large one" of the two just shown.
fn narrowed(mut wish: Wish, pending: Option<&Wish>) -> Wish {
    let Some(pending) = pending.filter(|_| wish.skus.len() > 1) else {
        return wish;
    };
    let both: Vec<Sku> = wish
        .skus
        .iter()
        .filter(|sku| pending.skus.contains(sku))
        .cloned()
        .collect();
    if !both.is_empty() {
        wish.skus = both;
        if wish.count == Count::Open {
            wish.count = pending.count;
        }
    }
    wish
}
