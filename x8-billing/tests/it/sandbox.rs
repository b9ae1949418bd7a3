//! P11: durable, idempotent, and as strict as the real provider.

use std::sync::Arc;

use jiff::SignedDuration;
use pollster::block_on;
use x8_billing::{
    sandbox::{SandboxCalendar, SandboxConfig, SandboxPayments, Stage},
    testing::MemoryDocuments,
};
use x8_core::{
    ErrorKind, Money, Result, Secret,
    port::{Calendar, CalendarEvent, CheckoutState, Clock, PaymentFact, PaymentProvider},
};

use crate::world::{TENANT, World, secret};

/// The kinds of all events that wait, in order.
fn waiting(world: &World) -> Result<Vec<String>> {
    let events = block_on(world.sandbox.undelivered())?;
    events
        .iter()
        .map(|(_, event)| {
            let now = world.clock.now();
            let read = world
                .sandbox
                .read_event(&event.header, event.body.as_bytes(), now)?;
            Ok(read.kind)
        })
        .collect()
}

fn opened(world: &World) -> Result<String> {
    let link = block_on(world.sandbox.open(TENANT, &world.request(1, "Rose")))?;
    Ok(link.session)
}

#[test]
fn p11_the_name_says_sandbox() {
    assert_eq!(World::new().unwrap().sandbox.name(), "sandbox");
}

#[test]
fn p4_a_retry_after_a_crash_finds_the_same_session() {
    let world = World::new().unwrap();
    let request = world.request(1, "Rose");
    let first = block_on(world.sandbox.open(TENANT, &request)).unwrap();
    let config = SandboxConfig::new("https://shop.example.com", secret()).unwrap();
    let restarted = world.restarted(config);
    world.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(block_on(restarted.open(TENANT, &request)).unwrap(), first);
}

#[test]
fn p4_a_used_key_with_other_content_is_a_conflict_that_no_retry_mends() {
    let world = World::new().unwrap();
    block_on(world.sandbox.open(TENANT, &world.request(1, "Rose"))).unwrap();
    let error = block_on(world.sandbox.open(TENANT, &world.request(1, "Tulip"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.retry(), x8_core::Retry::Never);
}

#[test]
fn p4_amounts_that_do_not_add_up_open_nothing() {
    let world = World::new().unwrap();
    let good = world.request(1, "Rose");
    let mut cases = vec![good.clone(); 5];
    cases[0].totals.total = Money::eur(64_79);
    cases[1].totals.products = Money::eur(1);
    cases[2].totals.delivery = Money::eur(-5_00);
    cases[3].lines.clear();
    cases[4].totals.total = Money::new(64_80, x8_core::Currency::USD);
    for request in cases {
        assert!(
            block_on(world.sandbox.open(TENANT, &request)).is_err(),
            "{request:?}"
        );
    }
    assert!(
        block_on(world.sandbox.open(TENANT, &good)).is_ok(),
        "nothing was left behind"
    );
}

#[test]
fn p4_a_link_lives_at_most_a_day_and_never_in_the_past() {
    let world = World::new().unwrap();
    for minutes in [-1, 0, 24 * 60 + 1] {
        let mut request = world.request(1, "Rose");
        request.expires_at = world.clock.now() + SignedDuration::from_mins(minutes);
        let error = block_on(world.sandbox.open(TENANT, &request)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{minutes}");
    }
}

#[test]
fn p11_paying_twice_pays_once() {
    let world = World::new().unwrap();
    let session = opened(&world).unwrap();
    for _ in 0..3 {
        assert_eq!(block_on(world.sandbox.pay(&session)).unwrap(), Stage::Paid);
    }
    assert_eq!(
        block_on(world.sandbox.cancel(&session)).unwrap(),
        Stage::Paid
    );
    assert_eq!(waiting(&world).unwrap(), ["checkout.session.completed"]);
}

#[test]
fn p11_parallel_payments_leave_one_event() {
    let world = World::new().unwrap();
    let session = opened(&world).unwrap();
    std::thread::scope(|scope| {
        for number in 0..20 {
            let (world, session) = (&world, session.as_str());
            scope.spawn(move || {
                if number % 2 == 0 {
                    block_on(world.sandbox.pay(session)).unwrap()
                } else {
                    block_on(world.sandbox.cancel(session)).unwrap()
                }
            });
        }
    });
    let told = waiting(&world).unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    let state = block_on(world.sandbox.status(TENANT, &session))
        .unwrap()
        .state;
    let paid = matches!(state, CheckoutState::Paid { .. });
    assert_eq!(
        paid,
        told[0] == "checkout.session.completed",
        "state and event agree"
    );
}

#[test]
fn p6_a_link_whose_time_is_up_cannot_be_paid_and_says_so_by_an_event() {
    let world = World::new().unwrap();
    let session = opened(&world).unwrap();
    world.clock.advance(SignedDuration::from_mins(59));
    assert!(waiting(&world).unwrap().is_empty());
    world.clock.advance(SignedDuration::from_mins(1));
    let status = block_on(world.sandbox.status(TENANT, &session)).unwrap();
    assert_eq!((status.state, status.url), (CheckoutState::Expired, None));
    assert_eq!(
        block_on(world.sandbox.pay(&session)).unwrap(),
        Stage::Expired
    );
    assert_eq!(waiting(&world).unwrap(), ["checkout.session.expired"]);
}

#[test]
fn p6_expiry_is_told_even_when_nobody_looks_at_the_link() {
    let world = World::new().unwrap();
    opened(&world).unwrap();
    world.clock.advance(SignedDuration::from_hours(5));
    assert_eq!(waiting(&world).unwrap(), ["checkout.session.expired"]);
    assert_eq!(
        waiting(&world).unwrap(),
        ["checkout.session.expired"],
        "once, until acknowledged"
    );
}

#[test]
fn p5_events_wait_until_acknowledged_and_are_signed_afresh() {
    let world = World::new().unwrap();
    let session = opened(&world).unwrap();
    block_on(world.sandbox.pay(&session)).unwrap();
    let first = block_on(world.sandbox.undelivered()).unwrap();
    world.clock.advance(SignedDuration::from_hours(48));
    let second = block_on(world.sandbox.undelivered()).unwrap();
    assert_eq!(first[0].1.body, second[0].1.body, "the same bytes");
    assert_ne!(first[0].1.header, second[0].1.header, "a fresh signature");
    let event = &second[0].1;
    let now = world.clock.now();
    let read = world
        .sandbox
        .read_event(&event.header, event.body.as_bytes(), now)
        .unwrap();
    assert_eq!(
        (read.id.as_str(), read.account.as_str()),
        (event.id.as_str(), "acct_sandbox_7")
    );
    assert!(
        matches!(read.fact, Some(PaymentFact::Paid { amount, .. }) if amount == Money::eur(64_80))
    );
    for _ in 0..2 {
        block_on(world.sandbox.delivered(&session, &event.id)).unwrap();
        assert!(block_on(world.sandbox.undelivered()).unwrap().is_empty());
    }
    let unknown = block_on(world.sandbox.delivered(&session, "evt_unknown")).unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::NotFound);
}

#[test]
fn p5_event_ids_follow_from_session_and_type() {
    let ids = |world: &World| -> Vec<String> {
        let session = opened(world).unwrap();
        block_on(world.sandbox.pay(&session)).unwrap();
        let events = block_on(world.sandbox.undelivered()).unwrap();
        events.into_iter().map(|(_, event)| event.id).collect()
    };
    let (one, other) = (World::new().unwrap(), World::new().unwrap());
    other.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(ids(&one), ids(&other));
}

#[test]
fn p7_a_refund_happens_once_and_is_told_once() {
    let world = World::new().unwrap();
    let session = opened(&world).unwrap();
    let reference = session.replacen("cs_", "pi_", 1);
    let early = block_on(world.sandbox.refund(TENANT, &reference, "k")).unwrap_err();
    assert_eq!(early.kind(), ErrorKind::NotFound, "nothing was paid yet");
    block_on(world.sandbox.pay(&session)).unwrap();
    for key in ["k", "k", "another"] {
        block_on(world.sandbox.refund(TENANT, &reference, key)).unwrap();
    }
    assert_eq!(
        waiting(&world).unwrap(),
        ["checkout.session.completed", "charge.refunded"]
    );
    let events = block_on(world.sandbox.undelivered()).unwrap();
    let event = &events[1].1;
    let read = world
        .sandbox
        .read_event(&event.header, event.body.as_bytes(), world.clock.now());
    assert_eq!(
        read.unwrap().fact,
        Some(PaymentFact::Refunded { reference })
    );
}

#[test]
fn p5_an_earlier_secret_is_accepted_while_it_is_replaced() {
    let world = World::new().unwrap();
    let session = opened(&world).unwrap();
    block_on(world.sandbox.pay(&session)).unwrap();
    let event = block_on(world.sandbox.undelivered()).unwrap().remove(0).1;
    let config = SandboxConfig::new("https://shop.example.com", Secret::new("whsec_new")).unwrap();
    let strict = world.restarted(config.clone());
    let rolling = world.restarted(config.accepting(secret()));
    let read = |sandbox: &SandboxPayments| {
        sandbox.read_event(&event.header, event.body.as_bytes(), world.clock.now())
    };
    assert_eq!(
        read(&strict).unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
    assert!(read(&rolling).is_ok());
}

#[test]
fn secrets_do_not_print() {
    let text = format!("{:?}", World::new().unwrap().sandbox);
    assert!(text.contains("***") && !text.contains("whsec"), "{text}");
}

#[test]
fn b5_the_sandbox_calendar_refuses_what_the_real_one_refuses() {
    let calendar = SandboxCalendar::new(Arc::new(MemoryDocuments::default()));
    let good = CalendarEvent {
        id: "abcde0".to_owned(),
        title: String::new(),
        description: String::new(),
        place: "online".to_owned(),
        starts_at: "2026-05-01T10:00:00Z".parse().unwrap(),
        ends_at: "2026-05-01T11:00:00Z".parse().unwrap(),
        time_zone: "Europe/Madrid".to_owned(),
        order: None,
        booking: None,
        online: true,
        meeting_url: None,
    };
    let mut cases = vec![good.clone(); 6];
    cases[0].id = "abcd".to_owned();
    cases[1].id = "abcdw".to_owned();
    cases[2].id = "ABCDE".to_owned();
    cases[3].id = "a".repeat(1025);
    cases[4].ends_at = good.starts_at;
    cases[5].time_zone = "Europe/Nowhere".to_owned();
    for event in cases {
        let error = block_on(calendar.put(TENANT, &event)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{event:?}");
    }
    block_on(calendar.put(TENANT, &good)).unwrap();
    block_on(calendar.remove(TENANT, &good.id)).unwrap();
    let again = block_on(calendar.put(TENANT, &good)).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Conflict, "the id stays reserved");
}
