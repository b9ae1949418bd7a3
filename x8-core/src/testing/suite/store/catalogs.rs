//! [`Catalogs`](crate::port::Catalogs).

use std::collections::BTreeSet;

use futures_util::future::{join, join_all, try_join_all};

use super::{Fresh, World};
use crate::{
    ErrorKind,
    catalog::Offering,
    id::CatalogId,
    testing::{Checked, ensure, fixture, refused, same},
};

/// Knowledge bases and their versions.
///
/// # Errors
/// The first rule that does not hold.
pub async fn catalogs(make: &dyn Fresh) -> Checked {
    cases! { make;
        "live_catalog: an empty catalogue of version 0 before the first" => before_the_first,
        "K7: publishing makes the next version live with every row, in order" => publish,
        "publish_catalog: two companies of the same name never meet" => two_companies,
        "catalog_versions: newest first, without rows, one of them live" => versions,
        "K7: an earlier version can be made live again, and the next number goes on" => restore,
        "K7: another tenant's version is not found" => foreign_version,
        "K7: the rows of any version stay readable, by their own tenant" => any_version,
        "K11: a revision is published when the version it was made from is live" => revise,
        "K11: of many revisions of one version one wins, and the others leave no trace" => revise_race,
        "K7: uploads and revisions at once: each that succeeds is a version, one is live" => mixed_race,
        "K7: concurrent publishing gives distinct versions, one of them live" => race,
    }
}

async fn before_the_first(world: &World) -> Checked {
    let live = world.store.live_catalog(world.tenant).await?;
    same(
        &(live.version, live.offerings().len()),
        &(0, 0),
        "version and rows",
    )?;
    same(&live.company, &world.company.id, "company")?;
    let versions = world.store.catalog_versions(world.tenant).await?;
    ensure(versions.is_empty(), "there are no versions")
}

async fn publish(world: &World) -> Checked {
    let store = &world.store;
    let rows = fixture::roses();
    let first = store
        .publish_catalog(world.tenant, "DB Product Rosas", &rows, fixture::NOW)
        .await?;
    same(
        &(first.version, first.name.as_str()),
        &(1, "DB Product Rosas"),
        "version and name",
    )?;
    let live = store.live_catalog(world.tenant).await?;
    same(&live, &first, "the live version")?;
    ensure(
        live.offerings() == rows,
        "every row is there, in file order, whole",
    )?;
    let second = store
        .publish_catalog(world.tenant, "Hotel", &fixture::hotel(), fixture::NOW)
        .await?;
    same(&second.version, &2, "the next version")?;
    same(
        &store.live_catalog(world.tenant).await?,
        &second,
        "the live version",
    )
}

async fn two_companies(world: &World) -> Checked {
    let store = &world.store;
    let (_, other, _) = world.stranger().await?;
    same(
        &other.name,
        &world.company.name,
        "the suite's companies share a name",
    )?;
    let mine = store
        .publish_catalog(world.tenant, "DB", &fixture::roses(), fixture::NOW)
        .await?;
    let theirs = store
        .publish_catalog(other.tenant(), "DB", &fixture::hotel(), fixture::NOW)
        .await?;
    same(&theirs.version, &1, "versions count per company")?;
    same(&store.live_catalog(world.tenant).await?, &mine, "mine")?;
    same(
        &store.live_catalog(other.tenant()).await?,
        &theirs,
        "theirs",
    )
}

async fn versions(world: &World) -> Checked {
    let store = &world.store;
    for rows in [fixture::roses(), fixture::hotel()] {
        store
            .publish_catalog(world.tenant, "DB", &rows, fixture::NOW)
            .await?;
    }
    let found = store.catalog_versions(world.tenant).await?;
    let seen: Vec<(u32, bool)> = found
        .iter()
        .map(|(catalog, live)| (catalog.version, *live))
        .collect();
    same(
        &seen,
        &vec![(2, true), (1, false)],
        "versions and which is live",
    )?;
    ensure(
        found
            .iter()
            .all(|(catalog, _)| catalog.offerings().is_empty()),
        "rows are left out",
    )
}

async fn restore(world: &World) -> Checked {
    let store = &world.store;
    let first = store
        .publish_catalog(world.tenant, "DB", &fixture::roses(), fixture::NOW)
        .await?;
    store
        .publish_catalog(world.tenant, "DB", &fixture::hotel(), fixture::NOW)
        .await?;
    let restored = store.restore_catalog(world.tenant, first.id).await?;
    same(&restored, &first, "the restored version")?;
    same(
        &store.live_catalog(world.tenant).await?,
        &first,
        "the live version",
    )?;
    let live = store.catalog_versions(world.tenant).await?;
    let live: Vec<u32> = live
        .iter()
        .filter(|(_, live)| *live)
        .map(|(catalog, _)| catalog.version)
        .collect();
    same(&live, &vec![1], "exactly one is live")?;
    let next = store
        .publish_catalog(world.tenant, "DB", &[], fixture::NOW)
        .await?;
    same(&next.version, &3, "numbers are not given twice")
}

async fn foreign_version(world: &World) -> Checked {
    let store = &world.store;
    let (_, other, _) = world.stranger().await?;
    let mine = store
        .publish_catalog(world.tenant, "DB", &fixture::roses(), fixture::NOW)
        .await?;
    let foreign = store.restore_catalog(other.tenant(), mine.id).await;
    refused(foreign, ErrorKind::NotFound, "another tenant's version")?;
    let absent = store
        .restore_catalog(world.tenant, CatalogId(987_654))
        .await;
    refused(absent, ErrorKind::NotFound, "an absent version")
}

async fn race(world: &World) -> Checked {
    let rows = fixture::roses();
    let publish = |_: u32| {
        world
            .store
            .publish_catalog(world.tenant, "DB", &rows, fixture::NOW)
    };
    let made = try_join_all((0..10).map(publish)).await?;
    let numbers: BTreeSet<u32> = made.iter().map(|catalog| catalog.version).collect();
    same(
        &numbers,
        &(1..=10).collect(),
        "versions of 10 parallel publications",
    )?;
    let versions = world.store.catalog_versions(world.tenant).await?;
    let live = versions.iter().filter(|(_, live)| *live).count();
    same(&live, &1, "live versions")
}

async fn any_version(world: &World) -> Checked {
    let store = &world.store;
    let (_, other, _) = world.stranger().await?;
    let first = store
        .publish_catalog(world.tenant, "DB", &fixture::roses(), fixture::NOW)
        .await?;
    let second = store
        .publish_catalog(world.tenant, "DB", &fixture::hotel(), fixture::NOW)
        .await?;
    for version in [&first, &second] {
        let read = store.catalog(world.tenant, version.id).await?;
        same(&read, version, "a version read back")?;
    }
    store.restore_catalog(world.tenant, first.id).await?;
    let read = store.catalog(world.tenant, second.id).await?;
    same(&read, &second, "a version that is live no longer")?;
    let foreign = store.catalog(other.tenant(), first.id).await;
    refused(foreign, ErrorKind::NotFound, "another tenant's version")?;
    let absent = store.catalog(world.tenant, CatalogId(987_654)).await;
    refused(absent, ErrorKind::NotFound, "an absent version")
}

async fn revise(world: &World) -> Checked {
    let store = &world.store;
    let revise = |expected: u32, rows: Vec<Offering>| async move {
        store
            .revise_catalog(world.tenant, expected, "DB", &rows, fixture::NOW)
            .await
    };
    let early = revise(1, fixture::roses()).await;
    refused(early, ErrorKind::Conflict, "a version that is not there")?;
    let first = revise(0, fixture::roses()).await?;
    same(&first.version, &1, "the first version")?;
    let second = revise(1, fixture::hotel()).await?;
    same(&second.version, &2, "the next version")?;
    same(
        &store.live_catalog(world.tenant).await?,
        &second,
        "the live version",
    )?;
    let late = revise(1, fixture::roses()).await;
    refused(
        late,
        ErrorKind::Conflict,
        "a version that is live no longer",
    )?;
    same(
        &store.catalog_versions(world.tenant).await?.len(),
        &2,
        "versions after a refused revision",
    )?;
    // What counts is the live version, not the newest one.
    store.restore_catalog(world.tenant, first.id).await?;
    let third = revise(1, Vec::new()).await?;
    same(&third.version, &3, "the version made from a restored one")
}

async fn revise_race(world: &World) -> Checked {
    let rows = fixture::roses();
    let revise = |_: u32| {
        world
            .store
            .revise_catalog(world.tenant, 0, "DB", &rows, fixture::NOW)
    };
    let done = join_all((0..10).map(revise)).await;
    let (won, lost): (Vec<_>, Vec<_>) = done.into_iter().partition(Result::is_ok);
    same(&won.len(), &1, "winners of 10")?;
    for loser in lost {
        refused(loser, ErrorKind::Conflict, "a lost race")?;
    }
    let versions = world.store.catalog_versions(world.tenant).await?;
    same(&versions.len(), &1, "versions")
}

async fn mixed_race(world: &World) -> Checked {
    let (rows, store) = (fixture::roses(), &world.store);
    store
        .publish_catalog(world.tenant, "DB", &rows, fixture::NOW)
        .await?;
    let publish = |_: u32| store.publish_catalog(world.tenant, "DB", &rows, fixture::NOW);
    let revise = |_: u32| store.revise_catalog(world.tenant, 1, "DB", &rows, fixture::NOW);
    let (published, revised) = join(
        try_join_all((0..5).map(publish)),
        join_all((0..5).map(revise)),
    )
    .await;
    let mut made: BTreeSet<u32> = published?.iter().map(|catalog| catalog.version).collect();
    for revision in revised {
        match revision {
            Ok(catalog) => ensure(made.insert(catalog.version), "versions are distinct")?,
            Err(error) => same(&error.kind(), &ErrorKind::Conflict, "a lost race")?,
        }
    }
    ensure(made.len() <= 6, "at most one revision wins")?;
    let versions = store.catalog_versions(world.tenant).await?;
    same(&versions.len(), &(1 + made.len()), "versions")?;
    let live = versions.iter().filter(|(_, live)| *live).count();
    same(&live, &1, "live versions")
}
