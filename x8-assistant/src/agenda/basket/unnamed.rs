//! Bursts that name no offering: answers about quantity or choice, details, "I'll take it" (O1).

use x8_core::conversation::Asked;

use super::super::{Say, Turn};
use crate::understand::{CityHeard, Count, Intent, PhoneHeard, resized, sibling, sold_by};

impl Turn<'_> {
    /// Whether a detail came that may settle an open choice; a place we do not know is a question of its own.
    fn settles(&self) -> bool {
        let strange = matches!(self.heard.city, Some(CityHeard::Unknown(_)));
        self.heard.phone.is_some()
            || self.heard.name.is_some()
            || self.heard.wished_start.is_some()
            || (self.heard.city.is_some() && !strange)
    }

    /// "One more": of the only thing in the cart.
    fn adds_one(&mut self) -> bool {
        let more = self.heard.another && self.heard.city.is_none() && !self.wants(Intent::NewOrder);
        let ([line], true) = (self.session.cart.as_mut_slice(), more) else {
            return false;
        };
        if line.quantity == 0 {
            return false;
        }
        line.quantity = line.quantity.saturating_add(1);
        self.ordering = true;
        true
    }

    /// "4 meetings", "una visita": of several that were shown the one that is sold so.
    fn picks_by_unit(&mut self) -> bool {
        let choosing = self.input.session.asked == Some(Asked::Offering)
            && self.session.cart.is_empty()
            && self.heard.ordinal.is_none();
        let Some(pending) = self.pending().filter(|_| choosing) else {
            return false;
        };
        let text = self.input.customer_text();
        let Some((sku, count)) = sold_by(self.lexicon, &pending.skus, &text) else {
            return false;
        };
        self.ordering = true;
        self.session.order_done = false;
        self.put(&sku, count);
        self.session.focus = Some(sku);
        true
    }

    /// "Not of 20, of 10": the only thing in the cart, in another size.
    fn resize(&mut self) -> bool {
        let ([line], Some(size)) = (self.session.cart.as_mut_slice(), self.heard.sized) else {
            return false;
        };
        let other = resized(self.lexicon, &line.sku, size).filter(|sku| *sku != line.sku);
        let Some(sku) = other else { return false };
        line.sku = sku.clone();
        line.quantity = line.quantity.max(1);
        self.session.focus = Some(sku);
        self.ordering = true;
        true
    }

    /// An answer to a choice of ours: one of what was shown, or another number of pieces.
    fn takes_pending(&mut self) -> bool {
        let pending = self.pending();
        let counted = self.session.cart.iter().all(|line| line.quantity > 0);
        let pending = pending.as_ref().filter(|_| counted);
        if let Some(lines) = pending.and_then(|pending| self.pick(pending)) {
            self.ordering = true;
            self.put_lines(&lines);
            return true;
        }
        if self.changes_pieces() {
            return true;
        }
        if let Some(lines) = pending.and_then(|pending| self.first_packs(pending)) {
            self.ordering = true;
            self.put_lines(&lines);
            return true;
        }
        false
    }

    /// A burst that names no offering: an answer about quantity or choice, or "I'll take it".
    pub(super) fn without_wish(&mut self) {
        if self.adds_one() || self.resize() || self.picks_by_unit() {
            return;
        }
        if self.takes_pending() {
            return;
        }
        // A detail settles what it can; what stays open is asked again, beside what is in the cart already.
        let choosing = self.input.session.asked == Some(Asked::Offering)
            && self.session.cart.iter().all(|line| line.quantity > 0);
        if let Some(pending) = self
            .pending()
            .filter(|_| self.settles() && (self.session.cart.is_empty() || choosing))
        {
            self.ordering = true;
            self.put_several(&pending, None);
            return;
        }
        if self.counts_pieces() {
            return;
        }
        // "I'll take 3" of several that were shown: of which?
        if let Some(pending) = self
            .pending()
            .filter(|_| choosing && self.session.cart.is_empty())
            && (self.heard.count.is_some() || self.wants(Intent::Order))
            && !self.wants(Intent::DeliveryTime)
            && pending.skus.len() < self.input.catalog.offerings().len()
        {
            self.say(Say::Which { skus: pending.skus });
            return;
        }
        let count = self.heard.count.or(self.heard.people);
        let open = self.session.cart.iter().any(|line| line.quantity == 0);
        // A number alone is a quantity only where one was asked for; elsewhere it answers another question.
        let answers = matches!(
            self.input.session.asked,
            Some(Asked::Quantity | Asked::Offering | Asked::Confirmation)
        );
        let corrects = self.wants(Intent::Replace)
            || self.heard.recount
            || (self.heard.bare_count
                && (answers || self.is_beside_phone() || self.is_one_so_far()))
            || self.heard.people.is_some();
        let looked_at = self.input.session.asked == Some(Asked::Quantity);
        if self.doubts_number(open) {
            return;
        }
        if let Some(count) = count.filter(|_| {
            let single = corrects && self.session.cart.len() == 1;
            !self.session.cart.is_empty() && (open || looked_at || single)
        }) {
            self.ordering = true;
            self.set_open(count);
            return;
        }
        self.agree(looked_at);
    }

    /// "Then 10" when ways to put 15 together were shown.
    fn changes_pieces(&mut self) -> bool {
        let count = self.heard.count.filter(|_| self.heard.ordinal.is_none());
        let (Some(count), Some(shown)) = (count, self.shown_pieces()) else {
            return false;
        };
        // A small number is a place in the list, or one of the first.
        const LEAST: u32 = 4;
        let Some(pending) = self.pending().filter(|_| count != shown && count >= LEAST) else {
            return false;
        };
        if !self.session.cart.is_empty() || self.heard.uncountable {
            return false;
        }
        self.ordering = true;
        self.put_pieces(count, &pending.skus);
        true
    }

    /// "I need 36" after a question about what comes in packs only: so many pieces.
    fn counts_pieces(&mut self) -> bool {
        let Some(pending) = self
            .pending()
            .filter(|_| self.session.cart.is_empty() && self.heard.ordinal.is_none())
        else {
            return false;
        };
        let sizes = crate::understand::pack_sizes(self.lexicon, &self.input.catalog, &pending.skus);
        let packed = pending.count == Count::Open && sizes.len() == pending.skus.len();
        let Some(pieces) = self
            .heard
            .count
            .filter(|_| packed && !self.heard.uncountable)
        else {
            return false;
        };
        self.ordering = true;
        self.put_pieces(pieces, &pending.skus);
        true
    }

    /// "2" after one piece was noted, whatever else was asked for.
    fn is_one_so_far(&self) -> bool {
        const FEW: u32 = 100;
        let one = matches!(self.session.cart.as_slice(), [line] if line.quantity == 1);
        one && self.heard.phone.is_none() && self.heard.count.is_some_and(|count| count <= FEW)
    }

    /// "No, 100" of a set of 50 pieces, where a set of 100 is sold: which one, or so many? Returns whether that is asked.
    fn doubts_number(&mut self, open: bool) -> bool {
        let about = match self.session.cart.as_slice() {
            [line] => Some(line.sku.clone()),
            [] => self.session.focus.clone(),
            _several => None,
        };
        let (Some(about), Some(count), false) = (about, self.heard.count, open) else {
            return false;
        };
        let Some(other) = sibling(self.lexicon, &about, count).filter(|_| count > 1) else {
            return false;
        };
        self.session.cart.clear();
        self.ordering = true;
        self.say(Say::Which {
            skus: vec![about, other],
        });
        true
    }

    /// "2, Ann Lee, my number": the phone is another one, so the number answers how many.
    fn is_beside_phone(&self) -> bool {
        matches!(
            self.heard.phone,
            Some(PhoneHeard::Number(_) | PhoneHeard::Own)
        ) && self.heard.count.is_some_and(|count| count <= 20)
    }

    /// "I'll take it", of the one thing that was looked at.
    fn agree(&mut self, looked_at: bool) {
        // After "would you like to order it?" a count or a detail is as good as a yes.
        let goes_on =
            self.heard.count.is_some() || self.heard.people.is_some() || self.heard.has_details();
        let media = [Intent::Photo, Intent::Video, Intent::Website];
        if media.iter().any(|intent| self.wants(*intent)) && !self.wants(Intent::Order) {
            return;
        }
        let agrees = self.wants(Intent::Order)
            || self.wants(Intent::Yes)
            || (looked_at && goes_on && !self.wants(Intent::No) && !self.wants(Intent::Price));
        if let Some(focus) = self.session.focus.clone().filter(|_| {
            agrees && self.session.cart.is_empty() && (looked_at || !self.session.order_done)
        }) {
            self.ordering = true;
            self.session.order_done = false;
            let quantity = self.heard.count.or_else(|| {
                self.heard
                    .people
                    .map(|people| self.for_people(&focus, people))
            });
            let quantity = quantity
                .or_else(|| self.quoted(&focus))
                .unwrap_or(u32::from(
                    self.is_single(&focus) || self.was_one_piece(&focus),
                ));
            self.put(&focus, quantity);
        }
    }
}
