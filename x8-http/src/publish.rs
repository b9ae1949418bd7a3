//! From the live rows to the next version, whoever else is at it (K7, K11).

use std::{collections::BTreeSet, sync::Arc};

use axum::body::Bytes;
use jiff::Timestamp;
use x8_core::{
    Error, ErrorKind, Result, Sku,
    catalog::{Catalog, Kind, Offering},
    import::{Diff, Import, ImportOptions, diff, import},
    port::Store,
    tenant::{Company, Tenant},
};

use crate::tables;

/// How often a change is made anew when somebody else was first. Each time another one got through.
const TRIES: u32 = 64;

/// What came of a file.
pub(crate) struct Imported {
    /// Its rows and report.
    pub(crate) read: Import,
    /// What it changes against the live version; absent when it was refused.
    pub(crate) diff: Option<Diff>,
    /// The new live version; absent in a dry run and when the file was refused.
    pub(crate) published: Option<Arc<Catalog>>,
}

/// Reads a file against the live version and, unless it is a dry run, publishes it beside the rows of the other kind, whole
/// or not at all (K5, K7).
///
/// # Errors
/// As [`import`] and [`tables::joined`]; `Conflict` when too many changes run at once.
pub(crate) async fn publish_file(
    store: &dyn Store,
    company: &Company,
    bytes: &Bytes,
    options: &ImportOptions,
    now: Option<Timestamp>,
) -> Result<Imported> {
    let (tenant, kind) = (company.tenant(), options.kind);
    let mut known: Option<(BTreeSet<Sku>, Import)> = None;
    for _ in 0..TRIES {
        let live = store.live_catalog(tenant).await?;
        let taken = tables::taken(&live, kind);
        // Keys are given to rows by what the other table has: when that changed meanwhile, the file is read anew.
        let read = match known.take() {
            Some((before, read)) if before == taken => read,
            Some(_) | None => read_file(bytes, options, &taken).await?,
        };
        if !read.report.ok {
            return Ok(Imported {
                read,
                diff: None,
                published: None,
            });
        }
        let rows = tables::joined(&live, &read.offerings, kind)?;
        let changes = Some(diff(live.offerings(), &rows));
        let published = match now {
            None => None,
            Some(now) => {
                let name = display_name(company, kind);
                let done = attempt(store, tenant, &live, &name, &rows, now).await?;
                if done.is_none() {
                    known = Some((taken, read));
                    continue;
                }
                done
            }
        };
        return Ok(Imported {
            read,
            diff: changes,
            published,
        });
    }
    Err(too_busy())
}

/// Reading a large file takes a while: off the async threads.
async fn read_file(
    bytes: &Bytes,
    options: &ImportOptions,
    taken: &BTreeSet<Sku>,
) -> Result<Import> {
    let (bytes, mut options) = (bytes.clone(), options.clone());
    options.taken.clone_from(taken);
    let read = tokio::task::spawn_blocking(move || import(&bytes, &options)).await;
    read.map_err(|error| Error::internal("knowledge_base.read", error))?
}

/// The version to publish, and what to tell of it.
pub(crate) struct Next<T> {
    /// The display name.
    pub(crate) name: String,
    /// Every row.
    pub(crate) rows: Vec<Offering>,
    /// For the answer.
    pub(crate) told: T,
}

/// Publishes what `change` makes of the live rows. Of changes that run at once each is made from the one before, so that
/// none is lost; with `expected`, only from that version.
///
/// # Errors
/// What `change` says; `Conflict` when `expected` is not the live version.
pub(crate) async fn revise<T, E: From<Error>>(
    store: &dyn Store,
    tenant: Tenant,
    expected: Option<u32>,
    now: Timestamp,
    change: impl Fn(&Catalog) -> Result<Next<T>, E>,
) -> Result<(Arc<Catalog>, T), E> {
    for _ in 0..TRIES {
        let live = store.live_catalog(tenant).await?;
        if let Some(expected) = expected.filter(|expected| *expected != live.version) {
            let message = format!(
                "version {} is live, not {expected}; read it and decide again",
                live.version
            );
            return Err(Error::conflict("knowledge_base.revise", message).into());
        }
        let Next { name, rows, told } = change(&live)?;
        if let Some(published) = attempt(store, tenant, &live, &name, &rows, now).await? {
            return Ok((published, told));
        }
    }
    Err(too_busy().into())
}

/// Publishes rows that were made from `live`; `None` when it is live no longer.
async fn attempt(
    store: &dyn Store,
    tenant: Tenant,
    live: &Catalog,
    name: &str,
    rows: &[Offering],
    now: Timestamp,
) -> Result<Option<Arc<Catalog>>> {
    let done = store
        .revise_catalog(tenant, live.version, name, rows, now)
        .await;
    match done {
        Ok(published) => Ok(Some(published)),
        Err(error) if error.kind() == ErrorKind::Conflict => Ok(None),
        Err(error) => Err(error),
    }
}

fn too_busy() -> Error {
    Error::conflict(
        "knowledge_base.revise",
        "too many changes at once; try again",
    )
}

/// `DB Product <Name>`; for people, never a key.
pub(crate) fn display_name(company: &Company, kind: Kind) -> String {
    let table = match kind {
        Kind::Product => "Product",
        Kind::Service => "Service",
    };
    format!("DB {table} {}", company.name)
}
