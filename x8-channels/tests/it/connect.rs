//! W1 to W4: linking numbers.

use serde_json::{Value, json};
use x8_channels::{
    testing::{FakeWaha, Fault},
    waha::{EVENTS, WahaConnector},
};
use x8_core::{ErrorKind, Result, Secret, channel::ChannelEvent, port::Connector};

const HOOK: &str = "https://x8.example/webhooks/whatsapp";

async fn fresh() -> Result<(FakeWaha, WahaConnector)> {
    let fake = FakeWaha::start().await?;
    let connector = WahaConnector::new(fake.config(HOOK))?;
    Ok((fake, connector))
}

fn config(fake: &FakeWaha) -> Value {
    fake.sessions()
        .pop()
        .map(|session| session.config)
        .unwrap_or_default()
}

fn writes(fake: &FakeWaha) -> Vec<String> {
    let requests = fake.requests().into_iter();
    requests
        .filter(|request| request.method != "GET")
        .map(|request| format!("{} {}", request.method, request.path))
        .collect()
}

#[tokio::test]
async fn w1_a_new_session_reports_to_us_signed() -> Result<()> {
    let (fake, connector) = fresh().await?;
    let link = connector.connect("acme-1").await?;
    assert_eq!(link.event, ChannelEvent::AwaitingScan);
    assert_eq!(link.provider_state, "SCAN_QR_CODE");
    let config = config(&fake);
    assert_eq!(config.pointer("/webhooks/0/url"), Some(&json!(HOOK)));
    assert_eq!(config.pointer("/webhooks/0/events"), Some(&json!(EVENTS)));
    assert_eq!(
        config.pointer("/webhooks/0/hmac/key"),
        Some(&json!(FakeWaha::HMAC_KEY))
    );
    Ok(())
}

#[tokio::test]
async fn w1_both_ways_to_link() -> Result<()> {
    let (_fake, connector) = fresh().await?;
    connector.connect("acme-1").await?;
    let qr = connector.qr("acme-1").await?;
    assert_eq!(qr.mimetype, "image/png");
    assert_eq!(qr.raw.as_deref(), Some("2@fake,acme-1"));
    assert_eq!(qr.expires_in_seconds, 20);
    let code = connector.pairing_code("acme-1", "+34 600 11-12-22").await?;
    assert_eq!(code.len(), 9);
    for phone in ["", "600", "call me 34600111222", "12345678901234567"] {
        let kind = connector
            .pairing_code("acme-1", phone)
            .await
            .map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::Invalid), "{phone}");
    }
    Ok(())
}

#[tokio::test]
async fn w1_a_code_without_raw_text_still_scans() -> Result<()> {
    let (fake, connector) = fresh().await?;
    connector.connect("acme-1").await?;
    let image = json!({ "mimetype": "image/png", "data": "AAAA" });
    fake.fail_next("/api/acme-1/auth/qr", Fault::Body(200, image));
    fake.fail_next("/api/acme-1/auth/qr", Fault::Status(422));
    assert_eq!(connector.qr("acme-1").await?.raw, None);
    for odd in [
        json!({ "mimetype": "text/html", "data": "AAAA" }),
        json!({ "data": "AAAA" }),
    ] {
        fake.fail_next("/api/acme-1/auth/qr", Fault::Body(200, odd));
        let kind = connector.qr("acme-1").await.map_err(|error| error.kind());
        assert_eq!(kind, Err(ErrorKind::Unavailable));
    }
    Ok(())
}

#[tokio::test]
async fn w1_connecting_again_writes_nothing() -> Result<()> {
    let (fake, connector) = fresh().await?;
    connector.connect("acme-1").await?;
    fake.scan("acme-1", "34600999888");
    let before = writes(&fake);
    let link = connector.connect("acme-1").await?;
    assert_eq!(
        link.event,
        ChannelEvent::Working {
            account: Some("+34600999888".into())
        }
    );
    assert_eq!(writes(&fake), before);
    Ok(())
}

#[tokio::test]
async fn w1_stopped_and_failed_sessions_come_back() -> Result<()> {
    let (fake, connector) = fresh().await?;
    connector.connect("acme-1").await?;
    fake.scan("acme-1", "34600999888");
    for (status, verb) in [("STOPPED", "start"), ("FAILED", "restart")] {
        fake.set_status("acme-1", status);
        connector.connect("acme-1").await?;
        let last = writes(&fake).pop();
        assert_eq!(last, Some(format!("POST /api/sessions/acme-1/{verb}")));
        assert_eq!(connector.status("acme-1").await?.provider_state, "WORKING");
    }
    Ok(())
}

#[tokio::test]
async fn w1_two_that_create_at_once_share_the_session() -> Result<()> {
    let (fake, connector) = fresh().await?;
    fake.working_session("acme-1", "34600999888");
    let absent = json!({ "statusCode": 404, "message": "Session not found" });
    fake.fail_next("/api/sessions/acme-1", Fault::Body(404, absent));
    let link = connector.connect("acme-1").await?;
    assert_eq!(
        link.provider_state, "WORKING",
        "created by the other in between"
    );
    assert_eq!(fake.sessions().len(), 1);
    Ok(())
}

#[tokio::test]
async fn w1_an_existing_session_keeps_what_the_operator_configured() -> Result<()> {
    let (fake, connector) = fresh().await?;
    connector.connect("acme-1").await?;
    let rotated = {
        let mut config = fake.config("https://moved.example/hook");
        config.hmac.current = Secret::new("rotated");
        config
    };
    WahaConnector::new(rotated)?.connect("acme-1").await?;
    let moved = config(&fake);
    assert_eq!(
        moved.pointer("/webhooks/0/url"),
        Some(&json!("https://moved.example/hook"))
    );
    assert_eq!(
        moved.pointer("/webhooks/0/hmac/key"),
        Some(&json!("rotated"))
    );
    assert_eq!(
        moved.pointer("/webhooks/1"),
        None,
        "the old address is gone"
    );
    assert_eq!(moved.pointer("/ignore/groups"), Some(&json!(true)));
    Ok(())
}

#[tokio::test]
async fn w1_a_foreign_webhook_stays() -> Result<()> {
    let (fake, connector) = fresh().await?;
    let foreign = json!({ "url": "https://crm.example/hook", "events": ["message"] });
    let proxy = json!({ "server": "proxy:3128" });
    fake.working_session("acme-1", "34600999888");
    fake.set_config(
        "acme-1",
        json!({ "webhooks": [foreign], "proxy": proxy, "metadata": { "a": "b" } }),
    );
    connector.connect("acme-1").await?;
    let config = config(&fake);
    assert_eq!(config.pointer("/webhooks/0"), Some(&foreign));
    assert_eq!(config.pointer("/webhooks/1/url"), Some(&json!(HOOK)));
    assert_eq!(config.pointer("/proxy"), Some(&proxy));
    assert_eq!(config.pointer("/metadata/a"), Some(&json!("b")));
    let before = writes(&fake);
    connector.connect("acme-1").await?;
    assert_eq!(writes(&fake), before, "once is enough");
    Ok(())
}

#[tokio::test]
async fn w1_a_server_that_hides_keys_is_not_put_again_and_again() -> Result<()> {
    let (fake, connector) = fresh().await?;
    fake.working_session("acme-1", "34600999888");
    let hook = json!({ "url": HOOK, "events": EVENTS, "hmac": { "key": "********" } });
    fake.set_config("acme-1", json!({ "webhooks": [hook] }));
    connector.connect("acme-1").await?;
    assert!(writes(&fake).is_empty());
    Ok(())
}

#[tokio::test]
async fn w2_a_whole_life_neither_logs_out_nor_deletes() -> Result<()> {
    let (fake, connector) = fresh().await?;
    connector.connect("acme-1").await?;
    fake.scan("acme-1", "34600999888");
    for status in [
        "WORKING",
        "STOPPED",
        "FAILED",
        "STARTING",
        "PASSKEY_REQUIRED",
    ] {
        fake.set_status("acme-1", status);
        connector.status("acme-1").await?;
        connector.connect("acme-1").await?;
        connector.disconnect("acme-1").await?;
        connector.disconnect("acme-1").await?;
        connector.connect("acme-1").await?;
    }
    let risky = |line: &String| line.starts_with("DELETE") || line.contains("logout");
    assert_eq!(writes(&fake).into_iter().find(risky), None);
    let credentials = fake
        .sessions()
        .pop()
        .and_then(|session| session.credentials);
    assert_eq!(credentials.as_deref(), Some("34600999888"));
    Ok(())
}

#[test]
fn w2_the_code_has_no_way_to_log_out_or_delete() {
    let sources = [
        include_str!("../../src/waha/api.rs"),
        include_str!("../../src/waha/connect.rs"),
        include_str!("../../src/waha/connect/desired.rs"),
        include_str!("../../src/waha/outbound.rs"),
    ];
    for source in sources {
        let code = source
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            let lower = line.to_lowercase();
            assert!(
                !lower.contains("logout") && !lower.contains("delete"),
                "{line}"
            );
        }
    }
}

#[tokio::test]
async fn w3_one_numbers_fault_leaves_the_others_alone() -> Result<()> {
    let (fake, connector) = fresh().await?;
    fake.working_session("acme-2", "34600999777");
    connector.connect("acme-1").await?;
    fake.set_status("acme-1", "FAILED");
    connector.connect("acme-1").await?;
    connector.disconnect("acme-1").await?;
    assert_eq!(connector.status("acme-2").await?.provider_state, "WORKING");
    assert!(writes(&fake).iter().all(|line| !line.contains("acme-2")));
    Ok(())
}

#[tokio::test]
async fn h7_every_fault_of_the_server_has_its_kind() -> Result<()> {
    let (fake, connector) = fresh().await?;
    fake.working_session("acme-1", "34600999888");
    let cases = [
        (Fault::Status(401), ErrorKind::Unauthenticated),
        (Fault::Status(403), ErrorKind::Unauthenticated),
        (Fault::Status(400), ErrorKind::Invalid),
        (Fault::Status(429), ErrorKind::RateLimited),
        (Fault::Status(500), ErrorKind::Unavailable),
        (Fault::Status(301), ErrorKind::Invalid),
        (Fault::CutBefore, ErrorKind::Unavailable),
        (Fault::Body(200, json!({})), ErrorKind::Unavailable),
        (Fault::Body(200, json!("?")), ErrorKind::Unavailable),
    ];
    for (fault, kind) in cases {
        let shown = format!("{fault:?}");
        fake.fail_next("/api/sessions/acme-1", fault);
        let outcome = connector
            .status("acme-1")
            .await
            .map_err(|error| error.kind());
        assert_eq!(outcome, Err(kind), "{shown}");
    }
    let hostile = connector
        .connect("../../keys")
        .await
        .map_err(|error| error.kind());
    assert_eq!(hostile, Err(ErrorKind::Invalid));
    Ok(())
}

#[tokio::test]
async fn h7_a_state_of_a_later_version_changes_nothing() -> Result<()> {
    let (fake, connector) = fresh().await?;
    fake.working_session("acme-1", "34600999888");
    fake.set_status("acme-1", "NEW_IN_2030");
    let link = connector.status("acme-1").await?;
    assert_eq!(link.event, ChannelEvent::Starting);
    assert_eq!(link.provider_state, "NEW_IN_2030");
    Ok(())
}
