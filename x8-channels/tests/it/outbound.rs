//! H3: what every outcome of a send means.

use std::{collections::BTreeSet, time::Duration};

use serde_json::json;
use x8_channels::{
    testing::{Engine, FakeMessage, FakeWaha, Fault},
    waha::{Timeouts, WahaSender, is_x8_stanza, stanza_id},
};
use x8_core::{
    ErrorKind, Result, Retry, Secret,
    port::{OutboundText, SendOutcome, Sender},
};

const HOOK: &str = "https://x8.example/webhooks/whatsapp";
const SEND: &str = "/api/sendText";
const HISTORY: &str = "/api/acme-1/chats/";

async fn working() -> Result<(FakeWaha, WahaSender)> {
    let fake = FakeWaha::start().await?;
    fake.working_session("acme-1", "34600999888");
    let sender = WahaSender::new(&fake.config(HOOK))?;
    Ok((fake, sender))
}

fn text(client_id: &str, words: &str) -> OutboundText {
    OutboundText {
        session: "acme-1".to_owned(),
        address: "34600111222@c.us".to_owned(),
        text: words.to_owned(),
        client_id: client_id.to_owned(),
        resend: false,
    }
}

fn again(message: OutboundText) -> OutboundText {
    OutboundText {
        resend: true,
        ..message
    }
}

fn outcome(result: Result<SendOutcome>) -> std::result::Result<String, (ErrorKind, Retry)> {
    match result {
        Ok(SendOutcome::Sent { provider_id }) => Ok(provider_id),
        Ok(SendOutcome::Unconfirmed) => Ok("unconfirmed".to_owned()),
        Err(error) => Err((error.kind(), error.retry())),
    }
}

#[tokio::test]
async fn h3_a_text_goes_with_the_id_of_all_its_tries() -> Result<()> {
    let (fake, sender) = working().await?;
    let sent = sender.send_text(&text("job-1", "Hola 👋")).await;
    assert_eq!(outcome(sent), Ok(stanza_id("job-1")));
    let request = fake.requests().pop().expect("a request");
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", SEND)
    );
    let body = json!({
        "session": "acme-1", "chatId": "34600111222@c.us", "text": "Hola 👋", "id": stanza_id("job-1"),
    });
    assert_eq!(request.body, body);
    Ok(())
}

#[tokio::test]
async fn h3_every_refusal_has_its_kind() -> Result<()> {
    let (fake, sender) = working().await?;
    let wait = Duration::from_secs(7);
    let cases = [
        (Fault::Status(400), ErrorKind::Invalid, Retry::Never),
        (Fault::Status(401), ErrorKind::Unauthenticated, Retry::Never),
        (Fault::Status(403), ErrorKind::Unauthenticated, Retry::Never),
        (Fault::Status(404), ErrorKind::NotFound, Retry::Never),
        (Fault::Status(302), ErrorKind::Invalid, Retry::Never),
        (Fault::Status(422), ErrorKind::Invalid, Retry::Never),
        (
            Fault::RateLimited { seconds: 7 },
            ErrorKind::RateLimited,
            Retry::After(wait),
        ),
        (Fault::Status(408), ErrorKind::UnknownOutcome, Retry::Never),
        (Fault::Status(500), ErrorKind::UnknownOutcome, Retry::Never),
        (
            Fault::StatusAfter(502),
            ErrorKind::UnknownOutcome,
            Retry::Never,
        ),
        (Fault::Status(501), ErrorKind::Unsupported, Retry::Never),
        (Fault::CutBefore, ErrorKind::UnknownOutcome, Retry::Never),
        (Fault::CutAfter, ErrorKind::UnknownOutcome, Retry::Never),
    ];
    for (index, (fault, kind, retry)) in cases.into_iter().enumerate() {
        let shown = format!("{fault:?}");
        fake.fail_next(SEND, fault);
        let sent = sender
            .send_text(&text(&format!("job-{index}"), "Hola"))
            .await;
        assert_eq!(outcome(sent), Err((kind, retry)), "{shown}");
    }
    assert_eq!(
        fake.sent().len(),
        2,
        "the two that were taken before the fault"
    );
    Ok(())
}

#[tokio::test]
async fn h3_a_session_that_does_not_work_proves_that_nothing_went() -> Result<()> {
    let (fake, sender) = working().await?;
    for status in ["STARTING", "STOPPED", "FAILED", "SCAN_QR_CODE"] {
        fake.set_status("acme-1", status);
        let sent = sender.send_text(&text("job-1", "Hola")).await;
        assert_eq!(
            outcome(sent),
            Err((ErrorKind::Unavailable, Retry::Later)),
            "{status}"
        );
    }
    let gate = json!({ "status": "STARTING", "expected": ["WORKING"] });
    fake.fail_next(SEND, Fault::Body(500, gate));
    let sent = sender.send_text(&text("job-1", "Hola")).await;
    assert_eq!(
        outcome(sent),
        Err((ErrorKind::Unavailable, Retry::Later)),
        "even as a 500"
    );
    assert!(fake.sent().is_empty());
    Ok(())
}

#[tokio::test]
async fn h3_a_server_that_is_not_there_is_unavailable() -> Result<()> {
    let fake = FakeWaha::start().await?;
    let config = fake.config(HOOK);
    drop(fake);
    // The port is free once the listener's task has ended.
    let mut kind = None;
    for _ in 0..50 {
        let sent = WahaSender::new(&config)?
            .send_text(&text("job-1", "Hola"))
            .await;
        kind = sent.err().map(|error| error.kind());
        if kind == Some(ErrorKind::Unavailable) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(kind, Some(ErrorKind::Unavailable));
    Ok(())
}

#[tokio::test]
async fn h3_a_slow_answer_is_an_unknown_outcome_and_a_resend_finds_it() -> Result<()> {
    let (fake, _) = working().await?;
    let timeouts = Timeouts {
        connect: Duration::from_secs(5),
        request: Duration::from_secs(2),
    };
    let sender = WahaSender::new(&fake.config(HOOK).with_timeouts(timeouts))?;
    fake.fail_next(SEND, Fault::Slow(Duration::from_secs(600)));
    let message = text("job-1", "Hola");
    let sent = sender.send_text(&message).await;
    assert_eq!(
        outcome(sent),
        Err((ErrorKind::UnknownOutcome, Retry::Never))
    );
    let patient = WahaSender::new(&fake.config(HOOK))?;
    assert_eq!(
        outcome(patient.send_text(&again(message)).await),
        Ok(stanza_id("job-1"))
    );
    assert_eq!(fake.sent().len(), 1);
    Ok(())
}

#[tokio::test]
async fn h3_a_resend_tells_its_message_from_others_with_the_same_words() -> Result<()> {
    let (fake, sender) = working().await?;
    sender.send_text(&text("job-1", "¿Qué ciudad?")).await?;
    sender
        .send_text(&again(text("job-2", "¿Qué ciudad?")))
        .await?;
    assert_eq!(
        fake.sent().len(),
        2,
        "the first one carries another id of ours"
    );
    sender
        .send_text(&again(text("job-2", "¿Qué ciudad?")))
        .await?;
    assert_eq!(fake.sent().len(), 2);
    Ok(())
}

#[tokio::test]
async fn h3_an_old_message_with_the_same_words_is_not_an_earlier_try() -> Result<()> {
    let (fake, sender) = working().await?;
    fake.set_engine(Engine::IgnoresIds);
    fake.add_message(FakeMessage {
        session: "acme-1".to_owned(),
        id: "true_34600111222@c.us_3EB0OLD".to_owned(),
        chat: "34600111222@c.us".to_owned(),
        text: "Hola".to_owned(),
        at: 1_500_000_000,
    });
    sender.send_text(&again(text("job-1", "Hola"))).await?;
    assert_eq!(fake.sent().len(), 2);
    sender.send_text(&again(text("job-1", " Hola\n"))).await?;
    assert_eq!(fake.sent().len(), 2, "the fresh one is");
    Ok(())
}

#[tokio::test]
async fn h3_while_the_history_cannot_be_read_the_outcome_stays_unknown() -> Result<()> {
    let (fake, sender) = working().await?;
    let message = again(text("job-1", "Pay here: https://pay.example/1"));
    let wait = Retry::After(Duration::from_secs(9));
    let cases = [
        (Fault::Status(500), ErrorKind::UnknownOutcome, Retry::Never),
        (Fault::CutBefore, ErrorKind::UnknownOutcome, Retry::Never),
        (
            Fault::RateLimited { seconds: 9 },
            ErrorKind::UnknownOutcome,
            wait,
        ),
        (
            Fault::Body(200, json!({ "no": "list" })),
            ErrorKind::UnknownOutcome,
            Retry::Never,
        ),
        (
            Fault::Body(
                422,
                json!({ "status": "STARTING", "expected": ["WORKING"] }),
            ),
            ErrorKind::UnknownOutcome,
            Retry::Never,
        ),
        (Fault::Status(401), ErrorKind::Unauthenticated, Retry::Never),
    ];
    for (fault, kind, retry) in cases {
        let shown = format!("{fault:?}");
        fake.fail_next(HISTORY, fault);
        assert_eq!(
            outcome(sender.send_text(&message).await),
            Err((kind, retry)),
            "{shown}"
        );
    }
    assert!(fake.sent().is_empty(), "nothing was sent blindly");
    for no_history in [400, 404, 422, 501] {
        fake.fail_next(HISTORY, Fault::Status(no_history));
        assert_eq!(
            outcome(sender.send_text(&message).await),
            Ok(stanza_id("job-1"))
        );
    }
    assert_eq!(fake.sent().len(), 1, "the engine knows the id");
    Ok(())
}

#[tokio::test]
async fn h3_without_history_and_without_ids_nothing_is_repeated() -> Result<()> {
    let (fake, sender) = working().await?;
    fake.set_engine(Engine::IgnoresIds);
    let again = OutboundText {
        resend: true,
        ..text("job-1", "Hola")
    };
    for no_history in [400, 404, 422, 501] {
        fake.fail_next(HISTORY, Fault::Status(no_history));
        let outcome = sender.send_text(&again).await?;
        assert_eq!(outcome, SendOutcome::Unconfirmed, "{no_history}");
    }
    // A server too old to tell its engine is not trusted with a repetition either.
    fake.fail_next(HISTORY, Fault::Status(404));
    fake.fail_next("/api/server/version", Fault::Status(404));
    assert_eq!(sender.send_text(&again).await?, SendOutcome::Unconfirmed);
    assert!(fake.sent().is_empty());
    Ok(())
}

#[tokio::test]
async fn h3_the_id_is_found_wherever_the_engine_puts_it() -> Result<()> {
    let (fake, sender) = working().await?;
    let full = "true_34600111222@c.us_3EB0FF";
    let answers = [
        json!({ "id": full }),
        json!({ "id": { "_serialized": full } }),
        json!({ "key": { "id": "3EB0FF" } }),
        json!({ "_data": { "id": { "_serialized": full } } }),
        json!({ "_data": { "key": { "id": "3EB0FF" } } }),
    ];
    for answer in answers {
        fake.fail_next(SEND, Fault::Body(201, answer));
        assert_eq!(
            outcome(sender.send_text(&text("job-1", "Hola")).await),
            Ok("3EB0FF".into())
        );
    }
    fake.fail_next(SEND, Fault::Body(201, json!({})));
    let taken = sender.send_text(&text("job-1", "Hola")).await;
    assert_eq!(
        outcome(taken),
        Ok(stanza_id("job-1")),
        "taken, though it was not named"
    );
    Ok(())
}

#[tokio::test]
async fn h4_what_cannot_be_a_message_is_refused_before_it_leaves() -> Result<()> {
    let (fake, sender) = working().await?;
    let base = || text("job-1", "Hola");
    let cases = [
        OutboundText {
            text: "a".repeat(4097),
            ..base()
        },
        OutboundText {
            text: " \n".to_owned(),
            ..base()
        },
        OutboundText {
            address: "34600111222".to_owned(),
            ..base()
        },
        OutboundText {
            session: "../keys".to_owned(),
            ..base()
        },
        OutboundText {
            session: String::new(),
            ..base()
        },
        OutboundText {
            session: "s".repeat(55),
            ..base()
        },
    ];
    for case in cases {
        let kind = sender.send_text(&case).await.map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::Invalid), "{case:?}");
    }
    assert!(fake.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn h6_a_redirect_does_not_carry_the_key_away() -> Result<()> {
    let (fake, sender) = working().await?;
    let elsewhere = FakeWaha::start().await?;
    fake.fail_next(SEND, Fault::Redirect(format!("{}{SEND}", elsewhere.url())));
    let sent = sender.send_text(&text("job-1", "Hola")).await;
    assert_eq!(outcome(sent), Err((ErrorKind::Invalid, Retry::Never)));
    assert!(elsewhere.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn h6_the_key_never_shows() -> Result<()> {
    let fake = FakeWaha::start().await?;
    let mut config = fake.config(HOOK);
    config.api_key = Secret::new("hush-hush");
    let sender = WahaSender::new(&config)?;
    let error = sender
        .send_text(&text("job-1", "Hola"))
        .await
        .expect_err("a wrong key");
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    for shown in [
        format!("{error:?}"),
        format!("{config:?}"),
        format!("{sender:?}"),
    ] {
        assert!(!shown.contains("hush"), "{shown}");
    }
    assert!(
        !format!("{error:?}").contains("34600111222"),
        "nor does the customer's number"
    );
    Ok(())
}

#[test]
fn h3_ids_differ_and_are_known_again() {
    let ids: BTreeSet<String> = (0..2000).map(|job| stanza_id(&job.to_string())).collect();
    assert_eq!(ids.len(), 2000);
    assert!(ids.iter().all(|id| id.len() == 22 && is_x8_stanza(id)));
    for foreign in [
        "",
        "3EB0",
        "3EB0FACE00000001",
        "3A0123456789ABCDEF0123",
        "3EB0é",
    ] {
        assert!(!is_x8_stanza(foreign), "{foreign}");
    }
}
