//! H1, H8, W4: reading webhooks.

use proptest::prelude::*;
use serde_json::{Value, json};
use x8_channels::waha::{WahaParser, stanza_id};
use x8_core::{
    Error, ErrorKind, Result,
    channel::ChannelEvent,
    conversation::{Delivery, Identity, IdentityKind, Inbound},
    port::{ChannelSignal, InboundParser, Parsed},
};

fn envelope(event: &str, payload: impl Into<Value>) -> Value {
    let payload: Value = payload.into();
    json!({
        "id": "evt_1", "timestamp": 1_760_000_000_123_i64, "event": event, "session": "acme-1",
        "me": { "id": "15550001111@c.us", "lid": "777@lid" }, "payload": payload,
    })
}

fn incoming(from: &str) -> Value {
    json!({
        "id": format!("false_{from}_3EB0AA"), "timestamp": 1_760_000_000, "from": from,
        "fromMe": false, "body": "Hola", "_data": {},
    })
}

fn with(mut value: Value, changes: Value) -> Value {
    if let (Some(object), Value::Object(changes)) = (value.as_object_mut(), changes) {
        object.extend(changes);
    }
    value
}

fn parse(value: &Value) -> Result<Parsed> {
    WahaParser.parse(value.to_string().as_bytes())
}

fn one(value: &Value) -> Result<ChannelSignal> {
    let mut parsed = parse(value)?;
    match (parsed.events.pop(), parsed.errors.pop()) {
        (Some(event), None) => Ok(event.signal),
        (_, Some(error)) => Err(error),
        (None, None) => Err(Error::internal("test", "nothing was read")),
    }
}

fn message(payload: Value) -> Result<Inbound> {
    let signal = one(&envelope("message.any", payload))?;
    if let ChannelSignal::Message(message) = &signal {
        return Ok(message.clone());
    }
    Err(Error::internal("test", format!("{signal:?}")))
}

fn echo(payload: Value) -> Result<(Inbound, bool)> {
    let signal = one(&envelope("message.any", payload))?;
    if let ChannelSignal::Echo { message, by_human } = &signal {
        return Ok((message.clone(), *by_human));
    }
    Err(Error::internal("test", format!("{signal:?}")))
}

fn phone(value: &str) -> Identity {
    Identity::new(IdentityKind::Phone, value)
}

#[test]
fn h1_a_message_is_read_whole() -> Result<()> {
    let payload = with(
        incoming("15557772222@c.us"),
        json!({ "_data": { "notifyName": " Ann " } }),
    );
    let message = message(payload)?;
    assert_eq!(
        message,
        Inbound {
            provider_id: "false_15557772222@c.us_3EB0AA".into(),
            address: "15557772222@c.us".into(),
            sender: phone("+15557772222"),
            aliases: vec![],
            sender_name: Some("Ann".into()),
            text: "Hola".into(),
            sent_at: "2025-10-09T08:53:20Z".parse().expect("a time"),
        }
    );
    Ok(())
}

#[test]
fn h1_a_bad_item_never_blocks_its_neighbours() -> Result<()> {
    let good = envelope("message", incoming("15557772222@c.us"));
    let ack = envelope("message.ack", json!({ "id": "true_1@c.us_X", "ack": 3 }));
    let batch = json!([
        good,
        null,
        "text",
        { "event": "message" },
        envelope("message", json!({})),
        envelope("message", with(incoming("15557772222@c.us"), json!({ "body": 7 }))),
        ack,
        good,
    ]);
    let parsed = parse(&batch)?;
    assert_eq!(parsed.events.len(), 3);
    let items: Vec<&str> = parsed
        .errors
        .iter()
        .filter_map(|error| error.context().iter().find(|(key, _)| *key == "item"))
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(items, ["1", "2", "3", "4", "5"]);
    let last = parsed
        .errors
        .last()
        .map(ToString::to_string)
        .unwrap_or_default();
    assert!(
        last.contains("/payload/body must be text") && last.contains("found=7"),
        "{last}"
    );
    Ok(())
}

#[test]
fn h1_a_body_that_is_no_webhook_is_invalid_as_a_whole() {
    let deep = "[".repeat(200_000);
    let object = "{\"a\":".repeat(200_000);
    let bodies: [&[u8]; 8] = [
        b"",
        b"\xff\xfe\x00",
        b"{\"event\":\"\xc3\x28\"}",
        b"null",
        b"12",
        b"\"x\"",
        deep.as_bytes(),
        object.as_bytes(),
    ];
    for body in bodies {
        let kind = WahaParser
            .parse(body)
            .map(drop)
            .map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::Invalid));
    }
}

#[test]
fn h1_unknown_and_uninteresting_events_are_left() -> Result<()> {
    let kinds = [
        "message.reaction",
        "presence.update",
        "message.revoked",
        "message.edited",
        "group.v2.join",
        "call.received",
        "engine.event",
        "made.up",
    ];
    for kind in kinds {
        let signal = one(&envelope(kind, json!({ "whatever": [1, 2] })))?;
        assert_eq!(signal, ChannelSignal::Ignored { kind: kind.into() });
    }
    let long = one(&envelope(&"x\n".repeat(5000), json!(null)))?;
    assert_eq!(
        long,
        ChannelSignal::Ignored {
            kind: "x".repeat(80)
        }
    );
    Ok(())
}

#[test]
fn h1_media_without_a_caption_is_a_message() -> Result<()> {
    for body in [json!(null), json!("")] {
        let changes = json!({ "body": body, "hasMedia": true, "media": null });
        assert_eq!(
            message(with(incoming("15557772222@c.us"), changes))?.text,
            ""
        );
    }
    let mut bare = incoming("15557772222@c.us");
    bare.as_object_mut()
        .and_then(|payload| payload.remove("body"));
    assert_eq!(message(bare)?.text, "");
    let notice = json!({ "body": "", "_data": { "type": "e2e_notification" } });
    let notice = one(&envelope(
        "message",
        with(incoming("15557772222@c.us"), notice),
    ))?;
    assert!(matches!(notice, ChannelSignal::Ignored { .. }));
    Ok(())
}

#[test]
fn h1_half_an_emoji_does_not_lose_the_webhook() -> Result<()> {
    let body = envelope("message", incoming("15557772222@c.us")).to_string();
    let cases = [
        (r"cut \ud83d", "cut \u{fffd}"),
        (r"\ude00\ud83d\ude00\ud83d", "\u{fffd}😀\u{fffd}"),
        (
            r"\ud83d\n\\ud83d \u0041\ud83d",
            "\u{fffd}\n\\ud83d A\u{fffd}",
        ),
    ];
    for (written, read) in cases {
        let body = body.replace("Hola", written);
        let parsed = WahaParser.parse(body.as_bytes())?;
        let ChannelSignal::Message(message) = &parsed.events[0].signal else {
            panic!("a message");
        };
        assert_eq!(message.text, read);
    }
    Ok(())
}

#[test]
fn h1_nul_reaches_no_database() -> Result<()> {
    let changes = json!({ "body": "Ho\0la", "_data": { "notifyName": "A\0nn" } });
    let message = message(with(incoming("15557772222@c.us"), changes))?;
    assert_eq!((message.text.as_str(), message.sender_name), ("Hola", None));
    let id = json!({ "id": "false_15557772222@c.us_A\0" });
    let refused = one(&envelope("message", with(incoming("15557772222@c.us"), id)));
    assert_eq!(
        refused.map_err(|error| error.kind()),
        Err(ErrorKind::Invalid)
    );
    Ok(())
}

#[test]
fn w4_every_kind_of_chat_id() -> Result<()> {
    let cases = [
        (
            "15557772222@c.us",
            phone("+15557772222"),
            "15557772222@c.us",
        ),
        (
            "15557772222@s.whatsapp.net",
            phone("+15557772222"),
            "15557772222@c.us",
        ),
        (
            "15557772222:14@s.whatsapp.net",
            phone("+15557772222"),
            "15557772222@c.us",
        ),
        (
            "900123@lid",
            Identity::new(IdentityKind::Lid, "900123"),
            "900123@lid",
        ),
        (
            "900123:3@lid",
            Identity::new(IdentityKind::Lid, "900123"),
            "900123@lid",
        ),
    ];
    for (from, sender, address) in cases {
        let message = message(incoming(from))?;
        assert_eq!(
            (message.sender, message.address.as_str()),
            (sender, address)
        );
    }
    for crowd in [
        "123-456@g.us",
        "123@newsletter",
        "status@broadcast",
        "123@broadcast",
    ] {
        let signal = one(&envelope("message.any", incoming(crowd)))?;
        assert!(matches!(signal, ChannelSignal::Ignored { .. }), "{crowd}");
    }
    for hostile in [
        "",
        "15557772222",
        "@c.us",
        "abc@c.us",
        "1@c.us",
        "1/../2@c.us",
        "1@evil",
        "1234567890123456@c.us",
    ] {
        let kind = message(incoming(hostile)).map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::Invalid), "{hostile}");
    }
    Ok(())
}

#[test]
fn c1_a_phone_known_beside_a_lid_becomes_an_alias() -> Result<()> {
    let places = [
        json!({ "key": { "remoteJidAlt": "15557772222@s.whatsapp.net" } }),
        json!({ "key": { "senderPn": "15557772222@s.whatsapp.net" } }),
        json!({ "Info": { "SenderAlt": "15557772222:9@s.whatsapp.net" } }),
    ];
    for data in places {
        let message = message(with(incoming("900@lid"), json!({ "_data": data })))?;
        assert_eq!(message.aliases, [phone("+15557772222")]);
        assert_eq!(
            message.address, "900@lid",
            "replies go where the message came from"
        );
    }
    let lid = json!({ "_data": { "key": { "senderLid": "900@lid", "remoteJidAlt": "900@lid" } } });
    let message = message(with(incoming("15557772222@c.us"), lid))?;
    assert_eq!(message.aliases, [Identity::new(IdentityKind::Lid, "900")]);
    Ok(())
}

#[test]
fn c1_our_own_number_is_never_the_customers_alias() -> Result<()> {
    let own = json!({ "_data": { "key": { "senderPn": "15550001111@s.whatsapp.net", "remoteJidAlt": "777@lid" } } });
    assert_eq!(message(with(incoming("900@lid"), own))?.aliases, []);
    Ok(())
}

#[test]
fn h8_an_echo_names_the_customer_and_who_typed() -> Result<()> {
    let own = json!({
        "id": "true_15557772222@c.us_3EB0DD", "timestamp": 1_760_000_000, "fromMe": true,
        "from": "15550001111@c.us", "to": "15557772222@c.us", "body": "Hi", "source": "app",
    });
    let (typed, by_human) = echo(own.clone())?;
    assert!(by_human);
    assert_eq!(typed.sender, phone("+15557772222"));
    assert_eq!(
        typed.provider_id, "3EB0DD",
        "the part that acknowledgements share"
    );
    let (_, by_human) = echo(with(own.clone(), json!({ "source": "api" })))?;
    assert!(!by_human);
    let x8 = stanza_id("job-1");
    let id = json!({ "id": format!("true_15557772222@c.us_{x8}") });
    let (_, by_human) = echo(with(own.clone(), id))?;
    assert!(
        !by_human,
        "an id that only we make is ours, whatever the source says"
    );
    let (elsewhere, _) = echo(with(own.clone(), json!({ "to": null })))?;
    assert_eq!(
        elsewhere.address, "15557772222@c.us",
        "from the id, when `to` is left out"
    );
    let (reversed, _) = echo(with(own, json!({ "to": "15550001111@c.us" })))?;
    assert_eq!(
        reversed.address, "15557772222@c.us",
        "never our own account"
    );
    Ok(())
}

#[test]
fn h5_acknowledgements_only_say_what_is_definite() -> Result<()> {
    let cases = [
        (-1, "ERROR", Some(Delivery::Failed)),
        (0, "PENDING", None),
        (1, "SERVER", Some(Delivery::Sent)),
        (2, "DEVICE", Some(Delivery::Delivered)),
        (3, "READ", Some(Delivery::Read)),
        (4, "PLAYED", Some(Delivery::Read)),
        (9, "LATER", None),
    ];
    for (number, name, want) in cases {
        for ack in [
            json!({ "ack": number }),
            json!({ "ackName": name }),
            json!({ "ack": number, "ackName": name }),
        ] {
            let payload = with(json!({ "id": "true_900@lid_3EB0DD", "fromMe": true }), ack);
            let signal = one(&envelope("message.ack", payload))?;
            let Some(delivery) = want else {
                assert!(
                    matches!(signal, ChannelSignal::Ignored { .. }),
                    "{number} {name}"
                );
                continue;
            };
            let provider_id = "3EB0DD".to_owned();
            assert_eq!(
                signal,
                ChannelSignal::Status {
                    provider_id,
                    delivery
                },
                "{number} {name}"
            );
        }
    }
    let read_by_us = json!({ "id": "false_900@lid_3EB0AA", "ack": 3 });
    let signal = one(&envelope("message.ack", read_by_us))?;
    assert!(matches!(signal, ChannelSignal::Ignored { .. }));
    Ok(())
}

#[test]
fn w1_every_session_state() -> Result<()> {
    let cases = [
        ("STARTING", Some(ChannelEvent::Starting)),
        ("SCAN_QR_CODE", Some(ChannelEvent::AwaitingScan)),
        ("PASSKEY_REQUIRED", Some(ChannelEvent::AwaitingScan)),
        (
            "PASSKEY_CONFIRMATION_REQUIRED",
            Some(ChannelEvent::AwaitingScan),
        ),
        (
            "WORKING",
            Some(ChannelEvent::Working {
                account: Some("+15550001111".into()),
            }),
        ),
        ("STOPPED", Some(ChannelEvent::Stopped)),
        ("NEW_IN_2030", None),
    ];
    for (word, want) in cases {
        let signal = one(&envelope("session.status", json!({ "status": word })))?;
        let want = want.map_or_else(
            || ChannelSignal::Ignored {
                kind: format!("session.status:{word}"),
            },
            ChannelSignal::State,
        );
        assert_eq!(signal, want);
    }
    let failed = one(&envelope("session.status", json!({ "status": "FAILED" })))?;
    assert!(matches!(
        failed,
        ChannelSignal::State(ChannelEvent::Failed { .. })
    ));
    let anonymous = json!({ "event": "session.status", "session": "s", "me": null, "payload": { "status": "WORKING" } });
    assert_eq!(
        one(&anonymous)?,
        ChannelSignal::State(ChannelEvent::Working { account: None })
    );
    Ok(())
}

#[test]
fn c2_times_in_every_form_and_absurd_ones_refused() -> Result<()> {
    let cases = [
        (json!(1_760_000_000), "2025-10-09T08:53:20Z"),
        (json!("1760000000"), "2025-10-09T08:53:20Z"),
        (json!(1_760_000_000.5), "2025-10-09T08:53:20.5Z"),
        (json!(1_760_000_000_123_i64), "2025-10-09T08:53:20.123Z"),
        (json!(null), "2025-10-09T08:53:20.123Z"),
    ];
    for (time, want) in cases {
        let message = message(with(
            incoming("15557772222@c.us"),
            json!({ "timestamp": time }),
        ))?;
        assert_eq!(message.sent_at.to_string(), want);
    }
    let absurd = [
        json!(0),
        json!(-5),
        json!(i64::MAX),
        json!(1e300),
        json!("soon"),
        json!([]),
        json!(1_760_000_000_000_000_000_i64),
    ];
    for time in absurd {
        let outcome = message(with(
            incoming("15557772222@c.us"),
            json!({ "timestamp": time }),
        ));
        let error = outcome.expect_err("an absurd time");
        assert!(error.to_string().contains("/payload/timestamp"), "{error}");
    }
    Ok(())
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        Just(json!("false_15557772222@c.us_X")),
        Just(json!("message.any")),
        Just(json!("message.ack")),
        Just(json!("session.status")),
        Just(json!("15557772222@c.us")),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        let key = prop_oneof![
            Just("event".to_owned()),
            Just("session".to_owned()),
            Just("payload".to_owned()),
            Just("id".to_owned()),
            Just("from".to_owned()),
            Just("to".to_owned()),
            Just("fromMe".to_owned()),
            Just("body".to_owned()),
            Just("timestamp".to_owned()),
            Just("ack".to_owned()),
            Just("_data".to_owned()),
            Just("key".to_owned()),
            Just("me".to_owned()),
            "[a-z]{1,4}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..10)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn h1_the_parser_never_panics_on_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        WahaParser.parse(&bytes).ok();
    }

    #[test]
    fn h1_every_item_is_an_event_or_an_error(items in prop::collection::vec(any_json(), 0..8)) {
        let parsed = parse(&Value::from(items.clone())).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(parsed.events.len() + parsed.errors.len(), items.len());
    }
}
