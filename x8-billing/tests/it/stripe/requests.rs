//! Every request field by field.

use std::collections::BTreeMap;

use x8_billing::{
    stripe::{API_VERSION, DeliveryAs, page_locale},
    testing::{FakeStripe, Payer, RecordedRequest},
};
use x8_core::{
    Currency, ErrorKind, Money,
    catalog::Kind,
    port::{CheckoutRequest, CheckoutState, PaymentProvider},
};

use super::{Accounts, SHOP, STRANGER, World};

fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let own = |&(key, value): &(&str, &str)| (key.to_owned(), value.to_owned());
    pairs.iter().map(own).collect()
}

fn headers<'a>(request: &'a RecordedRequest, names: &[&str]) -> Vec<Option<&'a str>> {
    let header = |name: &&str| request.headers.get(*name).map(String::as_str);
    names.iter().map(header).collect()
}

#[tokio::test]
async fn p4_a_new_session_is_asked_for_exactly_so() {
    let world = World::new().await.unwrap();
    let request = world.request();
    world.payments.open(SHOP, &request).await.unwrap();
    let sent = world.stripe.requests();
    assert_eq!(sent.len(), 1);
    assert_eq!(
        (sent[0].method.as_str(), sent[0].path.as_str()),
        ("POST", "/v1/checkout/sessions")
    );
    let names = [
        "authorization",
        "stripe-version",
        "stripe-account",
        "idempotency-key",
        "content-type",
    ];
    let bearer = format!("Bearer {}", FakeStripe::api_key().expose());
    let expected = [
        Some(bearer.as_str()),
        Some(API_VERSION),
        Some("acct_7"),
        Some(request.idempotency_key.as_str()),
        Some("application/x-www-form-urlencoded"),
    ];
    assert_eq!(headers(&sent[0], &names), expected);
    assert_eq!(API_VERSION, "2026-09-30.endive");
    let order = request.order.to_string();
    let expected = fields(&[
        ("mode", "payment"),
        ("client_reference_id", &order),
        ("locale", "es"),
        ("expires_at", "1790003600"),
        (
            "success_url",
            "https://x8.example/paid?session={CHECKOUT_SESSION_ID}&x=1",
        ),
        ("cancel_url", "https://x8.example/cancelled"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][price_data][unit_amount]", "2990"),
        (
            "line_items[0][price_data][product_data][name]",
            "Ramo & \"rosas\"=10",
        ),
        (
            "line_items[0][price_data][product_data][metadata][sku]",
            "201",
        ),
        ("line_items[0][quantity]", "2"),
        ("line_items[1][price_data][currency]", "eur"),
        ("line_items[1][price_data][unit_amount]", "500"),
        ("line_items[1][price_data][product_data][name]", "Entrega"),
        ("line_items[1][quantity]", "1"),
        ("metadata[order]", &order),
        ("metadata[company]", "7"),
        ("payment_intent_data[metadata][order]", &order),
        ("payment_intent_data[metadata][company]", "7"),
    ]);
    assert_eq!(sent[0].form, expected);
}

#[tokio::test]
async fn p4_the_delivery_fee_is_charged_once() {
    for (delivery, kind, shipping) in [
        (DeliveryAs::LineItem, Kind::Product, false),
        (DeliveryAs::ShippingOption, Kind::Product, true),
        (DeliveryAs::ShippingOption, Kind::Service, false),
    ] {
        let world = World::with(Accounts::default(), |config| config.with_delivery(delivery))
            .await
            .unwrap();
        let mut request = world.request();
        request.lines[0].kind = kind;
        world.payments.open(SHOP, &request).await.unwrap();
        let form = world.stripe.requests().remove(0).form;
        let rate = "shipping_options[0][shipping_rate_data]";
        let option = fields(&[
            ("[type]", "fixed_amount"),
            ("[display_name]", "Entrega"),
            ("[fixed_amount][amount]", "500"),
            ("[fixed_amount][currency]", "eur"),
        ]);
        let sent = form
            .iter()
            .filter_map(|(key, value)| Some((key.strip_prefix(rate)?.to_owned(), value.clone())));
        let sent: BTreeMap<String, String> = sent.collect();
        assert_eq!(sent, if shipping { option } else { BTreeMap::new() });
        let line = form.get("line_items[1][price_data][unit_amount]");
        assert_eq!(line.map(String::as_str), (!shipping).then_some("500"));
        if kind == Kind::Service {
            assert_eq!(
                form["line_items[1][price_data][product_data][name]"],
                "Desplazamiento"
            );
        }
    }
}

#[tokio::test]
async fn p3_a_fee_is_sent_only_when_there_is_one() {
    for (points, sent) in [(0, None), (1, None), (250, Some("162"))] {
        let accounts = Accounts {
            fee_basis_points: points,
            ..Accounts::default()
        };
        let world = World::with(accounts, |config| config).await.unwrap();
        // A hundredth of a per cent of 64.80 is less than a cent.
        let request = world.request();
        world.payments.open(SHOP, &request).await.unwrap();
        let form = world.stripe.requests().remove(0).form;
        let fee = form.get("payment_intent_data[application_fee_amount]");
        assert_eq!(fee.map(String::as_str), sent, "{points}");
    }
    let accounts = Accounts {
        fee_basis_points: 10_000,
        ..Accounts::default()
    };
    let world = World::with(accounts, |config| config).await.unwrap();
    let error = world
        .payments
        .open(SHOP, &world.request())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(world.stripe.requests().is_empty());
}

#[tokio::test]
async fn p4_a_price_id_is_used_where_it_lives_and_costs_what_the_catalogue_says() {
    let accounts = || Accounts {
        prices: ["price_own"].into(),
        ..Accounts::default()
    };
    let world = World::with(accounts(), |config| config).await.unwrap();
    world.stripe.add_price("acct_7", "price_own", "eur", 29_90);
    let mut request = world.request();
    request.lines[0].price_id = Some("price_own".to_owned());
    world.payments.open(SHOP, &request).await.unwrap();
    let form = world.stripe.requests().remove(0).form;
    assert_eq!(form["line_items[0][price]"], "price_own");
    assert!(
        !form
            .keys()
            .any(|key| key.starts_with("line_items[0][price_data]"))
    );

    let dear = World::with(accounts(), |config| config).await.unwrap();
    dear.stripe.add_price("acct_7", "price_own", "eur", 99_00);
    for _ in 0..2 {
        let error = dear.payments.open(SHOP, &request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
        assert!(error.public().contains("203.00 EUR"), "{error}");
    }
    let paths: Vec<String> = dear
        .stripe
        .requests()
        .into_iter()
        .map(|sent| sent.path)
        .collect();
    assert!(
        paths[1].ends_with("/expire"),
        "nobody may pay it: {paths:?}"
    );
}

#[tokio::test]
async fn p14_amounts_are_sent_as_each_currency_is_counted() {
    for (code, minor, wire) in [
        ("JPY", 1300, "1300"),
        ("KWD", 1_25, "1250"),
        ("UGX", 500, "50000"),
    ] {
        let world = World::new().await.unwrap();
        let currency = Currency::parse(code).unwrap();
        let mut request = world.request();
        let price = Money::new(minor, currency);
        request.lines[0].price = price;
        request.lines[0].quantity = 1;
        request.totals.products = price;
        request.totals.delivery = Money::zero(currency);
        request.totals.total = price;
        let link = world.payments.open(SHOP, &request).await.unwrap();
        let form = world.stripe.requests().remove(0).form;
        assert_eq!(
            form["line_items[0][price_data][unit_amount]"], wire,
            "{code}"
        );
        assert_eq!(
            form["line_items[0][price_data][currency]"],
            code.to_lowercase()
        );
        world.stripe.pay(&link.session).await.unwrap();
        let CheckoutState::Paid { amount, .. } = world
            .payments
            .status(SHOP, &link.session)
            .await
            .unwrap()
            .state
        else {
            panic!("{code} is not paid");
        };
        assert_eq!(amount, price);
    }
}

#[tokio::test]
async fn p7_a_refund_is_asked_for_exactly_so() {
    let world = World::new().await.unwrap();
    let request = world.request();
    let link = world.payments.open(SHOP, &request).await.unwrap();
    world.stripe.pay(&link.session).await.unwrap();
    let reference = link.session.replacen("cs_test_", "pi_", 1);
    let key = CheckoutRequest::refund_key_for(request.order);
    drop(world.stripe.requests());
    for _ in 0..2 {
        world.payments.refund(SHOP, &reference, &key).await.unwrap();
    }
    // Stripe forgets keys after a day: the payment itself remembers.
    world
        .payments
        .refund(SHOP, &reference, "another-key")
        .await
        .unwrap();
    assert_eq!(world.stripe.refunds(&reference), 1);
    let sent = world.stripe.requests().remove(0);
    assert_eq!(
        (sent.method.as_str(), sent.path.as_str()),
        ("POST", "/v1/refunds")
    );
    let names = ["stripe-version", "stripe-account", "idempotency-key"];
    assert_eq!(
        headers(&sent, &names),
        [Some(API_VERSION), Some("acct_7"), Some(key.as_str())]
    );
    let expected = fields(&[
        ("payment_intent", &reference),
        ("metadata[x8_refund]", "whole"),
    ]);
    assert_eq!(
        sent.form, expected,
        "the whole amount, on the connected account"
    );
}

#[tokio::test]
async fn p4_looking_and_closing_carry_account_and_version() {
    let world = World::new().await.unwrap();
    let link = world
        .payments
        .open(STRANGER, &world.request())
        .await
        .unwrap();
    drop(world.stripe.requests());
    world
        .payments
        .expire(STRANGER, &link.session)
        .await
        .unwrap();
    let sent = world.stripe.requests();
    let calls: Vec<_> = sent
        .iter()
        .map(|sent| (sent.method.as_str(), sent.path.clone()))
        .collect();
    let path = format!("/v1/checkout/sessions/{}", link.session);
    assert_eq!(
        calls,
        [("GET", path.clone()), ("POST", format!("{path}/expire"))]
    );
    for sent in &sent {
        let names = ["stripe-version", "stripe-account", "idempotency-key"];
        assert_eq!(
            headers(sent, &names),
            [Some(API_VERSION), Some("acct_9"), None]
        );
    }
}

#[test]
fn p4_languages_that_the_page_does_not_speak_are_auto() {
    for (wish, page) in [
        ("es", "es"),
        ("EN-gb", "en-GB"),
        ("pt_br", "pt-BR"),
        ("fr-BE", "fr"),
        ("zh-TW", "zh-TW"),
        ("no", "nb"),
        ("uk", "auto"),
        ("ar", "auto"),
        ("he", "auto"),
        ("sr", "auto"),
        ("hi-IN", "auto"),
        ("", "auto"),
        ("klingon", "auto"),
    ] {
        assert_eq!(page_locale(wish), page, "{wish}");
    }
}
