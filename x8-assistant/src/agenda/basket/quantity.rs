//! How many: of what is open, for how many people, and what nobody counts (O1).

use x8_core::{
    Sku,
    catalog::{Kind, Offering},
    conversation::Asked,
    text::fold,
};

use super::super::Turn;
use crate::understand::{Count, Intent, is_one};

/// A unit that several people share.
const SHARED: &[&str] = &[
    "table",
    "dinner",
    "group",
    "villa",
    "boat",
    "стол",
    "ужин",
    "групп",
    "mesa",
    "cena",
    "grupo",
];

/// What one person is given at a time.
const APPOINTMENT: &[&str] = &[
    "visit",
    "appointment",
    "service",
    "procedure",
    "treatment",
    "consultation",
    "cut",
    "услуг",
    "процедур",
    "прием",
    "визит",
    "консультац",
    "посещени",
    "visita",
    "cita",
    "servicio",
    "tratamiento",
    "consulta",
    "procedimiento",
];

/// What one person or a company of people is given, so that one is meant only by who signs up.
const SESSION: &[&str] = &[
    "session",
    "lesson",
    "class",
    "operation",
    "vaccin",
    "сеанс",
    "урок",
    "занят",
    "операци",
    "прививк",
    "sesion",
    "clase",
    "operacion",
    "vacuna",
];

/// What each of a company needs one of, or what is counted anyway.
const COMPANY: &[&str] = &[
    "person",
    "people",
    "adult",
    "guest",
    "child",
    "seat",
    "place",
    "ticket",
    "tour",
    "flight",
    "wheel",
    "tooth",
    "window",
    "hour",
    "rental",
    "item",
    "piece",
    "человек",
    "персон",
    "взросл",
    "мест",
    "билет",
    "тур",
    "полет",
    "час",
    "шт",
    "зуб",
    "окно",
    "persona",
    "adulto",
    "plaza",
    "entrada",
    "vuelo",
    "hora",
    "unidad",
    "diente",
];

fn counts_as(row: &Offering, units: &[&str]) -> bool {
    let unit = row.unit.as_deref().map(fold);
    row.kind == Kind::Service
        && unit.is_some_and(|unit| units.iter().any(|one| unit.starts_with(one)))
}

impl Turn<'_> {
    pub(in crate::agenda) fn for_people(&self, sku: &Sku, people: u32) -> u32 {
        if self.is_shared(sku) { 1 } else { people }
    }

    /// Whether one unit serves a company of people.
    fn is_shared(&self, sku: &Sku) -> bool {
        let row = self.input.catalog.get(sku);
        let unit = row.and_then(|row| row.unit.as_deref()).map(fold);
        unit.is_some_and(|unit| SHARED.iter().any(|shared| unit.starts_with(shared)))
    }

    /// Whether nobody means more than one unless saying so: a call, a table, a gift, an appointment.
    pub(in crate::agenda) fn is_single(&self, sku: &Sku) -> bool {
        let row = self.input.catalog.get(sku);
        self.is_shared(sku)
            || row.is_some_and(|row| {
                row.is_free()
                    || row.is_online_only()
                    || counts_as(row, APPOINTMENT)
                    || (self.heard.books && counts_as(row, SESSION))
                    || (row.kind == Kind::Service
                        && self.session.wished_start.is_some()
                        && !counts_as(row, COMPANY))
            })
    }

    /// "Rather 3 pâtés" while pâtés and honey are in the cart: only how many changes.
    pub(super) fn recounts(&self) -> bool {
        let lines = self.session.cart.iter().map(|line| &line.sku);
        self.counts_of(&lines.collect::<Vec<_>>())
    }

    /// Whether all that is wished for is a number of something that is held.
    fn counts_of(&self, held: &[&Sku]) -> bool {
        self.heard.wishes.iter().all(|wish| {
            let here = wish.skus.iter().filter(|sku| held.contains(sku)).count();
            matches!(wish.count, Count::Units(_)) && here == 1
        })
    }

    /// "Sorry, 3 loaves" about the order whose link is open: only how many changes.
    pub(super) fn recounts_order(&self) -> bool {
        let open = self
            .input
            .order
            .as_ref()
            .filter(|order| order.state == x8_core::order::OrderState::AwaitingPayment);
        let corrects = self.wants(Intent::Replace) && !self.wants(Intent::Add);
        let Some(order) = open.filter(|_| corrects && self.session.cart.is_empty()) else {
            return false;
        };
        let lines = order.lines.iter().map(|line| &line.sku);
        !self.heard.wishes.is_empty() && self.counts_of(&lines.collect::<Vec<_>>())
    }

    /// "Take one out" of the only thing that is ordered. Returns whether that was said.
    pub(super) fn takes_some_out(&mut self) -> bool {
        let heard = self.heard;
        let some = heard.wishes.is_empty() && heard.unwanted.is_empty();
        let Some(out) = heard.count.filter(|_| self.wants(Intent::Remove) && some) else {
            return false;
        };
        let ordered = self
            .input
            .order
            .as_ref()
            .map(|order| order.lines.as_slice());
        let before = match (self.session.cart.as_slice(), ordered) {
            ([line], _) => line.quantity,
            ([], Some([line])) => line.quantity,
            _other => return false,
        };
        if out >= before {
            return false;
        }
        self.reopen();
        if let Some(line) = self.session.cart.first_mut() {
            line.quantity = before - out;
            self.ordering = true;
        }
        true
    }

    /// "6 please, and a card": so many of the one thing in the cart, or of the one just described.
    pub(super) fn count_former(&mut self) {
        let Some(count) = self.heard.former else {
            self.take_described();
            return;
        };
        match (self.session.cart.as_mut_slice(), &self.session.focus) {
            ([line], _) => line.quantity = count,
            ([], Some(focus)) => {
                let sku = focus.clone();
                self.put(&sku, count);
            }
            _several => {}
        }
    }

    /// "OK, and add a haircut too": the one just described is taken as well.
    fn take_described(&mut self) {
        let agrees = self.wants(Intent::Add) && self.wants(Intent::Yes) && !self.session.order_done;
        let described = self.input.session.asked == Some(Asked::Quantity);
        let named = |sku: &Sku| self.heard.wishes.iter().any(|wish| wish.skus.contains(sku));
        let focus = self.session.focus.clone().filter(|sku| !named(sku));
        if let Some(sku) = focus.filter(|_| agrees && described && self.session.cart.is_empty()) {
            self.put(&sku, u32::from(self.is_single(&sku)));
        }
    }

    /// One of a service whose quantity stayed open while the time or the person was told: nobody books without saying how
    /// many unless it is one. Goods are asked for again, unless the customer named one thing and told all else that was asked.
    pub(in crate::agenda) fn assume_one(&mut self) {
        let asked = self.input.session.asked;
        if self.heard.uncountable || asked == Some(Asked::Quantity) {
            return;
        }
        let told = self.session.name.is_some() && self.session.phone.is_some();
        let complete = told
            && (asked == Some(Asked::Contact)
                || (self.heard.name.is_some() && self.heard.phone.is_some()));
        let answered = asked == Some(Asked::Contact)
            && (self.heard.name.is_some() || self.heard.phone.is_some());
        let timed = self.heard.wished_start.is_some();
        for index in 0..self.session.cart.len() {
            let line = self
                .session
                .cart
                .get(index)
                .filter(|line| line.quantity == 0);
            let Some(sku) = line.map(|line| line.sku.clone()) else {
                continue;
            };
            let row = self.input.catalog.get(&sku);
            let booked =
                row.is_some_and(|row| row.kind == Kind::Service && !counts_as(row, COMPANY));
            let goods = row.is_some_and(|row| row.kind == Kind::Product);
            let one = complete && goods && self.is_named_as_one(&sku);
            if ((answered && booked) || one || (timed && self.is_single(&sku)))
                && let Some(line) = self.session.cart.get_mut(index)
            {
                line.quantity = 1;
            }
        }
    }

    /// Whether the customer spoke of a row in the singular only.
    fn is_named_as_one(&self, sku: &Sku) -> bool {
        let now = self.input.customer_text();
        let texts = std::iter::once(now.as_str()).chain(self.earlier());
        is_one(texts, sku, self.lexicon)
    }

    /// Gives every line without a quantity this one; with none open, the only line.
    pub(super) fn set_open(&mut self, count: u32) {
        let single = self.session.cart.len() == 1;
        let people = self.heard.count.is_none();
        for index in 0..self.session.cart.len() {
            let Some(sku) = self.session.cart.get(index).map(|line| line.sku.clone()) else {
                continue;
            };
            let quantity = if people {
                self.for_people(&sku, count)
            } else {
                count
            };
            if let Some(line) = self
                .session
                .cart
                .get_mut(index)
                .filter(|line| line.quantity == 0 || single)
            {
                line.quantity = quantity;
            }
        }
    }
}
