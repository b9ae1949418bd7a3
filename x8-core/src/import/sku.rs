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
    seen: Seen,
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

/// The line where each key stands first.
#[derive(Debug, Default)]
struct Seen {
    /// Integers that were larger than all before them: most files count their rows, and need nothing else.
    rising: Vec<(i64, u64)>,
    others: HashMap<Own, u64>,
}

impl Seen {
    /// The line of a key that was there before; otherwise it is from now on.
    fn first(&mut self, key: Own, line: u64) -> Option<u64> {
        if let Own::Number(number) = key {
            if self.rising.last().is_none_or(|(last, _)| *last < number) {
                self.rising.push((number, line));
                return None;
            }
            let found = self
                .rising
                .binary_search_by_key(&number, |(known, _)| *known);
            if let Some((_, first)) = found.ok().and_then(|at| self.rising.get(at)) {
                return Some(*first);
            }
        }
        match self.others.entry(key) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(free) => {
                free.insert(line);
                None
            }
        }
    }

    fn integers(&self) -> impl Iterator<Item = i64> {
        let others = self.others.keys().filter_map(|own| match own {
            Own::Number(number) => Some(*number),
            Own::Text(_) => None,
        });
        self.rising.iter().map(|(number, _)| *number).chain(others)
    }
}

impl Written {
    /// `at` is the place of their column.
    pub(super) fn new(at: Option<usize>) -> Self {
        Self {
            at,
            seen: Seen::default(),
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
        let key = integer.map_or_else(|| Own::Text(text.into()), Own::Number);
        if let Some(first) = self.seen.first(key, row.line()) {
            let message = format!(
                "SKU `{text}` is in rows {first} and {}; give each row its own",
                row.line()
            );
            log.error(place(row, text), "K6", message);
        } else if integer.is_none() {
            check(row, text, log);
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
    fn new(written: &Seen, elsewhere: &BTreeSet<Sku>) -> Self {
        let mut taken: BTreeSet<i64> = written.integers().collect();
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn k6_a_key_is_found_where_it_stood_first(numbers in proptest::collection::vec(-4_i64..12, 0..40)) {
            let mut seen = Seen::default();
            let mut plain: HashMap<i64, u64> = HashMap::new();
            for (line, number) in (2_u64..).zip(numbers) {
                let wanted = plain.get(&number).copied();
                plain.entry(number).or_insert(line);
                prop_assert_eq!(seen.first(Own::Number(number), line), wanted);
                // Texts are another world, whatever they look like.
                let text = || Own::Text(format!("n{number}").into());
                prop_assert_eq!(seen.first(text(), line), wanted);
            }
            let held: BTreeSet<i64> = seen.integers().collect();
            prop_assert_eq!(held, plain.into_keys().collect::<BTreeSet<_>>());
        }
    }
}
