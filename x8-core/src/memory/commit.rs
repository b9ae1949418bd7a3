//! The commit: a plan that checks everything, then a write that cannot fail.

use std::collections::BTreeMap;

use super::{seats::Seats, state::State};
use crate::{
    Error, Result,
    booking::{Booking, BookingStatus, Hold},
    id::{BookingId, MessageId, OrderId},
    order::{Order, OrderState},
    port::{Changes, ConversationUpdate, JobKind, NewJob},
    tenant::Tenant,
};

/// What a commit makes of the book, checked.
struct Plan<'a> {
    state: &'a State,
    tenant: Tenant,
    orders: BTreeMap<OrderId, Order>,
    bookings: BTreeMap<BookingId, Booking>,
    /// The seats afterwards, when they change at all.
    seats: Option<Seats>,
}

fn refuse(why: &'static str) -> Error {
    Error::conflict("ledger.commit", why)
}

pub(super) fn no_order(id: OrderId) -> Error {
    Error::not_found("order.get", "no such order").with("order", id)
}

/// Principle 2: whether an order may be stored in its state with the money it has.
fn is_sound(order: &Order) -> bool {
    let paid = order
        .payment
        .as_ref()
        .is_some_and(|payment| payment.amount == order.totals.total);
    match order.state {
        OrderState::Paid => paid,
        OrderState::Confirmed => order.is_free(),
        OrderState::Booked | OrderState::Fulfilled | OrderState::BookingFailed => {
            paid || order.is_free()
        }
        OrderState::Cart
        | OrderState::AwaitingPayment
        | OrderState::Superseded
        | OrderState::Expired
        | OrderState::Cancelled
        | OrderState::RefundPending
        | OrderState::Refunded => true,
    }
}

/// B1: whether a booking of this order may stand.
pub(super) fn may_be_booked(order: &Order) -> bool {
    let lives = match order.state {
        OrderState::Paid | OrderState::Confirmed | OrderState::Booked | OrderState::Fulfilled => {
            true
        }
        OrderState::Cart
        | OrderState::AwaitingPayment
        | OrderState::Superseded
        | OrderState::Expired
        | OrderState::Cancelled
        | OrderState::RefundPending
        | OrderState::Refunded
        | OrderState::BookingFailed => false,
    };
    lives && (order.is_free() || order.payment.is_some())
}

impl<'a> Plan<'a> {
    fn make(state: &'a State, tenant: Tenant, changes: &Changes) -> Result<Self> {
        let mut plan = Self {
            state,
            tenant,
            orders: BTreeMap::new(),
            bookings: BTreeMap::new(),
            seats: None,
        };
        if changes
            .finish
            .is_some_and(|claim| !state.queue.is_good(claim))
        {
            return Err(refuse("the claim of this job was lost"));
        }
        plan.check_threads(changes)?;
        for write in &changes.orders {
            plan.plan_order(&write.order)?;
        }
        plan.check_open_orders()?;
        for booking in &changes.bookings {
            plan.plan_booking(booking)?;
        }
        plan.check_standing_bookings()?;
        plan.plan_seats(changes)?;
        Ok(plan)
    }

    fn check_threads(&self, changes: &Changes) -> Result<()> {
        if let Some(update) = &changes.conversation {
            let stored = &self.state.thread(self.tenant, update.id)?.conversation;
            if stored.version != update.expected_version {
                return Err(refuse("the conversation has moved on").with("conversation", update.id));
            }
        }
        for message in &changes.messages {
            self.state.thread(self.tenant, message.conversation)?;
        }
        if let Some(turn) = &changes.turn {
            self.state.thread(self.tenant, turn.conversation)?;
            if self.state.turns.contains_key(&turn.id) {
                return Err(refuse("this turn is recorded already").with("turn", turn.id));
            }
        }
        Ok(())
    }

    fn plan_order(&mut self, order: &Order) -> Result<()> {
        let company = self.tenant.company();
        let thread = self.state.thread(self.tenant, order.conversation)?;
        let stored = self.state.orders.get(&order.id);
        let foreign = stored.is_some_and(|stored| stored.company != company);
        if order.company != company || foreign || thread.conversation.customer != order.customer {
            return Err(no_order(order.id));
        }
        let version = stored.map_or(0, |stored| stored.version);
        if version != order.version || self.orders.contains_key(&order.id) {
            return Err(refuse("the order has moved on").with("order", order.id));
        }
        if !is_sound(order) {
            return Err(
                refuse("an order moves past payment only with its whole payment")
                    .with("order", order.id)
                    .with("state", order.state.as_str()),
            );
        }
        for key in payment_keys(order) {
            let owner = self.owner_of(key);
            if owner.is_some_and(|owner| owner != order.id) {
                return Err(refuse("this link or payment belongs to another order"));
            }
        }
        let order = Order {
            version: version + 1,
            ..order.clone()
        };
        self.orders.insert(order.id, order);
        Ok(())
    }

    /// The order a session or payment reference belongs to, planned ones included.
    fn owner_of(&self, key: &str) -> Option<OrderId> {
        let planned = self
            .orders
            .values()
            .find(|order| payment_keys(order).any(|own| own == key))
            .map(|order| order.id);
        planned.or_else(|| self.state.payment_keys.get(key).copied())
    }

    /// O1: at most one open order per customer, of those this commit writes for.
    fn check_open_orders(&self) -> Result<()> {
        for order in self.orders.values().filter(|order| order.state.is_open()) {
            let rival = |other: &&Order| {
                other.company == order.company
                    && other.customer == order.customer
                    && other.id != order.id
                    && other.state.is_open()
            };
            let stored = self.state.orders.values().filter(rival);
            let untouched = stored
                .filter(|other| !self.orders.contains_key(&other.id))
                .count();
            if untouched + self.orders.values().filter(rival).count() > 0 {
                return Err(refuse("the customer has another open order").with("order", order.id));
            }
        }
        Ok(())
    }

    /// The tenant's order as it will be.
    fn order(&self, id: OrderId) -> Result<&Order> {
        self.orders
            .get(&id)
            .or_else(|| self.state.orders.get(&id))
            .filter(|order| order.company == self.tenant.company())
            .ok_or_else(|| no_order(id))
    }

    fn plan_booking(&mut self, booking: &Booking) -> Result<()> {
        let order = self.order(booking.order)?;
        if let Some((company, stored)) = self.state.bookings.get(&booking.id)
            && (*company, stored.order) != (self.tenant.company(), booking.order)
        {
            return Err(refuse("this booking belongs to another order").with("booking", booking.id));
        }
        if booking.status == BookingStatus::Booked && !may_be_booked(order) {
            return Err(refuse("only a paid or free order can be booked")
                .with("order", order.id)
                .with("state", order.state.as_str()));
        }
        self.bookings.insert(booking.id, booking.clone());
        Ok(())
    }

    /// The tenant's bookings that will stand.
    fn standing(&self) -> impl Iterator<Item = &Booking> {
        let company = self.tenant.company();
        let stored = self.state.bookings.values();
        stored
            .filter(move |(owner, known)| {
                *owner == company && !self.bookings.contains_key(&known.id)
            })
            .map(|(_, known)| known)
            .chain(self.bookings.values())
            .filter(|booking| booking.status == BookingStatus::Booked)
    }

    fn check_standing_bookings(&self) -> Result<()> {
        for booking in self.bookings.values() {
            let of_order = self.standing().filter(|other| other.order == booking.order);
            if of_order.count() > 1 {
                return Err(refuse("the order has another booking").with("order", booking.order));
            }
        }
        Ok(())
    }

    /// B3: first what becomes free, then what is taken for a while, then what is taken to last.
    fn plan_seats(&mut self, changes: &Changes) -> Result<()> {
        if changes.take.is_empty() && changes.release.is_empty() && changes.bookings.is_empty() {
            return Ok(());
        }
        let company = self.tenant.company();
        let mut seats = self.state.seats.clone();
        let called_off = self
            .bookings
            .values()
            .filter(|one| one.status == BookingStatus::Cancelled);
        for order in called_off
            .map(|one| one.order)
            .chain(changes.release.iter().copied())
        {
            let booked = self.standing().find(|one| one.order == order);
            seats.release(company, order, |slot| {
                booked.is_some_and(|one| one.slot.clashes(slot))
            });
        }
        for hold in &changes.take {
            self.order(hold.order)?;
            seats.take(company, hold, changes.at)?;
        }
        let standing = self
            .bookings
            .values()
            .filter(|one| one.status == BookingStatus::Booked);
        for booking in standing {
            seats.release(company, booking.order, |_| false);
            let lasting = Hold {
                order: booking.order,
                slot: booking.slot.clone(),
                expires_at: None,
            };
            seats.take(company, &lasting, changes.at)?;
        }
        self.seats = Some(seats);
        Ok(())
    }
}

/// The sessions and references by which events find an order.
fn payment_keys(order: &Order) -> impl Iterator<Item = &str> {
    let link = order
        .checkout
        .iter()
        .map(|checkout| checkout.session.as_str());
    let money = order.payment.iter();
    link.chain(money.flat_map(|payment| [payment.session.as_str(), payment.reference.as_str()]))
}

impl State {
    pub(super) fn commit(&mut self, tenant: Tenant, changes: Changes) -> Result<Vec<MessageId>> {
        let plan = Plan::make(self, tenant, &changes)?;
        let (orders, bookings, seats) = (plan.orders, plan.bookings, plan.seats);
        if let Some(claim) = changes.finish {
            self.queue.finish(claim);
        }
        if let Some(update) = changes.conversation {
            self.move_thread(update);
        }
        for order in orders.into_values() {
            self.store_order(tenant, order, &changes.at);
        }
        self.seats = seats.unwrap_or_else(|| std::mem::take(&mut self.seats));
        for booking in bookings.into_values() {
            self.bookings
                .insert(booking.id, (tenant.company(), booking));
        }
        let mut ids = Vec::with_capacity(changes.messages.len());
        for message in changes.messages {
            let thread = self.threads.get(&message.conversation);
            let channel = thread.and_then(|one| self.channels.get(&one.conversation.channel));
            if let Some(channel) = channel.cloned() {
                ids.push(self.queue_message(&channel, message, changes.at));
            }
        }
        for job in changes.jobs {
            self.queue.enqueue(Some(tenant), job);
        }
        let alerts = changes.alerts.into_iter();
        self.alerts
            .extend(alerts.map(|alert| (tenant, changes.at, alert)));
        for (key, alert) in changes.once {
            if self.raised.insert((tenant, key)) {
                self.alerts.push((tenant, changes.at, alert));
            }
        }
        if let Some(turn) = changes.turn {
            self.turns.insert(turn.id, (tenant, turn));
        }
        Ok(ids)
    }

    fn move_thread(&mut self, update: ConversationUpdate) {
        let Some(thread) = self.threads.get_mut(&update.id) else {
            return;
        };
        let conversation = &mut thread.conversation;
        conversation.version += 1;
        conversation.session = update.session;
        conversation.answered_through = conversation.answered_through.max(update.answered_through);
        if let Some(taken_over) = update.taken_over {
            conversation.taken_over = taken_over;
            conversation.fence += u32::from(taken_over);
        }
    }

    /// Stores an order, and wakes the events that waited for its link or payment (O13).
    fn store_order(&mut self, tenant: Tenant, order: Order, at: &jiff::Timestamp) {
        for key in payment_keys(&order) {
            if self.payment_keys.insert(key.to_owned(), order.id).is_some() {
                continue;
            }
            let waiting = self.events.values_mut().filter(|stored| {
                stored.orphan
                    && stored
                        .event
                        .fact
                        .as_ref()
                        .is_some_and(|fact| fact.key() == key)
            });
            for stored in waiting {
                stored.orphan = false;
                let kind = JobKind::ApplyPayment {
                    account: stored.event.account.clone(),
                    event: stored.event.id.clone(),
                };
                self.queue.enqueue(Some(tenant), NewJob::new(kind, *at));
            }
        }
        self.orders.insert(order.id, order);
    }
}
