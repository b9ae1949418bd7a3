//! Wishes that may mean several rows: packs for pieces, and which of these (O1, O2).

use x8_core::{Sku, cart::PackPlan, catalog::Offering};

use super::super::{Say, Turn};
use crate::understand::{Count, Wish};

impl Turn<'_> {
    pub(super) fn put_several(&mut self, wish: &Wish, pending: Option<&Wish>) {
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
