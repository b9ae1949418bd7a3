//! The use case: pages, changes, and events in any order.

use futures_util::future::join_all;
use pollster::block_on;
use proptest::{prelude::*, sample::select};
use x8_core::{
    ErrorKind,
    plan::{BilledEffect, Plan, ProviderState, Standing, SubscriptionStatus},
    port::{Accounts as _, PageState, Recorded, Subscriptions as _},
};

use super::{at, growth, world::World};

#[test]
fn p2_from_page_to_plan() {
    block_on(async {
        let world = World::new().await;
        let page = world
            .billing
            .begin(&world.user, Plan::Growth)
            .await
            .unwrap();
        assert_eq!(page.state, PageState::Open);
        let again = world
            .billing
            .begin(&world.user, Plan::Growth)
            .await
            .unwrap();
        assert_eq!(again, page, "the same page while it is open");
        let id = world.provider.pay(&page.session, ProviderState::Active);
        world.event("evt_1", &id).await;
        let applied = world.billing.apply_due().await.unwrap();
        assert_eq!(applied[0].user, Some(world.user.id));
        assert_eq!(applied[0].effects, [BilledEffect::Began]);
        assert!(world.billing.apply_due().await.unwrap().is_empty());
        let account = world.billing.account(&world.user).await.unwrap();
        assert!(matches!(
            account.standing,
            Standing::Subscribed {
                plan: Plan::Growth,
                ..
            }
        ));
        for plan in [Plan::Growth, Plan::Single] {
            let second = world.billing.begin(&world.user, plan).await.unwrap_err();
            assert_eq!(second.kind(), ErrorKind::Conflict, "{second}");
        }
        assert_eq!(
            world.provider.0.lock().unwrap().customers,
            1,
            "one customer"
        );
    });
}

#[test]
fn p2_another_plan_closes_the_page_before() {
    block_on(async {
        let world = World::new().await;
        let billing = &world.billing;
        let first = billing.begin(&world.user, Plan::Single).await.unwrap();
        let second = billing.begin(&world.user, Plan::Double).await.unwrap();
        assert_ne!(first.session, second.session);
        assert_eq!(world.provider.open_pages(), 1, "nobody pays twice");
        // Paid on the page, and no event came: asking for another plan finds out.
        world.provider.pay(&second.session, ProviderState::Active);
        let third = billing.begin(&world.user, Plan::Growth).await.unwrap_err();
        assert_eq!(third.kind(), ErrorKind::Conflict, "{third}");
        let account = billing.account(&world.user).await.unwrap();
        assert_eq!(account.record.unwrap().billed.plan, Plan::Double);
    });
}

#[test]
fn p2_pages_asked_for_at_once_are_one_and_a_crash_loses_none() {
    block_on(async {
        let world = World::new().await;
        let wishes = (0..20).map(|_| world.billing.begin(&world.user, Plan::Single));
        let pages = join_all(wishes).await;
        let sessions: std::collections::BTreeSet<_> = pages
            .into_iter()
            .map(|page| page.unwrap().session)
            .collect();
        assert_eq!((sessions.len(), world.provider.open_pages()), (1, 1));

        let other = World::new().await;
        other
            .store
            .keep_billing_customer(other.user.id, "cus_1")
            .await
            .unwrap();
        other.provider.0.lock().unwrap().down = 1;
        let failed = other.billing.begin(&other.user, Plan::Single).await;
        assert_eq!(failed.unwrap_err().kind(), ErrorKind::Unavailable);
        other
            .billing
            .begin(&other.user, Plan::Single)
            .await
            .unwrap();
        other
            .billing
            .begin(&other.user, Plan::Double)
            .await
            .unwrap();
        assert_eq!(other.provider.open_pages(), 1);
    });
}

#[test]
fn e4_a_first_payment_that_fails_unlocks_nothing() {
    block_on(async {
        let world = World::new().await;
        let page = world
            .billing
            .begin(&world.user, Plan::Growth)
            .await
            .unwrap();
        let id = world.provider.pay(&page.session, ProviderState::Incomplete);
        world.event("evt_1", &id).await;
        let applied = world.billing.apply_due().await.unwrap();
        assert!(applied[0].problem.is_none());
        assert!(
            world
                .store
                .subscriptions(world.user.id)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(world.store.subscription(world.user.id).await.unwrap(), None);
        let again = world
            .billing
            .begin(&world.user, Plan::Single)
            .await
            .unwrap();
        assert_eq!(again.state, PageState::Open, "another try is possible");
    });
}

#[test]
fn e3_without_a_subscription_there_is_nothing_to_change() {
    block_on(async {
        let world = World::new().await;
        let (billing, user) = (&world.billing, &world.user);
        for refused in [
            billing.change(user, Plan::Single).await,
            billing.cancel(user).await,
        ] {
            let error = refused.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::PaymentRequired, "{error}");
        }
        for unsold in [Plan::Free, Plan::Enterprise] {
            let error = billing.begin(user, unsold).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
        }
        let mut closed = billing.clone();
        closed.provider = None;
        let error = closed.begin(user, Plan::Single).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert!(closed.account(user).await.is_ok(), "reading stays possible");
    });
}

#[test]
fn e3_upgrade_at_once_downgrade_marks_the_period_and_cancel_ends_with_it() {
    block_on(async {
        let world = World::new().await;
        let (billing, user) = (&world.billing, &world.user);
        let page = billing.begin(user, Plan::Double).await.unwrap();
        let id = world.provider.pay(&page.session, ProviderState::Active);
        world.event("evt_1", &id).await;
        billing.apply_due().await.unwrap();

        let up = billing.change(user, Plan::Growth).await.unwrap();
        assert_eq!(
            (up.billed.plan, up.billed.reduced_until),
            (Plan::Growth, None)
        );
        let same = billing.change(user, Plan::Growth).await.unwrap();
        assert_eq!(same, up, "the present plan changes nothing");
        let down = billing.change(user, Plan::Single).await.unwrap();
        assert_eq!(down.billed.reduced_until, Some(at(720)));
        let up = billing.change(user, Plan::Double).await.unwrap();
        assert_eq!(up.billed.reduced_until, None);

        let ends = billing.cancel(user).await.unwrap();
        assert_eq!(ends.billed.status, SubscriptionStatus::Cancelled);
        assert_eq!(billing.cancel(user).await.unwrap(), ends, "twice is once");
        let back = billing.change(user, Plan::Double).await.unwrap();
        assert_eq!(
            back.billed.status,
            SubscriptionStatus::Active,
            "choosing a plan takes it back"
        );
        billing.cancel(user).await.unwrap();
        world.hours(720);
        world.provider.0.lock().unwrap().down = 99;
        let over = billing.account(user).await.unwrap();
        assert_eq!(
            over.standing,
            Standing::Lapsed,
            "the clock decides when nobody answers"
        );
        world.provider.0.lock().unwrap().down = 0;
        world
            .provider
            .change(&id, |sold| sold.state = ProviderState::Cancelled);
        let over = billing.account(user).await.unwrap().record.unwrap();
        assert_eq!(
            over.billed.status,
            SubscriptionStatus::Expired,
            "healed without an event"
        );
    });
}

#[test]
fn e4_past_due_counts_through_its_grace_and_can_be_ended() {
    block_on(async {
        let world = World::new().await;
        let (billing, user) = (&world.billing, &world.user);
        let page = billing.begin(user, Plan::Double).await.unwrap();
        let id = world.provider.pay(&page.session, ProviderState::Active);
        world.event("evt_1", &id).await;
        billing.apply_due().await.unwrap();
        world.hours(721);
        world.provider.change(&id, |sold| {
            sold.state = ProviderState::PastDue;
            (sold.period_start, sold.period_end) = (Some(at(720)), Some(at(1440)));
        });
        world.event("evt_2", &id).await;
        billing.apply_due().await.unwrap();
        let account = billing.account(user).await.unwrap();
        assert!(
            matches!(account.standing, Standing::Subscribed { .. }),
            "in grace"
        );
        let change = billing.change(user, Plan::Growth).await.unwrap_err();
        assert_eq!(change.kind(), ErrorKind::PaymentRequired, "{change}");
        world.hours(72);
        assert_eq!(
            billing.account(user).await.unwrap().standing,
            Standing::Lapsed
        );
        let begin = billing.begin(user, Plan::Growth).await.unwrap_err();
        assert_eq!(
            begin.kind(),
            ErrorKind::Conflict,
            "the old one still asks for money"
        );
        billing.cancel(user).await.unwrap();
        billing.begin(user, Plan::Growth).await.unwrap();
    });
}

#[test]
fn p2_an_event_that_cannot_be_applied_comes_again() {
    block_on(async {
        let world = World::new().await;
        let page = world
            .billing
            .begin(&world.user, Plan::Growth)
            .await
            .unwrap();
        let id = world.provider.pay(&page.session, ProviderState::Active);
        world.event("evt_1", &id).await;
        assert_eq!(
            world
                .billing
                .record("", format!("evt_1 {id}").as_bytes())
                .await
                .unwrap()
                .1,
            Recorded::Known
        );
        world.provider.0.lock().unwrap().down = 1;
        let applied = world.billing.apply_due().await.unwrap();
        assert!(applied[0].problem.is_some());
        assert!(
            world.billing.apply_due().await.unwrap().is_empty(),
            "not at once"
        );
        world.hours(1);
        let applied = world.billing.apply_due().await.unwrap();
        assert_eq!(applied[0].effects, [BilledEffect::Began]);
        assert_eq!(
            world.store.subscription_event_body("evt_1"),
            Some(format!("evt_1 {id}").into_bytes())
        );
    });
}

#[test]
fn p2_events_of_other_products_change_nothing() {
    block_on(async {
        let world = World::new().await;
        world.provider.put(growth(ProviderState::Active));
        world.event("evt_1", "sub_1").await;
        world.event("evt_2", "sub_unknown").await;
        for applied in world.billing.apply_due().await.unwrap() {
            assert!(
                applied.problem.is_none() && applied.user.is_none(),
                "{applied:?}"
            );
        }
        assert!(world.billing.apply_due().await.unwrap().is_empty());
    });
}

/// One step of a subscription's life, each with the event that tells of it.
const LIFE: [fn(&mut x8_core::plan::ProviderSubscription); 7] = [
    |sold| sold.state = ProviderState::PastDue,
    |sold| sold.state = ProviderState::Active,
    |sold| sold.plan = Some(Plan::Single),
    |sold| sold.plan = Some(Plan::Enterprise),
    |sold| sold.ends_at = Some(at(720)),
    |sold| sold.ends_at = None,
    |sold| sold.state = ProviderState::Cancelled,
];

proptest! {
    /// Events that come late, twice and shuffled, between the changes and after them, end where the provider's latest object is.
    #[test]
    fn p2_shuffled_and_doubled_events_end_in_the_same_state(
        life in prop::collection::vec(select((0..LIFE.len()).collect::<Vec<_>>()), 1..8),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..24),
        fails in prop::collection::vec(any::<bool>(), 24),
    ) {
        let (shuffled, straight) = block_on(async {
            let mut ends = Vec::new();
            for shuffled in [true, false] {
                let world = World::new().await;
                let page = world.billing.begin(&world.user, Plan::Growth).await.unwrap();
                let id = world.provider.pay(&page.session, ProviderState::Active);
                let mut told = 0;
                for (number, step) in life.iter().enumerate() {
                    world.provider.change(&id, LIFE[*step]);
                    if shuffled {
                        // Any event of the past or the present, any number of times, sometimes while the provider is down.
                        for index in order.iter().skip(number * 3).take(3) {
                            world.event(&format!("evt_{}", index.index(number + 1)), &id).await;
                            world.provider.0.lock().unwrap().down = u32::from(fails[told % fails.len()]);
                            told += 1;
                            world.billing.apply_due().await.unwrap();
                        }
                        world.provider.0.lock().unwrap().down = 0;
                    }
                }
                for number in (0..life.len()).rev() {
                    world.event(&format!("evt_{number}"), &id).await;
                }
                world.event("evt_last", &id).await;
                world.hours(2);
                while !world.billing.apply_due().await.unwrap().is_empty() {}
                let account = world.billing.account(&world.user).await.unwrap();
                ends.push((world.now(), account.standing, account.record.unwrap().billed));
            }
            (ends.remove(0), ends.remove(0))
        });
        prop_assert_eq!(shuffled, straight);
    }
}
