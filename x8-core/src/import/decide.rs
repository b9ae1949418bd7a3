//! Which decimal mark a column uses, decided by its own cells (K3).

use std::collections::BTreeMap;

use super::{
    amount::Reader,
    column::Column,
    header::Mapping,
    number::{DecimalMark, Mark},
    report::DecimalChoice,
    table::{Form, Table},
};
use crate::money::Currency;

/// A cell that only one mark can read.
struct Proof {
    row: u64,
    text: String,
}

/// A reader for every number column of the table, and how its mark was decided.
pub(super) fn readers(
    table: &Table<'_>,
    mapping: &Mapping,
    currency: Currency,
    fixed: Option<DecimalMark>,
) -> (BTreeMap<Column, Reader>, Vec<DecimalChoice>) {
    let numbers = mapping
        .known
        .iter()
        .filter(|(column, _)| column.is_number());
    let mut readers = BTreeMap::new();
    let mut choices = Vec::new();
    for (column, at) in numbers {
        let open = Reader {
            column: *column,
            currency,
            mark: Mark::Open,
        };
        let (mark, decided) = match fixed {
            Some(mark) => (Mark::Fixed(mark), "fixed by the caller".to_owned()),
            None => decide(&open, table, *at),
        };
        readers.insert(*column, Reader { mark, ..open });
        let known = match mark {
            Mark::Fixed(mark) | Mark::Proved(mark) => Some(mark),
            Mark::Open => None,
        };
        choices.push(DecimalChoice {
            column: *column,
            mark: known,
            decided,
        });
    }
    (readers, choices)
}

fn decide(reader: &Reader, table: &Table<'_>, at: usize) -> (Mark, String) {
    let mut proofs: BTreeMap<DecimalMark, Proof> = BTreeMap::new();
    let mut marked = false;
    let written = table.rows().filter(|row| row.form(at) == Form::Text);
    for row in written {
        let text = row.cell(at);
        let (own, proved) = reader.evidence(text);
        marked |= own;
        if let Some(mark) = proved {
            proofs.entry(mark).or_insert_with(|| Proof {
                row: row.line(),
                text: text.to_owned(),
            });
            if proofs.len() == 2 {
                break;
            }
        }
    }
    match (
        proofs.get(&DecimalMark::Point),
        proofs.get(&DecimalMark::Comma),
    ) {
        (Some(proof), None) => (
            Mark::Proved(DecimalMark::Point),
            because(DecimalMark::Point, proof),
        ),
        (None, Some(proof)) => (
            Mark::Proved(DecimalMark::Comma),
            because(DecimalMark::Comma, proof),
        ),
        (Some(point), Some(comma)) => (
            Mark::Open,
            format!(
                "both marks are used (`{}` in row {}, `{}` in row {}); each cell stands for itself",
                point.text, point.row, comma.text, comma.row
            ),
        ),
        (None, None) if marked => (Mark::Open, "no cell proves a decimal mark".to_owned()),
        (None, None) => (Mark::Open, "no cell needs a decimal mark".to_owned()),
    }
}

fn because(mark: DecimalMark, proof: &Proof) -> String {
    format!(
        "decimal {mark}, proved by `{}` in row {}",
        proof.text, proof.row
    )
}
