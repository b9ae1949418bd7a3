//! From the live rows to the next version, whoever else is at it (K7, K11).

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use x8_core::{
    Error, ErrorKind, Result, Sku,
    catalog::{Catalog, Kind, Offering},
    port::Store,
    tenant::{Company, CompanyType, Tenant},
};

/// How often a change is made anew when somebody else was first. Each time another one got through.
const TRIES: u32 = 64;

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
    const OPERATION: &str = "knowledge_base.revise";
    for _ in 0..TRIES {
        let live = store.live_catalog(tenant).await?;
        if let Some(expected) = expected.filter(|expected| *expected != live.version) {
            let msg = format!(
                "version {} is live, not {expected}; read it and decide again",
                live.version
            );
            return Err(Error::conflict(OPERATION, msg).into());
        }
        let Next { name, rows, told } = change(&live)?;
        let done = store
            .revise_catalog(tenant, live.version, &name, &rows, now)
            .await;
        match done {
            Ok(published) => return Ok((published, told)),
            Err(error) if error.kind() == ErrorKind::Conflict => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::conflict(OPERATION, "too many changes at once; try again").into())
}

/// A file replaces the rows of its own kind; the rows of the other stay.
///
/// # Errors
/// `Invalid` when a SKU is in both tables (K6).
pub(crate) fn with_other_kind(
    live: &Catalog,
    new: &[Offering],
    kind: Kind,
) -> Result<Vec<Offering>> {
    let mut rows: Vec<Offering> = others(live, kind).cloned().collect();
    let taken = taken(live, kind);
    if let Some(twice) = new.iter().find(|row| taken.contains(&row.sku)) {
        let msg = format!(
            "SKU {} is taken by a row of the other table; SKUs are unique in a knowledge base (K6)",
            twice.sku
        );
        return Err(Error::invalid("knowledge_base.merge", msg));
    }
    rows.extend_from_slice(new);
    Ok(rows)
}

/// The keys that rows of `kind` may not be given, because rows of the other kind have them (K6).
pub(crate) fn taken(live: &Catalog, kind: Kind) -> BTreeSet<Sku> {
    others(live, kind).map(|row| row.sku.clone()).collect()
}

fn others(live: &Catalog, kind: Kind) -> impl Iterator<Item = &Offering> {
    live.offerings().iter().filter(move |row| row.kind != kind)
}

/// Whether a company of this type sells this kind of thing (T5).
pub(crate) fn sells(company: CompanyType, kind: Kind) -> bool {
    match company {
        CompanyType::Product => kind == Kind::Product,
        CompanyType::Service => kind == Kind::Service,
        CompanyType::Hybrid => true,
    }
}

/// `DB Product <Name>`; for people, never a key.
pub(crate) fn display_name(company: &Company, kind: Kind) -> String {
    let table = match kind {
        Kind::Product => "Product",
        Kind::Service => "Service",
    };
    format!("DB {table} {}", company.name)
}
