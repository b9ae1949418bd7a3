//! Questions about offerings, and conversation without an order (A4, A7, A8, G13).

use x8_core::{
    Sku,
    cart::{AreaRefusal, settle_area},
    catalog::Offering,
};

use super::{Say, Turn};
use crate::understand::{CityHeard, Count, Intent};

impl Turn<'_> {
    /// Answers what is asked about offerings.
    pub(super) fn questions(&mut self) {
        let one = self.spoken_of();
        if self.wants(Intent::FreeDelivery) {
            let rows = self.concerned(one.as_ref());
            self.say(Say::FreeDelivery(rows));
        }
        if self.wants(Intent::Free) && self.heard.wishes.is_empty() {
            let rows = self.input.catalog.offerings().iter();
            let free: Vec<Sku> = rows
                .filter(|row| row.is_free())
                .map(|row| row.sku.clone())
                .collect();
            if free.is_empty() {
                self.say(Say::SamePrices);
            } else {
                self.list(free, false);
            }
        }
        if self.wants(Intent::Discount) {
            self.say(Say::SamePrices);
        }
        if self.wants(Intent::Contact) {
            self.say(Say::Contact(one.clone()));
        }
        if let Some(sku) = &one {
            self.about(sku);
        } else if self.wants(Intent::Cities)
            && !self.wants(Intent::FreeDelivery)
            && self.heard.city.is_none()
        {
            self.places(None);
        } else if !self.heard.wishes.is_empty() && !self.is_bought() {
            let skus = self
                .heard
                .wishes
                .iter()
                .flat_map(|wish| wish.skus.clone())
                .collect();
            self.list(skus, false);
        }
    }

    fn about(&mut self, sku: &Sku) {
        let asked: [(Intent, Say); 4] = [
            (Intent::Website, Say::Website(sku.clone())),
            (
                Intent::Photo,
                Say::Photo {
                    sku: sku.clone(),
                    shown: self.session.shown_images.contains(sku),
                },
            ),
            (Intent::Video, Say::Video(sku.clone())),
            (Intent::Details, Say::Details(sku.clone())),
        ];
        for (intent, say) in asked {
            if self.wants(intent) {
                self.session.focus = Some(sku.clone());
                self.say(say);
            }
        }
        let named = !self.heard.wishes.is_empty() && !self.is_bought();
        let counted = self
            .heard
            .wishes
            .iter()
            .any(|wish| matches!(wish.count, Count::Units(_) | Count::Pieces(_)));
        let price = self.wants(Intent::Price) && !counted;
        let described = self.says.iter().all(|say| {
            !matches!(
                say,
                Say::Website(_)
                    | Say::Photo { .. }
                    | Say::Video(_)
                    | Say::Details(_)
                    | Say::Contact(_)
            )
        });
        if self.wants(Intent::Cities) && self.heard.city.is_none() && !(price && described) {
            self.session.focus = Some(sku.clone());
            self.places(Some(sku));
        } else if (named || price) && described && !self.wants(Intent::FreeDelivery) {
            self.session.focus = Some(sku.clone());
            self.say(Say::Brief(sku.clone()));
        }
    }

    /// Whether the offerings named are meant to be bought, or taken out.
    fn is_bought(&self) -> bool {
        self.is_ordering() || (self.wants(Intent::Remove) && self.has_unwanted())
    }

    /// The one offering a question is about: named, spoken of last, or the only one in the cart.
    fn spoken_of(&self) -> Option<Sku> {
        match self.heard.wishes.as_slice() {
            [wish] => match wish.skus.as_slice() {
                [sku] => Some(sku.clone()),
                _several => None,
            },
            [] => self
                .session
                .focus
                .clone()
                .or_else(|| self.session.cart.first().map(|line| line.sku.clone()))
                .or_else(|| self.only_row()),
            _several => None,
        }
    }

    fn only_row(&self) -> Option<Sku> {
        match self.input.catalog.offerings() {
            [row] => Some(row.sku.clone()),
            _several => None,
        }
    }

    fn concerned(&self, one: Option<&Sku>) -> Vec<Sku> {
        let cart: Vec<Sku> = self
            .session
            .cart
            .iter()
            .map(|line| line.sku.clone())
            .collect();
        let wished: Vec<Sku> = self
            .heard
            .wishes
            .iter()
            .flat_map(|wish| wish.skus.clone())
            .collect();
        match (one, cart.is_empty(), wished.is_empty()) {
            (_, _, false) => wished,
            (_, false, true) => cart,
            (Some(sku), true, true) => vec![sku.clone()],
            (None, true, true) => {
                let order = self
                    .input
                    .order
                    .as_ref()
                    .map(|order| order.lines.iter().map(|line| line.sku.clone()).collect());
                order.unwrap_or_default()
            }
        }
    }

    fn places(&mut self, sku: Option<&Sku>) {
        let row = sku.and_then(|sku| self.input.catalog.get(sku));
        let places: Vec<String> = match row {
            Some(row) => row.areas.places().to_vec(),
            None => self
                .input
                .catalog
                .places()
                .into_iter()
                .map(str::to_owned)
                .collect(),
        };
        self.say(Say::Places(places));
    }

    /// Lists rows, and the first time counts as the list of A7.
    fn list(&mut self, skus: Vec<Sku>, more: bool) {
        self.session.listed = true;
        self.say(Say::List { skus, more });
    }

    /// The burst is not about an order: list, point out, decline, close.
    pub(super) fn converse(&mut self) {
        if let Some(say) = self.city_without_order() {
            self.say(say);
            return;
        }
        let asks =
            self.wants(Intent::List) || self.wants(Intent::Price) || self.wants(Intent::More);
        if self.wants(Intent::More) && self.session.listed {
            let rest = self.not_yet_named();
            if rest.is_empty() {
                self.say(Say::WhichGeneral);
            } else {
                self.list(rest, true);
            }
            return;
        }
        if asks
            || self.wants(Intent::NewOrder)
            || self.wants(Intent::Photo)
            || self.wants(Intent::Video)
            || self.wants(Intent::Details)
        {
            let skus = self.here();
            self.list(skus, false);
        } else if self.wants(Intent::Website) {
            self.say(Say::WhichGeneral);
        } else if self.session.order_done && !self.wants(Intent::Order) {
            self.after_order();
        } else if self.wants(Intent::Thanks) || (self.wants(Intent::No) && self.session.listed) {
            self.say(Say::Closing);
        } else {
            self.open_request();
        }
    }

    fn after_order(&mut self) {
        if self.wants(Intent::Thanks) {
            self.say(Say::Closing);
            return;
        }
        let known = self.heard.wants(Intent::Yes)
            || self.heard.wants(Intent::No)
            || self.heard.words <= 1
            || self.wants(Intent::Greeting);
        if known || self.heard.has_details() {
            let awaiting = self.link_open();
            self.say(Say::Standing { awaiting });
        } else if self.wants(Intent::Replace)
            || self.wants(Intent::Add)
            || self.wants(Intent::Remove)
        {
            self.say(Say::WhichGeneral);
        } else {
            self.say(Say::Declined);
        }
    }

    fn open_request(&mut self) {
        let open = self.wants(Intent::Greeting)
            || self.wants(Intent::Order)
            || self.wants(Intent::Yes)
            || self.heard.has_details()
            || self.heard.words <= 1
            || self.is_foreign();
        match (self.session.listed, open) {
            (false, true) => {
                let skus = self.here();
                self.list(skus, false);
            }
            (true, true) => self.say(Say::WhichGeneral),
            (_, false) => self.say(Say::Declined),
        }
    }

    /// A language that is recognised and not understood: showing what there is helps more than declining.
    fn is_foreign(&self) -> bool {
        self.heard
            .language
            .is_some_and(|code| crate::phrases::spoken(code) != code)
    }

    /// Rows that can be had in the city just named, else all.
    fn here(&self) -> Vec<Sku> {
        let city = self
            .session
            .city
            .as_deref()
            .filter(|_| self.heard.city.is_some());
        let fits =
            |row: &&Offering| city.is_none_or(|city| row.is_online_only() || row.serves(city));
        let rows = self.input.catalog.offerings().iter();
        rows.filter(fits).map(|row| row.sku.clone()).collect()
    }

    /// "Do you deliver to Seville?" before anything is chosen.
    fn city_without_order(&self) -> Option<Say> {
        let Some(CityHeard::Unknown(place)) = &self.heard.city else {
            return None;
        };
        let rows: Vec<&Offering> = self.input.catalog.offerings().iter().collect();
        match settle_area(&rows, Some(place)) {
            Err(AreaRefusal::NotServed {
                asked, available, ..
            }) => {
                let places = self
                    .input
                    .catalog
                    .places()
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                Some(Say::CityRefused {
                    asked,
                    places,
                    available,
                })
            }
            Ok(_) | Err(AreaRefusal::Missing { .. }) => None,
        }
    }

    /// Rows whose names no earlier message of ours carried.
    fn not_yet_named(&self) -> Vec<Sku> {
        fn head(line: &str) -> &str {
            line.split(" — ").next().unwrap_or(line)
        }
        let history = self.input.history.iter();
        let lines = history
            .filter(|message| message.flow == x8_core::conversation::Flow::Outbound)
            .flat_map(|message| message.text.lines())
            .filter_map(|line| line.strip_prefix("• "));
        let listed: std::collections::BTreeSet<&str> = lines.map(head).collect();
        let named = |row: &Offering| listed.contains(head(&row.name));
        let rows = self.input.catalog.offerings().iter();
        rows.filter(|row| !named(row))
            .map(|row| row.sku.clone())
            .collect()
    }
}
