//! Which cell of a row is which column.

use std::collections::BTreeMap;

use super::{Match, recognize};
use crate::{catalog::Kind, import::column::Column};

/// Which cell of a row is which column.
#[derive(Debug, Default)]
pub(in crate::import) struct Mapping {
    /// Known columns and their position.
    pub(in crate::import) known: BTreeMap<Column, usize>,
    /// What each known header said beside its name.
    pub(in crate::import) matches: BTreeMap<Column, Match>,
    /// Unknown columns: position and the name their cells are kept under.
    pub(in crate::import) extra: Vec<(usize, String)>,
    /// The headers as written.
    pub(in crate::import) headers: Vec<String>,
}

impl Mapping {
    /// The header of a known column, as written.
    pub(in crate::import) fn header(&self, column: Column) -> Option<&str> {
        self.headers
            .get(*self.known.get(&column)?)
            .map(String::as_str)
    }
}

/// Two headers that name the same column.
#[derive(Debug)]
pub(in crate::import) struct Doubled {
    pub(in crate::import) column: Column,
    pub(in crate::import) first: String,
    pub(in crate::import) second: String,
}

/// Maps a header row.
pub(in crate::import) fn map(kind: Kind, headers: &[String]) -> Result<Mapping, Doubled> {
    let mut mapping = Mapping {
        headers: headers.to_vec(),
        ..Mapping::default()
    };
    for (at, header) in headers.iter().enumerate() {
        let Some(found) = recognize(kind, header) else {
            let name = extra_name(&mapping, at, header);
            mapping.extra.push((at, name));
            continue;
        };
        if let Some(first) = mapping.header(found.column) {
            return Err(Doubled {
                column: found.column,
                first: first.to_owned(),
                second: header.clone(),
            });
        }
        mapping.known.insert(found.column, at);
        mapping.matches.insert(found.column, found);
    }
    Ok(mapping)
}

/// The header itself; nameless and repeated ones get a number, so that no cell overwrites another.
fn extra_name(mapping: &Mapping, at: usize, header: &str) -> String {
    let base = if header.is_empty() {
        format!("column {}", at + 1)
    } else {
        header.to_owned()
    };
    let taken = |name: &str| {
        mapping.extra.iter().any(|(_, used)| used == name)
            || mapping
                .headers
                .iter()
                .enumerate()
                .any(|(other, used)| other > at && used == name && used != header)
    };
    let mut name = base.clone();
    let mut number = 2_u32;
    while taken(&name) {
        name = format!("{base} ({number})");
        number = number.saturating_add(1);
    }
    name
}
