//! Questions about offerings (A7, A8, G13).

use x8_core::{Sku, text::fold};

use super::{Say, Turn};
use crate::understand::{Count, Intent, single_like};

/// How many rows are described beside an order.
const DESCRIBED: usize = 2;

impl Turn<'_> {
    /// Answers what is asked about offerings.
    pub(super) fn questions(&mut self) {
        self.supposed = self.offers();
        if self.supposed || self.prices() {
            return;
        }
        let one = self.single_of().or_else(|| self.spoken_of());
        let one = one.or_else(|| self.detailed());
        if self.wants(Intent::FreeDelivery) && self.session.cart.is_empty() && self.refuses_city() {
            return;
        }
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
        let located = self.wants(Intent::Contact) || self.wants(Intent::Address);
        if located && !self.heard.wishes.is_empty() && one.is_some() {
            self.session.focus.clone_from(&one);
        }
        if self.wants(Intent::Contact) {
            self.say(Say::Contact(one.clone()));
        } else if self.wants(Intent::Address) {
            self.say(Say::Address(one.clone()));
        }
        self.asked_beside();
        if let Some(sku) = &one {
            self.about(sku);
        } else if self.wants(Intent::Cities)
            && !self.wants(Intent::FreeDelivery)
            && self.heard.city.is_none()
        {
            self.places(None);
        } else if !self.heard.wishes.is_empty() && !self.is_bought() {
            let mut skus: Vec<Sku> = Vec::new();
            for sku in self.heard.wishes.iter().flat_map(|wish| &wish.skus) {
                if !skus.contains(sku) {
                    skus.push(sku.clone());
                }
            }
            self.list(skus, false);
        }
    }

    /// "And a single one?" after a pack was described: the one row called like it that is none.
    fn single_of(&mut self) -> Option<Sku> {
        let asks = self.heard.single && self.heard.question && self.heard.wishes.is_empty();
        let focus = self.session.focus.clone().filter(|_| asks)?;
        let sku = single_like(self.lexicon, &focus)?;
        self.session.focus = Some(sku.clone());
        self.say(Say::Brief(sku.clone()));
        Some(sku)
    }

    /// What is only asked about beside an order is described and not ordered.
    fn asked_beside(&mut self) {
        let wishes = &self.heard.wishes;
        let beside = wishes.iter().any(|wish| !wish.asked) && self.is_bought();
        let asked = wishes.iter().filter(|wish| wish.asked && beside);
        let rows: Vec<Sku> = asked.flat_map(|wish| wish.skus.clone()).collect();
        for sku in rows.iter().take(DESCRIBED) {
            self.say(Say::Brief(sku.clone()));
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
        if self.asks_about_details(sku) {
            self.session.focus = Some(sku.clone());
            self.say(Say::Details(sku.clone()));
        }
        let named = !self.heard.wishes.is_empty() && !self.is_bought();
        let counted = self
            .heard
            .wishes
            .iter()
            .any(|wish| matches!(wish.count, Count::Units(_) | Count::Pieces(_)));
        let price = self.wants(Intent::Price) && !counted && !self.asks_total();
        let detailed = self.says.contains(&Say::Details(sku.clone()));
        let described = self.says.iter().all(|say| {
            !matches!(
                say,
                Say::Website(_)
                    | Say::Photo { .. }
                    | Say::Video(_)
                    | Say::Details(_)
                    | Say::Contact(_)
                    | Say::Address(_)
            )
        });
        if self.wants(Intent::Cities) && self.heard.city.is_none() && !(price && described) {
            self.session.focus = Some(sku.clone());
            self.places(Some(sku));
        } else if ((named && described) || (price && !detailed))
            && (!self.wants(Intent::FreeDelivery) || (named && self.asks_price()))
        {
            self.session.focus = Some(sku.clone());
            self.say(Say::Brief(sku.clone()));
        }
    }

    /// "Reel price? And delivery to Sligo?": a price in a question of its own.
    fn asks_price(&self) -> bool {
        let text = self.input.customer_text();
        self.wants(Intent::Price) && text.matches('?').count() > 1
    }

    /// "Is it all right for puppies?", when a detail speaks of puppies.
    fn asks_about_details(&self, sku: &Sku) -> bool {
        let asked = self.asked_of(std::slice::from_ref(sku));
        self.tells(sku, &asked)
    }

    /// How the words of a question begin that name none of the rows in question: "a haircut" is not what a colouring leaves
    /// out.
    fn asked_of(&self, among: &[Sku]) -> Vec<String> {
        const STEM: usize = 5;
        if !self.heard.question {
            return Vec::new();
        }
        let text = fold(&self.input.customer_text());
        let mut stems: Vec<String> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| word.chars().count() >= STEM)
            .map(|word| word.chars().take(STEM).collect())
            .collect();
        if stems.is_empty() {
            return stems;
        }
        let names = among.iter().filter_map(|sku| self.input.catalog.get(sku));
        let names: String = names.map(|row| fold(&row.name)).collect();
        stems.retain(|stem| !names.contains(stem));
        stems
    }

    /// Whether a detail of a row speaks of what is asked.
    fn tells(&self, sku: &Sku, asked: &[String]) -> bool {
        let row = self.input.catalog.get(sku).filter(|_| !asked.is_empty());
        row.is_some_and(|row| {
            let mut told = row.details.values().map(|value| fold(value));
            told.any(|told| asked.iter().any(|stem| told.contains(stem)))
        })
    }

    /// Of several rows named in a question the one whose details speak of what is asked: "do the lashes need glue?"
    fn detailed(&self) -> Option<Sku> {
        let [wish] = self.heard.wishes.as_slice() else {
            return None;
        };
        let asks = self.wants(Intent::Details) || self.heard.question;
        if !asks || self.is_bought() {
            return None;
        }
        let asked = self.asked_of(&wish.skus);
        let mut told = wish.skus.iter().filter(|sku| self.tells(sku, &asked));
        match (told.next(), told.next()) {
            (Some(sku), None) => Some(sku.clone()),
            _unclear => None,
        }
    }

    /// Whether the offerings named are meant to be bought, or taken out.
    fn is_bought(&self) -> bool {
        let removed = self.heard.unwanted.is_empty() && self.has_unwanted();
        self.is_ordering() || (self.wants(Intent::Remove) && removed)
    }

    /// The one offering a question is about: named, spoken of last, or the only one in the cart.
    pub(super) fn spoken_of(&self) -> Option<Sku> {
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
    pub(super) fn list(&mut self, skus: Vec<Sku>, more: bool) {
        self.session.listed = true;
        self.say(Say::List { skus, more });
    }
}
