//! A server over an empty database in memory, a fake WAHA server and the sandbox; time stands still unless told to move.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use http_body_util::BodyExt;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower::ServiceExt;
use x8_assistant::faq::{FaqBot, Knowledge};
use x8_billing::{
    connect::AccountBook,
    sandbox::{SandboxConfig, SandboxConnect, SandboxPayments},
    stripe::{BookAccounts, StripeConfig, StripeConnect, StripePayments},
    testing::FakeStripe,
};
use x8_channels::{
    testing::{FakeWaha, SignedWebhook},
    waha::{HmacKeys, WahaConnector, WahaParser, WahaVerifier},
};
use x8_core::{
    Secret,
    catalog::VersionCache,
    order::{Area, CartLine},
    port::{
        Answer as TurnAnswer, Assistant, Clock, Decision, Documents, Draft, FixedClock, Notice,
        NoticeWriter, PaymentProvider, SequentialIds, TurnInput,
    },
    sqlite::SqliteStore,
    tenant::{Role, Tenant, User},
    testing::fixture::{NOW, new_user, roses},
    turn::{self, Try},
    usecase::{Engine, Policy},
};
use x8_http::{
    App, Config,
    auth::{Passwords, Tokens},
    calendars::Calendars,
    config::derive,
    models::Models,
    router,
    subscribing::Subscribing,
};

pub(crate) const SECRET_KEY: &str = "a key for tests that is long enough: 0123456789";
/// What the sandbox signs with.
pub(crate) const MONEY_KEY: &str = "whsec_tests";

pub(crate) struct TestApp {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) phone: FakeWaha,
    pub(crate) sandbox: Arc<SandboxPayments>,
    pub(crate) parrot: Parrot,
    /// The stand-in for Stripe, when payments are real here.
    stripe: Option<FakeStripe>,
    router: Router,
}

/// A client with a company of their own.
pub(crate) struct Owner {
    pub(crate) user: User,
    pub(crate) token: String,
    pub(crate) company: i64,
}

/// What the server answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| {
            panic!(
                "{error} in {} {}",
                self.status,
                String::from_utf8_lossy(&self.bytes)
            )
        })
    }

    /// The body, once the status is the one wanted.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        let body = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status.as_u16(), status, "{body}");
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// `detail` as a sentence.
    pub(crate) fn detail(&self) -> String {
        let json = self.json();
        let detail = &json["detail"];
        detail
            .as_str()
            .map_or_else(|| detail.to_string(), str::to_owned)
    }
}

impl TestApp {
    pub(crate) async fn new() -> Self {
        Self::with(&|_| None).await
    }

    /// With payments through Stripe, or something that stands in for it.
    pub(crate) async fn with_stripe() -> Self {
        let stripe = FakeStripe::start(NOW, &[]).await.unwrap();
        Self::build(&|_| None, Some(stripe)).await
    }

    /// The stand-in for Stripe.
    pub(crate) fn stripe(&self) -> &FakeStripe {
        self.stripe.as_ref().expect("started with_stripe")
    }

    /// With these variables beside the defaults.
    pub(crate) async fn with(more: &(dyn Fn(&str) -> Option<String> + Sync)) -> Self {
        Self::build(more, None).await
    }

    async fn build(
        more: &(dyn Fn(&str) -> Option<String> + Sync),
        stripe: Option<FakeStripe>,
    ) -> Self {
        let store = Arc::new(SqliteStore::open_in_memory().await.unwrap());
        let clock = Arc::new(FixedClock::at(NOW));
        let phone = FakeWaha::start().await.unwrap();
        let documents: Arc<dyn Documents> = Arc::<SqliteStore>::clone(&store);
        let money = SandboxConfig::new("http://x8.test", Secret::new(MONEY_KEY)).unwrap();
        let time: Arc<dyn Clock> = Arc::<FixedClock>::clone(&clock);
        let sandbox = Arc::new(SandboxPayments::new(
            Arc::clone(&documents),
            Arc::clone(&time),
            money.clone(),
        ));
        let simulated = SandboxConnect::new(Arc::clone(&documents), Arc::clone(&time), money);
        let mut accounts = Arc::new(AccountBook::new(
            Arc::clone(&documents),
            Arc::new(simulated.clone()),
        ));
        let mut payments: Arc<dyn PaymentProvider> = Arc::<SandboxPayments>::clone(&sandbox);
        if let Some(stripe) = &stripe {
            (payments, accounts) = through(stripe, &documents, &time);
        }
        let parrot = Parrot::default();
        let config = configuration(&phone, more);
        let key = Secret::new(SECRET_KEY);
        let calendars = Calendars::new(&config, &key, documents, Arc::clone(&time)).unwrap();
        let calendars = Arc::new(calendars);
        let engine = Engine {
            store: Arc::<SqliteStore>::clone(&store),
            assistant: Arc::new(parrot.clone()),
            payments,
            calendar: Arc::<Calendars>::clone(&calendars),
            senders: Vec::new(),
            notices: Arc::new(Plain),
            clock: time,
            ids: Arc::new(SequentialIds::default()),
            policy: Policy::default(),
        };
        let mut app = application(config, engine, &store, &phone, (&sandbox, calendars));
        app.accounts = accounts;
        app.sandbox_accounts = Some(simulated);
        if stripe.is_some() {
            (app.sandbox, app.sandbox_accounts) = (None, None);
        }
        let app = Arc::new(app);
        Self {
            router: router(&app),
            app,
            clock,
            phone,
            sandbox,
            parrot,
            stripe,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.call(Method::GET, path, Some(token), None).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, Some(token), Some(body)).await
    }

    /// Bytes as they are, with these headers.
    pub(crate) async fn raw(
        &self,
        path: &str,
        headers: &[(String, String)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request = Request::builder().method(Method::POST).uri(path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn webhook(&self, event: &Value) -> Answer {
        let SignedWebhook { headers, body } = FakeWaha::webhook(event);
        self.raw("/api/v1/webhooks/waha", &headers, body).await
    }

    /// Uploads a CSV.
    pub(crate) async fn upload(&self, token: &str, fields: &[(&str, &str)], csv: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!(
                    "--frame\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .as_bytes(),
            );
        }
        body.extend_from_slice(
            b"--frame\r\ncontent-disposition: form-data; name=\"file\"; filename=\"kb.csv\"\r\n\r\n",
        );
        body.extend_from_slice(csv);
        body.extend_from_slice(b"\r\n--frame--\r\n");
        let headers = [
            (
                "content-type".to_owned(),
                "multipart/form-data; boundary=frame".to_owned(),
            ),
            ("authorization".to_owned(), format!("Bearer {token}")),
        ];
        self.raw("/api/v1/knowledge-base/upload-csv", &headers, body)
            .await
    }

    pub(crate) async fn user(&self, email: &str, role: Role) -> (User, String) {
        let user = self
            .app
            .store()
            .create_user(new_user(email, role))
            .await
            .unwrap();
        let token = self.app.tokens.access(user.id, self.app.now()).unwrap();
        (user, token)
    }

    /// A client in their trial, with a Product company.
    pub(crate) async fn owner(&self, email: &str) -> Owner {
        let (user, token) = self.user(email, Role::Client).await;
        let wanted = json!({"name": "Northern Flowers", "company_type": "Product"});
        let company = self
            .post("/api/v1/companies", &token, &wanted)
            .await
            .expect(201);
        Owner {
            user,
            token,
            company: company["id"].as_i64().unwrap(),
        }
    }

    /// With roses to sell.
    pub(crate) async fn shop(&self, email: &str) -> Owner {
        let owner = self.owner(email).await;
        self.app
            .store()
            .publish_catalog(owner.tenant(), "DB Product Northern Flowers", &roses(), NOW)
            .await
            .unwrap();
        owner
    }

    /// A customer writes; "buy" makes an order of one bouquet.
    pub(crate) async fn says(&self, owner: &Owner, text: &str) -> Answer {
        let turn = json!({"company_id": owner.company, "sender": "+34600111222", "text": text});
        self.post("/api/v1/assistant/reply", &owner.token, &turn)
            .await
    }

    /// What Stripe would post to the Connect endpoint, signed.
    pub(crate) async fn money_event(&self, body: &str) -> Answer {
        let secret = FakeStripe::webhook_secret();
        let signature = x8_billing::signature::sign(&secret, body.as_bytes(), self.app.now());
        let headers = [("stripe-signature".to_owned(), signature)];
        self.raw("/api/v1/connect/webhook", &headers, body.into())
            .await
    }

    /// The newest order, as served.
    pub(crate) async fn newest(&self, owner: &Owner) -> Value {
        let path = format!("/api/v1/orders?limit=1&company_id={}", owner.company);
        self.get(&path, &owner.token).await.expect(200)[0].clone()
    }

    /// Runs every job that is due, until none is.
    pub(crate) async fn work(&self) {
        let engine = &self.app.engine;
        for _ in 0..50 {
            let lease = SignedDuration::from_secs(60);
            let jobs = engine
                .store
                .claim_jobs(self.app.now(), lease, 10)
                .await
                .unwrap();
            if jobs.is_empty() {
                return;
            }
            for job in jobs {
                if let Err(error) = engine.run(&job).await {
                    panic!("{:?}: {error}", job.kind);
                }
            }
        }
        panic!("the jobs never end");
    }
}

impl Owner {
    pub(crate) fn tenant(&self) -> Tenant {
        Tenant::assume(x8_core::id::CompanyId(self.company))
    }
}

/// Payments and accounts as the server wires them, at this stand-in.
fn through(
    stripe: &FakeStripe,
    documents: &Arc<dyn Documents>,
    clock: &Arc<dyn Clock>,
) -> (Arc<dyn PaymentProvider>, Arc<AccountBook>) {
    let config = StripeConfig::new(
        FakeStripe::api_key(),
        FakeStripe::webhook_secret(),
        "http://x8.test/paid?session={CHECKOUT_SESSION_ID}&company={COMPANY}&order={ORDER}",
        "http://x8.test/not-paid",
    )
    .with_base_url(stripe.url());
    let connect = StripeConnect::new(&config, "http://x8.test/again", "http://x8.test/back");
    let book = AccountBook::new(Arc::clone(documents), Arc::new(connect.unwrap()));
    let book = Arc::new(book);
    let found = Arc::new(BookAccounts::new(Arc::clone(&book), 0));
    let payments = StripePayments::new(config, found, Arc::clone(clock)).unwrap();
    (Arc::new(payments), book)
}

fn configuration(phone: &FakeWaha, more: &dyn Fn(&str) -> Option<String>) -> Config {
    Config::from_lookup(&|name| {
        more(name).or_else(|| match name {
            "SECRET_KEY" => Some(SECRET_KEY.to_owned()),
            "WAHA_API_URL" => Some(phone.url().to_owned()),
            "X8_PUBLIC_URL" => Some("http://x8.test".to_owned()),
            _ => None,
        })
    })
    .unwrap()
}

fn application(
    config: Config,
    engine: Engine,
    store: &Arc<SqliteStore>,
    phone: &FakeWaha,
    (sandbox, calendars): (&Arc<SandboxPayments>, Arc<Calendars>),
) -> App {
    let waha = phone.config("http://x8.test/api/v1/webhooks/waha");
    let keys = HmacKeys {
        current: Secret::new(FakeWaha::HMAC_KEY),
        previous: None,
    };
    let documents: Arc<dyn Documents> = Arc::<SqliteStore>::clone(store);
    let models = Models::new(&config, &Secret::new(SECRET_KEY), documents).unwrap();
    let model = models.platform_model();
    let subscribing = Subscribing::open(&config, &Secret::new(SECRET_KEY), &engine);
    App {
        subscribing: Arc::new(subscribing.unwrap()),
        config,
        engine,
        models: Arc::new(models),
        tokens: Tokens::new(&Secret::new(SECRET_KEY)),
        passwords: Passwords::with_cost(4),
        connector: Some(Arc::new(WahaConnector::new(waha).unwrap())),
        verifier: Arc::new(WahaVerifier::new(&keys).unwrap()),
        parser: Arc::new(WahaParser),
        sandbox: Some(Arc::clone(sandbox)),
        accounts: Arc::new(AccountBook::new(
            Arc::<SqliteStore>::clone(store),
            Arc::new(SandboxConnect::new(
                Arc::<SqliteStore>::clone(store),
                Arc::new(FixedClock::at(NOW)),
                SandboxConfig::new("http://x8.test", Secret::new(MONEY_KEY)).unwrap(),
            )),
        )),
        sandbox_accounts: None,
        calendars,
        searches: VersionCache::new(App::SEARCH_BYTES),
        guards: VersionCache::new(App::GUARD_BYTES),
        faq: Arc::new(FaqBot::new(Knowledge::shipped().unwrap(), model).unwrap()),
        wake: Arc::new(Notify::new()),
    }
}

/// The WAHA webhook key that would be derived from the tests' key.
pub(crate) fn derived_webhook_key() -> Secret {
    derive(&Secret::new(SECRET_KEY), "waha webhook")
}

/// Says back what it hears; "buy" orders one bouquet to Madrid.
///
/// "wait" keeps it waiting until it is let go on; "panic" is too much for it.
#[derive(Clone, Default)]
pub(crate) struct Parrot {
    pub(crate) busy: Arc<Notify>,
    pub(crate) go_on: Arc<Notify>,
    /// The turn it heard last.
    pub(crate) turn: Arc<Mutex<Option<TurnInput>>>,
}

#[async_trait]
impl Assistant for Parrot {
    async fn answer(&self, input: &TurnInput) -> x8_core::Result<TurnAnswer> {
        let heard = input.customer_text();
        assert!(!heard.contains("panic"), "the parrot fell off its perch");
        *self.turn.lock().unwrap() = Some(input.clone());
        if heard.contains("wait") {
            self.busy.notify_one();
            self.go_on.notified().await;
        }
        let decision = if heard.contains("buy") {
            Decision::Checkout(Draft {
                cart: vec![CartLine {
                    sku: "201".into(),
                    quantity: 1,
                }],
                area: Area::Place("Madrid".to_owned()),
                client_name: "Ana".to_owned(),
                recipient_phone: "+34600111222".to_owned(),
                wished_start: None,
                language: "en".to_owned(),
                remind: true,
            })
        } else {
            Decision::Inform
        };
        let text = format!("you said {heard}");
        Ok(TurnAnswer {
            reply: json!({"response": text, "token": input.token, "sender": input.sender.value}),
            text,
            image: None,
            decision,
            session: input.session.clone(),
            held: false,
            fell_back: false,
            model_output: String::new(),
            tries: vec![Try {
                tokens: Some(turn::Tokens {
                    prompt: 2_000,
                    completion: 100,
                }),
                cost: 360,
                ..Try::free("parrot-1", Ok(String::new()))
            }],
            findings: json!([]),
        })
    }
}

struct Plain;

impl NoticeWriter for Plain {
    fn write(&self, _language: &str, _time_zone: &str, notice: &Notice<'_>) -> String {
        format!("{notice:?}")
    }
}
