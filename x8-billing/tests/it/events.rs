//! P5, P7: what event bodies say.

use serde_json::{Value, json};
use x8_billing::event::read;
use x8_core::{
    Currency, ErrorKind, Money, Result,
    port::{PaymentFact, ProviderEvent},
};

fn body(kind: &str, object: &Value) -> Value {
    json!({
        "id": "evt_1", "object": "event", "account": "acct_1", "created": 1_790_000_000,
        "livemode": false, "type": kind, "data": { "object": object },
    })
}

fn session() -> Value {
    json!({
        "id": "cs_1", "object": "checkout.session", "mode": "payment", "status": "complete",
        "payment_status": "paid", "payment_intent": "pi_1", "amount_total": 2500, "currency": "eur",
    })
}

fn charge() -> Value {
    json!({
        "id": "ch_1", "object": "charge", "amount": 2500, "amount_refunded": 2500, "currency": "eur",
        "refunded": true, "payment_intent": "pi_1",
    })
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    if let Some(map) = object.as_object_mut() {
        map.insert(key.to_owned(), value);
    }
    object
}

fn event(kind: &str, object: &Value) -> Result<ProviderEvent> {
    read(body(kind, object).to_string().as_bytes())
}

fn fact(kind: &str, object: &Value) -> Result<Option<PaymentFact>> {
    event(kind, object).map(|event| event.fact)
}

fn paid() -> Option<PaymentFact> {
    Some(PaymentFact::Paid {
        session: "cs_1".to_owned(),
        reference: "pi_1".to_owned(),
        amount: Money::eur(2500),
    })
}

#[test]
fn p5_a_completed_session_is_paid_unless_the_money_is_still_on_its_way() {
    let completed = "checkout.session.completed";
    assert_eq!(fact(completed, &session()).unwrap(), paid());
    let waiting = with(session(), "payment_status", json!("unpaid"));
    let session = "cs_1".to_owned();
    assert_eq!(
        fact(completed, &waiting).unwrap(),
        Some(PaymentFact::Processing { session })
    );
    let later = "checkout.session.async_payment_succeeded";
    assert_eq!(fact(later, &self::session()).unwrap(), paid());
    let failed = "checkout.session.async_payment_failed";
    let session = "cs_1".to_owned();
    assert_eq!(
        fact(failed, &waiting).unwrap(),
        Some(PaymentFact::Failed { session })
    );
}

#[test]
fn p5_an_expanded_payment_is_read_by_its_id() {
    let expanded = with(
        session(),
        "payment_intent",
        json!({"id": "pi_1", "object": "payment_intent"}),
    );
    assert_eq!(
        fact("checkout.session.completed", &expanded).unwrap(),
        paid()
    );
}

#[test]
fn p5_a_session_that_cost_nothing_stands_for_its_payment() {
    let free = with(
        with(
            with(session(), "payment_status", json!("no_payment_required")),
            "payment_intent",
            Value::Null,
        ),
        "amount_total",
        json!(0),
    );
    let told = fact("checkout.session.completed", &free).unwrap();
    assert!(
        matches!(told, Some(PaymentFact::Paid { reference, amount, .. }) if reference == "cs_1" && amount.is_zero())
    );
}

#[test]
fn p5_the_envelope_is_kept() {
    let read = event("checkout.session.completed", &session()).unwrap();
    assert_eq!(
        (read.id.as_str(), read.account.as_str()),
        ("evt_1", "acct_1")
    );
    assert_eq!(read.kind, "checkout.session.completed");
    assert_eq!(read.created_at.as_second(), 1_790_000_000);
}

#[test]
fn p5_an_expired_session_is_expired() {
    let told = fact("checkout.session.expired", &session()).unwrap();
    assert_eq!(
        told,
        Some(PaymentFact::Expired {
            session: "cs_1".to_owned()
        })
    );
}

#[test]
fn p7_only_a_whole_refund_is_a_refund() {
    let whole = Some(PaymentFact::Refunded {
        reference: "pi_1".to_owned(),
    });
    assert_eq!(fact("charge.refunded", &charge()).unwrap(), whole);
    let partial = with(
        with(charge(), "refunded", json!(false)),
        "amount_refunded",
        json!(500),
    );
    let part = Some(PaymentFact::PartlyRefunded {
        reference: "pi_1".to_owned(),
        returned: Money::eur(500),
    });
    assert_eq!(fact("charge.refunded", &partial).unwrap(), part);
    let contradictory = with(charge(), "amount_refunded", json!(500));
    assert_eq!(fact("charge.refunded", &contradictory).unwrap(), part);
    let nothing = with(partial, "amount_refunded", json!(0));
    assert_eq!(fact("charge.refunded", &nothing).unwrap(), None);
    let old = with(charge(), "payment_intent", Value::Null);
    assert_eq!(
        fact("charge.refunded", &old).unwrap(),
        Some(PaymentFact::Refunded {
            reference: "ch_1".to_owned()
        })
    );
}

#[test]
fn p7_a_refund_object_counts_only_when_it_is_known_to_be_whole() {
    let refund = json!({
        "id": "re_1", "object": "refund", "amount": 2500, "currency": "eur", "status": "succeeded",
        "payment_intent": "pi_1", "metadata": { "x8_refund": "whole" },
    });
    let whole = Some(PaymentFact::Refunded {
        reference: "pi_1".to_owned(),
    });
    assert_eq!(fact("refund.updated", &refund).unwrap(), whole);
    let by_hand = with(refund.clone(), "metadata", json!({}));
    assert_eq!(fact("refund.updated", &by_hand).unwrap(), None);
    let pending = with(refund, "status", json!("pending"));
    assert_eq!(fact("refund.updated", &pending).unwrap(), None);
}

#[test]
fn p7_a_dispute_is_told_by_its_payment_and_its_end() {
    let dispute = json!({
        "id": "dp_1", "object": "dispute", "charge": "ch_1", "payment_intent": "pi_1",
        "status": "needs_response", "reason": "fraudulent",
    });
    let opened = |inquiry| {
        Some(PaymentFact::Disputed {
            reference: "pi_1".to_owned(),
            dispute: "dp_1".to_owned(),
            inquiry,
        })
    };
    let created = "charge.dispute.created";
    assert_eq!(fact(created, &dispute).unwrap(), opened(false));
    let question = with(dispute.clone(), "status", json!("warning_needs_response"));
    assert_eq!(fact(created, &question).unwrap(), opened(true));
    for (status, won) in [
        ("won", Some(true)),
        ("warning_closed", Some(true)),
        ("lost", Some(false)),
        ("prevented", None),
    ] {
        let ended = with(dispute.clone(), "status", json!(status));
        let closed = won.map(|won| PaymentFact::DisputeClosed {
            reference: "pi_1".to_owned(),
            dispute: "dp_1".to_owned(),
            won,
        });
        assert_eq!(fact("charge.dispute.closed", &ended).unwrap(), closed);
        assert_eq!(fact("charge.dispute.updated", &ended).unwrap(), None);
    }
    let old = with(dispute, "payment_intent", Value::Null);
    assert!(matches!(
        fact(created, &old).unwrap(),
        Some(PaymentFact::Disputed { reference, .. }) if reference == "ch_1"
    ));
}

#[test]
fn p3_an_account_is_named_by_the_envelope() {
    let changed = Some(PaymentFact::AccountChanged {
        account: "acct_1".to_owned(),
    });
    for (kind, object) in [
        ("account.updated", json!({"id": "acct_1"})),
        ("account.application.deauthorized", json!({"id": "ca_1"})),
    ] {
        assert_eq!(fact(kind, &object).unwrap(), changed, "{kind}");
        let mut own = body(kind, &object);
        own["account"] = Value::Null;
        let own = read(own.to_string().as_bytes()).unwrap();
        assert_eq!(own.fact, None, "the platform's own account is no company's");
    }
}

#[test]
fn p1_events_of_subscriptions_say_nothing_about_orders() {
    let subscription = with(session(), "mode", json!("subscription"));
    for kind in [
        "checkout.session.completed",
        "checkout.session.expired",
        "invoice.paid",
        "customer.subscription.updated",
    ] {
        assert_eq!(fact(kind, &subscription).unwrap(), None, "{kind}");
    }
}

#[test]
fn p5_types_that_are_not_understood_may_hold_anything() {
    for object in [json!(null), json!([]), json!({"id": 7}), json!("x")] {
        assert_eq!(fact("issuing.token.created", &object).unwrap(), None);
    }
}

#[test]
fn p5_thin_events_are_kept_and_ignored() {
    let thin = json!({
        "id": "evt_2", "object": "v2.core.event", "type": "v2.core.account.updated",
        "created": "2026-05-01T10:00:00.000Z", "context": null,
        "related_object": { "id": "acct_1", "type": "v2.core.account", "url": "/v2/core/accounts/acct_1" },
    });
    let read = read(thin.to_string().as_bytes()).unwrap();
    assert_eq!((read.id.as_str(), read.fact), ("evt_2", None));
}

#[test]
fn p14_a_zero_decimal_amount_is_not_divided() {
    let yen = with(
        with(session(), "currency", json!("jpy")),
        "amount_total",
        json!(1300),
    );
    let told = fact("checkout.session.completed", &yen).unwrap();
    let expected = Money::new(1300, Currency::parse("JPY").unwrap());
    assert!(matches!(told, Some(PaymentFact::Paid { amount, .. }) if amount == expected));
}

#[test]
fn p5_a_wrong_field_is_named_with_what_was_found() {
    let completed = "checkout.session.completed";
    let long = "x".repeat(600);
    let cases = [
        (completed, session(), "amount_total", json!(-1)),
        (
            completed,
            session(),
            "amount_total",
            json!(9_000_000_000_000_i64),
        ),
        (completed, session(), "amount_total", json!(u64::MAX)),
        (completed, session(), "amount_total", json!(12.5)),
        (completed, session(), "amount_total", json!("2500")),
        (completed, session(), "amount_total", Value::Null),
        (completed, session(), "currency", json!("euro")),
        (completed, session(), "currency", json!(978)),
        (completed, session(), "payment_status", json!("maybe")),
        (completed, session(), "payment_status", json!(true)),
        (completed, session(), "payment_intent", Value::Null),
        (completed, session(), "payment_intent", json!([])),
        (completed, session(), "id", json!("")),
        (completed, session(), "id", json!(long)),
        (completed, session(), "mode", json!(1)),
        ("checkout.session.expired", session(), "id", json!({})),
        ("charge.refunded", charge(), "refunded", json!("yes")),
        ("charge.refunded", charge(), "amount_refunded", json!(-5)),
        ("charge.refunded", charge(), "amount", json!(1e30)),
    ];
    for (kind, object, key, value) in cases {
        let shown = value.to_string();
        let error = fact(kind, &with(object, key, value)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{key} = {shown}");
        let path = format!("`data.object.{key}`");
        assert!(error.public().contains(&path), "{key} = {shown}: {error}");
        assert!(
            error.public().len() < 400,
            "short enough for a log: {error}"
        );
    }
}

#[test]
fn p5_a_wrong_envelope_is_named() {
    for (key, value) in [
        ("id", Value::Null),
        ("type", json!(3)),
        ("object", json!("list")),
        ("created", json!("yesterday")),
        ("created", json!(i64::MAX)),
        ("account", json!(5)),
    ] {
        let whole = with(body("customer.created", &json!({})), key, value);
        let error = read(whole.to_string().as_bytes()).unwrap_err();
        assert!(error.public().contains(&format!("`{key}`")), "{error}");
    }
}

#[test]
fn p5_bodies_that_are_no_events_are_invalid() {
    let deep = "[".repeat(100_000);
    for body in ["", "{", "null", "[]", "\"x\"", "\u{0}", deep.as_str()] {
        assert_eq!(
            read(body.as_bytes()).unwrap_err().kind(),
            ErrorKind::Invalid
        );
    }
    assert_eq!(read(&[0xff, 0xfe]).unwrap_err().kind(), ErrorKind::Invalid);
}
