//! Subscriptions: the sandbox and the Stripe adapter pass one suite, and what Stripe is sent and says.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_billing::{
    event::subscription::read,
    sandbox::{SandboxConfig, SandboxSubscriptions},
    signature,
    stripe::{StripeConfig, StripeSubscriptions},
    testing::{self, FakeSubscriptions, MemoryDocuments, Patron},
};
use x8_core::{
    ErrorKind, Result, Secret,
    id::UserId,
    plan::{Plan, ProviderState},
    port::{
        Clock, FixedClock, PageState, SubscribeRequest, SubscriptionProvider, SubscriptionWish,
    },
};

fn start() -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap()
}

struct Sandbox {
    clock: Arc<FixedClock>,
    provider: SandboxSubscriptions,
}

fn sandbox_secret() -> Secret {
    Secret::new("whsec_sandbox_subscriptions")
}

fn sandbox() -> Sandbox {
    let clock = Arc::new(FixedClock::at(start()));
    let config = SandboxConfig::new("https://x8.example", sandbox_secret()).unwrap();
    let plans = Arc::new(testing::suite_plans().unwrap());
    let documents = Arc::new(MemoryDocuments::default());
    let time = Arc::<FixedClock>::clone(&clock);
    Sandbox {
        provider: SandboxSubscriptions::new(documents, time, config, plans),
        clock,
    }
}

#[async_trait]
impl Patron for Sandbox {
    async fn subscribe(&self, session: &str) -> Result<()> {
        let page = self.provider.confirm(session).await?;
        match page.state {
            PageState::Complete { .. } => Ok(()),
            PageState::Open | PageState::Expired => {
                Err(x8_core::Error::conflict("sandbox.subscribe", "not open"))
            }
        }
    }

    async fn card_works(&self, subscription: &str, works: bool) -> Result<()> {
        self.provider.set_card_works(subscription, works).await
    }

    async fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn sign(&self, body: &[u8], at: Timestamp) -> String {
        signature::sign(&sandbox_secret(), body, at)
    }

    async fn events(&self, subscription: &str) -> Result<Vec<String>> {
        let waiting = self.provider.undelivered().await?;
        let own = waiting.into_iter().filter(|(id, _)| id == subscription);
        Ok(own.map(|(_, event)| event.body).collect())
    }
}

const PRICES: [(&str, i64); 3] = [
    ("price_single", 9_99),
    ("price_double", 19_99),
    ("price_growth", 49_99),
];

fn config(url: &str) -> StripeConfig {
    StripeConfig::new(
        FakeSubscriptions::api_key(),
        FakeSubscriptions::webhook_secret(),
        "https://x8.example/billing?success=true&session={CHECKOUT_SESSION_ID}",
        "https://x8.example/billing?canceled=true",
    )
    .with_base_url(url)
}

async fn stripe() -> (FakeSubscriptions, StripeSubscriptions) {
    let fake = FakeSubscriptions::start(start(), &PRICES).await.unwrap();
    let plans = Arc::new(testing::suite_plans().unwrap());
    let provider = StripeSubscriptions::new(config(fake.url()), plans).unwrap();
    (fake, provider)
}

#[tokio::test]
async fn p2_the_sandbox_is_a_provider_of_subscriptions() {
    let sandbox = sandbox();
    testing::subscription(&sandbox.provider, &sandbox)
        .await
        .unwrap();
}

#[tokio::test]
async fn p2_stripe_is_a_provider_of_subscriptions() {
    let (fake, provider) = stripe().await;
    testing::subscription(&provider, &fake).await.unwrap();
}

/// A GROWTH that user 7 has paid for.
async fn bought(fake: &FakeSubscriptions, provider: &StripeSubscriptions) -> String {
    let customer = provider.customer(UserId(7), "a@x8.example").await.unwrap();
    let request = SubscribeRequest {
        user: UserId(7),
        customer,
        plan: Plan::Growth,
        idempotency_key: SubscribeRequest::key_for(UserId(7), Plan::Growth, 1),
    };
    let page = provider.open(&request).await.unwrap();
    fake.subscribe(&page.session).await.unwrap();
    match provider.page(&page.session).await.unwrap().state {
        PageState::Complete { subscription } => subscription,
        PageState::Open | PageState::Expired => panic!("it was paid"),
    }
}

#[tokio::test]
async fn p2_what_stripe_is_sent() {
    let (fake, provider) = stripe().await;
    let id = bought(&fake, &provider).await;
    let wish = SubscriptionWish::Change {
        plan: Plan::Single,
        reduces: true,
    };
    provider.change(&id, &wish, "change:1").await.unwrap();
    let cancel = SubscriptionWish::CancelAtPeriodEnd;
    provider.change(&id, &cancel, "cancel:1").await.unwrap();
    let mut sent = Vec::new();
    for request in fake.requests() {
        assert_eq!(request.headers["stripe-version"], "2026-09-30.endive");
        assert!(
            !request.headers.contains_key("stripe-account"),
            "the platform's own"
        );
        if request.method == "POST" {
            let key = request.headers.get("idempotency-key").cloned();
            let form: Vec<String> = request
                .form
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            sent.push((request.path, key.unwrap_or_default(), form.join("\n")));
        }
    }
    let (path, key, form) = &sent[0];
    assert_eq!(path, "/v1/customers");
    assert!(key.starts_with("customer:7:"), "{key}");
    assert_eq!(form, "email=a@x8.example\nmetadata[x8_user]=7");
    let (path, key, form) = &sent[1];
    assert_eq!(
        (path.as_str(), key.as_str()),
        ("/v1/checkout/sessions", "subscribe:7:GROWTH:1")
    );
    assert_eq!(
        form,
        "cancel_url=https://x8.example/billing?canceled=true\nclient_reference_id=7\ncustomer=cus_0000\n\
         line_items[0][price]=price_growth\nline_items[0][quantity]=1\nmetadata[x8_plan]=GROWTH\nmetadata[x8_user]=7\n\
         mode=subscription\nsubscription_data[metadata][x8_plan]=GROWTH\nsubscription_data[metadata][x8_user]=7\n\
         success_url=https://x8.example/billing?success=true&session={CHECKOUT_SESSION_ID}"
    );
    let (path, key, form) = &sent[2];
    assert_eq!(
        (path.as_str(), key.as_str()),
        ("/v1/subscriptions/sub_0000", "change:1")
    );
    assert_eq!(
        form,
        "items[0][id]=si_0000\nitems[0][price]=price_single\nmetadata[x8_plan]=SINGLE\n\
         metadata[x8_reduced_until]=1792592000\nproration_behavior=none",
        "no refund on a downgrade"
    );
    let (_, key, form) = &sent[3];
    assert_eq!(
        (key.as_str(), form.as_str()),
        ("cancel:1", "cancel_at_period_end=true")
    );
}

#[tokio::test]
async fn p2_an_answer_that_is_lost_does_nothing_twice() {
    let (fake, provider) = stripe().await;
    fake.cut_next();
    let lost = provider
        .customer(UserId(7), "a@x8.example")
        .await
        .unwrap_err();
    assert_eq!(lost.kind(), ErrorKind::Unavailable, "{lost}");
    let made = provider.customer(UserId(7), "a@x8.example").await.unwrap();
    assert_eq!(made, "cus_0000", "the first one");
    let id = bought(&fake, &provider).await;
    let before = provider.latest(&id).await.unwrap();
    fake.cut_next();
    let wish = SubscriptionWish::Change {
        plan: Plan::Single,
        reduces: true,
    };
    provider.change(&id, &wish, "change:1").await.unwrap_err();
    let changed = provider.change(&id, &wish, "change:1").await.unwrap();
    assert_eq!(
        (changed.plan, changed.reduced_until),
        (Some(Plan::Single), before.period_end)
    );
}

#[tokio::test]
async fn e4_what_stripe_says_is_read_by_its_price_first() {
    let (fake, provider) = stripe().await;
    let id = bought(&fake, &provider).await;
    for (word, state) in [
        ("incomplete", ProviderState::Incomplete),
        ("incomplete_expired", ProviderState::IncompleteExpired),
        ("trialing", ProviderState::Trialing),
        ("active", ProviderState::Active),
        ("past_due", ProviderState::PastDue),
        ("unpaid", ProviderState::Unpaid),
        ("paused", ProviderState::Paused),
        ("canceled", ProviderState::Cancelled),
        ("hibernating", ProviderState::Unknown),
    ] {
        fake.set(&id, "status", word).unwrap();
        assert_eq!(provider.latest(&id).await.unwrap().state, state, "{word}");
    }
    let plan = || async { provider.latest(&id).await.unwrap().plan };
    fake.set(&id, "metadata.x8_plan", "SINGLE").unwrap();
    assert_eq!(plan().await, Some(Plan::Growth), "what is charged decides");
    fake.set(&id, "price", "price_by_hand").unwrap();
    assert_eq!(
        plan().await,
        None,
        "SINGLE has a price of its own, and this is not it"
    );
    fake.set(&id, "metadata.x8_plan", "ENTERPRISE").unwrap();
    assert_eq!(plan().await, Some(Plan::Enterprise), "agreed by hand");
    fake.set(&id, "metadata.x8_plan", "special").unwrap();
    fake.set(&id, "metadata.x8_channels", "7").unwrap();
    let special = provider.latest(&id).await.unwrap();
    assert_eq!(
        (special.plan, special.channels),
        (Some(Plan::Special), Some(7))
    );
}

#[tokio::test]
async fn p1_secrets_and_worlds_are_kept_apart() {
    let (fake, provider) = stripe().await;
    let body = br#"{"id":"evt_1","object":"event","created":1790000000,"livemode":true,"type":"invoice.paid",
        "data":{"object":{"subscription":"sub_1","customer":"cus_1"}}}"#;
    let other = signature::sign(&testing::FakeStripe::webhook_secret(), body, start());
    let refused = provider.read_event(&other, body, start()).unwrap_err();
    assert_eq!(
        refused.kind(),
        ErrorKind::Unauthenticated,
        "the payments' secret"
    );
    let plans = Arc::new(testing::suite_plans().unwrap());
    let header = fake.sign(body, start());
    for (key, speaks) in [
        (concat!("sk_", "live_1"), true),
        ("sk_test_1", false),
        ("key", true),
    ] {
        let mut config = config(fake.url());
        config.api_key = Secret::new(key);
        let provider = StripeSubscriptions::new(config, Arc::clone(&plans)).unwrap();
        let event = provider.read_event(&header, body, start()).unwrap();
        assert_eq!(event.about.is_some(), speaks, "{key}");
    }
    let second = config(fake.url()).with_webhook_secret(Secret::new("whsec_next"));
    let provider = StripeSubscriptions::new(second, plans).unwrap();
    let header = signature::sign(&Secret::new("whsec_next"), body, start());
    assert!(
        provider.read_event(&header, body, start()).is_ok(),
        "while one replaces the other"
    );
}

#[test]
fn p2_each_event_names_its_subscription() {
    for (kind, object, about) in [
        (
            "customer.subscription.deleted",
            r#"{"id":"sub_1","customer":"cus_1"}"#,
            Some("sub_1"),
        ),
        (
            "customer.subscription.paused",
            r#"{"id":"sub_1"}"#,
            Some("sub_1"),
        ),
        (
            "invoice.payment_failed",
            r#"{"id":"in_1","customer":null,"parent":{"subscription_details":{"subscription":{"id":"sub_2"}}}}"#,
            Some("sub_2"),
        ),
        (
            "invoice.paid",
            r#"{"id":"in_1","subscription":"sub_3"}"#,
            Some("sub_3"),
        ),
        ("invoice.paid", r#"{"id":"in_1","parent":null}"#, None),
        (
            "checkout.session.completed",
            r#"{"mode":"subscription","subscription":"sub_4","customer":{"id":"cus_1"}}"#,
            Some("sub_4"),
        ),
        (
            "checkout.session.completed",
            r#"{"mode":"payment","subscription":null}"#,
            None,
        ),
        ("charge.refunded", r#"{"id":"ch_1"}"#, None),
    ] {
        let body = format!(
            r#"{{"id":"evt_1","object":"event","created":1,"type":"{kind}","data":{{"object":{object}}}}}"#
        );
        let event = read(body.as_bytes()).unwrap();
        let found = event.about.map(|about| about.subscription);
        assert_eq!(found.as_deref(), about, "{kind} {object}");
    }
    for (body, field) in [
        ("", "JSON"),
        (r#"{"id":7}"#, "`id`"),
        (r#"{"id":"e","type":"t","object":"thing"}"#, "`object`"),
        (r#"{"id":"e","type":"t","object":"event"}"#, "`created`"),
        (
            r#"{"id":"e","type":"customer.subscription.updated","object":"event","created":1}"#,
            "`data.object.id`",
        ),
    ] {
        let error = read(body.as_bytes()).unwrap_err();
        assert!(error.public().contains(field), "{body}: {error}");
    }
}

#[tokio::test]
async fn p11_the_sandbox_says_that_it_is_one_and_tells_until_it_is_heard() {
    let sandbox = sandbox();
    let provider = &sandbox.provider;
    assert_eq!(provider.name(), "sandbox");
    let request = SubscribeRequest {
        user: UserId(7),
        customer: provider.customer(UserId(7), "").await.unwrap(),
        plan: Plan::Double,
        idempotency_key: "k".to_owned(),
    };
    let page = provider.open(&request).await.unwrap();
    let html = provider.html(&page.session).await.unwrap();
    assert!(html.contains("Sandbox") && html.contains("19.99"), "{html}");
    provider.confirm(&page.session).await.unwrap();
    let html = provider.html(&page.session).await.unwrap();
    assert!(!html.contains("<form"), "{html}");
    for _ in 0..2 {
        assert_eq!(
            provider.undelivered().await.unwrap().len(),
            1,
            "until it is heard"
        );
    }
    let (id, event) = provider.undelivered().await.unwrap().remove(0);
    provider.delivered(&id, &event.id).await.unwrap();
    assert!(provider.undelivered().await.unwrap().is_empty());
    sandbox.pass(SignedDuration::from_hours(32 * 24)).await;
    let (_, next) = provider.undelivered().await.unwrap().remove(0);
    assert_ne!(next.id, event.id, "a renewal is another event");
    provider.delivered(&id, &event.id).await.unwrap();
    assert_eq!(
        provider.undelivered().await.unwrap().len(),
        1,
        "an old answer acknowledges nothing new"
    );
}
