use axum::http::Method;
use serde_json::json;
use x8_channels::testing::{Fault, status};
use x8_core::plan::TRIAL;

use crate::app::TestApp;

#[tokio::test]
async fn w1_whatsapp_from_connect_to_scan() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let wanted = json!({"company_id": owner.company, "phone_number": "+34 600-111-222"});
    let channel = app
        .post(
            "/api/v1/integrations/whatsapp/connect",
            &owner.token,
            &wanted,
        )
        .await
        .expect(200);
    assert_eq!(channel["platform"], "WHATSAPP");
    assert_eq!(channel["status"], "CONNECTING");
    let session = channel["session"].as_str().unwrap();
    assert_eq!(session, "comp001-34600111222");

    let qr = app
        .get(
            "/api/v1/integrations/whatsapp/qr?company_id=COMP001",
            &owner.token,
        )
        .await
        .expect(200);
    assert_eq!(qr["mimetype"], "image/png");
    let wanted = json!({"company_id": 1, "phone_number": "+34600111222"});
    let code = app
        .post(
            "/api/v1/integrations/whatsapp/pairing-code",
            &owner.token,
            &wanted,
        )
        .await
        .expect(200);
    assert!(code["code"].as_str().is_some_and(|code| !code.is_empty()));

    app.phone.scan(session, "34600111222");
    app.webhook(&status(session, "WORKING")).await.expect(200);
    let now = app
        .get(
            "/api/v1/integrations/whatsapp/status?company_id=1",
            &owner.token,
        )
        .await
        .expect(200);
    assert_eq!(now["status"], "CONNECTED");
    assert_eq!(now["provider_status"], "WORKING");
    assert_eq!(
        app.get(
            "/api/v1/integrations/whatsapp/qr?company_id=1",
            &owner.token
        )
        .await
        .status,
        409
    );

    let path = format!("/api/v1/integrations/disconnect/{}", channel["id"]);
    let gone = app
        .call(Method::POST, &path, Some(&owner.token), None)
        .await
        .expect(200);
    assert_eq!(gone["status"], "DISCONNECTED");
}

#[tokio::test]
async fn e2_the_second_channel_of_a_trial_is_refused_without_a_provider_call() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let connect = async |phone: &str| {
        let wanted = json!({"company_id": 1, "phone_number": phone});
        app.post(
            "/api/v1/integrations/whatsapp/connect",
            &owner.token,
            &wanted,
        )
        .await
    };
    connect("+34600111222").await.expect(200);
    let calls = app.phone.requests().len();
    let refused = connect("+34600111333").await;
    assert_eq!(refused.status, 402, "{}", refused.detail());
    assert_eq!(app.phone.requests().len(), calls);
    connect("+34600111222").await.expect(200);
    let plan = app
        .get("/api/v1/integrations/available-channels", &owner.token)
        .await
        .expect(200);
    assert_eq!(plan["limit"], 1);
    assert_eq!(plan["connected"], 1);
    assert_eq!(plan["can_connect"], false);
}

#[tokio::test]
async fn e1_after_the_trial_nothing_connects_and_reading_stays() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    app.clock.advance(TRIAL);
    let token = app.app.tokens.access(owner.user.id, app.app.now()).unwrap();
    let answer = app
        .post(
            "/api/v1/integrations/whatsapp/connect",
            &token,
            &json!({"company_id": 1}),
        )
        .await;
    assert_eq!(answer.status, 402);
    assert!(
        app.phone.requests().is_empty(),
        "no provider call for the refused"
    );
    let listed = app
        .get("/api/v1/integrations/list", &token)
        .await
        .expect(200);
    assert_eq!(listed, json!([]), "E5: nothing chosen, nothing shown");
}

#[tokio::test]
async fn e2_a_failing_provider_gives_the_place_back() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    for _ in 0..20 {
        app.phone.fail_next("/api/sessions", Fault::Status(500));
    }
    let wanted = json!({"company_id": 1});
    let failed = app
        .post(
            "/api/v1/integrations/whatsapp/connect",
            &owner.token,
            &wanted,
        )
        .await;
    assert!(failed.status.is_server_error(), "{}", failed.status);
    let plan = app
        .get("/api/v1/integrations/available-channels", &owner.token)
        .await
        .expect(200);
    assert_eq!(plan["connected"], 0);
}

#[tokio::test]
async fn phone_numbers_are_checked() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    for phone in [
        "",
        "+34",
        "call me",
        "+346001112223334445556",
        "+34６００111222",
    ] {
        let wanted = json!({"company_id": 1, "phone_number": phone});
        let problem = app
            .post(
                "/api/v1/integrations/whatsapp/connect",
                &owner.token,
                &wanted,
            )
            .await
            .expect(422);
        assert_eq!(
            problem["detail"][0]["loc"],
            json!(["body", "phone_number"]),
            "{phone}"
        );
    }
    assert!(app.phone.requests().is_empty());
}
