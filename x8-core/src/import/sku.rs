//! Article keys: unique, and assigned where a file has none (K6).

use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry},
    iter::Peekable,
    vec::IntoIter,
};

use super::{
    column::Column,
    report::{At, Log},
    table::Record,
};
use crate::id::{Sku, integer};

/// The keys that rows bring along.
#[derive(Debug)]
pub(super) struct Written {
    at: Option<usize>,
    /// The line where each stands first.
    seen: HashMap<Own, u64>,
    /// Rows, by number, that cannot be taken with theirs; the log says why.
    refused: Vec<usize>,
    missing: bool,
    rows: usize,
}

/// A written key; most are integers, and those need no text of their own.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Own {
    Number(i64),
    Text(Box<str>),
}

impl Written {
    /// `at` is the place of their column.
    pub(super) fn new(at: Option<usize>) -> Self {
        Self {
            at,
            seen: HashMap::new(),
            refused: Vec::new(),
            missing: false,
            rows: 0,
        }
    }

    /// Looks at the key of the next row.
    pub(super) fn see(&mut self, row: &Record<'_>, log: &mut Log) {
        let number = self.rows;
        self.rows += 1;
        let text = self.at.map_or("", |at| row.cell(at));
        if text.is_empty() {
            self.missing = true;
            return;
        }
        let integer = integer(text);
        let failures = log.failures();
        match self
            .seen
            .entry(integer.map_or_else(|| Own::Text(text.into()), Own::Number))
        {
            Entry::Occupied(first) => {
                let message = format!(
                    "SKU `{text}` is in rows {} and {}; give each row its own",
                    first.get(),
                    row.line()
                );
                log.error(place(row, text), "K6", message);
            }
            Entry::Vacant(free) => {
                if integer.is_none() {
                    check(row, text, log);
                }
                free.insert(row.line());
            }
        }
        if log.failures() > failures {
            self.refused.push(number);
        }
    }

    /// How many rows there were.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Integers in `taken` are given to no row.
    pub(super) fn keys(self, taken: &BTreeSet<Sku>) -> Keys {
        let free = self.missing.then(|| Free::new(&self.seen, taken));
        Keys {
            at: self.at,
            refused: self.refused.into_iter().peekable(),
            free,
            row: 0,
        }
    }
}

/// The key of one row.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) sku: Sku,
    /// The key as the import made it, if it did.
    pub(super) assigned: Option<i64>,
    /// Whether the row cannot be taken with it; the log says why.
    pub(super) refused: bool,
}

/// One key per row, in order. Assignments follow the largest integer of the whole file, refused rows included, so that
/// mending a row changes no other key.
#[derive(Debug)]
pub(super) struct Keys {
    at: Option<usize>,
    refused: Peekable<IntoIter<usize>>,
    free: Option<Free>,
    row: usize,
}

impl Keys {
    /// The key of the next row.
    pub(super) fn next(&mut self, row: &Record<'_>) -> Key {
        let number = self.row;
        self.row += 1;
        let text = self.at.map_or("", |at| row.cell(at));
        if let (true, Some(free)) = (text.is_empty(), &mut self.free) {
            let integer = free.next();
            return Key {
                sku: Sku::from(integer.to_string()),
                assigned: Some(integer),
                refused: false,
            };
        }
        Key {
            sku: Sku::from(text),
            assigned: None,
            refused: self.refused.next_if_eq(&number).is_some(),
        }
    }
}

fn place<'a>(row: &Record<'_>, sku: &'a str) -> At<'a> {
    At {
        row: row.line(),
        column: Some(Column::Sku.name()),
        text: sku,
    }
}

/// A key that is no integer.
fn check(row: &Record<'_>, sku: &str, log: &mut Log) {
    if is_rewritten(sku) {
        let message = format!(
            "`{sku}` is a code that a spreadsheet rewrote as a number, losing digits; format the column as text and enter it again"
        );
        log.error(place(row, sku), "K6", message);
    } else {
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
#[derive(Debug)]
struct Free {
    taken: BTreeSet<i64>,
    next: i64,
}

impl Free {
    fn new(written: &HashMap<Own, u64>, elsewhere: &BTreeSet<Sku>) -> Self {
        let mut taken: BTreeSet<i64> = written
            .keys()
            .filter_map(|own| match own {
                Own::Number(number) => Some(*number),
                Own::Text(_) => None,
            })
            .collect();
        let largest = taken.last().copied().unwrap_or(0).max(0);
        // Behind the largest possible key there is no room: gaps are filled from 1 instead.
        let next = largest.checked_add(1).unwrap_or(1);
        taken.extend(elsewhere.iter().filter_map(Sku::as_integer));
        Self { taken, next }
    }

    fn next(&mut self) -> i64 {
        while self.taken.contains(&self.next) {
            self.next = self.next.checked_add(1).unwrap_or(1);
        }
        self.taken.insert(self.next);
        self.next
    }
}
