//! The order in words: packs, places, what is missing, the summary (O1–O5, O7, G10).

use jiff::civil::Date;
use serde_json::json;
use x8_core::{
    Money, Result, Sku,
    catalog::Kind,
    order::{Area, CartLine, Order, OrderLine, OrderState, Totals},
};

use super::speak::Speaker;
use crate::agenda::{Complete, Missing};

impl Speaker<'_> {
    pub(super) fn packs(&self, pieces: u32, options: &[Vec<CartLine>]) -> Result<String> {
        let options: Vec<String> = options
            .iter()
            .map(|lines| self.mix(lines))
            .collect::<Result<_>>()?;
        self.render("packs", &json!({ "pieces": pieces, "options": options }))
    }

    pub(super) fn propose(&self, pieces: u32, lines: &[CartLine], held: u32) -> Result<String> {
        let lines: Vec<String> = lines
            .iter()
            .map(|line| self.priced(line))
            .collect::<Result<_>>()?;
        self.render(
            "propose",
            &json!({ "pieces": pieces, "lines": lines, "held": held }),
        )
    }

    /// B2: the day of the date and the day of the weekday, to choose from.
    pub(super) fn which_day(&self, dated: Date, named: Date) -> Result<String> {
        let day = |date: Date| {
            json!({
                "date": date.strftime("%d.%m.%Y").to_string(),
                "weekday": date.weekday().to_monday_zero_offset(),
            })
        };
        self.render(
            "which_day",
            &json!({ "dated": day(dated), "named": day(named) }),
        )
    }

    pub(super) fn quote(&self, lines: &[CartLine], totals: &Totals) -> Result<String> {
        let lines: Vec<String> = lines
            .iter()
            .map(|line| self.priced(line))
            .collect::<Result<_>>()?;
        let fee = (!totals.delivery.is_zero()).then(|| totals.delivery.to_string());
        let values = json!({
            "lines": lines,
            "products": totals.products.to_string(),
            "delivery": fee,
            "free_delivery": totals.free_delivery,
            "total": self.amount(totals.total)?,
        });
        self.render("quote", &values)
    }

    pub(super) fn sum(&self, line: &CartLine) -> Result<String> {
        let row = self.row(&line.sku);
        let fee = row
            .and_then(|row| row.fee)
            .filter(|fee| !fee.amount.is_zero());
        let values = json!({
            "line": self.priced(line)?,
            "service": row.is_some_and(|row| row.kind == Kind::Service),
            "fee": fee.map(|fee| fee.amount.to_string()),
            "free_from": fee.and_then(|fee| fee.free_from).map(|from| from.to_string()),
        });
        self.render("sum", &values)
    }

    /// "2 × Bouquet of 10 roses — 59.80 EUR"; nothing to pay is a word (K9).
    fn priced(&self, line: &CartLine) -> Result<String> {
        let words = self.lines(std::slice::from_ref(line)).concat();
        match self.row(&line.sku) {
            Some(row) => Ok(format!(
                "{words} — {}",
                self.amount(row.price.times(line.quantity)?)?
            )),
            None => Ok(words),
        }
    }

    /// A line as it is taken down: with what it comes to, or the price of one while the quantity is open.
    fn noted(&self, line: &CartLine) -> Result<String> {
        match self.row(&line.sku) {
            Some(row) if line.quantity == 0 => self
                .line(row, true)
                .map(|line| line.trim_start_matches("• ").to_owned()),
            Some(_) | None => self.priced(line),
        }
    }

    /// A mix: each of its packs with its own price, and what they come to together.
    fn mix(&self, lines: &[CartLine]) -> Result<String> {
        let parts: Vec<String> = lines
            .iter()
            .map(|line| self.priced(line))
            .collect::<Result<_>>()?;
        let sums = lines.iter().filter_map(|line| {
            let row = self.row(&line.sku)?;
            row.price.times(line.quantity).ok()
        });
        let total = sums.into_iter().try_fold(Money::eur(0), Money::plus)?;
        match parts.as_slice() {
            [one] => Ok(one.clone()),
            _several => Ok(format!("{} = {}", parts.join(" + "), self.amount(total)?)),
        }
    }

    pub(super) fn city_refused(
        &self,
        asked: &str,
        places: &[String],
        available: &[Sku],
    ) -> Result<String> {
        let cart = &self.plan.session.cart;
        let rows: Vec<_> = cart.iter().filter_map(|line| self.row(&line.sku)).collect();
        let all = if rows.is_empty() {
            self.input.catalog.offerings().iter().collect()
        } else {
            rows
        };
        let service = all.iter().all(|row| row.kind == Kind::Service);
        let names: Vec<&str> = available
            .iter()
            .take(10)
            .map(|sku| self.name(sku))
            .collect();
        let values = json!({ "asked": asked, "places": places.join(", "), "available": names.join("; "), "service": service });
        self.render("city_refused", &values)
    }

    pub(super) fn apart(&self, skus: &[Sku]) -> Result<String> {
        let rows = self.rows(skus);
        let rows: Vec<String> = rows
            .iter()
            .map(|row| format!("{} — {}", row.name, row.areas.places().join(", ")))
            .collect();
        self.render("apart", &json!({ "rows": rows }))
    }

    pub(super) fn ask(&self, missing: &Missing) -> Result<String> {
        let parts = [
            missing.city.is_some(),
            !missing.quantity.is_empty(),
            missing.name,
            missing.phone,
        ];
        let single = parts.into_iter().filter(|part| *part).count() == 1;
        let open: Vec<&str> = missing.quantity.iter().map(|sku| self.name(sku)).collect();
        let noted: Vec<String> = missing
            .lines
            .iter()
            .map(|line| self.noted(line))
            .collect::<Result<_>>()?;
        let values = json!({
            "lines": noted.join(", "),
            "single": single,
            "city": missing.city.is_some(),
            "places": missing.city.as_ref().map(|places| places.join(", ")),
            "service": missing.service,
            "quantity": !missing.quantity.is_empty(),
            "quantity_of": if missing.lines.len() > 1 { open.join(", ") } else { String::new() },
            "name": missing.name,
            "phone": missing.phone,
        });
        self.render("ask", &values)
    }

    pub(super) fn checkout(&self, complete: &Complete) -> Result<String> {
        let totals = &complete.priced.totals;
        let lines: Vec<String> = complete
            .priced
            .lines
            .iter()
            .map(|line| self.order_line(line))
            .collect::<Result<_>>()?;
        let wished = self
            .plan
            .session
            .wished_start
            .map(|wish| wish.strftime("%d.%m.%Y %H:%M").to_string());
        let free = totals.total.is_zero();
        let values = json!({
            "lines": lines,
            "online": complete.area == Area::Online,
            "city": complete.area.as_str(),
            "service": complete.priced.lines.iter().all(|line| line.kind == Kind::Service),
            "free": free,
            "products": totals.products.to_string(),
            "delivery": (!totals.delivery.is_zero()).then(|| totals.delivery.to_string()),
            "free_delivery": totals.free_delivery,
            "total": totals.total.to_string(),
            "name": complete.name,
            "phone": complete.phone,
            "wished": wished,
            "replaces": complete.replaces && !free,
        });
        self.render("checkout", &values)
    }

    /// What was ordered, and how it stands, from the order itself.
    pub(super) fn status(&self) -> Result<String> {
        let Some(order) = &self.input.order else {
            return self.render("which_general", &json!({}));
        };
        let lines: Vec<String> = order
            .lines
            .iter()
            .map(|line| self.order_line(line))
            .collect::<Result<_>>()?;
        let zone = &self.input.company.settings.time_zone;
        let values = json!({
            "lines": lines,
            "total": (!order.is_free()).then(|| order.totals.total.to_string()),
            "state": standing(order),
            "when": order.slot.as_ref().map(|slot| crate::notice::local(slot.starts_at, zone)),
            "online": order.area == Area::Online,
            "place": order.area.as_str(),
        });
        self.render("status", &values)
    }

    fn order_line(&self, line: &OrderLine) -> Result<String> {
        let sum = self.amount(line.price.times(line.quantity)?)?;
        Ok(format!("{} × {} — {sum}", line.quantity, line.name))
    }
}

/// The word by which the template tells the state.
fn standing(order: &Order) -> &'static str {
    match order.state {
        _ if order.is_free() && order.state != OrderState::Cancelled => "free",
        OrderState::Cart | OrderState::AwaitingPayment => "awaiting",
        OrderState::Paid | OrderState::Confirmed | OrderState::Booked | OrderState::Fulfilled => {
            "paid"
        }
        OrderState::BookingFailed => "problem",
        OrderState::Expired => "expired",
        OrderState::Superseded | OrderState::Cancelled => "cancelled",
        OrderState::RefundPending | OrderState::Refunded => "refund",
    }
}
