//! Article keys: unique, and assigned where a file has none (K6).

use std::collections::{BTreeSet, HashMap, hash_map::Entry};

use super::{
    column::Column,
    report::{At, Log},
    table::{Record, Table},
};
use crate::id::Sku;

/// The key of one row.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) sku: Sku,
    /// Whether the import made it.
    pub(super) assigned: bool,
    /// Whether the row cannot be taken with it; the log says why.
    pub(super) refused: bool,
}

/// One key per row, in order. Assignments follow the largest integer of the whole file, refused rows included, so that
/// mending a row changes no other key; integers in `taken` are stepped over.
pub(super) fn keys(
    table: &Table<'_>,
    at: Option<usize>,
    taken: &BTreeSet<Sku>,
    log: &mut Log,
) -> Vec<Key> {
    let written = |row: &Record<'_>| {
        at.map(|at| Sku::from(row.cell(at)))
            .filter(|sku| !sku.as_str().is_empty())
    };
    let mut free = None;
    let mut seen: HashMap<&str, u64> = HashMap::with_capacity(table.len());
    let mut keys = Vec::with_capacity(table.len());
    for row in table.rows() {
        let Some(sku) = written(&row) else {
            let free = free.get_or_insert_with(|| Free::new(table, written, taken));
            keys.push(Key {
                sku: free.next(),
                assigned: true,
                refused: false,
            });
            continue;
        };
        let failures = log.failures();
        let text = at.map_or("", |at| row.cell(at));
        match seen.entry(text) {
            Entry::Occupied(first) => {
                let message = format!(
                    "SKU `{sku}` is in rows {} and {}; give each row its own",
                    first.get(),
                    row.line()
                );
                log.error(place(&row, &sku), "K6", message);
            }
            Entry::Vacant(free) => {
                check(&row, &sku, log);
                free.insert(row.line());
            }
        }
        keys.push(Key {
            sku,
            assigned: false,
            refused: log.failures() > failures,
        });
    }
    keys
}

fn place<'a>(row: &Record<'_>, sku: &'a Sku) -> At<'a> {
    At {
        row: row.line(),
        column: Some(Column::Sku.name()),
        text: sku.as_str(),
    }
}

fn check(row: &Record<'_>, sku: &Sku, log: &mut Log) {
    if is_rewritten(sku.as_str()) {
        let message = format!(
            "`{sku}` is a code that a spreadsheet rewrote as a number, losing digits; format the column as text and enter it again"
        );
        log.error(place(row, sku), "K6", message);
    } else if sku.as_integer().is_none() {
        let message = format!("SKU `{sku}` is not an integer; it is kept as text");
        log.warn(place(row, sku), "K6", message);
    }
}

/// `8,41235E+12`: digits, one mark, an exponent with its sign.
fn is_rewritten(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']);
    mantissa.split(['.', ',']).count() <= 2
        && mantissa.split(['.', ',']).all(digits)
        && exponent.is_some_and(digits)
}

/// Hands out integers that no row uses.
struct Free {
    taken: BTreeSet<i64>,
    next: i64,
}

impl Free {
    fn new(
        table: &Table<'_>,
        written: impl Fn(&Record<'_>) -> Option<Sku>,
        elsewhere: &BTreeSet<Sku>,
    ) -> Self {
        let skus = table.rows().filter_map(|row| written(&row));
        let mut taken: BTreeSet<i64> = skus.filter_map(|sku| sku.as_integer()).collect();
        let largest = taken.last().copied().unwrap_or(0).max(0);
        // Behind the largest possible key there is no room: gaps are filled from 1 instead.
        let next = largest.checked_add(1).unwrap_or(1);
        taken.extend(elsewhere.iter().filter_map(Sku::as_integer));
        Self { taken, next }
    }

    fn next(&mut self) -> Sku {
        while self.taken.contains(&self.next) {
            self.next = self.next.checked_add(1).unwrap_or(1);
        }
        self.taken.insert(self.next);
        Sku::from(self.next.to_string())
    }
}
