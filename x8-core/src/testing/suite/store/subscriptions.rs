//! [`Subscriptions`](crate::port::Subscriptions).

use futures_util::future::join_all;

use super::{Fresh, World};
use crate::{
    ErrorKind,
    id::UserId,
    money::{Currency, Money},
    plan::{Billed, Plan, SubscriptionStatus},
    port::{AboutSubscription, Recorded, SubscriptionEvent},
    testing::{Checked, fixture, present, refused, same},
};

/// Rows of subscriptions, who pays, and the provider's events.
///
/// # Errors
/// The first rule that does not hold.
pub async fn subscriptions(make: &dyn Fresh) -> Checked {
    cases! { make;
        "save_subscription: what was given is what is stored, newest first" => stored,
        "save_subscription: of two writers with the same expectation one wins" => race,
        "save_subscription: a row that belongs to another user is never taken" => foreign,
        "save_subscription: a subscription without the provider's id is refused" => nameless,
        "E4: an unpaid or expired subscription never hides one that is paid for" => decisive,
        "subscriber: by its own row, else by the customer of a row or of a user" => whose,
        "keep_billing_customer: the first one is kept" => customer,
        "P2: the same event 50 times in parallel is stored once" => once,
        "P2: events wait until they are applied, the longest waiting first" => waiting,
    }
}

/// A DOUBLE that was paid until an hour from now.
fn double(id: &str) -> Billed {
    Billed {
        plan: Plan::Double,
        status: SubscriptionStatus::Active,
        subscription: Some(id.to_owned()),
        customer: Some("cus_1".to_owned()),
        price: Some(Money::new(19_99, Currency::USD)),
        started_at: Some(fixture::NOW),
        ends_at: Some(fixture::after(3_600)),
        cancelled_at: None,
        grace_until: Some(fixture::after(7_200)),
        past_due: false,
        reduced_until: None,
        reduced_to: None,
        channels: None,
    }
}

async fn stored(world: &World) -> Checked {
    let (store, user) = (&world.store, world.owner.id);
    same(
        &store.subscriptions(user).await?.len(),
        &0,
        "before the first",
    )?;
    let first = double("sub_1");
    let saved = store
        .save_subscription(user, &first, 0, fixture::NOW)
        .await?;
    same(
        &(saved.user, saved.version, &saved.billed),
        &(user, 1, &first),
        "the first write",
    )?;
    let changed = Billed {
        plan: Plan::Special,
        status: SubscriptionStatus::Cancelled,
        price: Some(Money::new(30_05, Currency::EUR)),
        cancelled_at: Some(fixture::after(60)),
        grace_until: None,
        past_due: true,
        reduced_until: Some(fixture::after(3_600)),
        reduced_to: Some(1),
        channels: Some(3),
        ..first
    };
    let later = fixture::after(61);
    let again = store.save_subscription(user, &changed, 1, later).await?;
    same(
        &(again.id, again.version, &again.billed),
        &(saved.id, 2, &changed),
        "the second write",
    )?;
    same(
        &(again.created_at, again.updated_at),
        &(fixture::NOW, later),
        "its times",
    )?;
    let bare = Billed {
        price: None,
        ends_at: None,
        started_at: None,
        ..double("sub_2")
    };
    let bare = store.save_subscription(user, &bare, 0, later).await?;
    let all = store.subscriptions(user).await?;
    same(&all, &vec![bare, again], "all of them, newest first")
}

async fn race(world: &World) -> Checked {
    let (store, user) = (&world.store, world.owner.id);
    for expected in 0..2 {
        let plans = [Plan::Single, Plan::Double, Plan::Growth];
        let writes: Vec<Billed> = (0..12)
            .map(|number| Billed {
                plan: *plans.get(number % 3).unwrap_or(&Plan::Single),
                ..double("sub_1")
            })
            .collect();
        let tries = writes
            .iter()
            .map(|billed| store.save_subscription(user, billed, expected, fixture::NOW));
        let done = join_all(tries).await;
        let won: Vec<_> = done.iter().filter_map(|one| one.as_ref().ok()).collect();
        same(&won.len(), &1, "winners of 12")?;
        let kept = store.subscriptions(user).await?;
        same(&kept.iter().collect::<Vec<_>>(), &won, "what is stored")?;
        for lost in done.into_iter().filter(Result::is_err) {
            refused(lost, ErrorKind::Conflict, "a loser")?;
        }
    }
    let stale = store
        .save_subscription(user, &double("sub_1"), 1, fixture::NOW)
        .await;
    refused(stale, ErrorKind::Conflict, "a version that is no more")?;
    let unknown = store
        .save_subscription(user, &double("sub_9"), 1, fixture::NOW)
        .await;
    refused(
        unknown,
        ErrorKind::Conflict,
        "a version of what never was written",
    )
}

async fn foreign(world: &World) -> Checked {
    let (stranger, ..) = world.stranger().await?;
    let store = &world.store;
    let first = double("sub_1");
    store
        .save_subscription(world.owner.id, &first, 0, fixture::NOW)
        .await?;
    for expected in [0, 1] {
        let taken = store.save_subscription(stranger.id, &first, expected, fixture::NOW);
        refused(taken.await, ErrorKind::Conflict, "another user's row")?;
    }
    same(
        &store.subscriptions(stranger.id).await?.len(),
        &0,
        "the stranger's",
    )?;
    same(
        &store.subscription(stranger.id).await?,
        &None,
        "what the stranger may do",
    )
}

async fn nameless(world: &World) -> Checked {
    let nameless = Billed {
        subscription: None,
        ..double("")
    };
    let saved = world
        .store
        .save_subscription(world.owner.id, &nameless, 0, fixture::NOW)
        .await;
    refused(saved, ErrorKind::Invalid, "no provider's id")
}

async fn decisive(world: &World) -> Checked {
    let (store, user) = (&world.store, world.owner.id);
    let paid = double("sub_1");
    store
        .save_subscription(user, &paid, 0, fixture::NOW)
        .await?;
    for (id, status) in [
        ("sub_2", SubscriptionStatus::Expired),
        ("sub_3", SubscriptionStatus::Incomplete),
    ] {
        let other = Billed {
            status,
            plan: Plan::Growth,
            ends_at: Some(fixture::after(9_000)),
            ..double(id)
        };
        store
            .save_subscription(user, &other, 0, fixture::NOW)
            .await?;
    }
    let decides = present(store.subscription(user).await?, "a subscription")?;
    same(&decides, &(&paid).into(), "the paid one decides")?;
    let longer = Billed {
        plan: Plan::Growth,
        ends_at: Some(fixture::after(9_000)),
        ..double("sub_4")
    };
    store
        .save_subscription(user, &longer, 0, fixture::NOW)
        .await?;
    let decides = present(store.subscription(user).await?, "a subscription")?;
    same(&decides.plan, &Plan::Growth, "of two, the longer")
}

async fn whose(world: &World) -> Checked {
    let (stranger, ..) = world.stranger().await?;
    let (store, owner) = (&world.store, world.owner.id);
    same(
        &store.subscriber("sub_1", Some("cus_1")).await?,
        &None,
        "nobody's",
    )?;
    store.keep_billing_customer(stranger.id, "cus_2").await?;
    same(
        &store.subscriber("sub_2", Some("cus_2")).await?,
        &Some(stranger.id),
        "by the user's customer",
    )?;
    store
        .save_subscription(owner, &double("sub_1"), 0, fixture::NOW)
        .await?;
    same(
        &store.subscriber("sub_9", Some("cus_1")).await?,
        &Some(owner),
        "by the row's customer",
    )?;
    same(
        &store.subscriber("sub_1", Some("cus_2")).await?,
        &Some(owner),
        "its own row decides",
    )?;
    same(
        &store.subscriber("sub_1", None).await?,
        &Some(owner),
        "without a customer",
    )?;
    same(
        &store.subscriber("sub_9", None).await?,
        &None,
        "nothing known",
    )
}

async fn customer(world: &World) -> Checked {
    let (store, user) = (&world.store, world.owner.id);
    same(
        &store.billing_customer(user).await?,
        &None,
        "before the first",
    )?;
    for given in ["cus_1", "cus_2"] {
        let kept = store.keep_billing_customer(user, given).await?;
        same(&kept.as_str(), &"cus_1", "the one that is kept")?;
    }
    same(
        &store.billing_customer(user).await?.as_deref(),
        &Some("cus_1"),
        "found again",
    )?;
    let nobody = UserId(987_654);
    let found = store.billing_customer(nobody).await;
    refused(found, ErrorKind::NotFound, "an unknown user")?;
    let kept = store.keep_billing_customer(nobody, "cus_3").await;
    refused(kept, ErrorKind::NotFound, "keeping for an unknown user")
}

fn event(id: &str, about: bool) -> SubscriptionEvent {
    SubscriptionEvent {
        id: id.to_owned(),
        kind: "customer.subscription.updated".to_owned(),
        created_at: fixture::NOW,
        about: about.then(|| AboutSubscription {
            subscription: "sub_1".to_owned(),
            customer: None,
        }),
    }
}

async fn once(world: &World) -> Checked {
    let event = event("evt_1", true);
    let many = (0..50).map(|_| {
        world
            .store
            .record_subscription_event(&event, b"{}", fixture::NOW)
    });
    let mut new = 0;
    for recorded in join_all(many).await {
        new += u32::from(recorded? == Recorded::New);
    }
    same(&new, &1, "stored as new")?;
    let due = world
        .store
        .due_subscription_events(fixture::NOW, 100)
        .await?;
    same(&due, &vec![event], "what waits")
}

async fn waiting(world: &World) -> Checked {
    let store = &world.store;
    for (id, seconds, about) in [
        ("evt_b", 20, true),
        ("evt_a", 30, true),
        ("evt_c", 10, false),
    ] {
        store
            .record_subscription_event(&event(id, about), b"{}", fixture::after(seconds))
            .await?;
    }
    let due = |seconds, limit| async move {
        let due = store
            .due_subscription_events(fixture::after(seconds), limit)
            .await?;
        let ids: Vec<String> = due.into_iter().map(|event| event.id).collect();
        Ok::<_, crate::Error>(ids.join(" "))
    };
    same(&due(29, 9).await?.as_str(), &"evt_b", "not before its time")?;
    same(&due(99, 9).await?.as_str(), &"evt_b evt_a", "in order")?;
    same(&due(99, 1).await?.as_str(), &"evt_b", "no more than wanted")?;
    let again = Some(fixture::after(200));
    store.settle_subscription_event("evt_b", again).await?;
    same(&due(99, 9).await?.as_str(), &"evt_a", "put off")?;
    for _ in 0..2 {
        store.settle_subscription_event("evt_a", None).await?;
    }
    store.settle_subscription_event("evt_a", again).await?;
    same(
        &due(999, 9).await?.as_str(),
        &"evt_b",
        "what is done stays done",
    )
}
