//! What every provider of subscriptions must do.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_core::{
    ErrorKind, Result,
    id::UserId,
    plan::{Plan, Plans, ProviderState},
    port::{PageState, SubscribeRequest, SubscriptionProvider, SubscriptionWish},
};

use super::{refuses, rule, works};

mod steps;

use steps::{bought, change, customer, opened, request};

const SUITE: &str = "suite.subscription";
const OWN: UserId = UserId(900_001);
const OTHER: UserId = UserId(900_002);

/// The world around a provider: a user who pays, a card, time, and the provider's own signing.
#[async_trait]
pub trait Patron: Send + Sync {
    /// Pays on an open page as a user would.
    ///
    /// # Errors
    /// Whatever keeps the provider from being paid.
    async fn subscribe(&self, session: &str) -> Result<()>;

    /// Whether the renewals of a subscription can be paid; when they can again, what is due is paid.
    ///
    /// # Errors
    /// Whatever keeps the provider from knowing.
    async fn card_works(&self, subscription: &str, works: bool) -> Result<()>;

    /// Lets time pass, for everybody.
    async fn pass(&self, time: SignedDuration);

    /// Now.
    fn now(&self) -> Timestamp;

    /// The header that the provider would send with this body at this time.
    fn sign(&self, body: &[u8], at: Timestamp) -> String;

    /// The bodies of the events that the provider has sent about a subscription so far, in any order.
    ///
    /// # Errors
    /// Whatever keeps the provider from telling.
    async fn events(&self, subscription: &str) -> Result<Vec<String>>;
}

/// The price list that the suite buys from.
///
/// # Errors
/// None: the list is the suite's own.
pub fn suite_plans() -> Result<Plans> {
    Plans::from_json(
        r#"{"plans": {
            "SINGLE": {"price_id": "price_single"},
            "DOUBLE": {"price_id": "price_double"},
            "GROWTH": {"price_id": "price_growth"}}}"#,
    )
}

/// Runs the suite on a provider that sells [`suite_plans`].
///
/// # Errors
/// The first broken rule, as the message.
pub async fn subscription(provider: &dyn SubscriptionProvider, patron: &dyn Patron) -> Result<()> {
    paying(provider).await?;
    opening(provider).await?;
    closing(provider, patron).await?;
    changing(provider, patron).await?;
    ending(provider, patron).await?;
    owing(provider, patron).await?;
    reading(provider, patron).await
}

async fn paying(provider: &dyn SubscriptionProvider) -> Result<()> {
    let first = customer(provider, OWN).await?;
    let again = customer(provider, OWN).await?;
    rule(
        first == again,
        SUITE,
        "the same user gets the same customer",
    )?;
    let other = customer(provider, OTHER).await?;
    rule(first != other, SUITE, "two users are two customers")
}

async fn opening(provider: &dyn SubscriptionProvider) -> Result<()> {
    let wish = request(provider, OWN, Plan::Double, "open").await?;
    let first = works(provider.open(&wish).await, SUITE, "a plan opens a page")?;
    let has_page = first
        .url
        .as_deref()
        .is_some_and(|url| url.starts_with("http"));
    rule(
        first.state == PageState::Open && has_page,
        SUITE,
        "a fresh page is open and has an http(s) address",
    )?;
    let again = works(provider.open(&wish).await, SUITE, "opening may be repeated")?;
    rule(
        again == first,
        SUITE,
        "the same idempotency key with the same content returns the same page",
    )?;
    let changed = SubscribeRequest {
        plan: Plan::Growth,
        ..wish.clone()
    };
    refuses(
        provider.open(&changed).await,
        ErrorKind::Conflict,
        SUITE,
        "the same idempotency key with other content is refused",
    )?;
    let next = request(provider, OWN, Plan::Double, "open-2").await?;
    let next = works(provider.open(&next).await, SUITE, "another page opens")?;
    rule(
        next.session != first.session,
        SUITE,
        "another idempotency key is another page",
    )?;
    let unsold = request(provider, OWN, Plan::Enterprise, "unsold").await?;
    refuses(
        provider.open(&unsold).await,
        ErrorKind::Invalid,
        SUITE,
        "a plan without a price is refused",
    )
}

async fn closing(provider: &dyn SubscriptionProvider, patron: &dyn Patron) -> Result<()> {
    let page = opened(provider, OWN, Plan::Single, "close").await?;
    for promise in ["a page can be closed", "closing what is closed succeeds"] {
        let closed = works(provider.close(&page.session).await, SUITE, promise)?;
        rule(
            closed.state == PageState::Expired && closed.url.is_none(),
            SUITE,
            "a closed page has expired and has no address",
        )?;
    }
    rule(
        patron.subscribe(&page.session).await.is_err(),
        SUITE,
        "nobody can pay on a closed page",
    )?;
    let (page, sold) = bought(provider, patron, OTHER, Plan::Single, "close-2").await?;
    let closed = works(
        provider.close(&page.session).await,
        SUITE,
        "closing what was paid in the meantime does not fail",
    )?;
    rule(
        closed.state
            == PageState::Complete {
                subscription: sold.id,
            },
        SUITE,
        "closing what was paid in the meantime says so",
    )?;
    for unknown in ["cs_unknown", "../subscriptions"] {
        refuses(
            provider.page(unknown).await,
            ErrorKind::NotFound,
            SUITE,
            "an unknown page is not found",
        )?;
    }
    refuses(
        provider.latest("sub_unknown").await,
        ErrorKind::NotFound,
        SUITE,
        "an unknown subscription is not found",
    )
}

async fn changing(provider: &dyn SubscriptionProvider, patron: &dyn Patron) -> Result<()> {
    let (_, sold) = bought(provider, patron, OWN, Plan::Double, "change").await?;
    rule(
        sold.state == ProviderState::Active
            && sold.plan == Some(Plan::Double)
            && sold.user == Some(OWN)
            && sold.customer == customer(provider, OWN).await?
            && sold.period_start == sold.started_at
            && sold.period_end.is_some_and(|end| end > patron.now())
            && sold.ends_at.is_none(),
        SUITE,
        "what was paid runs: whose, which plan, and until when",
    )?;
    let wish = |plan, reduces| SubscriptionWish::Change { plan, reduces };
    let up = change(provider, &sold.id, &wish(Plan::Growth, false), "up").await?;
    rule(
        up.plan == Some(Plan::Growth) && up.price != sold.price && up.reduced_until.is_none(),
        SUITE,
        "an upgrade counts at once (E3)",
    )?;
    let again = change(provider, &sold.id, &wish(Plan::Growth, false), "up").await?;
    rule(again == up, SUITE, "the same change twice is one")?;
    let down = change(provider, &sold.id, &wish(Plan::Single, true), "down").await?;
    rule(
        down.plan == Some(Plan::Single)
            && down.reduced_until == down.period_end
            && down.period_end == up.period_end,
        SUITE,
        "a downgrade notes the end of the running period (E3)",
    )?;
    let back = change(provider, &sold.id, &wish(Plan::Double, false), "back").await?;
    rule(
        back.reduced_until.is_none(),
        SUITE,
        "an upgrade removes the note of a downgrade",
    )?;
    let latest = provider.latest(&sold.id).await;
    rule(
        works(latest, SUITE, "a subscription can be looked at")? == back,
        SUITE,
        "what a change answers is the latest",
    )?;
    let unsold = wish(Plan::Enterprise, false);
    refuses(
        provider.change(&sold.id, &unsold, "unsold").await,
        ErrorKind::Invalid,
        SUITE,
        "a change to a plan without a price is refused",
    )
}

async fn ending(provider: &dyn SubscriptionProvider, patron: &dyn Patron) -> Result<()> {
    let (_, sold) = bought(provider, patron, OWN, Plan::Growth, "end").await?;
    let cancel = SubscriptionWish::CancelAtPeriodEnd;
    let ends = change(provider, &sold.id, &cancel, "cancel").await?;
    rule(
        ends.state == ProviderState::Active
            && ends.ends_at == sold.period_end
            && ends.cancelled_at.is_some(),
        SUITE,
        "a cancellation ends with the period and runs until then",
    )?;
    let wish = SubscriptionWish::Change {
        plan: Plan::Growth,
        reduces: false,
    };
    let back = change(provider, &sold.id, &wish, "resume").await?;
    rule(
        back.ends_at.is_none(),
        SUITE,
        "choosing a plan takes a cancellation back",
    )?;
    change(provider, &sold.id, &cancel, "cancel-2").await?;
    patron.pass(SignedDuration::from_hours(32 * 24)).await;
    let over = works(
        provider.latest(&sold.id).await,
        SUITE,
        "what is over can be looked at",
    )?;
    rule(
        over.state == ProviderState::Cancelled && over.ends_at == sold.period_end,
        SUITE,
        "a cancelled subscription is over at the end of its period",
    )?;
    let late = provider.change(&sold.id, &wish, "late").await;
    refuses(
        late,
        ErrorKind::Conflict,
        SUITE,
        "what is over cannot be changed",
    )
}

async fn owing(provider: &dyn SubscriptionProvider, patron: &dyn Patron) -> Result<()> {
    let (_, sold) = bought(provider, patron, OTHER, Plan::Double, "owe").await?;
    patron.pass(SignedDuration::from_hours(32 * 24)).await;
    let renewed = works(provider.latest(&sold.id).await, SUITE, "it goes on")?;
    rule(
        renewed.state == ProviderState::Active
            && renewed.period_start == sold.period_end
            && renewed.period_end > sold.period_end,
        SUITE,
        "a period that is paid for is followed by the next",
    )?;
    patron.card_works(&sold.id, false).await?;
    patron.pass(SignedDuration::from_hours(31 * 24)).await;
    let due = works(provider.latest(&sold.id).await, SUITE, "it is due")?;
    rule(
        due.state == ProviderState::PastDue && due.period_start == renewed.period_end,
        SUITE,
        "a renewal that cannot be paid is due, in the period that it was for",
    )?;
    patron.card_works(&sold.id, true).await?;
    let paid = works(provider.latest(&sold.id).await, SUITE, "it is paid")?;
    rule(
        paid.state == ProviderState::Active && paid.period_end == due.period_end,
        SUITE,
        "what was due and is paid runs again",
    )
}

async fn reading(provider: &dyn SubscriptionProvider, patron: &dyn Patron) -> Result<()> {
    let (_, sold) = bought(provider, patron, OWN, Plan::Single, "read").await?;
    let now = patron.now();
    let bodies = works(patron.events(&sold.id).await, SUITE, "it is told of")?;
    rule(!bodies.is_empty(), SUITE, "a purchase is told of")?;
    for body in &bodies {
        let header = patron.sign(body.as_bytes(), now);
        let event = works(
            provider.read_event(&header, body.as_bytes(), now),
            SUITE,
            "an event with a good signature is read",
        )?;
        rule(
            event
                .about
                .is_some_and(|about| about.subscription == sold.id),
            SUITE,
            "an event names its subscription",
        )?;
        let other = format!("{body} ");
        refuses(
            provider.read_event(&header, other.as_bytes(), now),
            ErrorKind::Unauthenticated,
            SUITE,
            "other bytes under the same signature are refused",
        )?;
        let late = now + SignedDuration::from_mins(6);
        refuses(
            provider.read_event(&header, body.as_bytes(), late),
            ErrorKind::Unauthenticated,
            SUITE,
            "an old signature is refused",
        )?;
    }
    let nonsense = b"{\"id\": 7}";
    refuses(
        provider.read_event(&patron.sign(nonsense, now), nonsense, now),
        ErrorKind::Invalid,
        SUITE,
        "a signed body that is no event is invalid",
    )
}
