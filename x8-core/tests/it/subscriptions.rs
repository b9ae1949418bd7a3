//! P2, E3, E4: what a subscription becomes when the provider's latest object is known.

use jiff::{SignedDuration, Timestamp};
use proptest::{option, prelude::*, sample::select};
use x8_core::{
    Currency, ErrorKind, Money,
    id::ChannelId,
    plan::{
        Billed, BilledEffect, ChannelLimit, Plan, Plans, ProviderState, ProviderSubscription,
        Standing, Subscription, SubscriptionStatus, follow, over_limit,
    },
};

mod billing;
mod world;

/// The default list: three days of grace.
fn list() -> &'static Plans {
    static LIST: std::sync::LazyLock<Plans> = std::sync::LazyLock::new(Plans::default);
    &LIST
}

pub(crate) fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(500_000 + hours)
}

/// A GROWTH that runs from hour 0 to hour 720.
pub(crate) fn growth(state: ProviderState) -> ProviderSubscription {
    ProviderSubscription {
        id: "sub_1".to_owned(),
        customer: "cus_1".to_owned(),
        user: None,
        state,
        plan: Some(Plan::Growth),
        price: Some(Money::new(49_99, Currency::USD)),
        channels: None,
        started_at: Some(at(0)),
        period_start: Some(at(0)),
        period_end: Some(at(720)),
        ends_at: None,
        cancelled_at: None,
        reduced_until: None,
    }
}

fn next(latest: &ProviderSubscription, now: Timestamp) -> Option<Billed> {
    follow(None, latest, list(), now).next
}

/// Whether it unlocks anything at `now`.
fn unlocks(billed: Option<&Billed>, now: Timestamp) -> bool {
    let view = billed.map(Subscription::from);
    let stands = Plans::default().standing(None, view.as_ref(), now);
    stands.may_work().is_ok()
}

#[test]
fn e4_each_word_of_the_provider_has_its_status() {
    use SubscriptionStatus::{Active, Expired};
    for (state, status, counts_to) in [
        (ProviderState::Active, Some(Active), 720 + 72),
        (ProviderState::Trialing, Some(Active), 720 + 72),
        (ProviderState::PastDue, Some(Active), 72),
        (ProviderState::Unpaid, Some(Expired), 0),
        (ProviderState::Paused, Some(Expired), 0),
        (ProviderState::Cancelled, Some(Expired), 0),
        (ProviderState::Unknown, Some(Expired), 0),
        (ProviderState::Incomplete, None, 0),
        (ProviderState::IncompleteExpired, None, 0),
    ] {
        let billed = next(&growth(state), at(1));
        assert_eq!(
            billed.as_ref().map(|billed| billed.status),
            status,
            "{state:?}"
        );
        let counts = |hour| unlocks(billed.as_ref(), at(hour));
        assert_eq!(counts(1), counts_to > 0, "{state:?}");
        if counts_to > 0 {
            assert!(counts(counts_to - 1) && !counts(counts_to), "{state:?}");
        }
    }
}

#[test]
fn e4_an_incomplete_subscription_never_unlocks_and_never_hides_another() {
    let mut stored = None;
    for state in [
        ProviderState::Incomplete,
        ProviderState::IncompleteExpired,
        ProviderState::Incomplete,
    ] {
        let followed = follow(stored.as_ref(), &growth(state), list(), at(1));
        assert_eq!((&followed.next, followed.effects.len()), (&None, 0));
        stored = followed.next;
    }
    let paid = next(&growth(ProviderState::Active), at(1));
    let back = follow(
        paid.as_ref(),
        &growth(ProviderState::Incomplete),
        list(),
        at(1),
    );
    assert!(!unlocks(back.next.as_ref(), at(1)));
}

#[test]
fn e4_a_cancellation_counts_to_the_very_end_of_the_period_and_not_longer() {
    let mut ending = growth(ProviderState::Active);
    (ending.ends_at, ending.cancelled_at) = (Some(at(720)), Some(at(5)));
    let billed = next(&ending, at(6)).unwrap();
    assert_eq!(billed.status, SubscriptionStatus::Cancelled);
    assert_eq!(billed.status_at(at(719)), SubscriptionStatus::Cancelled);
    assert_eq!(billed.status_at(at(720)), SubscriptionStatus::Expired);
    assert!(unlocks(Some(&billed), at(719)) && !unlocks(Some(&billed), at(720)));
    let late = next(&ending, at(720)).unwrap();
    assert_eq!(
        late.status,
        SubscriptionStatus::Expired,
        "the clock knows it before the provider says it"
    );
}

#[test]
fn e4_grace_is_data_and_ends_with_a_cancellation() {
    let due = growth(ProviderState::PastDue);
    for days in [0_i64, 3, 10] {
        let mut plans = Plans::default();
        plans.grace = SignedDuration::from_hours(24 * days);
        let billed = follow(None, &due, &plans, at(0)).next;
        let counts = |hour| unlocks(billed.as_ref(), at(hour));
        assert!(!counts(24 * days), "{days} days are over");
        assert_eq!(counts(24 * days - 1), days > 0, "{days} days");
        assert!(billed.is_some_and(|billed| billed.past_due));
    }
    let ending = ProviderSubscription {
        ends_at: Some(at(10)),
        ..due
    };
    let billed = next(&ending, at(1));
    assert!(unlocks(billed.as_ref(), at(9)) && !unlocks(billed.as_ref(), at(10)));
}

#[test]
fn p2_effects_are_told_once() {
    let step = |stored: Option<&Billed>, latest: &ProviderSubscription, hour| {
        let followed = follow(stored, latest, list(), at(hour));
        let again = follow(followed.next.as_ref(), latest, list(), at(hour));
        assert_eq!((&again.next, again.effects.len()), (&followed.next, 0));
        (followed.next, followed.effects)
    };
    let active = growth(ProviderState::Active);
    let (state, told) = step(None, &active, 1);
    assert_eq!(told, [BilledEffect::Began]);
    let smaller = ProviderSubscription {
        plan: Some(Plan::Single),
        reduced_until: Some(at(720)),
        ..active.clone()
    };
    let (state, told) = step(state.as_ref(), &smaller, 2);
    assert_eq!(told, [BilledEffect::Changed { from: Plan::Growth }]);
    let due = growth(ProviderState::PastDue);
    let (state, told) = step(state.as_ref(), &due, 3);
    let back = BilledEffect::Changed { from: Plan::Single };
    assert_eq!(told, [back, BilledEffect::FellDue]);
    let (state, told) = step(state.as_ref(), &active, 4);
    assert_eq!(told, [BilledEffect::Recovered]);
    let ending = ProviderSubscription {
        ends_at: Some(at(720)),
        ..active.clone()
    };
    let (state, told) = step(state.as_ref(), &ending, 5);
    assert_eq!(told, [BilledEffect::WillEnd]);
    let (state, told) = step(state.as_ref(), &active, 6);
    assert_eq!(told, [BilledEffect::Resumed]);
    let (_, told) = step(state.as_ref(), &growth(ProviderState::Cancelled), 7);
    assert_eq!(told, [BilledEffect::Ended]);
}

#[test]
fn e4_a_price_that_no_plan_has_changes_nothing_that_is_known() {
    let unknown = ProviderSubscription {
        plan: None,
        ..growth(ProviderState::Active)
    };
    let followed = follow(None, &unknown, list(), at(1));
    assert_eq!(followed.next, None);
    assert_eq!(followed.effects, [BilledEffect::UnknownPlan]);
    let known = next(&growth(ProviderState::Active), at(1));
    let followed = follow(known.as_ref(), &unknown, list(), at(2));
    assert_eq!(followed.next, known);
}

#[test]
fn e3_the_price_list_changes_prices_limits_and_price_ids() {
    let given = Plans::from_json(
        r#"{"grace_days": 0, "plans": {
            "DOUBLE": {"price_minor": 1500, "currency": "eur", "channels": 3, "price_id": "price_d"},
            "SPECIAL": {"price_minor": "custom", "channels": "unlimited"}}}"#,
    )
    .unwrap();
    let double = given.terms(Plan::Double);
    assert_eq!(double.price, Some(Money::eur(15_00)));
    assert_eq!(double.channels, ChannelLimit::AtMost(3));
    assert_eq!(given.by_price("price_d"), Some(Plan::Double));
    assert_eq!(given.by_price("price_x"), None);
    assert_eq!(given.terms(Plan::Special).price, None);
    assert_eq!(given.terms(Plan::Special).channels, ChannelLimit::Unlimited);
    assert_eq!(given.grace, SignedDuration::ZERO);
    assert_eq!(
        given.terms(Plan::Growth),
        Plans::default().terms(Plan::Growth)
    );
    let bought = Subscription::new(Plan::Double, SubscriptionStatus::Active, None);
    let stands = given.standing(None, Some(&bought), at(0));
    assert_eq!(
        (stands.may_connect(2).is_ok(), stands.may_connect(3).is_ok()),
        (true, false)
    );
}

#[test]
fn e3_a_price_list_that_cannot_be_meant_is_refused_by_name() {
    for (text, word) in [
        ("", "read"),
        (r#"{"plans": {"PLATINUM": {}}}"#, "PLATINUM"),
        (r#"{"plans": {"SINGLE": {"channel": 1}}}"#, "channel"),
        (r#"{"plans": {"SINGLE": {"price_minor": -1}}}"#, "SINGLE"),
        (r#"{"plans": {"SINGLE": {"price_minor": 9.99}}}"#, "read"),
        (
            r#"{"plans": {"SINGLE": {"currency": "dollars"}}}"#,
            "dollars",
        ),
        (r#"{"plans": {"FREE": {"channels": 3}}}"#, "FREE"),
        (r#"{"grace_days": 400}"#, "grace_days"),
        (
            r#"{"plans": {"SINGLE": {"price_id": "price_1"}, "DOUBLE": {"price_id": "price_1"}}}"#,
            "price_1",
        ),
    ] {
        let error = Plans::from_json(text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{text}");
        assert!(error.public().contains(word), "{text}: {error}");
    }
}

#[test]
fn e3_downgrades_are_those_that_take_something_away() {
    let order = [
        Plan::Free,
        Plan::Single,
        Plan::Double,
        Plan::Special,
        Plan::Growth,
        Plan::Enterprise,
    ];
    for (from, &plan) in order.iter().enumerate() {
        for (to, &other) in order.iter().enumerate() {
            assert_eq!(
                list().is_downgrade(plan, other),
                to < from,
                "{plan} to {other}"
            );
        }
    }
}

#[test]
fn e3_over_limit_names_the_newest_and_the_day() {
    let mut bought = Subscription::new(Plan::Double, SubscriptionStatus::Active, Some(at(720)));
    bought.reduced_until = Some(at(300));
    let stands = |bought: &Subscription| Plans::default().standing(None, Some(bought), at(1));
    let connected = [9, 2, 5, 7].map(ChannelId);
    let look = |bought: &Subscription, connected: &[ChannelId], hour| {
        over_limit(stands(bought), Some(bought), connected, at(hour))
    };
    let over = look(&bought, &connected, 299).unwrap();
    assert_eq!((over.by, over.due), (2, false));
    assert_eq!(over.channels, [ChannelId(7), ChannelId(9)]);
    assert_eq!(over.disconnect_by, Some(at(300)));
    assert!(look(&bought, &connected, 300).unwrap().due);
    bought.reduced_until = None;
    let unmarked = look(&bought, &connected, 1).unwrap();
    assert_eq!(unmarked.disconnect_by, Some(at(720)), "the running period");
    assert_eq!(look(&bought, &connected[..2], 1), None, "within the limit");
    bought.plan = Plan::Enterprise;
    assert_eq!(look(&bought, &connected, 1), None, "no limit");
    assert_eq!(over_limit(Standing::Lapsed, None, &connected, at(1)), None);
}

/// Everything a provider can say, sensible or not.
fn anything() -> impl Strategy<Value = ProviderSubscription> {
    let hours = || option::of(-2_000_i64..2_000);
    let plan = option::of(select(Plan::ALL.to_vec()));
    (
        select(ProviderState::ALL.to_vec()),
        plan,
        [hours(), hours(), hours(), hours(), hours()],
        option::of(0_u32..9),
    )
        .prop_map(|(state, plan, hours, channels)| {
            let [start, end, wish, cancelled, reduced] = hours.map(|hour| hour.map(at));
            ProviderSubscription {
                plan,
                channels,
                period_start: start,
                period_end: end,
                ends_at: wish,
                cancelled_at: cancelled,
                reduced_until: reduced,
                ..growth(state)
            }
        })
}

proptest! {
    /// Whatever was stored before, the latest object decides, and deciding twice changes nothing.
    #[test]
    fn p2_only_the_latest_object_decides(
        seen in prop::collection::vec((anything(), -2_000_i64..2_000), 0..6),
        latest in anything(),
        now in -2_000_i64..2_000,
    ) {
        let mut stored = None;
        for (object, hour) in &seen {
            stored = follow(stored.as_ref(), object, list(), at(*hour)).next.or(stored);
        }
        let followed = follow(stored.as_ref(), &latest, list(), at(now));
        let again = follow(followed.next.as_ref(), &latest, list(), at(now));
        prop_assert_eq!(&again.next, &followed.next);
        prop_assert!(again.effects.is_empty() || followed.next.is_none());
        if latest.plan.is_some() && stored.is_some() {
            let alone = follow(None, &latest, list(), at(now)).next;
            if alone.is_some() {
                prop_assert_eq!(&followed.next, &alone);
            }
        }
        let unpaid = [ProviderState::Incomplete, ProviderState::IncompleteExpired, ProviderState::Unpaid,
            ProviderState::Paused, ProviderState::Cancelled, ProviderState::Unknown];
        if unpaid.contains(&latest.state) {
            prop_assert!(!unlocks(followed.next.as_ref(), at(now)));
        }
        if let Some(billed) = &followed.next {
            prop_assert_eq!(billed.status, billed.status_at(at(now)));
        }
    }
}
