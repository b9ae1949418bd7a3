//! [`Companies`](crate::port::Companies).

use std::collections::BTreeSet;

use futures_util::future::{join_all, try_join_all};

use super::{Fresh, World};
use crate::{
    ErrorKind,
    id::CompanyId,
    order::LatePayment,
    tenant::{Caller, CompanySettings, CompanyStatus, Role, User},
    testing::{Checked, ensure, fixture, refused, same},
};

/// Companies through the eyes of callers.
///
/// # Errors
/// The first rule that does not hold.
pub async fn companies(make: &dyn Fresh) -> Checked {
    cases! { make;
        "T4: public ids count up and are never given twice" => public_ids,
        "T4: concurrent creation gives unique public ids" => concurrent_ids,
        "T3: a caller sees what they own, oldest first, and nothing else" => own_only,
        "T3: a manager sees the companies of their clients" => managed,
        "T3: admins and superusers see everything" => admin,
        "T3: a foreign company answers as an absent one does" => foreign,
        "company_for_work: establishes the tenant, or is not found" => for_work,
        "update_company: writes name, status and settings" => update,
    }
}

fn admin_user(user: &User) -> Caller {
    Caller {
        role: Role::Admin,
        ..Caller::from(user)
    }
}

async fn public_ids(world: &World) -> Checked {
    let new = fixture::new_company("Second");
    let second = world
        .store
        .create_company(world.owner.id, new, fixture::NOW)
        .await?;
    let numbers = [world.company.public_id.as_str(), second.public_id.as_str()];
    same(
        &numbers,
        &["COMP001", "COMP002"],
        "the first two public ids",
    )
}

async fn concurrent_ids(world: &World) -> Checked {
    let make = |_: u32| {
        let new = fixture::new_company("Same name");
        world
            .store
            .create_company(world.owner.id, new, fixture::NOW)
    };
    let made = try_join_all((0..20).map(make)).await?;
    let ids: BTreeSet<&str> = made
        .iter()
        .map(|company| company.public_id.as_str())
        .collect();
    same(
        &ids.len(),
        &20,
        "distinct public ids of 20 parallel creations",
    )?;
    let keys: BTreeSet<CompanyId> = made.iter().map(|company| company.id).collect();
    same(&keys.len(), &20, "distinct keys")?;
    let well_formed = |id: &&str| id.strip_prefix("COMP").is_some_and(|rest| rest.len() >= 3);
    ensure(
        ids.iter().all(well_formed),
        format!("ids look like COMP001: {ids:?}"),
    )
}

async fn own_only(world: &World) -> Checked {
    let store = &world.store;
    let (stranger, foreign, _) = world.stranger().await?;
    let new = fixture::new_company("Second");
    let second = store
        .create_company(world.owner.id, new, fixture::NOW)
        .await?;
    let mine = store.companies(Caller::from(&world.owner)).await?;
    same(
        &mine,
        &vec![world.company.clone(), second],
        "the owner's companies",
    )?;
    let theirs = store.companies(Caller::from(&stranger)).await?;
    same(&theirs, &vec![foreign], "the stranger's companies")
}

async fn managed(world: &World) -> Checked {
    let store = &world.store;
    let new = fixture::new_user("m@example.com", Role::Manager);
    let manager = store.create_user(new).await?;
    let caller = Caller::from(&manager);
    same(
        &store.companies(caller).await?,
        &vec![],
        "before the assignment",
    )?;
    store
        .assign_manager(world.owner.id, Some(manager.id))
        .await?;
    same(
        &store.companies(caller).await?,
        &vec![world.company.clone()],
        "assigned",
    )?;
    store.company(caller, world.company.id).await?;
    store.assign_manager(world.owner.id, None).await?;
    let after = store.company(caller, world.company.id).await;
    refused(after, ErrorKind::NotFound, "after the assignment has ended")
}

async fn admin(world: &World) -> Checked {
    let store = &world.store;
    let (stranger, foreign, _) = world.stranger().await?;
    let all = vec![world.company.clone(), foreign];
    same(
        &store.companies(admin_user(&stranger)).await?,
        &all,
        "an admin",
    )?;
    let superuser = Caller {
        is_superuser: true,
        ..Caller::from(&stranger)
    };
    same(&store.companies(superuser).await?, &all, "a superuser")
}

async fn foreign(world: &World) -> Checked {
    let store = &world.store;
    let (stranger, ..) = world.stranger().await?;
    let caller = Caller::from(&stranger);
    let (company, absent) = (world.company.id, CompanyId(987_654));
    let seen = join_all([company, absent].map(|id| store.company(caller, id))).await;
    let mut messages = Vec::new();
    for result in seen {
        messages.extend(result.as_ref().err().map(|error| error.public().to_owned()));
        refused(result, ErrorKind::NotFound, "a company out of sight")?;
    }
    messages.dedup();
    same(
        &messages.len(),
        &1,
        "distinct public messages of foreign and absent",
    )?;
    let settings = CompanySettings::default();
    let write = store
        .update_company(
            caller,
            company,
            "Mine now",
            CompanyStatus::Inactive,
            &settings,
        )
        .await;
    refused(write, ErrorKind::NotFound, "writing a foreign company")?;
    let kept = store.company_for_work(company).await?;
    same(
        &kept,
        &world.company,
        "the foreign company after the attempt",
    )
}

async fn for_work(world: &World) -> Checked {
    let store = &world.store;
    let found = store.company_for_work(world.company.id).await?;
    same(&found, &world.company, "the company")?;
    let absent = store.company_for_work(CompanyId(987_654)).await;
    refused(absent, ErrorKind::NotFound, "an absent company")
}

async fn update(world: &World) -> Checked {
    let settings = CompanySettings {
        time_zone: "Atlantic/Canary".to_owned(),
        late_payment: LatePayment::Revive,
        link_minutes: 90,
        ..CompanySettings::default()
    };
    let caller = Caller::from(&world.owner);
    let id = world.company.id;
    let written = world
        .store
        .update_company(caller, id, "Flores", CompanyStatus::Suspended, &settings)
        .await?;
    same(&written.name.as_str(), &"Flores", "name")?;
    same(&written.status, &CompanyStatus::Suspended, "status")?;
    same(&written.settings, &settings, "settings")?;
    same(
        &written.public_id,
        &world.company.public_id,
        "the public id stays",
    )?;
    same(
        &world.store.company(caller, id).await?,
        &written,
        "read again",
    )
}
