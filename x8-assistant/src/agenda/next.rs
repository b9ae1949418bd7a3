//! The next step of an order: what is refused, what is missing, or that it is complete (O2–O7).

use x8_core::{
    Sku,
    cart::{AreaRefusal, CartRefusal, Priced, price},
    catalog::{Kind, Offering},
    order::{Area, CartLine},
};

use super::{Complete, Missing, Say, Turn};
use crate::understand::Intent;

impl Turn<'_> {
    /// Goes on with the order when there is one, else with the conversation.
    pub(super) fn go_on(&mut self) {
        self.drop_gone();
        let asks_first = self.says.iter().any(|say| super::asks(say).is_some());
        let touched = self.ordering
            || self.heard.has_details()
            || self.heard.phone.is_some()
            || self.wants(Intent::Yes)
            || self.wants(Intent::OnlyAvailable);
        if asks_first {
            return;
        }
        if !self.session.cart.is_empty() && (touched || self.says.iter().all(|say| !is_answer(say)))
        {
            self.assume_one();
            let step = self.step();
            if self.doubts_day(&step) {
                return;
            }
            self.quote(&step);
            if matches!(step, Say::Checkout(_)) {
                self.says.retain(|say| {
                    matches!(
                        say,
                        Say::FreeDelivery(_) | Say::SamePrices | Say::Gone | Say::NotSold(_)
                    )
                });
            }
            self.say(step);
        } else if self.says.is_empty()
            || self
                .says
                .iter()
                .all(|say| matches!(say, Say::PhoneWrong(_) | Say::OwnNumberUnknown))
        {
            self.converse();
        }
    }

    /// B2: a weekday that contradicts its date is asked about before the order closes. Returns whether that is all for now.
    fn doubts_day(&mut self, step: &Say) -> bool {
        let (Some(named), Some(start)) = (self.heard.other_day, self.session.wished_start) else {
            return false;
        };
        self.say(Say::WhichDay {
            dated: start.date(),
            named,
        });
        matches!(step, Say::Checkout(_))
    }

    /// "How much are three of them?": the sums, when they can be told, before what is missing.
    fn quote(&mut self, step: &Say) {
        let Say::Ask(missing) = step else { return };
        if missing.city.is_some() && self.asks_total() {
            self.quote_goods();
        }
        let known = (self.wants(Intent::Price) || self.wants(Intent::FreeDelivery))
            && missing.city.is_none()
            && missing.quantity.is_empty();
        if let (true, Ok(area)) = (known, self.area())
            && let Ok(priced) = self.price(&area)
        {
            self.say(Say::Quote {
                lines: self.session.cart.clone(),
                totals: priced.totals,
            });
        }
    }

    /// What the goods come to while the place, and with it the delivery, is still to be told.
    fn quote_goods(&mut self) {
        let Ok(priced) = price(&self.input.catalog, &self.session.cart, false) else {
            return;
        };
        let lines = self.session.cart.clone();
        let rows = lines.iter().map(|line| line.sku.clone()).collect();
        let fee = self.rows().iter().any(|row| row.fee.is_some());
        self.say(Say::Quote {
            lines,
            totals: priced.totals,
        });
        if fee {
            self.say(Say::FreeDelivery(rows));
        }
    }

    /// "How much is all that together?": the sum of what is in the cart, not the price of one thing.
    pub(super) fn asks_total(&self) -> bool {
        const TOTAL: &[&str] = &[
            "total",
            "altogether",
            "together",
            "all that",
            "all of it",
            "everything",
            "todo",
            "junto",
            "всего",
            "вместе",
            "итог",
            "за все",
            "все это",
            "общая",
        ];
        let cart = &self.session.cart;
        let counted = !cart.is_empty() && cart.iter().all(|line| line.quantity > 0);
        let text = x8_core::text::fold(&self.input.customer_text());
        let all = cart.len() > 1 || TOTAL.iter().any(|word| text.contains(word));
        let about = |sku: &Sku| cart.iter().any(|line| line.sku == *sku);
        let spoken = self.session.focus.as_ref().is_none_or(about);
        let said = self.heard.wishes.is_empty() || self.ordering;
        self.wants(Intent::Price) && said && counted && all && spoken
    }

    /// A2: rows that left the catalogue leave the cart.
    fn drop_gone(&mut self) {
        let before = self.session.cart.len();
        let catalog = &self.input.catalog;
        self.session
            .cart
            .retain(|line| catalog.get(&line.sku).is_some());
        if self.session.cart.len() < before {
            self.say(Say::Gone);
        }
    }

    fn step(&mut self) -> Say {
        if let Some(sku) = self.not_enough() {
            return Say::NotEnough(sku);
        }
        match self.area() {
            Ok(area) => self.collect(area),
            Err(AreaRefusal::Missing { places }) if places.is_empty() && self.is_placed() => {
                self.set_apart()
            }
            Err(AreaRefusal::Missing { places }) => self.ask_city(places),
            Err(AreaRefusal::NotServed {
                asked,
                places,
                available,
            }) => Say::CityRefused {
                asked,
                places,
                available,
            },
        }
    }

    /// O6: the line that exceeds the stock; its quantity is open again.
    fn not_enough(&mut self) -> Option<Sku> {
        let counted: Vec<CartLine> = self
            .session
            .cart
            .iter()
            .filter(|line| line.quantity > 0)
            .cloned()
            .collect();
        let Err(CartRefusal::NotEnough(sku)) = price(&self.input.catalog, &counted, false) else {
            return None;
        };
        for line in self.session.cart.iter_mut().filter(|line| line.sku == sku) {
            line.quantity = 0;
        }
        Some(sku)
    }

    pub(super) fn rows(&self) -> Vec<&Offering> {
        self.session
            .cart
            .iter()
            .filter_map(|line| self.input.catalog.get(&line.sku))
            .collect()
    }

    pub(super) fn missing(&self) -> Missing {
        Missing {
            city: None,
            service: self.rows().iter().all(|row| row.kind == Kind::Service),
            quantity: self
                .session
                .cart
                .iter()
                .filter(|line| line.quantity == 0)
                .map(|line| line.sku.clone())
                .collect(),
            name: self.session.name.is_none(),
            phone: self.session.phone.is_none(),
            lines: self.news(),
        }
    }

    /// A9: the cart is repeated when it changed, not while name and phone are coming in.
    fn news(&self) -> Vec<CartLine> {
        let changed = self.session.cart != self.input.session.cart;
        if changed {
            self.session.cart.clone()
        } else {
            Vec::new()
        }
    }

    fn collect(&mut self, area: Area) -> Say {
        // Only what the customer said is remembered; the one spot of a service is not.
        let said = self.session.city.is_some() || self.session.refused_city.is_some();
        if let (Area::Place(place), true) = (&area, said) {
            self.session.city = Some(place.clone());
            self.session.refused_city = None;
        }
        let missing = self.missing();
        if missing.name || missing.phone || !missing.quantity.is_empty() {
            return Say::Ask(missing);
        }
        let (Some(name), Some(phone)) = (self.session.name.clone(), self.session.phone.clone())
        else {
            return Say::Ask(missing);
        };
        match self.price(&area) {
            Ok(priced) => Say::Checkout(Box::new(Complete {
                cart: self.session.cart.clone(),
                area,
                name,
                phone,
                priced,
                replaces: self.link_open(),
            })),
            Err(CartRefusal::NotEnough(sku) | CartRefusal::NoQuantity(sku)) => Say::NotEnough(sku),
            Err(CartRefusal::Empty | CartRefusal::UnknownSku(_) | CartRefusal::Money(_)) => {
                Say::WhichGeneral
            }
        }
    }

    fn price(&self, area: &Area) -> Result<Priced, CartRefusal> {
        price(
            &self.input.catalog,
            &self.session.cart,
            matches!(area, Area::Place(_)),
        )
    }
}

/// Whether a block already answers the burst.
fn is_answer(say: &Say) -> bool {
    !matches!(
        say,
        Say::PhoneWrong(_)
            | Say::OwnNumberUnknown
            | Say::Gone
            | Say::NotSold(_)
            | Say::FreeDelivery(_)
            | Say::SamePrices
    )
}
