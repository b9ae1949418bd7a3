//! [`Accounts`](crate::port::Accounts).

use futures_util::future::join_all;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Fresh, World};
use crate::{
    ErrorKind,
    id::UserId,
    port::RefreshToken,
    tenant::Role,
    testing::{Checked, ensure, fixture, present, refused, same},
};

/// Users, managers and refresh tokens.
///
/// # Errors
/// The first rule that does not hold.
pub async fn accounts(make: &dyn Fresh) -> Checked {
    cases! { make;
        "create_user: a second user with the same e-mail is refused" => taken_email,
        "create_user: what was given is what is stored" => stored_user,
        "user_by_email: compared in lower case" => email_case,
        "user: an unknown key is not found" => unknown_user,
        "T2: a client has at most one manager" => one_manager,
        "T2: assigning people who do not exist is not found" => manager_of_nobody,
        "subscription: a fresh user has none" => no_subscription,
        "S1: a refresh token works once, and its reuse ends the family" => refresh_reuse,
        "S1: an unknown or expired refresh token ends the family" => refresh_unknown,
        "S1: of many parallel uses of one refresh token one wins" => refresh_race,
        "logout ends every refresh token of that user and no other" => logout,
    }
}

async fn taken_email(world: &World) -> Checked {
    let store = &world.store;
    let again = store.create_user(fixture::new_user("owner@example.com", Role::Client));
    refused(again.await, ErrorKind::Conflict, "the same e-mail")?;
    let many =
        (0..20).map(|_| store.create_user(fixture::new_user("new@example.com", Role::Client)));
    let made = join_all(many)
        .await
        .into_iter()
        .filter(Result::is_ok)
        .count();
    same(&made, &1, "20 parallel registrations of one e-mail")
}

async fn stored_user(world: &World) -> Checked {
    let new = fixture::new_user("full@example.com", Role::Manager);
    let made = world.store.create_user(new.clone()).await?;
    let user = world.store.user(made.id).await?;
    same(&user.email, &new.email, "e-mail")?;
    same(&user.role, &Role::Manager, "role")?;
    same(
        &user.password_hash,
        &Some(new.password_hash),
        "password hash",
    )?;
    same(
        &user.trial_ends_at,
        &Some(new.trial_ends_at),
        "end of trial",
    )?;
    same(&user.created_at, &new.created_at, "creation time")?;
    ensure(user.is_active, "a new user is active")?;
    ensure(!user.is_superuser, "a new user is no superuser")?;
    same(&user.manager, &None, "manager")
}

async fn email_case(world: &World) -> Checked {
    let found = world.store.user_by_email("OWNER@Example.com").await?;
    let id = found.map(|user| user.id);
    same(&id, &Some(world.owner.id), "the user in another case")?;
    let nobody = world.store.user_by_email("nobody@example.com").await?;
    ensure(nobody.is_none(), "nobody has that e-mail")
}

async fn unknown_user(world: &World) -> Checked {
    let found = world.store.user(UserId(987_654)).await;
    refused(found, ErrorKind::NotFound, "an unknown user")
}

async fn one_manager(world: &World) -> Checked {
    let store = &world.store;
    let first = store
        .create_user(fixture::new_user("m1@example.com", Role::Manager))
        .await?;
    let second = store
        .create_user(fixture::new_user("m2@example.com", Role::Manager))
        .await?;
    let client = world.owner.id;
    store.assign_manager(client, Some(first.id)).await?;
    store.assign_manager(client, Some(first.id)).await?;
    let other = store.assign_manager(client, Some(second.id)).await;
    refused(other, ErrorKind::Conflict, "a second manager")?;
    same(
        &store.user(client).await?.manager,
        &Some(first.id),
        "the first manager stays",
    )?;
    store.assign_manager(client, None).await?;
    same(
        &store.user(client).await?.manager,
        &None,
        "the assignment is ended",
    )?;
    store.assign_manager(client, Some(second.id)).await?;
    same(
        &store.user(client).await?.manager,
        &Some(second.id),
        "another manager afterwards",
    )
}

async fn manager_of_nobody(world: &World) -> Checked {
    let store = &world.store;
    let client = store
        .assign_manager(UserId(987_654), Some(world.owner.id))
        .await;
    refused(client, ErrorKind::NotFound, "an unknown client")?;
    let manager = store
        .assign_manager(world.owner.id, Some(UserId(987_654)))
        .await;
    refused(manager, ErrorKind::NotFound, "an unknown manager")
}

async fn no_subscription(world: &World) -> Checked {
    same(
        &world.store.subscription(world.owner.id).await?,
        &None,
        "subscription",
    )
}

fn token(user: UserId, number: u128, family: u128) -> RefreshToken {
    RefreshToken {
        id: Uuid::from_u128(number),
        family: Uuid::from_u128(family),
        user,
        expires_at: fixture::after(1_000),
    }
}

async fn rotate(world: &World, old: Option<u128>, new: RefreshToken, at: i64) -> crate::Result<()> {
    let now: Timestamp = fixture::after(at);
    let old = old.map(Uuid::from_u128);
    world.store.rotate_refresh(old, new, now).await
}

async fn refresh_reuse(world: &World) -> Checked {
    let user = world.owner.id;
    rotate(world, None, token(user, 1, 9), 0).await?;
    rotate(world, Some(1), token(user, 2, 9), 1).await?;
    let reuse = rotate(world, Some(1), token(user, 3, 9), 2).await;
    refused(reuse, ErrorKind::Unauthenticated, "a used token")?;
    let newest = rotate(world, Some(2), token(user, 4, 9), 3).await;
    refused(
        newest,
        ErrorKind::Unauthenticated,
        "the family's newest token after a reuse",
    )
}

async fn refresh_unknown(world: &World) -> Checked {
    let user = world.owner.id;
    rotate(world, None, token(user, 1, 9), 0).await?;
    let unknown = rotate(world, Some(77), token(user, 2, 9), 1).await;
    refused(unknown, ErrorKind::Unauthenticated, "an unknown token")?;
    let member = rotate(world, Some(1), token(user, 3, 9), 2).await;
    refused(
        member,
        ErrorKind::Unauthenticated,
        "the family after an unknown token",
    )?;
    rotate(world, None, token(user, 11, 8), 0).await?;
    let expired = rotate(world, Some(11), token(user, 12, 8), 1_000).await;
    refused(expired, ErrorKind::Unauthenticated, "a token at its end")?;
    let earlier = rotate(world, Some(11), token(user, 13, 8), 1).await;
    refused(
        earlier,
        ErrorKind::Unauthenticated,
        "the family after an expired token",
    )
}

async fn refresh_race(world: &World) -> Checked {
    let user = world.owner.id;
    rotate(world, None, token(user, 1, 9), 0).await?;
    let uses = (10..30).map(|number| rotate(world, Some(1), token(user, number, 9), 1));
    let won = join_all(uses)
        .await
        .into_iter()
        .filter(Result::is_ok)
        .count();
    same(&won, &1, "20 parallel uses")
}

async fn logout(world: &World) -> Checked {
    let (stranger, ..) = world.stranger().await?;
    rotate(world, None, token(world.owner.id, 1, 9), 0).await?;
    rotate(world, None, token(world.owner.id, 2, 8), 0).await?;
    rotate(world, None, token(stranger.id, 3, 7), 0).await?;
    world.store.revoke_refresh(world.owner.id).await?;
    for (old, family) in [(1, 9), (2, 8)] {
        let used = rotate(
            world,
            Some(old),
            token(world.owner.id, old + 100, family),
            1,
        )
        .await;
        refused(used, ErrorKind::Unauthenticated, "a token after logout")?;
    }
    rotate(world, Some(3), token(stranger.id, 103, 7), 1).await?;
    let subscription = world.store.user_by_email("stranger@example.com").await?;
    present(subscription, "the other user").map(drop)
}
