//! E1–E4: plans and what they entitle to.

use jiff::{SignedDuration, Timestamp};
use proptest::{option, prelude::*, sample::select};
use x8_core::{
    Currency, Error, ErrorKind, Money,
    plan::{
        ChannelLimit, Plan, PlanRefusal, Standing, Subscription, SubscriptionStatus, TRIAL,
        standing,
    },
};

const STATUSES: [SubscriptionStatus; 5] = [
    SubscriptionStatus::Trial,
    SubscriptionStatus::Active,
    SubscriptionStatus::Cancelled,
    SubscriptionStatus::Expired,
    SubscriptionStatus::Incomplete,
];

fn start() -> Timestamp {
    "2026-03-25T10:00:00Z".parse().unwrap_or_default()
}

fn bought(plan: Plan, status: SubscriptionStatus, ends_at: Option<Timestamp>) -> Subscription {
    Subscription::new(plan, status, ends_at)
}

fn limit(subscription: &Subscription) -> Option<ChannelLimit> {
    match standing(None, Some(subscription), start()) {
        Standing::Subscribed { limit, .. } => Some(limit),
        Standing::Trial { .. } | Standing::Lapsed => None,
    }
}

#[test]
fn e1_the_trial_is_exactly_seven_days_and_one_channel() {
    assert_eq!(
        TRIAL,
        SignedDuration::from_secs(7 * 24 * 60 * 60),
        "also across a clock change"
    );
    let end = start() + TRIAL;
    let last = end - SignedDuration::from_nanos(1);
    let trial = standing(Some(end), None, last);
    assert_eq!(trial, Standing::Trial { ends_at: end });
    assert_eq!(trial.channel_limit(), ChannelLimit::AtMost(1));
    assert_eq!(trial.may_connect(0), Ok(()));
    assert_eq!(
        trial.may_connect(1),
        Err(PlanRefusal::ChannelLimit {
            limit: 1,
            connected: 1
        })
    );
    assert_eq!(standing(Some(end), None, end), Standing::Lapsed);
}

#[test]
fn e1_after_the_trial_nothing_works_and_the_refusal_is_402() {
    for lapsed in [
        standing(None, None, start()),
        standing(Some(start()), None, start()),
    ] {
        assert_eq!(lapsed.may_work(), Err(PlanRefusal::Lapsed));
        assert_eq!(lapsed.may_connect(0), Err(PlanRefusal::Lapsed));
        assert_eq!(
            Error::from(PlanRefusal::Lapsed).kind(),
            ErrorKind::PaymentRequired
        );
    }
}

#[test]
fn e2_limits_and_prices_are_those_of_the_price_list() {
    let list = [
        ("FREE", Some(0), Some(1)),
        ("SINGLE", Some(9_99), Some(1)),
        ("DOUBLE", Some(19_99), Some(2)),
        ("GROWTH", Some(49_99), Some(4)),
        ("SPECIAL", Some(29_99), Some(2)),
        ("ENTERPRISE", None, None),
    ];
    assert_eq!(list.len(), Plan::ALL.len());
    for (word, cents, channels) in list {
        let plan = Plan::parse(&word.to_lowercase()).unwrap();
        assert_eq!(plan.to_string(), word);
        assert_eq!(
            plan.monthly_price(),
            cents.map(|cents| Money::new(cents, Currency::USD)),
            "{word}"
        );
        assert_eq!(
            plan.channels(),
            channels.map_or(ChannelLimit::Unlimited, ChannelLimit::AtMost),
            "{word}"
        );
    }
    assert_eq!(Plan::parse("PLATINUM"), None);
}

#[test]
fn e4_only_what_is_paid_for_counts() {
    let later = Some(start() + SignedDuration::from_hours(1));
    let counts = |status, ends_at| limit(&bought(Plan::Double, status, ends_at)).is_some();
    for (status, open_ended, running, over) in [
        (SubscriptionStatus::Active, true, true, false),
        (SubscriptionStatus::Cancelled, false, true, false),
        (SubscriptionStatus::Trial, false, false, false),
        (SubscriptionStatus::Expired, false, false, false),
        (SubscriptionStatus::Incomplete, false, false, false),
    ] {
        assert_eq!(counts(status, None), open_ended, "{status:?}, no end known");
        assert_eq!(counts(status, later), running, "{status:?}, running");
        assert_eq!(
            counts(status, Some(start())),
            over,
            "{status:?}, ends this very moment"
        );
    }
}

#[test]
fn e1_the_free_plan_never_outlives_the_trial() {
    let free = bought(Plan::Free, SubscriptionStatus::Active, None);
    let end = start() + TRIAL;
    assert_eq!(
        standing(Some(end), Some(&free), start()),
        Standing::Trial { ends_at: end }
    );
    assert_eq!(standing(Some(end), Some(&free), end), Standing::Lapsed);
}

#[test]
fn e4_an_unpaid_subscription_leaves_the_trial_as_it_was() {
    let end = start() + TRIAL;
    let unpaid = bought(Plan::Growth, SubscriptionStatus::Incomplete, None);
    assert_eq!(
        standing(Some(end), Some(&unpaid), start()),
        Standing::Trial { ends_at: end }
    );
}

#[test]
fn e2_only_special_is_agreed_per_customer() {
    for plan in Plan::ALL {
        let mut agreed = bought(plan, SubscriptionStatus::Active, None);
        agreed.channel_override = Some(7);
        let expected = match plan.as_str() {
            "FREE" => None,
            "SPECIAL" => Some(ChannelLimit::AtMost(7)),
            _listed => Some(plan.channels()),
        };
        assert_eq!(limit(&agreed), expected, "{plan}");
    }
}

#[test]
fn e3_upgrades_count_at_once_and_downgrades_say_how_many_must_go() {
    let on = |plan| {
        standing(
            None,
            Some(&bought(plan, SubscriptionStatus::Active, None)),
            start(),
        )
    };
    assert_eq!(on(Plan::Growth).may_connect(2), Ok(()));
    assert_eq!(on(Plan::Single).over_limit_by(4), 3);
    assert_eq!(on(Plan::Growth).over_limit_by(4), 0);
    assert_eq!(on(Plan::Enterprise).over_limit_by(u32::MAX), 0);
    assert_eq!(on(Plan::Enterprise).may_connect(u32::MAX), Ok(()));
    let refusal = on(Plan::Single).may_connect(4).unwrap_err();
    assert_eq!(
        refusal,
        PlanRefusal::ChannelLimit {
            limit: 1,
            connected: 4
        }
    );
    assert_eq!(
        on(Plan::Single).may_work(),
        Ok(()),
        "what is connected keeps working"
    );
    let error = Error::from(refusal);
    assert!(
        error.public().contains('1') && error.public().contains('4'),
        "{error}"
    );
}

proptest! {
    #[test]
    fn e2_nothing_connects_beyond_the_limit(
        plan in select(Plan::ALL.to_vec()),
        status in select(STATUSES.to_vec()),
        ends in option::of(-100_i64..100),
        trial in option::of(-100_i64..100),
        channel_override in option::of(0_u32..9),
        connected in 0_u32..9,
    ) {
        let hours = |hours| start() + SignedDuration::from_hours(hours);
        let mut subscription = Subscription::new(plan, status, ends.map(hours));
        subscription.channel_override = channel_override;
        let stands = standing(trial.map(hours), Some(&subscription), start());
        prop_assert_eq!(stands.may_connect(connected).is_ok(), stands.may_work().is_ok() && stands.channel_limit().admits(connected));
        if stands.may_connect(connected).is_ok() {
            prop_assert_eq!(stands.over_limit_by(connected + 1), 0);
            prop_assert!(trial.is_some_and(|end| end > 0) || ends.is_none_or(|end| end > 0));
        }
        if status == SubscriptionStatus::Incomplete && trial.is_none() {
            prop_assert_eq!(stands, Standing::Lapsed);
        }
    }
}
