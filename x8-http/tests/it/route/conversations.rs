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

#[tokio::test]
async fn a11_t3_the_companys_own_people_are_told_its_turns() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "hello").await.expect(200);
    let path = "/api/v1/conversations/1";
    let messages = app
        .get(&format!("{path}/messages"), &owner.token)
        .await
        .expect(200);
    assert_eq!(
        messages[0]["turn_id"],
        json!(null),
        "the customer's own words"
    );
    let key = messages[1]["turn_id"].clone();
    assert!(key.is_string(), "{messages}");

    let listed = format!("{path}/turns?company_id={}", owner.company);
    let turns = app.get(&listed, &owner.token).await.expect(200);
    let turn = &turns[0];
    assert_eq!(turn["turn_id"], key);
    assert_eq!(
        (
            &turn["outcome"],
            &turn["findings"],
            &turn["replayable"],
            &turn["conversation_id"]
        ),
        (&json!("answered"), &json!(0), &json!(true), &json!(1))
    );
    assert_eq!(
        turn["tries"],
        json!([{"model": "parrot-1", "prompt": null, "error": null, "prompt_tokens": 2000, "completion_tokens": 100, "cost_micros": 360}])
    );
    let next = app
        .get(
            &format!("{listed}&cursor={}", key.as_str().unwrap()),
            &owner.token,
        )
        .await;
    assert_eq!(next.expect(200), json!([]));
    app.get(&format!("{listed}&cursor=x"), &owner.token)
        .await
        .expect(422);
    let other = app.shop("b@example.com").await;
    app.get(&format!("{path}/turns"), &other.token)
        .await
        .expect(404);
    assert_eq!(
        app.call(Method::GET, &format!("{path}/turns"), None, None)
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn x1_nothing_of_the_assistant_outlives_a_company() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    app.says(&owner, "hello").await.expect(200);
    let other = app.shop("b@example.com").await;
    let model = |owner: &crate::app::Owner| json!({"company_id": owner.company, "use": "guided"});
    for one in [&owner, &other] {
        let path = "/api/v1/assistant/model";
        app.call(Method::PUT, path, Some(&one.token), Some(&model(one)))
            .await
            .expect(200);
    }
    let chosen = async |owner: &crate::app::Owner| {
        let path = format!("/api/v1/assistant/model?company_id={}", owner.company);
        app.get(&path, &owner.token).await.expect(200)["use"].clone()
    };
    for _ in 0..2 {
        app.app.forget_company(owner.tenant()).await.unwrap();
    }
    let turns = app
        .get("/api/v1/conversations/1/turns", &owner.token)
        .await
        .expect(200);
    assert_eq!(turns, json!([]));
    assert_eq!(
        (chosen(&owner).await, chosen(&other).await),
        (json!("platform"), json!("guided"))
    );
    let usage = format!("/api/v1/assistant/usage?company_id={}", owner.company);
    let usage = app.get(&usage, &owner.token).await.expect(200);
    assert_eq!(
        usage["total"]["cost_micros"],
        json!(360),
        "what was spent is the company's account"
    );
}
