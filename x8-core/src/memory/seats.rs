//! Who holds which seat (B3).

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    Error, Result,
    booking::{Hold, Slot},
    id::{CompanyId, OrderId},
};

type Key = (CompanyId, String, Timestamp, u32);

fn key(company: CompanyId, slot: &Slot) -> Key {
    (company, slot.resource.clone(), slot.starts_at, slot.seat)
}

/// At most one hold per seat, so two live ones are impossible. A hold that is over stays until its seat is taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Seats(BTreeMap<Key, Hold>);

impl Seats {
    /// Takes every cell of a seat that is free at this moment, or the order's own already. A lasting hold stays lasting.
    pub(super) fn take(&mut self, company: CompanyId, hold: &Hold, at: Timestamp) -> Result<()> {
        for slot in hold.slot.cells() {
            let cell = Hold {
                slot,
                ..hold.clone()
            };
            self.take_cell(company, &cell, at)?;
        }
        Ok(())
    }

    fn take_cell(&mut self, company: CompanyId, hold: &Hold, at: Timestamp) -> Result<()> {
        let key = key(company, &hold.slot);
        if let Some(known) = self.0.get(&key) {
            let live = known.expires_at.is_none_or(|end| at < end);
            if live && known.order != hold.order {
                return Err(
                    Error::conflict("slot.take", "this slot has just been taken")
                        .with("resource", &hold.slot.resource)
                        .with("starts_at", hold.slot.starts_at)
                        .with("seat", hold.slot.seat),
                );
            }
            if known.order == hold.order && known.expires_at.is_none() {
                return Ok(());
            }
        }
        self.0.insert(key, hold.clone());
        Ok(())
    }

    /// Lets go of everything an order holds, but for the seats `kept`.
    pub(super) fn release(
        &mut self,
        company: CompanyId,
        order: OrderId,
        kept: impl Fn(&Slot) -> bool,
    ) {
        self.0.retain(|(owner, ..), hold| {
            *owner != company || hold.order != order || kept(&hold.slot)
        });
    }

    /// The holds of one resource, or of all, that start within `[from, to)`, by time, resource and seat.
    pub(super) fn within(
        &self,
        company: CompanyId,
        resource: Option<&str>,
        from: Timestamp,
        to: Timestamp,
    ) -> Vec<Hold> {
        let own = |(owner, name, start, _): &Key| {
            *owner == company
                && resource.is_none_or(|resource| name == resource)
                && (from..to).contains(start)
        };
        let mut found: Vec<(&Key, &Hold)> = self.0.iter().filter(|(key, _)| own(key)).collect();
        found.sort_by_key(|((_, resource, start, seat), _)| (*start, resource, *seat));
        found.into_iter().map(|(_, hold)| hold.clone()).collect()
    }
}
