//! What the store shows beside its ports.

use pollster::block_on;
use serde_json::json;
use x8_core::{
    ErrorKind,
    channel::{ChannelEvent, ChannelStatus},
    plan::{Plan, Subscription, SubscriptionStatus},
    port::{Accounts as _, Alert, Changes, ChannelStore as _, Claim, Ledger as _, TurnRecord},
    tenant::Tenant,
    testing::{Checked, fixture, refused, same},
};

use super::Shop;

#[test]
fn h7_every_change_of_status_is_logged_once_with_its_reason() -> Checked {
    let shop = Shop::open()?;
    let working = ChannelEvent::Working { account: None };
    let failed = ChannelEvent::Failed {
        reason: "logged out".to_owned(),
    };
    for (second, event) in [(1, &working), (2, &working), (3, &failed), (4, &failed)] {
        let at = fixture::after(second);
        block_on(
            shop.store
                .apply_channel_event(shop.tenant, shop.channel.id, event, at),
        )?;
    }
    let log = shop.store.channel_log(shop.channel.id);
    let moves: Vec<_> = log
        .iter()
        .map(|change| (change.at, change.from, change.to))
        .collect();
    let wanted = vec![
        (
            fixture::NOW,
            ChannelStatus::Disconnected,
            ChannelStatus::Connecting,
        ),
        (
            fixture::after(1),
            ChannelStatus::Connecting,
            ChannelStatus::Connected,
        ),
        (
            fixture::after(3),
            ChannelStatus::Connected,
            ChannelStatus::Error,
        ),
    ];
    same(&moves, &wanted, "changes")?;
    let reason = log.last().and_then(|change| change.reason.as_deref());
    same(&reason, &Some("logged out"), "the last one's reason")
}

fn alert() -> Alert {
    Alert {
        code: "booking_failed",
        order: None,
        message: "call the customer".to_owned(),
    }
}

#[test]
fn i1_alerts_are_kept_with_their_commit_and_only_then() -> Checked {
    let shop = Shop::open()?;
    let lost = Claim {
        job: x8_core::id::JobId(9),
        generation: 1,
    };
    let refusal = Changes {
        alerts: vec![alert()],
        finish: Some(lost),
        ..Changes::at(fixture::NOW)
    };
    let refusal = block_on(shop.store.commit(shop.tenant, refusal));
    refused(refusal, ErrorKind::Conflict, "a lost claim")?;
    same(
        &shop.store.alerts(shop.tenant),
        &vec![],
        "after the refusal",
    )?;
    let changes = Changes {
        alerts: vec![alert()],
        ..Changes::at(fixture::NOW)
    };
    block_on(shop.store.commit(shop.tenant, changes))?;
    same(
        &shop.store.alerts(shop.tenant),
        &vec![alert()],
        "after the commit",
    )?;
    let other = Tenant::assume(x8_core::id::CompanyId(77));
    same(&shop.store.alerts(other), &vec![], "another tenant's")
}

#[test]
fn turns_and_event_bodies_are_kept_for_replay() -> Checked {
    let shop = Shop::open()?;
    let conversation = shop.customer("+34600000001")?;
    let turn = TurnRecord {
        id: fixture::turn(1),
        conversation: conversation.id,
        catalog: None,
        catalog_version: 3,
        input: None,
        tries: Vec::new(),
        answer: None,
        model_output: "raw".to_owned(),
        reply: json!({"text": "hello"}),
        findings: json!([]),
        at: fixture::NOW,
    };
    let changes = Changes {
        turn: Some(turn),
        ..Changes::at(fixture::NOW)
    };
    block_on(shop.store.commit(shop.tenant, changes))?;
    let kept = shop.store.turns(shop.tenant, conversation.id);
    let outputs: Vec<_> = kept.iter().map(|turn| turn.model_output.as_str()).collect();
    same(&outputs, &vec!["raw"], "turns")?;
    let event = fixture::money_came("evt_1", "cs_1", 29_90);
    block_on(shop.store.record_event(&event, b"first", fixture::NOW))?;
    block_on(shop.store.record_event(&event, b"second", fixture::NOW))?;
    let body = shop.store.event_body("acct_1", "evt_1");
    same(
        &body.as_deref(),
        &Some(b"first".as_slice()),
        "the body that was recorded",
    )
}

#[test]
fn e4_a_subscription_given_is_the_one_found() -> Checked {
    let shop = Shop::open()?;
    let bought = Subscription::new(Plan::Growth, SubscriptionStatus::Active, None);
    shop.store.subscribe(shop.channel.user, bought);
    let found = block_on(shop.store.subscription(shop.channel.user))?;
    same(&found, &Some(bought), "subscription")
}
