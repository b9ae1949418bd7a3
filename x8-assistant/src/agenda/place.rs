//! Where an order is wanted: one place for all, refusals, and what is ordered first (O2, O3).

use x8_core::{
    Sku,
    cart::{AreaRefusal, settle_area},
    catalog::Kind,
    conversation::Asked,
    order::Area,
};

use super::{Say, Turn};
use crate::understand::Intent;

impl Turn<'_> {
    pub(super) fn area(&mut self) -> Result<Area, AreaRefusal> {
        if self.wants(Intent::OnlyAvailable) {
            self.keep_available();
        }
        self.forget_stale_city();
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

    /// The city of an earlier order is a good guess for a new one, not a wish: where it does not fit, it is asked for.
    fn forget_stale_city(&mut self) {
        let earlier = self.input.order.is_some() && self.heard.city.is_none();
        let fits = self
            .session
            .city
            .as_deref()
            .is_none_or(|city| settle_area(&self.rows(), Some(city)).is_ok());
        if earlier && !fits {
            self.session.city = None;
        }
    }

    /// What cannot be had in the place asked for is not wanted any more once something else is named.
    pub(super) fn drop_refused(&mut self) {
        let asked = self.input.session.asked == Some(Asked::City);
        let named = !self.heard.wishes.is_empty() && self.heard.city.is_none();
        if !asked || !named || self.wants(Intent::Add) || self.session.cart.len() != 1 {
            return;
        }
        let city = self.session.city.as_deref();
        let refused = matches!(
            settle_area(&self.rows(), city),
            Err(AreaRefusal::NotServed { .. })
        );
        if refused && city.is_some() {
            // What comes instead is wanted as often.
            self.swapped = self.session.cart.first().map_or(0, |line| line.quantity);
            self.session.cart.clear();
        }
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

    /// O2: the city comes before quantities; everything else that is missing is asked for with it.
    pub(super) fn ask_city(&self, places: Vec<String>) -> Say {
        let mut missing = self.missing();
        missing.city = Some(places);
        if !missing.quantity.is_empty() {
            missing.quantity.clear();
            missing.name = false;
            missing.phone = false;
        }
        Say::Ask(missing)
    }
}
