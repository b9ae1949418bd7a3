//! The next step of an order: what is refused, what is missing, or that it is complete (O2–O7).

use x8_core::{
    Sku,
    cart::{AreaRefusal, CartRefusal, Priced, price, settle_area},
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
            let step = self.step();
            if matches!(step, Say::Checkout(_)) {
                self.says
                    .retain(|say| matches!(say, Say::FreeDelivery(_) | Say::Gone));
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

    fn area(&mut self) -> Result<Area, AreaRefusal> {
        if self.wants(Intent::OnlyAvailable) {
            self.keep_available();
        }
        let rows = self.rows();
        let asked = self
            .session
            .city
            .as_deref()
            .or(self.session.refused_city.as_deref());
        let settled = settle_area(&rows, asked);
        let services = rows.iter().all(|row| row.kind == Kind::Service);
        match settled {
            // A service that takes place at one spot only has nothing to choose.
            Err(AreaRefusal::Missing { places }) if services && places.len() == 1 => places
                .into_iter()
                .next()
                .map(Area::Place)
                .ok_or(AreaRefusal::Missing { places: Vec::new() }),
            other => other,
        }
    }

    fn rows(&self) -> Vec<&Offering> {
        self.session
            .cart
            .iter()
            .filter_map(|line| self.input.catalog.get(&line.sku))
            .collect()
    }

    /// The second way out of O2: only what can be had in the place asked for.
    fn keep_available(&mut self) {
        let place = self
            .session
            .city
            .clone()
            .or_else(|| self.session.refused_city.clone());
        let Some(place) = place else { return };
        let rows: Vec<Sku> = self
            .rows()
            .iter()
            .filter(|row| row.is_online_only() || row.serves(&place))
            .map(|row| row.sku.clone())
            .collect();
        if !rows.is_empty() {
            self.session.cart.retain(|line| rows.contains(&line.sku));
        }
    }

    fn missing(&self) -> Missing {
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
            lines: self.session.cart.clone(),
        }
    }

    /// O2: the city comes before quantities; everything else that is missing is asked for with it.
    fn ask_city(&self, places: Vec<String>) -> Say {
        let mut missing = self.missing();
        missing.city = Some(places);
        if !missing.quantity.is_empty() {
            missing.quantity.clear();
            missing.name = false;
            missing.phone = false;
        }
        Say::Ask(missing)
    }

    fn collect(&mut self, area: Area) -> Say {
        if let Area::Place(place) = &area {
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
        Say::PhoneWrong(_) | Say::OwnNumberUnknown | Say::Gone | Say::FreeDelivery(_)
    )
}
