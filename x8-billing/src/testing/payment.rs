//! What every payment provider must do.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_core::{
    ErrorKind, Money, Result,
    catalog::Kind,
    id::{CompanyId, OrderId},
    order::{OrderLine, Totals},
    port::{
        CheckoutRequest, CheckoutState, IdSource, PaymentFact, PaymentProvider, ProviderCheckout,
        SequentialIds,
    },
    tenant::Tenant,
};

use super::{refuses, rule, works};

const SUITE: &str = "suite.payment";
const OWN: Tenant = Tenant::assume(CompanyId(900_001));
const OTHER: Tenant = Tenant::assume(CompanyId(900_002));

/// The world around a provider: a customer who pays, and the provider's own signing.
#[async_trait]
pub trait Payer: Send + Sync {
    /// Pays an open session as a customer would.
    ///
    /// # Errors
    /// Whatever keeps the provider from being paid.
    async fn pay(&self, session: &str) -> Result<()>;

    /// The header that the provider would send with this body at this time.
    fn sign(&self, body: &[u8], at: Timestamp) -> String;

    /// The body of the event that tells of the payment of `session`.
    ///
    /// # Errors
    /// Whatever keeps the provider from telling.
    async fn paid_event(&self, session: &str) -> Result<String>;
}

/// Runs the suite at the moment `now`, which must be the provider's own present.
///
/// # Errors
/// The first broken rule, as the message.
pub async fn payment(
    provider: &dyn PaymentProvider,
    payer: &dyn Payer,
    now: Timestamp,
) -> Result<()> {
    opening(provider, now).await?;
    looking(provider, now).await?;
    expiring(provider, payer, now).await?;
    refunding(provider, payer, now).await?;
    reading(provider, payer, now).await
}

async fn opening(provider: &dyn PaymentProvider, now: Timestamp) -> Result<()> {
    let wish = request("open", now);
    let first = works(
        provider.open(OWN, &wish).await,
        SUITE,
        "a complete request opens a link",
    )?;
    let has_page = first
        .url
        .as_deref()
        .is_some_and(|url| url.starts_with("http"));
    rule(
        first.state == CheckoutState::Open && has_page,
        SUITE,
        "a fresh link is open and has an http(s) address",
    )?;
    let again = works(
        provider.open(OWN, &wish).await,
        SUITE,
        "opening may be repeated",
    )?;
    rule(
        again == first,
        SUITE,
        "the same idempotency key with the same content returns the same session",
    )?;
    let changed = CheckoutRequest {
        locale: "de".to_owned(),
        ..wish.clone()
    };
    rule(
        provider.open(OWN, &changed).await.is_err(),
        SUITE,
        "the same idempotency key with other content is refused",
    )?;
    separating(provider, &first.session, now).await
}

async fn separating(provider: &dyn PaymentProvider, first: &str, now: Timestamp) -> Result<()> {
    let next = works(
        provider.open(OWN, &request("open-2", now)).await,
        SUITE,
        "another version opens another link",
    )?;
    rule(
        next.session != first,
        SUITE,
        "another idempotency key is another session",
    )?;
    let foreign = works(
        provider.open(OTHER, &request("open", now)).await,
        SUITE,
        "every company may open links",
    )?;
    rule(
        foreign.session != first,
        SUITE,
        "two companies never share a session, whatever their keys",
    )?;
    let mut tiny = request("tiny", now);
    tiny.lines = vec![line(1)];
    tiny.totals = totals(1, 0);
    refuses(
        provider.open(OWN, &tiny).await,
        ErrorKind::Invalid,
        SUITE,
        "an amount that is too small is `Invalid`",
    )
}

async fn looking(provider: &dyn PaymentProvider, now: Timestamp) -> Result<()> {
    let open = opened(provider, "look", now).await?;
    let seen = works(
        provider.status(OWN, &open.session).await,
        SUITE,
        "an open link can be looked at",
    )?;
    rule(seen == open, SUITE, "looking at a link changes nothing")?;
    refuses(
        provider.status(OTHER, &open.session).await,
        ErrorKind::NotFound,
        SUITE,
        "another company's session does not exist (T3)",
    )?;
    refuses(
        provider.status(OWN, "cs_unknown").await,
        ErrorKind::NotFound,
        SUITE,
        "the status of an unknown session is `NotFound`",
    )
}

async fn expiring(provider: &dyn PaymentProvider, payer: &dyn Payer, now: Timestamp) -> Result<()> {
    let open = opened(provider, "expire", now).await?;
    refuses(
        provider.expire(OTHER, &open.session).await,
        ErrorKind::NotFound,
        SUITE,
        "another company's session cannot be expired (T3)",
    )?;
    for rule_text in [
        "an open link can be expired",
        "expiring what is expired succeeds",
    ] {
        let closed = works(provider.expire(OWN, &open.session).await, SUITE, rule_text)?;
        rule(
            closed.state == CheckoutState::Expired && closed.url.is_none(),
            SUITE,
            "an expired link is not open and has no address",
        )?;
    }
    let paid = paid(provider, payer, "expire-paid", now).await?;
    let late = works(
        provider.expire(OWN, &paid.session).await,
        SUITE,
        "expiring what was paid does not fail",
    )?;
    rule(late == paid, SUITE, "expiring what was paid answers `Paid`")?;
    refuses(
        provider.expire(OWN, "cs_unknown").await,
        ErrorKind::NotFound,
        SUITE,
        "expiring an unknown session is `NotFound`",
    )
}

async fn refunding(
    provider: &dyn PaymentProvider,
    payer: &dyn Payer,
    now: Timestamp,
) -> Result<()> {
    let checkout = paid(provider, payer, "refund", now).await?;
    let CheckoutState::Paid { reference, amount } = checkout.state else {
        return rule(false, SUITE, "a paid link answers `Paid`");
    };
    rule(
        amount == request("refund", now).totals.total,
        SUITE,
        "what was charged is the total of the request (O5)",
    )?;
    refuses(
        provider.refund(OTHER, &reference, "refund-foreign").await,
        ErrorKind::NotFound,
        SUITE,
        "another company's payment cannot be refunded (T3)",
    )?;
    works(
        provider.refund(OWN, &reference, "refund").await,
        SUITE,
        "a payment can be refunded",
    )?;
    works(
        provider.refund(OWN, &reference, "refund").await,
        SUITE,
        "the same idempotency key refunds once, and succeeds again",
    )?;
    refuses(
        provider.refund(OWN, "pi_unknown", "refund-unknown").await,
        ErrorKind::NotFound,
        SUITE,
        "refunding an unknown payment is `NotFound`",
    )
}

async fn reading(provider: &dyn PaymentProvider, payer: &dyn Payer, now: Timestamp) -> Result<()> {
    let checkout = paid(provider, payer, "read", now).await?;
    let body = works(
        payer.paid_event(&checkout.session).await,
        SUITE,
        "a payment is told by an event",
    )?;
    let header = payer.sign(body.as_bytes(), now);
    let event = works(
        provider.read_event(&header, body.as_bytes(), now),
        SUITE,
        "a signed event can be read",
    )?;
    let CheckoutState::Paid { reference, amount } = checkout.state else {
        return rule(false, SUITE, "a paid link answers `Paid`");
    };
    let told = PaymentFact::Paid {
        session: checkout.session,
        reference,
        amount,
    };
    rule(
        event.fact == Some(told),
        SUITE,
        "the event of a payment says what the status says",
    )?;
    refusing(provider, payer, &body, now)
}

fn refusing(
    provider: &dyn PaymentProvider,
    payer: &dyn Payer,
    body: &str,
    now: Timestamp,
) -> Result<()> {
    let header = payer.sign(body.as_bytes(), now);
    let changed = format!("{body} ");
    refuses(
        provider.read_event(&header, changed.as_bytes(), now),
        ErrorKind::Unauthenticated,
        SUITE,
        "a body that differs by one byte is `Unauthenticated`",
    )?;
    refuses(
        provider.read_event("", body.as_bytes(), now),
        ErrorKind::Unauthenticated,
        SUITE,
        "an absent signature is `Unauthenticated`",
    )?;
    for wrong in [
        now - SignedDuration::from_secs(301),
        now + SignedDuration::from_secs(301),
    ] {
        refuses(
            provider.read_event(&payer.sign(body.as_bytes(), wrong), body.as_bytes(), now),
            ErrorKind::Unauthenticated,
            SUITE,
            "a signature outside the tolerance is `Unauthenticated`, before and after",
        )?;
    }
    refuses(
        provider.read_event(&payer.sign(b"[", now), b"[", now),
        ErrorKind::Invalid,
        SUITE,
        "a signed body that cannot be read is `Invalid`",
    )
}

async fn opened(
    provider: &dyn PaymentProvider,
    key: &str,
    now: Timestamp,
) -> Result<ProviderCheckout> {
    let opened = provider.open(OWN, &request(key, now)).await;
    works(opened, SUITE, "a complete request opens a link")
}

async fn paid(
    provider: &dyn PaymentProvider,
    payer: &dyn Payer,
    key: &str,
    now: Timestamp,
) -> Result<ProviderCheckout> {
    let open = opened(provider, key, now).await?;
    works(
        payer.pay(&open.session).await,
        SUITE,
        "an open link can be paid",
    )?;
    works(
        provider.status(OWN, &open.session).await,
        SUITE,
        "a paid link can be looked at",
    )
}

/// A request with delivery, so that a provider that forgets it is found out.
fn request(key: &str, now: Timestamp) -> CheckoutRequest {
    CheckoutRequest {
        order: OrderId(SequentialIds::default().next()),
        idempotency_key: format!("suite:{key}"),
        lines: vec![line(12_50)],
        totals: totals(12_50, 5_00),
        locale: "en".to_owned(),
        expires_at: now + SignedDuration::from_mins(60),
    }
}

fn line(cents: i64) -> OrderLine {
    OrderLine {
        sku: "suite-1".into(),
        kind: Kind::Product,
        name: "Suite item".to_owned(),
        unit: None,
        price: Money::eur(cents),
        quantity: 1,
        price_id: None,
    }
}

fn totals(products: i64, delivery: i64) -> Totals {
    Totals {
        products: Money::eur(products),
        delivery: Money::eur(delivery),
        total: Money::eur(products.saturating_add(delivery)),
        free_delivery: false,
    }
}
