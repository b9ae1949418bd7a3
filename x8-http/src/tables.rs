//! The tables of a knowledge base: a file replaces the rows of its own kind, the other kind's rows stay.

use std::collections::BTreeSet;

use x8_core::{
    Error, Result, Sku,
    catalog::{Catalog, Kind, Offering},
    tenant::CompanyType,
};

/// The operation that refuses keys which are in both tables.
pub(crate) const JOIN: &str = "knowledge_base.join";

/// Whether a company of this type sells this kind of thing (T5).
pub(crate) fn sells(company: CompanyType, kind: Kind) -> bool {
    match company {
        CompanyType::Product => kind == Kind::Product,
        CompanyType::Service => kind == Kind::Service,
        CompanyType::Hybrid => true,
    }
}

/// The keys that rows of `kind` may not be given, because rows of the other kind have them (K6).
pub(crate) fn taken(live: &Catalog, kind: Kind) -> BTreeSet<Sku> {
    others(live, kind).map(|row| row.sku.clone()).collect()
}

/// The rows of the next version: those of the other kind, then the new ones.
///
/// # Errors
/// `Invalid` when a file writes a key that the other table has (K6).
pub(crate) fn joined(live: &Catalog, new: &[Offering], kind: Kind) -> Result<Vec<Offering>> {
    let taken = taken(live, kind);
    if let Some(twice) = new.iter().find(|row| taken.contains(&row.sku)) {
        let message = format!(
            "SKU {} is taken by a row of the other table; SKUs are unique in a knowledge base (K6)",
            twice.sku
        );
        return Err(Error::invalid(JOIN, message));
    }
    Ok(others(live, kind).chain(new).cloned().collect())
}

fn others(live: &Catalog, kind: Kind) -> impl Iterator<Item = &Offering> {
    live.offerings().iter().filter(move |row| row.kind != kind)
}
