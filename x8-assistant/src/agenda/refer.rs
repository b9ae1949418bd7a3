//! "That one", "the second", "the bouquet of 20": answers that point back (O1).

use x8_core::{
    Sku,
    cart::{PackPlan, plan_packs},
    conversation::{Asked, Session},
    order::CartLine,
};

use super::Turn;
use crate::understand::{Count, Wish, pack_sizes, understand};

impl Turn<'_> {
    /// The wish that a question of ours left open, from the customer's earlier messages.
    pub(super) fn pending(&self) -> Option<Wish> {
        let asked = match self.input.session.asked {
            Some(Asked::Offering | Asked::Quantity) => true,
            Some(Asked::City) => self.session.cart.is_empty(),
            Some(Asked::Contact | Asked::Confirmation) | None => false,
        };
        if !asked {
            return None;
        }
        let blank = Session::default();
        self.earlier()
            .flat_map(|text| {
                understand(
                    text,
                    &blank,
                    &self.input.catalog,
                    super::local_now(self.input),
                )
                .wishes
            })
            .find(|wish| wish.skus.len() > 1)
    }

    /// Packs for pieces, out of rows that can be had in the city when it is known.
    pub(super) fn packs(&self, pieces: u32, skus: &[Sku]) -> Option<PackPlan> {
        let mut rows = pack_sizes(&self.input.catalog, skus);
        if let Some(city) = &self.session.city
            && rows.iter().any(|(row, _)| row.serves(city))
        {
            rows.retain(|(row, _)| row.serves(city));
        }
        plan_packs(pieces, &rows)
    }

    /// The rows or packs an answer picks out of a pending wish.
    pub(super) fn pick(&self, pending: &Wish) -> Option<Vec<CartLine>> {
        match pending.count {
            Count::Pieces(pieces) => self.pick_packs(pieces, pending),
            Count::Units(count) => self.pick_row(pending).map(|sku| {
                vec![CartLine {
                    sku,
                    quantity: count,
                }]
            }),
            Count::Implied => self
                .pick_row(pending)
                .map(|sku| vec![CartLine { sku, quantity: 1 }]),
            Count::Open => self
                .pick_row(pending)
                .map(|sku| vec![CartLine { sku, quantity: 0 }]),
        }
    }

    fn pick_packs(&self, pieces: u32, pending: &Wish) -> Option<Vec<CartLine>> {
        let Some(PackPlan::Ambiguous(options)) = self.packs(pieces, &pending.skus) else {
            return None;
        };
        let sizes = pack_sizes(&self.input.catalog, &pending.skus);
        let size_of = |option: &Vec<CartLine>| {
            option
                .first()
                .and_then(|line| sizes.iter().find(|(row, _)| row.sku == line.sku))
                .map(|(_, size)| *size)
        };
        if self.heard.ordinal.is_none()
            && let Some(size) = self.heard.count
            && let Some(option) = options.iter().find(|option| size_of(option) == Some(size))
        {
            return Some(option.clone());
        }
        self.nth(options.len())
            .and_then(|index| options.get(index).cloned())
    }

    fn pick_row(&self, pending: &Wish) -> Option<Sku> {
        self.nth(pending.skus.len())
            .and_then(|index| pending.skus.get(index).cloned())
    }

    /// "The second", or a bare "2".
    fn nth(&self, length: usize) -> Option<usize> {
        let spoken = self
            .heard
            .ordinal
            .map(|index| index.min(length.saturating_sub(1)));
        let bare = self
            .heard
            .count
            .and_then(|count| usize::try_from(count).ok()?.checked_sub(1));
        spoken.or(bare).filter(|index| *index < length)
    }
}
