//! The suite's steps, each with the promise that it relies on.

use x8_core::{
    Result,
    id::UserId,
    plan::{Plan, ProviderSubscription},
    port::{PageState, SubscribePage, SubscribeRequest, SubscriptionProvider, SubscriptionWish},
};

use super::{Patron, SUITE};
use crate::testing::{broken, works};

pub(super) async fn customer(provider: &dyn SubscriptionProvider, user: UserId) -> Result<String> {
    let email = format!("{user}@suite.example");
    let made = provider.customer(user, &email).await;
    works(made, SUITE, "a user can be made known")
}

pub(super) async fn request(
    provider: &dyn SubscriptionProvider,
    user: UserId,
    plan: Plan,
    key: &str,
) -> Result<SubscribeRequest> {
    Ok(SubscribeRequest {
        user,
        customer: customer(provider, user).await?,
        plan,
        idempotency_key: format!("suite:{user}:{key}"),
    })
}

pub(super) async fn opened(
    provider: &dyn SubscriptionProvider,
    user: UserId,
    plan: Plan,
    key: &str,
) -> Result<SubscribePage> {
    let wish = request(provider, user, plan, key).await?;
    works(provider.open(&wish).await, SUITE, "a plan opens a page")
}

pub(super) async fn bought(
    provider: &dyn SubscriptionProvider,
    patron: &dyn Patron,
    user: UserId,
    plan: Plan,
    key: &str,
) -> Result<(SubscribePage, ProviderSubscription)> {
    let page = opened(provider, user, plan, key).await?;
    works(
        patron.subscribe(&page.session).await,
        SUITE,
        "an open page can be paid",
    )?;
    let done = works(
        provider.page(&page.session).await,
        SUITE,
        "a page can be looked at",
    )?;
    let PageState::Complete { subscription } = done.state else {
        return Err(broken(SUITE, "a page that was paid names its subscription"));
    };
    let sold = works(
        provider.latest(&subscription).await,
        SUITE,
        "what was bought can be looked at",
    )?;
    Ok((page, sold))
}

pub(super) async fn change(
    provider: &dyn SubscriptionProvider,
    id: &str,
    wish: &SubscriptionWish,
    key: &str,
) -> Result<ProviderSubscription> {
    let key = format!("suite:{id}:{key}");
    let changed = provider.change(id, wish, &key).await;
    works(changed, SUITE, "a running subscription can be changed")
}
