//! Changes of single rows, as the next version's rows (K11). Pure; publishing belongs to the store.

use serde_json::{Map, Value};

use super::{Column, RowIssue, RowRead, normalize_header, patch, row, validate::is_empty};
use crate::{
    catalog::{Kind, Offering},
    id::Sku,
};

/// One change of a catalogue.
#[derive(Clone, Copy, Debug)]
pub enum Edit<'a> {
    /// A new row behind the others, from named columns; without a SKU it gets the next free integer (K6).
    Add(Kind, &'a Map<String, Value>),
    /// Some columns of a row; null empties one.
    Patch(&'a Sku, &'a Map<String, Value>),
    /// A row taken out.
    Remove(&'a Sku),
}

/// Why a change was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such row.
    Absent,
    /// What is wrong with the row as it would be.
    Row(Vec<RowIssue>),
}

/// What a change made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The rows after it, in order.
    pub rows: Vec<Offering>,
    /// The row it was about: the new one, the changed one, the one taken out.
    pub row: Offering,
    /// What is worth a look in that row.
    pub warnings: Vec<RowIssue>,
}

/// Makes a change.
///
/// ```
/// use serde_json::json;
/// use x8_core::{catalog::Kind, import::{Edit, edit}};
/// let cells = json!({"name": "Rose", "description": "Red", "price": 3.5});
/// let added = edit(&[], Edit::Add(Kind::Product, cells.as_object().unwrap())).unwrap();
/// assert_eq!((added.rows.len(), added.row.sku.as_str()), (1, "1"));
/// let left = edit(&added.rows, Edit::Remove(&added.row.sku)).unwrap();
/// assert!(left.rows.is_empty());
/// ```
///
/// # Errors
/// [`Refused`]; a SKU that another row has is an error of the row that names it.
pub fn edit(rows: &[Offering], change: Edit<'_>) -> Result<Edited, Refused> {
    let place = |sku: &Sku| rows.iter().position(|row| row.sku == *sku);
    let mut next = rows.to_vec();
    match change {
        Edit::Add(kind, columns) => {
            let RowRead {
                offering: mut added,
                warnings,
            } = row(kind, columns).map_err(Refused::Row)?;
            if !has_sku(kind, columns) {
                added.sku = free(rows);
            }
            unique(rows, None, &added.sku)?;
            next.push(added.clone());
            Ok(Edited {
                rows: next,
                row: added,
                warnings,
            })
        }
        Edit::Patch(sku, changes) => {
            let at = place(sku).ok_or(Refused::Absent)?;
            let known = next.get_mut(at).ok_or(Refused::Absent)?;
            let RowRead { offering, warnings } = patch(known, changes).map_err(Refused::Row)?;
            unique(rows, Some(at), &offering.sku)?;
            *known = offering.clone();
            Ok(Edited {
                rows: next,
                row: offering,
                warnings,
            })
        }
        Edit::Remove(sku) => {
            let at = place(sku).ok_or(Refused::Absent)?;
            let row = next.remove(at);
            Ok(Edited {
                rows: next,
                row,
                warnings: Vec::new(),
            })
        }
    }
}

fn has_sku(kind: Kind, columns: &Map<String, Value>) -> bool {
    let mut names = columns.iter().filter(|(_, value)| !is_empty(value));
    names.any(|(name, _)| normalize_header(kind, name) == Some(Column::Sku))
}

/// K6: behind the largest integer; in the first gap when there is nothing behind it.
fn free(rows: &[Offering]) -> Sku {
    let taken = || rows.iter().filter_map(|row| row.sku.as_integer());
    let largest = taken().max().unwrap_or(0).max(0);
    let next = largest
        .checked_add(1)
        .or_else(|| (1..i64::MAX).find(|number| taken().all(|known| known != *number)));
    Sku::from(next.unwrap_or(1).to_string())
}

fn unique(rows: &[Offering], own: Option<usize>, sku: &Sku) -> Result<(), Refused> {
    let mut others = rows.iter().enumerate().filter(|(at, _)| Some(*at) != own);
    let Some((_, other)) = others.find(|(_, row)| row.sku == *sku) else {
        return Ok(());
    };
    let message = format!(
        "SKU `{sku}` belongs to `{}`; SKUs are unique in a knowledge base",
        other.name
    );
    let column = Column::Sku.name();
    Err(Refused::Row(vec![RowIssue::new(
        column,
        sku.as_str(),
        "K6",
        message,
    )]))
}
