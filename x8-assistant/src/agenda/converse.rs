//! Conversation without an order: listing, pointing out, declining, closing (A4, A7).

use x8_core::{
    Sku,
    cart::{AreaRefusal, settle_area},
    catalog::Offering,
};

use super::{Say, Turn};
use crate::understand::{CityHeard, Intent};

impl Turn<'_> {
    /// The burst is not about an order: list, point out, decline, close.
    pub(super) fn converse(&mut self) {
        if let Some(say) = self.city_without_order() {
            self.say(say);
            return;
        }
        if self.asks_about_which() {
            self.say(Say::WhichAbout);
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
            (true, true) if self.heard.has_details() => {
                let told = self.told();
                let skus = Vec::new();
                self.say(Say::Choose {
                    told,
                    skus,
                    ways: None,
                });
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
    pub(super) fn here(&self) -> Vec<Sku> {
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

    /// Whether the place asked about is none of ours, which comes before its terms.
    pub(super) fn refuses_city(&mut self) -> bool {
        let refused = self.city_without_order();
        let found = refused.is_some();
        if let Some(say) = refused {
            self.say(say);
        }
        found
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
