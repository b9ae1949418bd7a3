//! Turns that fail, are held, cost money: the customer is never left in silence, and a human hears of it (A11).

use jiff::{SignedDuration, Timestamp};
use x8_core::{
    behaviour,
    order::OrderState,
    port::Page,
    tenant::{Caller, CompanySettings, CompanyStatus},
    testing::fakes::Trouble,
    turn::{Call, Purpose},
};

use super::{
    house::{House, Slow, seconds},
    on_every_store,
};

on_every_store!(
    a11_a_held_turn_comes_again_by_itself,
    a11_new_words_bring_the_held_ones_with_them,
    a11_nobody_hears_the_same_holding_line_twice_and_a_human_takes_over_at_last,
    a11_an_answer_that_fails_is_said_within_twenty_seconds_and_given_later,
    a11_an_answer_that_fails_for_good_is_said_at_once,
    a11_a_store_that_fails_in_the_turn_is_said_as_well,
    a11_a_human_is_told_that_the_model_is_down_once_an_hour,
    a11_the_time_of_a_turn_is_counted_from_the_end_of_its_burst,
    c4_who_was_told_to_wait_is_left_to_the_human_who_answers,
    o11_the_customer_hears_that_the_company_called_the_order_off,
    a_budget_that_is_spent_keeps_models_out_and_is_told_once,
    a11_calls_outside_of_turns_share_the_budget,
    x1_what_is_forgotten_leaves_messages_and_takes_the_rest,
    a_turn_is_remembered_once_and_only_when_it_is_committed,
    every_turn_is_recorded_with_what_it_was_computed_from,
);

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

fn a11_a_held_turn_comes_again_by_itself(house: &House) {
    house.assistant.suffer(Trouble::Holding);
    house.receive("m1", "hello");
    house.work(seconds(20));
    assert_eq!(house.sender.texts(), ["please wait"]);
    assert_eq!(house.faults.alerts(), ["model_failing"]);
    house.assistant.suffer(Trouble::None);
    house.work(minutes(1));
    assert_eq!(house.sender.texts(), ["please wait", "answer to: hello"]);
    assert_eq!(house.conversation().session.held, None);
    house.work(minutes(60));
    assert_eq!(house.sender.texts().len(), 2, "answered once");
}

fn a11_new_words_bring_the_held_ones_with_them(house: &House) {
    house.assistant.suffer(Trouble::Holding);
    house.receive("m1", "hello");
    house.work(seconds(20));
    house.assistant.suffer(Trouble::None);
    for (id, text) in [("m2", "is"), ("m3", "anybody"), ("m4", "there?")] {
        house.receive(id, text);
        house.work(SignedDuration::from_millis(400));
    }
    assert_eq!(house.sender.texts().len(), 1, "the burst is not over");
    house.work(SignedDuration::from_millis(1_500));
    assert_eq!(
        house.sender.texts()[1..],
        ["answer to: hello\nis\nanybody\nthere?"]
    );
    house.work(minutes(60));
    assert_eq!(
        house.sender.texts().len(),
        2,
        "the retry found nothing to do"
    );
}

fn a11_nobody_hears_the_same_holding_line_twice_and_a_human_takes_over_at_last(house: &House) {
    house.assistant.suffer(Trouble::Holding);
    house.receive("m1", "hello");
    house.work(minutes(4));
    assert_eq!(house.heard("please wait"), 1, "the retry said nothing");
    house.receive("m2", "hello?");
    house.work(seconds(20));
    assert_eq!(house.heard("please wait"), 2, "to new words");
    house.work(minutes(120));
    assert_eq!(house.heard("please wait"), 2);
    assert_eq!(
        house.faults.alerts(),
        ["model_failing", "model_failing", "answer_failed"]
    );
    house.assistant.suffer(Trouble::None);
    house.receive("m3", "thanks");
    house.work(seconds(20));
    assert_eq!(house.heard("answer to: thanks"), 1, "the rest is a human's");
}

fn a11_an_answer_that_fails_is_said_within_twenty_seconds_and_given_later(house: &House) {
    house.assistant.suffer(Trouble::Down);
    house.receive("m1", "hello");
    house.work(seconds(20));
    assert_eq!(house.sender.texts(), ["holding"]);
    assert_eq!(house.faults.alerts(), ["answer_late"]);
    house.work(minutes(120));
    assert_eq!(house.sender.texts(), ["holding"], "said once");
    assert_eq!(house.faults.alerts(), ["answer_late", "answer_failed"]);
    house.assistant.suffer(Trouble::None);
    house.receive("m2", "still there?");
    house.work(seconds(20));
    assert_eq!(
        house.sender.texts()[1..],
        ["answer to: hello\nstill there?"]
    );
}

fn a11_an_answer_that_fails_for_good_is_said_at_once(house: &House) {
    house.assistant.suffer(Trouble::Broken);
    house.receive("m1", "hello");
    house.work(seconds(2));
    assert_eq!(house.sender.texts(), ["holding"]);
    assert_eq!(house.faults.alerts(), ["answer_late", "answer_failed"]);
}

fn a11_a_store_that_fails_in_the_turn_is_said_as_well(house: &House) {
    house.faults.break_method(Some("live_catalog"));
    house.receive("m1", "hello");
    house.work(seconds(20));
    assert_eq!(house.sender.texts(), ["holding"]);
    house.faults.break_method(None);
    house.work(minutes(2));
    assert_eq!(house.sender.texts(), ["holding", "answer to: hello"]);
    assert_eq!(house.conversation().session.held, None);
}

fn a11_a_human_is_told_that_the_model_is_down_once_an_hour(house: &House) {
    house.assistant.suffer(Trouble::FallingBack);
    for number in 0..3 {
        house.receive(&format!("m{number}"), "hello");
        house.work(minutes(25));
    }
    let keys = house.faults.once();
    assert_eq!(keys[0], keys[1], "the store keeps the first: {keys:?}");
    assert_eq!(keys[0], "model_down:2026-11-20T08");
    assert!(house.faults.alerts().is_empty());
}

fn a11_the_time_of_a_turn_is_counted_from_the_end_of_its_burst(house: &House) {
    let start = house.clock_now();
    house.receive("m1", "hello");
    house.clock.advance(seconds(1));
    house.receive("m2", "there");
    // The worker comes late.
    house.clock.advance(seconds(9));
    house.work(seconds(1));
    let (_, limits) = house.assistant.limits()[0];
    let due = start + seconds(1) + SignedDuration::from_millis(1_200);
    assert_eq!(limits.answer_by, Some(due + seconds(20)));
    assert!(!limits.budget_spent);
}

fn c4_who_was_told_to_wait_is_left_to_the_human_who_answers(house: &House) {
    house.assistant.suffer(Trouble::Holding);
    house.receive("m1", "hello");
    house.work(seconds(20));
    let id = house.conversation().id;
    let reply = house.engine.send_human_reply(house.tenant, id, "I am here");
    house.wait(reply).unwrap();
    house.assistant.suffer(Trouble::None);
    house.work(minutes(60));
    assert_eq!(house.sender.texts(), ["please wait", "I am here"]);
}

fn o11_the_customer_hears_that_the_company_called_the_order_off(house: &House) {
    let unpaid = house.order("m1", "1", 1);
    house.cancel(&unpaid).unwrap();
    house.work(minutes(1));
    assert_eq!(house.newest().state, OrderState::Cancelled);
    assert_eq!(house.heard("order cancelled"), 1);
    house.cancel(&unpaid).unwrap();
    house.work(minutes(1));
    assert_eq!(house.heard("order cancelled"), 1, "once");
    let free = house.order("m2", "2", 1);
    house.cancel(&free).unwrap();
    house.work(minutes(1));
    assert_eq!(house.heard("order cancelled"), 2, "a free one too");
    let paid = house.order("m3", "1", 1);
    house.pay(&paid);
    house.cancel(&house.newest()).unwrap();
    house.work(minutes(1));
    assert_eq!(house.heard("order cancelled"), 2);
    assert_eq!(house.heard("refund"), 1, "a paid one goes back");
    house.audit();
}

fn a_budget_that_is_spent_keeps_models_out_and_is_told_once(house: &House) {
    let caller = Caller::from(&house.owner);
    let settings = CompanySettings {
        model_budget: Some(1_000),
        ..CompanySettings::default()
    };
    let company = house.tenant.company();
    house
        .wait(house.store().update_company(
            caller,
            company,
            "Flowers",
            CompanyStatus::Active,
            &settings,
        ))
        .unwrap();
    house.assistant.charge(500);
    for number in 0..4 {
        house.receive(&format!("m{number}"), "hello");
        house.work(seconds(20));
    }
    let spent: Vec<bool> = house
        .assistant
        .limits()
        .iter()
        .map(|(_, limits)| limits.budget_spent)
        .collect();
    assert_eq!(spent, [false, false, true, true]);
    let all = Timestamp::MIN..Timestamp::MAX;
    let cost = house.store().model_cost(house.tenant, all.start, all.end);
    assert_eq!(house.wait(cost).unwrap(), 1_000);
    let key = "model_budget:2026-11".to_owned();
    assert_eq!(house.faults.once(), [key.clone(), key], "one in the store");
    assert_eq!(house.heard("answer to"), 4, "somebody always answers");
}

fn a11_calls_outside_of_turns_share_the_budget(house: &House) {
    let company = house
        .wait(house.store().company_for_work(house.tenant.company()))
        .unwrap();
    let spend = |budget| {
        let mut company = company.clone();
        company.settings.model_budget = budget;
        company
    };
    let may = |budget| house.wait(house.engine.may_call(&spend(budget))).unwrap();
    assert!(may(None) && may(Some(7)));
    let call = Call {
        purpose: Purpose::Faq,
        model: "small".to_owned(),
        error: None,
        tokens: None,
        cost: 7,
        at: house.clock_now(),
    };
    house
        .wait(house.store().record_call(house.tenant, &call))
        .unwrap();
    assert!(may(None) && may(Some(8)));
    assert!(!may(Some(7)) && !may(Some(7)));
    let key = "model_budget:2026-11".to_owned();
    assert_eq!(house.faults.once(), [key.clone(), key], "one in the store");
}

fn x1_what_is_forgotten_leaves_messages_and_takes_the_rest(house: &House) {
    house.receive("m1", "hello");
    house.work(seconds(20));
    let thread = house.conversation();
    let scope = behaviour::Scope::COMPANY;
    let wish = behaviour::Layer {
        style: vec!["brief".to_owned()],
        ..behaviour::Layer::default()
    };
    house
        .wait(house.engine.change_behaviour(house.tenant, scope, &wish, 0))
        .unwrap();
    let turns = || {
        let turns = house
            .store()
            .turns_of(house.tenant, thread.id, Page::first(10));
        house.wait(turns).unwrap().len()
    };
    assert_eq!(turns(), 1);
    let told = house
        .wait(house.engine.forget_customer(house.tenant, thread.customer))
        .unwrap();
    assert_eq!((turns(), &told.conversations), (0, &vec![thread.id]));
    let messages = house
        .store()
        .messages(house.tenant, thread.id, Page::first(10));
    assert_eq!(house.wait(messages).unwrap().len(), 2, "the record stays");
    let wishes = || house.wait(house.engine.behaviours(house.tenant)).unwrap();
    assert_ne!(
        wishes(),
        behaviour::Behaviours::default(),
        "the owner's wishes are not the customer's"
    );
    let everybody = house
        .wait(house.engine.forget_company(house.tenant))
        .unwrap();
    assert_eq!(wishes(), behaviour::Behaviours::default());
    assert_eq!(everybody, told);
    assert_eq!(
        house.assistant.forgotten(),
        [Some(told), None],
        "its memory too"
    );
    // The customer writes again, and is a stranger who is answered.
    house.receive("m2", "hello again");
    house.work(seconds(20));
    assert_eq!((turns(), house.heard("answer to")), (1, 2));
}

fn a_turn_is_remembered_once_and_only_when_it_is_committed(house: &House) {
    house.slow.set(Slow::First);
    house.receive("m1", "hello");
    // With slow workers the time runs ahead of the work.
    for _ in 0..5 {
        house.clock.advance(seconds(2));
        house.work(minutes(2));
    }
    assert_eq!(house.sender.texts(), ["answer to: hello"]);
    assert_eq!(house.assistant.limits().len(), 2, "computed by both");
    assert_eq!(house.assistant.remembered().len(), 1);
}

fn every_turn_is_recorded_with_what_it_was_computed_from(house: &House) {
    house.receive("m1", "hello");
    house.work(seconds(20));
    house.ask("m2", "1", 1);
    house.work(seconds(20));
    let id = house.conversation().id;
    let turns = house.store().turns_of(house.tenant, id, Page::first(10));
    let turns = house.wait(turns).unwrap();
    assert_eq!(turns.len(), 2);
    for turn in &turns {
        let (tenant, again) = house.wait(house.store().turn(turn.id)).unwrap();
        assert_eq!((tenant, again.id), (house.tenant, turn.id));
        let input = turn.input.as_ref().unwrap();
        assert_eq!((input.turn, input.conversation), (turn.id, id));
        assert!(turn.catalog.is_some() && turn.catalog_version == 1);
        assert_eq!(turn.tries.len(), 1);
        assert_eq!(turn.answer.as_ref().unwrap()["held"], false);
    }
    assert_eq!(turns[1].input.as_ref().unwrap().history.len(), 2);
}
