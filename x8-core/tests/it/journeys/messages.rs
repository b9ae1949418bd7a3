//! Words in and out: bursts, doubles, order of messages, humans, plans.

use jiff::SignedDuration;
use x8_core::{
    ErrorKind,
    channel::ChannelEvent,
    plan::TRIAL,
    port::{Changes, ChannelSignal, Clock as _, ConversationUpdate},
    testing::fakes::SendFault,
};

use super::{
    house::{ALL, House, seconds},
    on_every_store,
};

on_every_store!(
    h2_the_same_message_many_times_is_answered_once,
    a1_a_burst_is_answered_once_and_a_lone_message_soon,
    a1_a_long_burst_waits_at_most_ten_seconds,
    h3_a_send_whose_answer_is_lost_is_not_repeated,
    h3_messages_of_one_conversation_keep_their_order_when_the_channel_is_down,
    h6_messages_wait_for_a_disconnected_channel_however_long,
    c4_a_human_reply_fences_the_bot,
    c4_what_a_human_answered_from_the_phone_is_left_alone,
    c4_a_turn_computed_before_a_human_wrote_decides_nothing,
    e1_after_the_trial_nothing_is_answered_and_nothing_is_lost,
);

fn h2_the_same_message_many_times_is_answered_once(house: &House) {
    for _ in 0..50 {
        house.receive("m1", "hello");
    }
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.sender.texts(), vec!["answer to: hello"]);
}

fn a1_a_burst_is_answered_once_and_a_lone_message_soon(house: &House) {
    house.receive("m1", "one");
    house.clock.advance(SignedDuration::from_millis(400));
    house.receive("m2", "two");
    house.work(seconds(2));
    assert_eq!(house.sender.texts(), vec!["answer to: one\ntwo"]);
    house.receive("m3", "three");
    house.work(SignedDuration::from_millis(1_500));
    assert_eq!(
        house.sender.texts().len(),
        2,
        "a lone message waits at most 1.5 s"
    );
}

fn a1_a_long_burst_waits_at_most_ten_seconds(house: &House) {
    for index in 0..25 {
        house.receive(&format!("m{index}"), "more");
        house.work(SignedDuration::from_millis(500));
    }
    assert!(
        !house.sender.texts().is_empty(),
        "12.5 s of uninterrupted writing have been answered"
    );
}

fn h3_a_send_whose_answer_is_lost_is_not_repeated(house: &House) {
    house.sender.fault(SendFault::AnswerLost);
    house.receive("m1", "hello");
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.sender.texts(), vec!["answer to: hello"]);
}

fn h3_messages_of_one_conversation_keep_their_order_when_the_channel_is_down(house: &House) {
    house.sender.fault(SendFault::Down);
    house.sender.fault(SendFault::Down);
    house.order("m1", "1", 1);
    house.work(SignedDuration::from_mins(1));
    let texts = house.sender.texts();
    assert!(
        texts[0].starts_with("answer to") && texts[1].starts_with("link"),
        "{texts:?}"
    );
}

fn h6_messages_wait_for_a_disconnected_channel_however_long(house: &House) {
    house.signal(&ChannelSignal::State(ChannelEvent::Stopped));
    house.receive("m1", "hello");
    house.work(SignedDuration::from_hours(5));
    assert!(house.sender.texts().is_empty());
    assert_eq!(house.faults.alerts(), ["still_waiting"], "said once");
    house.signal(&ChannelSignal::State(ChannelEvent::Working {
        account: None,
    }));
    house.work(SignedDuration::from_mins(2));
    assert_eq!(house.sender.texts(), ["answer to: hello"]);
}

fn c4_a_human_reply_fences_the_bot(house: &House) {
    house.receive("m1", "hello");
    let id = house.conversation().id;
    let reply = house.engine.send_human_reply(house.tenant, id, "I am here");
    house.wait(reply).unwrap();
    house.receive("m2", "thanks");
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.sender.texts(), vec!["I am here"]);
    house
        .wait(house.engine.set_takeover(house.tenant, id, false))
        .unwrap();
    house.work(SignedDuration::from_mins(1));
    let texts = house.sender.texts();
    assert_eq!(texts[1..], ["answer to: thanks"], "what nobody answered");
}

fn c4_what_a_human_answered_from_the_phone_is_left_alone(house: &House) {
    house.ask("m1", "1", 2);
    house.clock.advance(seconds(1));
    house.signal(&ChannelSignal::Echo {
        message: house.inbound("from-the-phone", "I take this one"),
        by_human: true,
    });
    house.clock.advance(seconds(1));
    house.receive("m2", "thank you");
    house.work(SignedDuration::from_mins(1));
    let id = house.conversation().id;
    house
        .wait(house.engine.set_takeover(house.tenant, id, false))
        .unwrap();
    house.work(SignedDuration::from_mins(1));
    assert_eq!(house.sender.texts(), ["answer to: thank you"]);
    assert!(house.orders().is_empty(), "the human saw to it");
}

fn c4_a_turn_computed_before_a_human_wrote_decides_nothing(house: &House) {
    house.receive("m1", "an order");
    let state = house.wait(
        house
            .store()
            .turn_state(house.tenant, house.conversation().id, 0),
    );
    let before = state.unwrap();
    house.signal(&ChannelSignal::Echo {
        message: house.inbound("from-the-phone", "I take this one"),
        by_human: true,
    });
    let mut turn = Changes::at(house.clock.now());
    turn.conversation = Some(ConversationUpdate {
        id: before.conversation.id,
        expected_version: before.conversation.version,
        session: before.conversation.session,
        answered_through: before.pending.last().map(|message| message.id),
        taken_over: None,
    });
    let late = house.wait(house.store().commit(house.tenant, turn));
    assert_eq!(late.unwrap_err().kind(), ErrorKind::Conflict);
    house.work(SignedDuration::from_mins(1));
    assert!(house.sender.texts().is_empty());
}

fn e1_after_the_trial_nothing_is_answered_and_nothing_is_lost(house: &House) {
    house.clock.advance(TRIAL);
    house.receive("m1", "hello");
    house.work(SignedDuration::from_mins(1));
    assert!(house.sender.texts().is_empty());
    let id = house.conversation().id;
    let stored = house.wait(house.store().messages(house.tenant, id, ALL));
    assert_eq!(stored.unwrap().len(), 1);
}
