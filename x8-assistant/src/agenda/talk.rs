//! Payment talk, reminders, cancelling (O10, O14, G12, G14).

use x8_core::{
    Sku,
    order::{OrderState, PaymentStatus},
};

use super::{Say, Turn};
use crate::understand::{Count, Intent};

impl Turn<'_> {
    /// Reminders and claims of payment. Returns whether the turn is settled by them.
    pub(super) fn stop_or_pay(&mut self) -> bool {
        if self.wants(Intent::StopReminders) {
            self.session.no_reminders = true;
            self.say(Say::RemindersStopped);
        }
        let idle = self.session.cart.is_empty() && self.heard.wishes.is_empty();
        let changes =
            self.heard.has_details() || self.wants(Intent::Cancel) || self.wants(Intent::NewOrder);
        if self.wants(Intent::Status) && self.input.order.is_some() && idle && !changes {
            self.say(Say::Status);
            return true;
        }
        let claims = self.wants(Intent::AlreadyPaid);
        if claims {
            let say = self.payment_claim();
            self.say(say);
        }
        if self.wants(Intent::Pay)
            && !claims
            && self.session.cart.is_empty()
            && self.heard.wishes.is_empty()
        {
            let open = self.link_open();
            self.say(Say::LinkWhere { open });
        }
        let more = !self.heard.wishes.is_empty()
            || self.wants(Intent::Cancel)
            || self.wants(Intent::NewOrder);
        let going_on = more || !self.session.cart.is_empty();
        !self.says.iter().all(is_about_phone) && !going_on
    }

    /// O10, G14: what the customer says about money changes nothing; the status does the talking.
    fn payment_claim(&self) -> Say {
        let newest = self.input.order.as_ref();
        match self.input.payment_status {
            PaymentStatus::Paid => Say::PaidIndeed,
            PaymentStatus::PaymentLinkSent => Say::NotPaidYet { link_open: true },
            PaymentStatus::NoPaymentLink if newest.is_some_and(x8_core::order::Order::is_free) => {
                Say::NothingToPay
            }
            PaymentStatus::NoPaymentLink => Say::NotPaidYet {
                link_open: self.link_open(),
            },
        }
    }

    /// "Cancel that and send tulips", not "she hates red ones, cancel it".
    fn orders_anew(&self) -> bool {
        let wishes = &self.heard.wishes;
        let counted = wishes.iter().any(|wish| wish.count != Count::Open);
        let orders = [
            Intent::Order,
            Intent::Replace,
            Intent::Add,
            Intent::NewOrder,
        ];
        let orders = orders.iter().any(|intent| self.wants(*intent));
        !wishes.is_empty() && (counted || orders)
    }

    /// "Cancel the card", of several things: the rest stays. Returns whether that was said.
    fn calls_off_some(&mut self) -> bool {
        let named = |sku: &Sku| self.heard.wishes.iter().any(|wish| wish.skus.contains(sku));
        let cart = &self.session.cart;
        let out = cart.iter().filter(|line| named(&line.sku)).count();
        let some = out > 0 && out < cart.len() && self.heard.wishes.len() == out;
        if !some || self.orders_anew() {
            return false;
        }
        let rest = cart.iter().filter(|line| !named(&line.sku)).cloned();
        self.session.cart = rest.collect();
        self.ordering = true;
        self.called_off = true;
        true
    }

    /// "Cancel". Returns whether the turn is settled by it; "cancel and …" goes on with the rest.
    pub(super) fn cancellation(&mut self) -> bool {
        if self.wants(Intent::NewOrder) {
            self.session.cart.clear();
            self.session.order_done = false;
            self.ordering = true;
        }
        if !self.wants(Intent::Cancel) {
            return false;
        }
        if self.calls_off_some() {
            return false;
        }
        let had_cart = !self.session.cart.is_empty();
        self.session.cart.clear();
        if self.orders_anew() {
            self.ordering = true;
            return false;
        }
        let state = self.input.order.as_ref().map(|order| order.state);
        let say = match state {
            Some(OrderState::AwaitingPayment | OrderState::Confirmed) => {
                self.cancel = true;
                Say::Cancelled { order: true }
            }
            _other if had_cart => Say::Cancelled { order: false },
            Some(OrderState::Paid | OrderState::Booked) => {
                let line = self
                    .input
                    .order
                    .as_ref()
                    .and_then(|order| order.lines.first());
                Say::CancelPaid(line.map(|line| line.sku.clone()))
            }
            _nothing => Say::NothingToCancel,
        };
        self.session.wished_start = None;
        self.session.focus = None;
        self.say(say);
        true
    }
}

fn is_about_phone(say: &Say) -> bool {
    matches!(say, Say::PhoneWrong(_) | Say::OwnNumberUnknown)
}
