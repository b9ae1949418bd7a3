//! Wishes that may mean several rows: packs for pieces, and which of these (O1, O2).

use x8_core::{Sku, cart::PackPlan, catalog::Offering, text::fold};

use super::super::{Say, Turn};
use crate::understand::{Count, Wish, pack_sizes};

impl Turn<'_> {
    pub(super) fn put_several(&mut self, wish: &Wish, pending: Option<&Wish>) {
        if self.put_variant(wish) || self.takes_packs(wish, pending) {
            return;
        }
        // "An online one, on Monday" right after one of them was described.
        let told = self.input.session.focus.clone().filter(|focus| {
            wish.skus.contains(focus)
                && self.session.cart.is_empty()
                && !self.session.order_done
                && pending.is_none()
                && !matches!(wish.count, Count::Pieces(_))
        });
        if let Some(focus) = told {
            self.put_one(&focus, wish.count, None);
            return;
        }
        match (wish.count, pending) {
            (Count::Pieces(pieces), _) => self.put_pieces(pieces, &wish.skus),
            (_, Some(pending)) if self.heard.ordinal.is_some() => match self.pick(pending) {
                Some(lines) => self.put_lines(&lines),
                None => self.say(Say::Which {
                    skus: wish.skus.clone(),
                }),
            },
            _open => {
                let near: Vec<Sku> = wish
                    .skus
                    .iter()
                    .filter(|sku| self.near(sku))
                    .cloned()
                    .collect();
                match near.as_slice() {
                    [sku] => self.put_one(&sku.clone(), wish.count, pending),
                    [] => self.say(Say::Which {
                        skus: wish.skus.clone(),
                    }),
                    _several => self.say(Say::Which { skus: near }),
                }
            }
        }
    }

    /// "One bunch" after ways to put pieces together were shown: the only way with so many packs.
    fn takes_packs(&mut self, wish: &Wish, pending: Option<&Wish>) -> bool {
        let Some((Count::Pieces(pieces), skus)) = pending.map(|wish| (wish.count, &wish.skus))
        else {
            return false;
        };
        let packs = match wish.count {
            Count::Units(count) => count,
            Count::Implied => 1,
            Count::Open | Count::Pieces(_) => return false,
        };
        let Some(PackPlan::Ambiguous(options)) = self.packs(pieces, skus) else {
            return false;
        };
        let all = |lines: &&Vec<x8_core::order::CartLine>| {
            lines.iter().map(|line| line.quantity).sum::<u32>() == packs
        };
        let mut fitting = options.iter().filter(all);
        let (Some(lines), None) = (fitting.next(), fitting.next()) else {
            return false;
        };
        self.put_lines(&lines.clone());
        true
    }

    /// "Small, not large", "the 20 one": the row that size or likeness to the cart singles out.
    fn put_variant(&mut self, wish: &Wish) -> bool {
        let sizes = pack_sizes(self.lexicon, &self.input.catalog, &wish.skus);
        let mut sized = sizes
            .iter()
            .filter(|(_, size)| self.heard.count == Some(*size));
        if let (Count::Open | Count::Implied, Some((row, _)), None) =
            (wish.count, sized.next(), sized.next())
        {
            let sku = row.sku.clone();
            self.put_one(&sku, Count::Implied, None);
            return true;
        }
        let Some((old, new)) = self.likest(&wish.skus) else {
            return false;
        };
        if let Some(line) = self.session.cart.iter_mut().find(|line| line.sku == old) {
            line.sku = new.clone();
            match wish.count {
                Count::Units(units) => line.quantity = units,
                Count::Open | Count::Implied | Count::Pieces(_) => {}
            }
        }
        self.session.focus = Some(new);
        true
    }

    /// The line and the row among `skus` whose names share the most words, when it is one and they share several.
    fn likest(&self, skus: &[Sku]) -> Option<(Sku, Sku)> {
        if self.wants(crate::understand::Intent::Add) {
            return None;
        }
        let name = |sku: &Sku| {
            self.input
                .catalog
                .get(sku)
                .map(|row| words(&row.name))
                .unwrap_or_default()
        };
        let mut shared: Vec<(usize, Sku, Sku)> = Vec::new();
        for line in &self.session.cart {
            let own = name(&line.sku);
            for sku in skus.iter().filter(|sku| **sku != line.sku) {
                let other = name(sku);
                let mut common = other.iter().filter(|word| own.contains(word)).count();
                // "Reel 3000" and "Reel 4000" differ in a number only.
                if common > 0 && plain(&own).eq(plain(&other)) {
                    common = common.max(2);
                }
                shared.push((common, line.sku.clone(), sku.clone()));
            }
        }
        shared.sort_by_key(|(common, ..)| std::cmp::Reverse(*common));
        match shared.as_slice() {
            [(best, old, new), (second, ..), ..] if best > second && *best >= 2 => {
                Some((old.clone(), new.clone()))
            }
            [(best, old, new)] if *best >= 2 => Some((old.clone(), new.clone())),
            _unclear => None,
        }
    }

    /// Something else is wanted instead: the line it resembles goes, or, when it resembles none, the whole cart.
    pub(super) fn make_room(&mut self) {
        let wished: Vec<Sku> = self
            .heard
            .wishes
            .iter()
            .flat_map(|wish| wish.skus.clone())
            .collect();
        match self.likest(&wished).filter(|_| self.session.cart.len() > 1) {
            Some((old, _)) => {
                let line = self.session.cart.iter().find(|line| line.sku == old);
                if self.heard.wishes.len() == 1 {
                    self.swapped = line.map_or(self.swapped, |line| line.quantity);
                }
                self.session.cart.retain(|line| line.sku != old);
            }
            None if wished.len() > 1 && self.likest(&wished).is_some() => {}
            None => self.session.cart.clear(),
        }
    }

    /// Whether a row can be had in the known city.
    fn near(&self, sku: &Sku) -> bool {
        let row = self.input.catalog.get(sku);
        row.is_some_and(|row| {
            row.is_online_only()
                || self
                    .session
                    .city
                    .as_ref()
                    .is_none_or(|city| row.serves(city))
        })
    }

    pub(super) fn put_pieces(&mut self, pieces: u32, skus: &[Sku]) {
        match self.packs(pieces, skus) {
            Some(PackPlan::Exact(lines)) => self.put_lines(&lines),
            // O2: which packs there are depends on the city, so a refused one comes first.
            Some(PackPlan::Ambiguous(_)) if self.session.refused_city.is_some() => {
                self.refuse_city(skus);
            }
            Some(PackPlan::Ambiguous(options)) => self.say(Say::Packs { pieces, options }),
            Some(PackPlan::Covers {
                lines,
                pieces: held,
            }) => {
                self.put_lines(&lines);
                self.confirmed = false;
                self.say(Say::Propose {
                    pieces,
                    lines,
                    held,
                });
            }
            None => self.say(Say::Which {
                skus: skus.to_vec(),
            }),
        }
    }

    fn refuse_city(&mut self, skus: &[Sku]) {
        let asked = self.session.refused_city.clone().unwrap_or_default();
        let rows: Vec<&Offering> = skus
            .iter()
            .filter_map(|sku| self.input.catalog.get(sku))
            .collect();
        let mut places: Vec<String> = Vec::new();
        for place in rows.iter().flat_map(|row| row.areas.places()) {
            if !places.contains(place) {
                places.push(place.clone());
            }
        }
        self.say(Say::CityRefused {
            asked,
            places,
            available: Vec::new(),
        });
    }
}

/// The words without digits.
fn plain(words: &[String]) -> impl Iterator<Item = &String> {
    let digits = |word: &&String| word.contains(|letter: char| letter.is_ascii_digit());
    words.iter().filter(move |word| !digits(word))
}

fn words(name: &str) -> Vec<String> {
    fold(name)
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() > 1)
        .map(str::to_owned)
        .collect()
}
