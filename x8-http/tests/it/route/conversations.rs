use axum::http::Method;
use jiff::SignedDuration;
use serde_json::json;
use x8_core::plan::TRIAL;

use crate::app::TestApp;

#[tokio::test]
async fn c4_a_human_reply_takes_over_until_released() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "hello").await.expect(200);
    let threads = app
        .get("/api/v1/conversations?company_id=1", &owner.token)
        .await
        .expect(200);
    assert_eq!(threads[0]["sender"], "+34600111222");
    let path = format!("/api/v1/conversations/{}", threads[0]["id"]);
    let sent = app
        .post(
            &format!("{path}/messages"),
            &owner.token,
            &json!({"text": " I am here "}),
        )
        .await
        .expect(201);
    let messages = app
        .get(&format!("{path}/messages"), &owner.token)
        .await
        .expect(200);
    let mine = messages
        .as_array()
        .unwrap()
        .iter()
        .find(|message| message["id"] == sent["id"])
        .unwrap();
    assert_eq!(
        (mine["text"].clone(), mine["author"].clone()),
        (json!("I am here"), json!("human"))
    );
    assert_eq!(
        app.get(&path, &owner.token).await.expect(200)["taken_over"],
        true
    );

    let quiet = app.says(&owner, "anybody?").await;
    assert_eq!(quiet.status, 409, "{}", quiet.detail());
    let free = app
        .call(
            Method::POST,
            &format!("{path}/release"),
            Some(&owner.token),
            None,
        )
        .await
        .expect(200);
    assert_eq!(free["taken_over"], false);
    app.clock.advance(SignedDuration::from_secs(1));
    app.says(&owner, "hello again").await.expect(200);
    let taken = app
        .call(
            Method::POST,
            &format!("{path}/takeover"),
            Some(&owner.token),
            None,
        )
        .await
        .expect(200);
    assert_eq!(taken["taken_over"], true);
}

#[tokio::test]
async fn e1_after_the_trial_nobody_sends_and_everybody_reads() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "hello").await.expect(200);
    app.clock.advance(TRIAL);
    let token = app.app.tokens.access(owner.user.id, app.app.now()).unwrap();
    let threads = app
        .get("/api/v1/conversations?company_id=1", &token)
        .await
        .expect(200);
    let path = format!("/api/v1/conversations/{}/messages", threads[0]["id"]);
    app.get(&path, &token).await.expect(200);
    assert_eq!(
        app.post(&path, &token, &json!({"text": "hi"})).await.status,
        402
    );
}

#[tokio::test]
async fn replies_have_words_and_a_limit() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "hello").await.expect(200);
    for text in ["", "  \n ", &"x".repeat(7001)] {
        let answer = app
            .post(
                "/api/v1/conversations/1/messages",
                &owner.token,
                &json!({"text": text}),
            )
            .await;
        assert_eq!(
            answer.expect(422)["detail"][0]["loc"],
            json!(["body", "text"])
        );
    }
}

#[tokio::test]
async fn r1_limits_and_cursors_are_checked() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    for (query, field) in [
        ("company_id=1&limit=0", "limit"),
        ("company_id=1&limit=201", "limit"),
        ("company_id=1&limit=-1", "limit"),
        ("company_id=1&limit=many", "limit"),
        ("company_id=1&cursor=abc", "cursor"),
        ("company_id=1&cursor=-5", "cursor"),
        ("limit=5", "company_id"),
        ("company_id=x", "company_id"),
    ] {
        let problem = app
            .get(&format!("/api/v1/conversations?{query}"), &owner.token)
            .await
            .expect(422);
        assert_eq!(
            problem["detail"][0]["loc"],
            json!(["query", field]),
            "{query}"
        );
    }
}
