//! What a new version of a knowledge base would change (K7). Pure; publishing and rolling back belong to the store.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::Serialize;
use serde_json::Value;

use super::flat::flat;
use crate::{catalog::Offering, id::Sku};

/// The difference between two lists of offerings, matched by SKU.
///
/// ```
/// use x8_core::{Money, catalog::{Kind, Offering}, import::diff};
/// let live = [Offering::new("201", Kind::Product, "Rose", Money::eur(3_50))];
/// let next = [Offering::new("201", Kind::Product, "Rose", Money::eur(4_00))];
/// assert_eq!(diff(&live, &next).to_string(), "changed 201: price_cents 350 → 400\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Only in the new list, in its order.
    pub added: Vec<Sku>,
    /// Only in the old list, in its order.
    pub removed: Vec<Sku>,
    /// In both, with different columns, in the new list's order.
    pub changed: Vec<Change>,
}

/// One row that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The row.
    pub sku: Sku,
    /// Its columns that differ, by name.
    pub columns: Vec<ColumnChange>,
}

/// One column that differs; `null` is an empty cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnChange {
    /// The name in the report's rows: `price_cents`, `areas`, …
    pub column: String,
    /// Before.
    pub old: Value,
    /// After.
    pub new: Value,
}

impl Diff {
    /// Whether both lists say the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// Compares the live rows with the rows of an import. The order of rows does not matter.
#[must_use]
pub fn diff(old: &[Offering], new: &[Offering]) -> Diff {
    let before: BTreeMap<&Sku, &Offering> = old.iter().map(|row| (&row.sku, row)).collect();
    let after: BTreeSet<&Sku> = new.iter().map(|row| &row.sku).collect();
    let mut diff = Diff {
        removed: old
            .iter()
            .filter(|row| !after.contains(&row.sku))
            .map(|row| row.sku.clone())
            .collect(),
        ..Diff::default()
    };
    for row in new {
        match before.get(&row.sku) {
            None => diff.added.push(row.sku.clone()),
            Some(known) if *known != row => diff.changed.push(change(known, row)),
            Some(_) => {}
        }
    }
    diff
}

fn change(old: &Offering, new: &Offering) -> Change {
    let (before, after) = (flat(old), flat(new));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let value = |columns: &serde_json::Map<String, Value>, name: &str| {
        columns.get(name).cloned().unwrap_or(Value::Null)
    };
    let columns = names
        .into_iter()
        .map(|name| ColumnChange {
            column: name.clone(),
            old: value(&before, name),
            new: value(&after, name),
        })
        .filter(|column| column.old != column.new)
        .collect();
    Change {
        sku: new.sku.clone(),
        columns,
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for sku in &self.added {
            writeln!(f, "added {sku}")?;
        }
        for sku in &self.removed {
            writeln!(f, "removed {sku}")?;
        }
        for change in &self.changed {
            write!(f, "changed {}:", change.sku)?;
            for (index, column) in change.columns.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                write!(
                    f,
                    "{comma} {} {} → {}",
                    column.column, column.old, column.new
                )?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
