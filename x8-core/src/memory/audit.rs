//! The violations query (principle 2): rules that the commit keeps, checked once more over what is stored.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{commit::may_be_booked, state::State};
use crate::{
    booking::{Booking, BookingStatus},
    id::CompanyId,
    order::{Order, OrderState},
    port::{AuditFinding, PaymentFact},
};

/// How long a paid order may go without a booking, and money without an order.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

fn finding(rule: &str, company: CompanyId, subject: &str, detail: &str) -> AuditFinding {
    AuditFinding {
        rule: rule.to_owned(),
        company: company.0,
        subject: subject.to_owned(),
        detail: detail.to_owned(),
    }
}

fn finding_of(rule: &str, order: &Order, detail: &str) -> AuditFinding {
    finding(rule, order.company, &order.id.to_string(), detail)
}

impl State {
    pub(super) fn audit(&self, now: Timestamp) -> Vec<AuditFinding> {
        let mut found = Vec::new();
        self.audit_bookings(&mut found);
        for order in self.orders.values() {
            self.audit_order(order, now, &mut found);
        }
        self.audit_open_orders(&mut found);
        self.audit_events(now, &mut found);
        found
    }

    fn standing_bookings(&self) -> impl Iterator<Item = (CompanyId, &Booking)> {
        self.bookings
            .values()
            .filter(|(_, booking)| booking.status == BookingStatus::Booked)
            .map(|(company, booking)| (*company, booking))
    }

    fn audit_bookings(&self, found: &mut Vec<AuditFinding>) {
        let mut seats = BTreeMap::new();
        for (company, booking) in self.standing_bookings() {
            let subject = booking.id.to_string();
            let order = self.orders.get(&booking.order);
            if !order.is_some_and(may_be_booked) {
                let detail = "a booking stands whose order is neither paid nor free";
                found.push(finding(
                    "booking_without_payment",
                    company,
                    &subject,
                    detail,
                ));
            }
            let slot = &booking.slot;
            let seat = (company, &slot.resource, slot.starts_at, slot.seat);
            if seats.insert(seat, booking.id).is_some() {
                let detail = "two bookings stand on one seat";
                found.push(finding("double_booking", company, &subject, detail));
            }
        }
    }

    fn audit_order(&self, order: &Order, now: Timestamp, found: &mut Vec<AuditFinding>) {
        let must_be_booked = matches!(order.state, OrderState::Paid | OrderState::Confirmed);
        let booked = || {
            self.standing_bookings()
                .any(|(_, booking)| booking.order == order.id)
        };
        if must_be_booked
            && order.problem.is_none()
            && order.updated_at + PATIENCE < now
            && !booked()
        {
            let detail = "paid or confirmed for 15 minutes, neither booked nor explained";
            found.push(finding_of("paid_without_booking", order, detail));
        }
        let settled = matches!(
            order.state,
            OrderState::Paid
                | OrderState::Booked
                | OrderState::Fulfilled
                | OrderState::BookingFailed
        );
        let differs = order
            .payment
            .as_ref()
            .is_some_and(|one| one.amount != order.totals.total);
        if settled && differs {
            let detail = "the payment is not the total of the order";
            found.push(finding_of("paid_amount_differs", order, detail));
        }
    }

    fn audit_open_orders(&self, found: &mut Vec<AuditFinding>) {
        let mut open = BTreeMap::new();
        for order in self.orders.values().filter(|order| order.state.is_open()) {
            if open
                .insert((order.company, order.customer), order.id)
                .is_some()
            {
                let detail = "the customer has another open order";
                found.push(finding_of("two_open_orders", order, detail));
            }
        }
    }

    fn audit_events(&self, now: Timestamp, found: &mut Vec<AuditFinding>) {
        for stored in self.events.values() {
            let Some(PaymentFact::Paid { session, .. }) = &stored.event.fact else {
                continue;
            };
            if stored.stored_at + PATIENCE < now && !self.payment_keys.contains_key(session) {
                let detail = "money came 15 minutes ago and its order is not there";
                let nobody = CompanyId(0);
                found.push(finding(
                    "payment_event_unapplied",
                    nobody,
                    &stored.event.id,
                    detail,
                ));
            }
        }
    }
}
