//! Connected accounts at Stripe, and the book over them.

use std::sync::Arc;

use jiff::Timestamp;
use x8_billing::{
    connect::{AccountBook, ConnectedAccounts, NewAccount, Standing, TransactionPage},
    stripe::{BookAccounts, StripeAccounts, StripeConnect, StripePayments},
    testing::{self, FakeStripe, Fault, MemoryDocuments, Onboarder},
};
use x8_core::{
    Error, ErrorKind, Money, Result,
    port::{AccountChange, FixedClock, PaymentProvider},
};

use super::{SHOP, STRANGER, config, request};

struct Office {
    now: Timestamp,
    stripe: FakeStripe,
    connect: Arc<StripeConnect>,
    documents: Arc<MemoryDocuments>,
    book: Arc<AccountBook>,
}

impl Office {
    async fn new() -> Result<Self> {
        let now = Timestamp::from_second(1_790_000_000)
            .map_err(|error| Error::internal("office.new", error))?;
        let stripe = FakeStripe::start(now, &[]).await?;
        let connect = StripeConnect::new(
            &config(stripe.url()),
            "https://x8.example/connect/again",
            "https://x8.example/connect/back",
        );
        let connect = Arc::new(connect?);
        let documents = Arc::new(MemoryDocuments::default());
        let book = AccountBook::new(
            Arc::<MemoryDocuments>::clone(&documents),
            Arc::<StripeConnect>::clone(&connect),
        );
        Ok(Self {
            now,
            stripe,
            connect,
            documents,
            book: Arc::new(book),
        })
    }

    /// The shop's account, ready.
    async fn ready(&self) -> Result<String> {
        self.book.onboard(SHOP, &NewAccount::default()).await?;
        let known = self.book.known(SHOP).await?.status;
        let account = known.ok_or_else(|| Error::not_found("office.ready", "no account"))?;
        self.stripe.finish(&account.id).await?;
        self.book.look(SHOP).await?;
        Ok(account.id)
    }
}

#[tokio::test]
async fn p3_stripe_is_a_provider_of_connected_accounts() {
    let office = Office::new().await.unwrap();
    testing::connect(&*office.connect, &office.stripe)
        .await
        .unwrap();
}

#[tokio::test]
async fn p3_an_express_account_is_asked_for_with_exactly_these_fields() {
    let office = Office::new().await.unwrap();
    let wish = NewAccount {
        country: Some("ES".to_owned()),
        email: Some("owner@example.com".to_owned()),
    };
    let link = office.book.onboard(SHOP, &wish).await.unwrap();
    assert!(link.url.contains("/setup/e/"));
    let requests = office.stripe.requests();
    let shown: Vec<String> = requests
        .iter()
        .map(|request| {
            assert_eq!(request.headers.get("stripe-account"), None, "our own call");
            let form: Vec<String> = request
                .form
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            format!("{} {} {}", request.method, request.path, form.join("&"))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "POST /v1/accounts capabilities[card_payments][requested]=true&capabilities[transfers][requested]=true\
             &controller[fees][payer]=application&controller[losses][payments]=application\
             &controller[requirement_collection]=stripe&controller[stripe_dashboard][type]=express\
             &country=ES&email=owner@example.com&metadata[company]=7",
            "POST /v1/account_links account=acct_fake0000&collection_options[fields]=eventually_due\
             &refresh_url=https://x8.example/connect/again&return_url=https://x8.example/connect/back\
             &type=account_onboarding",
        ]
    );
    let key = requests[0].headers.get("idempotency-key");
    assert_eq!(key.map(String::as_str), Some("connect:7:0"));
    assert_eq!(requests[1].headers.get("idempotency-key"), None);
}

#[tokio::test]
async fn p3_a_company_has_one_account_whatever_crashes() {
    let office = Office::new().await.unwrap();
    office.stripe.fail_next("/accounts", Fault::CutAfter);
    let wish = NewAccount::default();
    let error = office.book.onboard(SHOP, &wish).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let (one, two) = tokio::join!(
        office.book.onboard(SHOP, &wish),
        office.book.onboard(SHOP, &wish)
    );
    assert_ne!(one.unwrap().url, two.unwrap().url, "a link per click");
    let status = office.book.known(SHOP).await.unwrap().status.unwrap();
    assert_eq!(status.id, "acct_fake0000");
    assert_eq!(status.standing(), Standing::Onboarding);
    assert_eq!(status.currently_due, ["external_account", "business_type"]);
    assert_eq!(office.book.known(STRANGER).await.unwrap().status, None);
    let again = AccountBook::new(
        Arc::<MemoryDocuments>::clone(&office.documents),
        Arc::<StripeConnect>::clone(&office.connect),
    );
    assert_eq!(
        again.known(SHOP).await.unwrap().status,
        Some(status),
        "a restart forgets nothing"
    );
}

#[tokio::test]
async fn p3_no_order_of_account_events_matters() {
    let office = Office::new().await.unwrap();
    let account = office.ready().await.unwrap();
    let change = |was_ready, is_ready, connected| {
        Some(AccountChange {
            tenant: SHOP,
            was_ready,
            is_ready,
            connected,
        })
    };
    office.stripe.restrict(&account, "individual.id_number");
    assert_eq!(
        office.book.changed(&account).await.unwrap(),
        change(true, false, true)
    );
    let status = office.book.known(SHOP).await.unwrap().status.unwrap();
    assert_eq!(status.standing(), Standing::Restricted);
    assert_eq!(status.currently_due, ["individual.id_number"]);
    office.stripe.finish(&account).await.unwrap();
    for before in [false, true] {
        let told = office.book.changed(&account).await.unwrap();
        assert_eq!(told, change(before, true, true), "an old event, a double");
    }
    office.stripe.deauthorise(&account);
    for before in [true, false] {
        let told = office.book.changed(&account).await.unwrap();
        assert_eq!(
            told,
            change(before, false, false),
            "GET is refused with 403"
        );
    }
    assert_eq!(office.book.known(SHOP).await.unwrap().status, None);
    assert!(office.book.owns(SHOP, &account).await.unwrap(), "its past");
    assert!(!office.book.owns(STRANGER, &account).await.unwrap());
    assert_eq!(office.book.changed("acct_nobodys").await.unwrap(), None);
    office
        .book
        .onboard(SHOP, &NewAccount::default())
        .await
        .unwrap();
    let next = office.book.known(SHOP).await.unwrap().status.unwrap();
    assert_ne!(next.id, account, "connected anew");
}

#[tokio::test]
async fn p3_what_our_key_may_not_see_is_not_taken_for_gone() {
    let office = Office::new().await.unwrap();
    let account = office.ready().await.unwrap();
    let refusal = Fault::Refuse {
        status: 403,
        kind: "invalid_request_error",
        code: "",
    };
    office.stripe.fail_next(&account, refusal);
    let error = office.book.changed(&account).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    let known = office.book.known(SHOP).await.unwrap();
    assert_eq!(known.standing(), Standing::Ready);
}

#[tokio::test]
async fn p3_disconnecting_removes_both_sides_and_keeps_what_holds_money() {
    let office = Office::new().await.unwrap();
    let account = office.ready().await.unwrap();
    office.stripe.add_movement(&account, "charge", 25_00, 98);
    let error = office.book.disconnect(SHOP).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    assert_eq!(
        office.book.known(SHOP).await.unwrap().standing(),
        Standing::Ready
    );

    let other = Office::new().await.unwrap();
    let account = other.ready().await.unwrap();
    for _ in 0..2 {
        other.book.disconnect(SHOP).await.unwrap();
    }
    assert_eq!(other.connect.look(&account).await.unwrap(), None);
    let known = other.book.known(SHOP).await.unwrap();
    assert_eq!(known.standing(), Standing::NotConnected);
    let error = other.book.login_link(SHOP).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PaymentRequired);
}

#[tokio::test]
async fn p9_transactions_are_listed_page_by_page_with_their_signs() {
    let office = Office::new().await.unwrap();
    let account = office.ready().await.unwrap();
    for (kind, amount, fee) in [
        ("charge", 64_80, 220),
        ("refund", -64_80, 0),
        ("charge", 12_00, 60),
    ] {
        office.stripe.add_movement(&account, kind, amount, fee);
    }
    let mut seen = Vec::new();
    let mut page = TransactionPage {
        limit: 2,
        after: None,
    };
    loop {
        let found = office.book.transactions(SHOP, &page).await.unwrap();
        seen.extend(found.rows.iter().map(|row| (row.kind.clone(), row.net)));
        page.after = found.rows.last().map(|row| row.id.clone());
        if !found.has_more {
            break;
        }
    }
    let own = |kind: &str, cents| (kind.to_owned(), Money::eur(cents));
    assert_eq!(
        seen,
        [
            own("charge", 11_40),
            own("refund", -64_80),
            own("charge", 62_60)
        ]
    );
    let asked = office.stripe.requests();
    let last = asked.last().unwrap();
    assert_eq!(last.headers.get("stripe-account"), Some(&account));
}

#[tokio::test]
async fn p3_only_an_account_that_is_ready_gets_links() {
    let office = Office::new().await.unwrap();
    let accounts = BookAccounts::new(Arc::clone(&office.book), 250);
    let payments = StripePayments::new(
        config(office.stripe.url()),
        Arc::new(accounts.clone()),
        Arc::new(FixedClock::at(office.now)),
    );
    let payments = payments.unwrap();
    let wish = request(office.now);
    let error = payments.open(SHOP, &wish).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PaymentRequired, "none at all");
    office
        .book
        .onboard(SHOP, &NewAccount::default())
        .await
        .unwrap();
    let error = payments.open(SHOP, &wish).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PaymentRequired, "not ready");
    let account = office.ready().await.unwrap();
    let link = payments.open(SHOP, &wish).await.unwrap();
    let sent = office.stripe.requests().pop().unwrap();
    let fee = sent.form.get("payment_intent_data[application_fee_amount]");
    assert_eq!(fee.map(String::as_str), Some("162"), "2.5 % of 64.80");
    assert!(
        !accounts.has_price(SHOP, "price_1").await.unwrap(),
        "amounts come from the order"
    );
    office.stripe.restrict(&account, "tos");
    office.book.changed(&account).await.unwrap();
    payments.expire(SHOP, &link.session).await.unwrap();
}
