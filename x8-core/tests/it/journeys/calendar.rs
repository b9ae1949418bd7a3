//! What people do by hand in the company's calendar (P12), and calendars that come and go.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_core::{
    ErrorKind, Result,
    booking::CalendarState,
    catalog::{Areas, Kind, Offering},
    order::{Area, CartLine, Order, OrderState},
    port::{
        Calendar, CalendarEvent, Changes, Clock as _, Decision, Draft, Job, JobKind, NewJob,
        OrderWrite, Page,
    },
    tenant::{Caller, CompanySettings, CompanyStatus, Tenant},
    testing::fakes::FakeCalendar,
    usecase::{Engine, Rewrite},
};

use super::{
    house::{House, roses},
    on_every_store,
};

on_every_store!(
    p12_a_booking_moved_by_hand_moves_with_its_seat_and_the_customer_hears_it,
    p12_a_booking_moved_to_a_taken_time_stays_and_calls_a_human_once,
    p12_a_booking_moved_into_the_past_stays_and_calls_a_human,
    p12_a_booking_deleted_by_hand_is_noticed_once_and_never_written_again,
    p12_an_event_that_comes_back_is_no_longer_missing,
    p12_a_calendar_that_is_down_or_closed_is_looked_at_again,
    p12_nothing_is_looked_at_once_it_is_over_or_called_off,
    p12_the_link_to_meet_at_reaches_the_customer_once,
    b5_parked_writes_drain_at_once_after_reauthorisation,
    p12_without_a_calendar_the_booking_stands_and_is_written_when_there_is_one,
    p12_another_calendar_gets_every_booking_but_the_deleted_ones,
    p12_a_look_that_was_overtaken_changes_nothing,
);

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

/// A paid bouquet for tomorrow.
fn booked(house: &House) -> Order {
    let order = house.order("m1", "1", 1);
    house.pay(&order);
    house.newest()
}

/// Somebody drags the only event of the calendar by this much.
fn drag(house: &House, by: SignedDuration) {
    let mut event = house.calendar.events().remove(0);
    event.starts_at += by;
    event.ends_at += by;
    house
        .wait(house.calendar.put(house.tenant, &event))
        .unwrap();
}

/// The codes of the alerts that are raised once, one per key.
fn once(house: &House) -> Vec<String> {
    let keys: BTreeSet<String> = house.faults.once().into_iter().collect();
    let code = |key: &String| key.split(':').next().unwrap_or_default().to_owned();
    keys.iter().map(code).collect()
}

fn state(house: &House) -> CalendarState {
    house.bookings()[0].calendar
}

fn p12_a_booking_moved_by_hand_moves_with_its_seat_and_the_customer_hears_it(house: &House) {
    let order = booked(house);
    let was = order.slot.unwrap();
    // To a time between two slots, and longer: the company decides.
    drag(house, minutes(26 * 60 + 15));
    house.work(minutes(11));
    let (booking, order) = (house.bookings().remove(0), house.newest());
    assert_eq!(
        booking.slot.starts_at,
        was.starts_at + minutes(26 * 60 + 15)
    );
    assert_eq!(order.slot.as_ref(), Some(&booking.slot));
    assert_eq!(
        (booking.calendar, order.state),
        (CalendarState::Written, OrderState::Booked)
    );
    assert_eq!(house.heard("moved "), 1);
    let from = was.starts_at - minutes(60);
    let to = booking.slot.ends_at;
    let holds = house
        .store()
        .holds(house.tenant, Some(&was.resource), from, to);
    let seats: Vec<_> = house
        .wait(holds)
        .unwrap()
        .into_iter()
        .map(|hold| hold.slot)
        .collect();
    assert_eq!(
        seats,
        [booking.slot],
        "the old seat is free, the new one taken"
    );
    house.work(minutes(60 * 6));
    assert_eq!(house.heard("moved "), 1, "nothing more happened");
    assert!(house.faults.alerts().is_empty());
    house.audit();
}

/// Two bouquets at the same time of a company that delivers one at a time would not fit.
fn p12_a_booking_moved_to_a_taken_time_stays_and_calls_a_human_once(house: &House) {
    let mut settings = CompanySettings::default();
    settings.opening.delivery_capacity = 1;
    let (caller, company) = (Caller::from(&house.owner), house.tenant.company());
    let (store, active) = (house.store(), CompanyStatus::Active);
    house
        .wait(store.update_company(caller, company, "Flowers", active, &settings))
        .unwrap();
    let first = booked(house);
    house.order("m2", "2", 1);
    let bookings = house.bookings();
    assert_eq!(bookings.len(), 2);
    let (mine, other) = (&bookings[0], &bookings[1]);
    assert_eq!(mine.order, first.id);
    let mut event = house
        .wait(house.calendar.get(house.tenant, &mine.event_id))
        .unwrap()
        .unwrap();
    (event.starts_at, event.ends_at) = (other.slot.starts_at, other.slot.ends_at);
    house
        .wait(house.calendar.put(house.tenant, &event))
        .unwrap();
    house.work(minutes(35));
    let now = house.bookings();
    assert_eq!(now[0].slot, mine.slot, "it stays");
    assert_eq!(now[0].calendar, CalendarState::Diverged);
    assert_eq!(once(house), ["calendar_diverged"]);
    assert_eq!(house.heard("moved "), 0);
    // The other one is called off: the time is free, and the booking follows after all.
    let order = house
        .wait(house.store().order(house.tenant, other.order))
        .unwrap();
    house.cancel(&order).unwrap();
    house.work(minutes(11));
    let now = house
        .wait(house.store().order(house.tenant, first.id))
        .unwrap();
    assert_eq!(now.slot.unwrap().starts_at, other.slot.starts_at);
    assert_eq!(house.heard("moved "), 1);
    house.audit();
}

fn p12_a_booking_moved_into_the_past_stays_and_calls_a_human(house: &House) {
    let order = booked(house);
    drag(house, minutes(-24 * 60));
    house.work(minutes(25));
    assert_eq!(state(house), CalendarState::Diverged);
    assert_eq!(house.newest().slot, order.slot);
    assert_eq!(once(house), ["calendar_diverged"]);
    drag(house, minutes(24 * 60));
    house.work(minutes(11));
    assert_eq!(state(house), CalendarState::Written, "put back by hand");
}

fn p12_a_booking_deleted_by_hand_is_noticed_once_and_never_written_again(house: &House) {
    booked(house);
    let id = house.bookings()[0].event_id.clone();
    house
        .wait(house.calendar.remove(house.tenant, &id))
        .unwrap();
    house.work(minutes(90));
    assert_eq!(state(house), CalendarState::Missing);
    assert_eq!(house.faults.alerts(), ["calendar_deleted"]);
    assert_eq!(
        house.newest().state,
        OrderState::Booked,
        "the booking stands"
    );
    assert!(house.calendar.events().is_empty());
    house.audit();
    house.cancel(&house.newest()).unwrap();
    house.work(minutes(60));
    assert_eq!(state(house), CalendarState::Removed);
}

fn p12_an_event_that_comes_back_is_no_longer_missing(house: &House) {
    booked(house);
    let event = house.calendar.events().remove(0);
    house
        .wait(house.calendar.remove(house.tenant, &event.id))
        .unwrap();
    house.work(minutes(11));
    assert_eq!(state(house), CalendarState::Missing);
    house
        .wait(house.calendar.put(house.tenant, &event))
        .unwrap();
    house.work(minutes(11));
    assert_eq!(state(house), CalendarState::Written);
}

fn p12_a_calendar_that_is_down_or_closed_is_looked_at_again(house: &House) {
    booked(house);
    house.calendar.revoke(true);
    house.work(minutes(60));
    assert_eq!(once(house), ["calendar_unreadable"], "once a day");
    assert_eq!(state(house), CalendarState::Written);
    house.calendar.revoke(false);
    drag(house, minutes(24 * 60));
    house.work(minutes(11));
    assert_eq!(house.heard("moved "), 1);
}

fn p12_nothing_is_looked_at_once_it_is_over_or_called_off(house: &House) {
    let order = booked(house);
    let end = order.slot.unwrap().ends_at;
    house.work(house.clock.now().duration_until(end) + minutes(70));
    assert_eq!(house.wait(house.store().next_job_at()).unwrap(), None);
    let order = house.order("m2", "2", 1);
    house.cancel(&order).unwrap();
    house.work(minutes(70));
    assert_eq!(house.wait(house.store().next_job_at()).unwrap(), None);
}

fn p12_the_link_to_meet_at_reaches_the_customer_once(house: &House) {
    let mut call = Offering::new("7", Kind::Service, "Call", roses("7", 0).price);
    call.areas = Areas::parse("online").unwrap();
    house.sell(&[call]);
    let cart = vec![CartLine {
        sku: "7".into(),
        quantity: 1,
    }];
    let draft = Draft {
        cart,
        area: Area::Online,
        client_name: "Ana".into(),
        recipient_phone: "+34600111222".into(),
        wished_start: None,
        language: "en".into(),
        remind: true,
    };
    house.assistant.when("call me", Decision::Checkout(draft));
    house.receive("m1", "call me");
    house.work(minutes(3));
    assert_eq!(
        house.bookings()[0].meeting_url,
        None,
        "the calendar is still at it"
    );
    house.calendar.make_links(true);
    house.work(minutes(30));
    let booking = house.bookings().remove(0);
    let link = booking.meeting_url.clone().unwrap();
    assert_eq!(link, format!("https://meet.test/{}", booking.event_id));
    assert_eq!(house.heard(&format!("meet {link}")), 1);
}

fn b5_parked_writes_drain_at_once_after_reauthorisation(house: &House) {
    house.calendar.revoke(true);
    booked(house);
    assert_eq!(state(house), CalendarState::Parked);
    house.calendar.revoke(false);
    for _ in 0..2 {
        let jobs = house
            .engine
            .rewrite_calendar(house.tenant, Rewrite::Waiting);
        assert_eq!(house.wait(jobs).unwrap(), 1);
    }
    house.work(SignedDuration::ZERO);
    assert_eq!(state(house), CalendarState::Written, "without waiting");
    assert_eq!(house.calendar.events().len(), 1);

    // What was moved by hand meanwhile is not put back.
    drag(house, minutes(24 * 60));
    house
        .wait(
            house
                .engine
                .rewrite_calendar(house.tenant, Rewrite::Waiting),
        )
        .unwrap();
    house.work(SignedDuration::ZERO);
    assert_eq!(house.heard("moved "), 1);

    // A removal waits too.
    house.calendar.revoke(true);
    house.cancel(&house.newest()).unwrap();
    house.work(minutes(1));
    assert_eq!(state(house), CalendarState::Parked);
    house.calendar.revoke(false);
    house
        .wait(
            house
                .engine
                .rewrite_calendar(house.tenant, Rewrite::Waiting),
        )
        .unwrap();
    house.work(SignedDuration::ZERO);
    assert_eq!(state(house), CalendarState::Removed);
    assert!(house.calendar.events().is_empty());
}

fn p12_without_a_calendar_the_booking_stands_and_is_written_when_there_is_one(house: &House) {
    house.calendar.take_away(true);
    booked(house);
    house.work(minutes(120));
    assert_eq!(state(house), CalendarState::None);
    assert!(house.faults.alerts().is_empty(), "nobody is called");
    assert_eq!(house.newest().state, OrderState::Booked);
    house.audit();
    house.calendar.take_away(false);
    house
        .wait(house.engine.rewrite_calendar(house.tenant, Rewrite::All))
        .unwrap();
    house.work(SignedDuration::ZERO);
    assert_eq!(state(house), CalendarState::Written);
    assert_eq!(house.calendar.events().len(), 1);
}

fn p12_another_calendar_gets_every_booking_but_the_deleted_ones(house: &House) {
    booked(house);
    let first = house.bookings()[0].event_id.clone();
    house
        .wait(house.calendar.remove(house.tenant, &first))
        .unwrap();
    house.work(minutes(11));
    house.order("m2", "2", 1);
    let second = house.calendar.events().remove(0);
    house
        .wait(house.calendar.remove(house.tenant, &second.id))
        .unwrap();
    let jobs = house.engine.rewrite_calendar(house.tenant, Rewrite::All);
    assert_eq!(house.wait(jobs).unwrap(), 2);
    house.work(SignedDuration::ZERO);
    assert_eq!(house.calendar.events(), [second]);
}

/// A calendar that takes its time: meanwhile the company moves the booking by two days in x8.
struct Slow {
    calendar: Arc<FakeCalendar>,
    engine: Engine,
}

impl Slow {
    async fn move_in_x8(&self, tenant: Tenant) -> Result<()> {
        let store = &self.engine.store;
        let mut booking = store
            .bookings(tenant, None, None, Page::first(1))
            .await?
            .remove(0);
        let mut order = store.order(tenant, booking.order).await?;
        booking.slot.starts_at += minutes(48 * 60);
        booking.slot.ends_at += minutes(48 * 60);
        order.slot = Some(booking.slot.clone());
        let mut changes = Changes::at(self.engine.clock.now());
        let write = JobKind::WriteCalendar {
            booking: booking.id,
        };
        changes.jobs.push(NewJob::new(write, changes.at));
        changes.bookings.push(booking);
        changes.orders.push(OrderWrite { order });
        store.commit(tenant, changes).await.map(drop)
    }
}

#[async_trait]
impl Calendar for Slow {
    async fn put(&self, tenant: Tenant, event: &CalendarEvent) -> Result<()> {
        self.calendar.put(tenant, event).await
    }

    async fn remove(&self, tenant: Tenant, event_id: &str) -> Result<()> {
        self.calendar.remove(tenant, event_id).await
    }

    async fn get(&self, tenant: Tenant, event_id: &str) -> Result<Option<CalendarEvent>> {
        self.move_in_x8(tenant).await?;
        self.calendar.get(tenant, event_id).await
    }

    async fn busy(
        &self,
        tenant: Tenant,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(Timestamp, Timestamp)>> {
        self.calendar.busy(tenant, from, to).await
    }
}

fn p12_a_look_that_was_overtaken_changes_nothing(house: &House) {
    let order = booked(house);
    drag(house, minutes(24 * 60));
    let slow = Slow {
        calendar: Arc::clone(&house.calendar),
        engine: house.engine.clone(),
    };
    let mut engine = house.engine.clone();
    engine.calendar = Arc::new(slow);
    house.clock.advance(minutes(11));
    let (now, lease) = (house.clock.now(), minutes(1));
    let jobs = house
        .wait(house.store().claim_jobs(now, lease, 10))
        .unwrap();
    let look = |job: &&Job| matches!(job.kind, JobKind::SyncCalendar { .. });
    let job = jobs.iter().find(look).unwrap();
    let error = house.wait(engine.run(job)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    house.wait(house.engine.fail(job, &error)).unwrap();
    house.work(minutes(30));
    let there = order.slot.unwrap().starts_at + minutes(48 * 60);
    assert_eq!(house.bookings()[0].slot.starts_at, there);
    assert_eq!(house.calendar.events()[0].starts_at, there);
    assert_eq!(house.heard("moved "), 0);
}
