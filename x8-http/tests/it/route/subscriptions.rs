mod stripe;

use axum::http::Method;
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use x8_billing::signature;
use x8_core::{Secret, plan::TRIAL, port::Clock as _, testing::fixture::NOW};

use crate::app::{Answer, Owner, TestApp};

const CONNECT: &str = "/api/v1/integrations/whatsapp/connect";

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

impl TestApp {
    /// A token that is fresh whatever the clock says.
    fn token(&self, owner: &Owner) -> String {
        let now = self.app.now();
        self.app.tokens.access(owner.user.id, now).unwrap()
    }

    async fn active(&self, owner: &Owner) -> Value {
        let path = "/api/v1/subscriptions/active";
        self.get(path, &self.token(owner)).await.expect(200)
    }

    async fn choose(&self, owner: &Owner, route: &str, plan: &str) -> Answer {
        let path = format!("/api/v1/subscriptions/{route}");
        self.post(&path, &self.token(owner), &json!({"plan": plan}))
            .await
    }

    async fn cancel(&self, owner: &Owner) -> Answer {
        let path = "/api/v1/subscriptions/cancel";
        self.call(Method::POST, path, Some(&self.token(owner)), None)
            .await
    }

    /// Buys a plan on the simulated page.
    async fn buy(&self, owner: &Owner, plan: &str) -> String {
        let page = self.choose(owner, "create-session", plan).await.expect(200);
        let session = page["session_id"].as_str().unwrap();
        let path = format!("/sandbox/subscribe/{session}/confirm");
        let done = self.call(Method::POST, &path, None, None).await;
        assert_eq!(done.status, 303);
        let active = self.active(owner).await;
        assert_eq!(
            (&active["plan"], &active["status"]),
            (&json!(plan), &json!("ACTIVE"))
        );
        active["stripe_subscription_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    async fn connect(&self, owner: &Owner, number: u32) -> Answer {
        let phone = format!("+3460011{number:04}");
        let wanted = json!({"company_id": owner.company, "phone_number": phone});
        self.post(CONNECT, &self.token(owner), &wanted).await
    }

    async fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
        self.app.subscribing.catch_up().await.unwrap();
    }

    /// An event arrives at a route.
    async fn event(&self, path: &str, secret: &Secret, body: &str) -> Answer {
        let header = signature::sign(secret, body.as_bytes(), self.app.now());
        let headers = [("stripe-signature".to_owned(), header)];
        self.raw(path, &headers, body.as_bytes().to_vec()).await
    }
}

#[tokio::test]
async fn e1_the_trial_is_a_plan_of_one_channel_for_exactly_seven_days() {
    let app = TestApp::new().await;
    let owner = app.shop("a@example.com").await;
    let active = app.active(&owner).await;
    for (key, value) in [
        ("plan", json!("FREE")),
        ("status", json!("TRIAL")),
        ("standing", json!("trial")),
        ("id", Value::Null),
        ("amount", json!(0)),
        ("currency", json!("USD")),
        ("end_date", json!(NOW + TRIAL)),
        ("trial_ends_at", json!(NOW + TRIAL)),
        ("channels_used", json!(0)),
        ("channels_limit", json!(1)),
        ("can_connect", json!(true)),
        ("over_limit", Value::Null),
    ] {
        assert_eq!(active[key], value, "{key}");
    }
    app.says(&owner, "hello").await.expect(200);
    app.clock.advance(TRIAL - SignedDuration::from_secs(1));
    assert_eq!(app.active(&owner).await["status"], "TRIAL");
    app.clock.advance(SignedDuration::from_secs(1));
    let over = app.active(&owner).await;
    assert_eq!(
        (&over["status"], &over["standing"]),
        (&json!("EXPIRED"), &json!("lapsed"))
    );
    let token = app.token(&owner);
    let turn = json!({"company_id": owner.company, "sender": "+34600111222", "text": "hello"});
    let answers = [
        app.connect(&owner, 1).await,
        app.post("/api/v1/assistant/reply", &token, &turn).await,
        app.post(
            "/api/v1/conversations/1/messages",
            &token,
            &json!({"text": "hi"}),
        )
        .await,
    ];
    for answer in answers {
        assert_eq!(answer.status, 402, "{}", answer.detail());
        assert!(
            answer.detail().contains("choose a plan"),
            "{}",
            answer.detail()
        );
    }
    let read = app
        .get("/api/v1/conversations/1/messages", &token)
        .await
        .expect(200);
    assert!(!read.as_array().unwrap().is_empty(), "reading stays");
}

#[tokio::test]
async fn p2_a_plan_is_bought_on_the_simulated_page() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let first = app
        .choose(&owner, "create-session", "GROWTH")
        .await
        .expect(200);
    assert_eq!(first["sandbox"], true);
    assert_eq!(first["url"], first["checkout_url"]);
    let again = app
        .choose(&owner, "create-session", "GROWTH")
        .await
        .expect(200);
    assert_eq!(again, first, "the same page while it is open");
    let path = first["url"]
        .as_str()
        .unwrap()
        .strip_prefix("http://x8.test")
        .unwrap();
    let page = app.call(Method::GET, path, None, None).await;
    let html = String::from_utf8_lossy(&page.bytes).into_owned();
    assert!(
        html.contains("simulated") && html.contains("GROWTH"),
        "{html}"
    );
    app.buy(&owner, "GROWTH").await;
    let active = app.active(&owner).await;
    assert_eq!(
        (&active["amount"], &active["currency"]),
        (&json!(49.99), &json!("USD"))
    );
    assert_eq!(active["channels_limit"], 4);
    let listed = app
        .get("/api/v1/subscriptions/", &owner.token)
        .await
        .expect(200);
    assert_eq!(listed[0]["id"], active["id"]);
    assert_eq!(listed[0]["user_id"], owner.user.id.0);
    let second = app.choose(&owner, "create-session", "SINGLE").await;
    assert_eq!(second.status, 409, "{}", second.detail());
    let unknown = app
        .call(Method::GET, "/sandbox/subscribe/cs_x", None, None)
        .await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn p2_what_cannot_be_bought_or_changed_is_refused_in_words() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    for (plan, word) in [
        ("FREE", "trial"),
        ("ENTERPRISE", "ask us"),
        ("PLATINUM", "SINGLE"),
    ] {
        let refused = app.choose(&owner, "create-session", plan).await;
        assert_eq!(refused.status, 422);
        assert!(refused.detail().contains(word), "{}", refused.detail());
    }
    for refused in [
        app.choose(&owner, "change-plan", "GROWTH").await,
        app.cancel(&owner).await,
    ] {
        assert_eq!(refused.status, 402);
        assert!(
            refused.detail().contains("choose a plan"),
            "{}",
            refused.detail()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e2_of_twenty_parallel_connects_at_limit_minus_one_one_succeeds() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    app.buy(&owner, "DOUBLE").await;
    app.connect(&owner, 0).await.expect(200);
    let calls = || {
        let all = app.phone.requests();
        all.iter()
            .filter(|call| call.method == "POST" || call.method == "PUT")
            .count()
    };
    let for_one = calls();
    let answers = join_all((1..=20).map(|number| app.connect(&owner, number))).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1, "one success");
    assert_eq!(calls(), 2 * for_one, "no provider call for the refused");
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        let problem = refused.expect(402);
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains("disconnect 1 or choose a larger plan"),
            "{detail}"
        );
        assert_eq!(problem["entitlement"]["channels_used"], 2);
        assert_eq!(problem["entitlement"]["channels_limit"], 2);
        assert_eq!(
            problem["entitlement"]["over_limit"],
            Value::Null,
            "full, not over"
        );
    }
}

#[tokio::test]
async fn e3_an_upgrade_counts_at_once_and_a_downgrade_says_what_must_go_and_when() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    app.buy(&owner, "SINGLE").await;
    app.connect(&owner, 1).await.expect(200);
    assert_eq!(app.connect(&owner, 2).await.status, 402);
    let up = app
        .choose(&owner, "change-plan", "DOUBLE")
        .await
        .expect(200);
    assert_eq!(
        (&up["plan"], &up["can_connect"]),
        (&json!("DOUBLE"), &json!(true))
    );
    let second = app.connect(&owner, 2).await.expect(200);

    let down = app
        .choose(&owner, "change-plan", "SINGLE")
        .await
        .expect(200);
    let over = &down["over_limit"];
    assert_eq!(
        (&over["by"], &over["must_disconnect"]),
        (&json!(1), &json!(false))
    );
    assert_eq!(
        over["disconnect_by"], down["end_date"],
        "the running period"
    );
    assert_eq!(over["channels"][0]["id"], second["id"], "the newest");
    let refused = app.connect(&owner, 3).await.expect(402);
    assert_eq!(
        refused["entitlement"]["over_limit"], *over,
        "the refusal says it as well"
    );
    let available = app
        .get(
            "/api/v1/integrations/available-channels",
            &app.token(&owner),
        )
        .await
        .expect(200);
    assert_eq!(
        (&available["over_limit"], &available["over_limit_by"]),
        (over, &json!(1))
    );
    let listed = app
        .get("/api/v1/integrations/list", &app.token(&owner))
        .await
        .expect(200);
    assert_eq!(listed.as_array().unwrap().len(), 2, "both go on");

    app.pass(days(32)).await;
    let due = app.active(&owner).await;
    assert_eq!(due["status"], "ACTIVE", "renewed");
    assert_eq!(due["over_limit"]["must_disconnect"], true);
    let path = format!("/api/v1/integrations/disconnect/{}", second["id"]);
    app.call(Method::POST, &path, Some(&app.token(&owner)), None)
        .await
        .expect(200);
    assert_eq!(app.active(&owner).await["over_limit"], Value::Null);
}

#[tokio::test]
async fn e4_a_cancelled_subscription_counts_until_its_period_ends() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    app.buy(&owner, "GROWTH").await;
    let cancelled = app.cancel(&owner).await.expect(200);
    assert_eq!(
        (&cancelled["status"], &cancelled["cancel_at_period_end"]),
        (&json!("CANCELLED"), &json!(true))
    );
    assert_eq!(cancelled["cancelled_at"], json!(NOW));
    let end: jiff::Timestamp = cancelled["end_date"].as_str().unwrap().parse().unwrap();
    assert_eq!(end, "2026-12-20T09:00:00Z".parse().unwrap(), "one month");
    assert_eq!(
        app.cancel(&owner).await.expect(200),
        cancelled,
        "twice is once"
    );
    let back = app
        .choose(&owner, "change-plan", "GROWTH")
        .await
        .expect(200);
    assert_eq!(back["status"], "ACTIVE", "choosing a plan takes it back");
    app.cancel(&owner).await.expect(200);

    app.clock
        .advance(app.clock.now().duration_until(end) - SignedDuration::from_secs(1));
    assert_eq!(app.active(&owner).await["standing"], "subscribed");
    app.connect(&owner, 1).await.expect(200);
    app.clock.advance(SignedDuration::from_secs(1));
    let over = app.active(&owner).await;
    assert_eq!(
        (&over["status"], &over["standing"]),
        (&json!("EXPIRED"), &json!("lapsed"))
    );
    assert_eq!(
        (&over["plan"], &over["end_date"]),
        (&json!("GROWTH"), &json!(end))
    );
    assert_eq!(app.connect(&owner, 2).await.status, 402);
    app.buy(&owner, "SINGLE").await;
    let listed = app
        .get("/api/v1/subscriptions", &app.token(&owner))
        .await
        .expect(200);
    assert_eq!(
        (&listed[0]["plan"], &listed[1]["status"]),
        (&json!("SINGLE"), &json!("EXPIRED"))
    );
}

#[tokio::test]
async fn e4_past_due_counts_through_its_grace_and_paying_ends_it() {
    let app = TestApp::new().await;
    let owner = app.owner("a@example.com").await;
    let id = app.buy(&owner, "DOUBLE").await;
    let sandbox = app.app.subscribing.sandbox.clone().unwrap();
    sandbox.set_card_works(&id, false).await.unwrap();
    app.pass(days(31)).await;
    let due = app.active(&owner).await;
    assert_eq!(
        (&due["status"], &due["past_due"]),
        (&json!("ACTIVE"), &json!(true))
    );
    assert_eq!(due["standing"], "subscribed", "grace");
    assert_eq!(
        due["grace_until"], "2026-12-23T09:00:00Z",
        "three days after the period"
    );
    let change = app.choose(&owner, "change-plan", "GROWTH").await;
    assert_eq!(change.status, 402);
    assert!(
        change.detail().contains("pay it first"),
        "{}",
        change.detail()
    );
    app.pass(days(2)).await;
    assert_eq!(
        app.active(&owner).await["standing"],
        "lapsed",
        "grace is over"
    );
    assert_eq!(app.connect(&owner, 1).await.status, 402);
    let second = app.choose(&owner, "create-session", "GROWTH").await;
    assert_eq!(second.status, 409, "{}", second.detail());
    sandbox.set_card_works(&id, true).await.unwrap();
    app.pass(SignedDuration::ZERO).await;
    let paid = app.active(&owner).await;
    assert_eq!(
        (&paid["status"], &paid["past_due"]),
        (&json!("ACTIVE"), &json!(false))
    );
    app.connect(&owner, 1).await.expect(200);
}
