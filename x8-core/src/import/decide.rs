//! Which decimal mark a column uses, decided by its own cells (K3).

use super::{
    amount::Reader,
    header::Mapping,
    number::{DecimalMark, Mark},
    report::DecimalChoice,
    table::{Form, Record},
};
use crate::money::Currency;

/// A cell that only one mark can read.
#[derive(Debug)]
struct Proof {
    row: u64,
    text: String,
}

/// What the cells of one number column say about its decimal mark.
#[derive(Debug)]
pub(super) struct Evidence {
    reader: Reader,
    at: usize,
    fixed: Option<DecimalMark>,
    point: Option<Proof>,
    comma: Option<Proof>,
    /// Whether any cell has a point or a comma.
    marked: bool,
}

/// What decides about every number column of a header.
pub(super) fn evidence(
    mapping: &Mapping,
    currency: Currency,
    fixed: Option<DecimalMark>,
) -> Vec<Evidence> {
    let numbers = mapping
        .known
        .iter()
        .filter(|(column, _)| column.is_number());
    numbers
        .map(|(column, at)| Evidence {
            reader: Reader {
                column: *column,
                currency,
                mark: Mark::Open,
            },
            at: *at,
            fixed,
            point: None,
            comma: None,
            marked: false,
        })
        .collect()
}

impl Evidence {
    /// Looks at the cell of the next row.
    pub(super) fn see(&mut self, record: &Record<'_>) {
        let settled = self.fixed.is_some() || (self.point.is_some() && self.comma.is_some());
        if settled || record.form(self.at) != Form::Text {
            return;
        }
        let text = record.cell(self.at);
        let (marked, proved) = self.reader.evidence(text);
        self.marked |= marked;
        let proof = match proved {
            Some(DecimalMark::Point) => &mut self.point,
            Some(DecimalMark::Comma) => &mut self.comma,
            None => return,
        };
        proof.get_or_insert_with(|| Proof {
            row: record.line(),
            text: text.to_owned(),
        });
    }

    /// The reader of the column, and how its mark was decided.
    pub(super) fn decide(&self) -> (Reader, DecimalChoice) {
        let (mark, decided) = match self.fixed {
            Some(mark) => (Mark::Fixed(mark), "fixed by the caller".to_owned()),
            None => self.weigh(),
        };
        let known = match mark {
            Mark::Fixed(mark) | Mark::Proved(mark) => Some(mark),
            Mark::Open => None,
        };
        let choice = DecimalChoice {
            column: self.reader.column,
            mark: known,
            decided,
        };
        (
            Reader {
                mark,
                ..self.reader
            },
            choice,
        )
    }

    fn weigh(&self) -> (Mark, String) {
        match (&self.point, &self.comma) {
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
            (None, None) if self.marked => (Mark::Open, "no cell proves a decimal mark".to_owned()),
            (None, None) => (Mark::Open, "no cell needs a decimal mark".to_owned()),
        }
    }
}

fn because(mark: DecimalMark, proof: &Proof) -> String {
    format!(
        "decimal {mark}, proved by `{}` in row {}",
        proof.text, proof.row
    )
}
