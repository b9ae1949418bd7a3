//! What a plan lets happen in the middle of a conversation (E1, E3).

use jiff::SignedDuration;
use x8_core::{
    channel::{Channel, ChannelEvent, Platform},
    plan::{Billed, ChannelLimit, Plan, Standing, SubscriptionStatus, TRIAL},
    port::{ChannelSignal, Clock as _, InboundEvent, NewChannel},
};

use super::{
    house::{ALL, House, seconds, start},
    on_every_store,
};

on_every_store!(
    e1_after_the_trial_messages_are_kept_and_not_answered,
    e3_beyond_a_smaller_plan_receives_and_is_not_answered_once_the_period_is_over,
);

fn e1_after_the_trial_messages_are_kept_and_not_answered(house: &House) {
    house.clock.advance(TRIAL);
    house.receive("m1", "hello");
    house.work(seconds(20));
    assert!(house.sender.texts().is_empty());
    assert_eq!(heard(house), 1, "received");
    buy(house, Plan::Single, None);
    house.receive("m2", "anybody?");
    house.work(seconds(20));
    assert_eq!(house.sender.texts().len(), 1, "answered from then on");
}

fn e3_beyond_a_smaller_plan_receives_and_is_not_answered_once_the_period_is_over(house: &House) {
    let second = second_channel(house);
    buy(house, Plan::Single, Some(SignedDuration::from_hours(1)));
    write(house, &second, "m1", "before");
    house.work(seconds(20));
    assert_eq!(
        house.sender.texts(),
        ["answer to: before"],
        "until the period ends"
    );
    house.clock.advance(SignedDuration::from_hours(1));
    write(house, &second, "m2", "after");
    house.work(seconds(20));
    assert_eq!(
        house.sender.texts().len(),
        1,
        "the newest is beyond the plan"
    );
    assert_eq!(heard(house), 2, "and goes on receiving");
    write(house, &house.channel, "m3", "first");
    house.work(seconds(20));
    assert_eq!(house.sender.texts().len(), 2, "the oldest is covered");
    let gone = house.store().apply_channel_event(
        house.tenant,
        house.channel.id,
        &ChannelEvent::DisconnectRequested,
        house.clock.now(),
    );
    house.wait(gone).unwrap();
    write(house, &second, "m4", "now");
    house.work(seconds(20));
    let texts = house.sender.texts();
    assert_eq!(texts.len(), 3, "the owner chose what stays: {texts:?}");
}

/// A plan that runs for 90 days; `reduced`: made smaller in a period that ends then.
fn buy(house: &House, plan: Plan, reduced: Option<SignedDuration>) {
    let now = house.clock.now();
    let billed = Billed {
        plan,
        status: SubscriptionStatus::Active,
        subscription: Some("sub_1".to_owned()),
        customer: Some("cus_1".to_owned()),
        price: plan.monthly_price(),
        started_at: Some(start()),
        ends_at: Some(now + SignedDuration::from_hours(24 * 90)),
        cancelled_at: None,
        grace_until: None,
        past_due: false,
        reduced_until: reduced.map(|after| now + after),
        reduced_to: reduced.and(plan.channels().count()),
        channels: None,
    };
    let store = house.store();
    house
        .wait(store.save_subscription(house.owner.id, &billed, 0, now))
        .unwrap();
}

fn second_channel(house: &House) -> Channel {
    let (store, now) = (house.store(), house.clock.now());
    let new = NewChannel {
        platform: Platform::Whatsapp,
        session: "flowers-2".to_owned(),
        account: None,
    };
    let growth = Standing::Subscribed {
        plan: Plan::Growth,
        limit: ChannelLimit::AtMost(4),
    };
    let reserved = house.wait(store.reserve_channel(house.tenant, new, growth, now));
    let working = ChannelEvent::Working { account: None };
    let id = reserved.unwrap().id;
    house
        .wait(store.apply_channel_event(house.tenant, id, &working, now))
        .unwrap()
}

fn write(house: &House, channel: &Channel, id: &str, text: &str) {
    let event = InboundEvent {
        session: channel.session.clone(),
        signal: ChannelSignal::Message(house.inbound(id, text)),
    };
    house
        .wait(house.engine.receive(Platform::Whatsapp, vec![event]))
        .unwrap();
}

/// How many messages of customers are stored.
fn heard(house: &House) -> usize {
    let store = house.store();
    let threads = house.wait(store.conversations(house.tenant, ALL)).unwrap();
    let of = |thread: &x8_core::conversation::Conversation| {
        let all = house
            .wait(store.messages(house.tenant, thread.id, ALL))
            .unwrap();
        let inbound = |message: &&x8_core::conversation::Message| {
            message.flow == x8_core::conversation::Flow::Inbound
        };
        all.iter().filter(inbound).count()
    };
    threads.iter().map(of).sum()
}
