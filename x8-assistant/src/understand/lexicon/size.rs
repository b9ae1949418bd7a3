//! What a lexicon holds in memory.

use super::{Entry, Lexicon};

/// Headers of hash tables are counted as part of their entries.
pub(super) fn of(lexicon: &Lexicon) -> usize {
    const ENTRY: usize = 2 * size_of::<String>();
    let rows: usize = lexicon.rows.iter().map(row).sum();
    let keys: usize = lexicon
        .keys
        .keys()
        .map(|sku| sku.as_str().len() + ENTRY)
        .sum();
    let words: usize = lexicon
        .name_words
        .iter()
        .map(|word| word.len() + ENTRY)
        .sum();
    let codes: usize = lexicon.codes.iter().map(|code| code.len() + ENTRY).sum();
    let openings: usize = lexicon
        .openings
        .iter()
        .map(|((first, second), rows)| {
            first.len() + second.len() + 2 * ENTRY + rows.capacity() * size_of::<usize>()
        })
        .sum();
    let texts: usize = lexicon
        .texts
        .values()
        .map(|rows| ENTRY + rows.capacity() * size_of::<usize>())
        .sum();
    let described: usize = lexicon
        .described
        .iter()
        .map(|(word, rows)| word.len() + ENTRY + rows.capacity() * size_of::<usize>())
        .sum();
    let postings: usize = [
        &lexicon.names,
        &lexicon.sections,
        &lexicon.contents,
        &lexicon.containers,
        &lexicon.units,
    ]
    .iter()
    .map(|postings| postings.approx_bytes())
    .sum();
    let places: usize = lexicon.places.iter().map(super::Place::approx_bytes).sum();
    size_of::<Lexicon>()
        + rows
        + keys
        + words
        + codes
        + openings
        + texts
        + described
        + postings
        + places
        + lexicon.headed.approx_bytes()
}

fn row(entry: &Entry) -> usize {
    let name: usize = entry
        .name
        .iter()
        .map(|word| word.len() + size_of::<String>())
        .sum();
    let pack = entry.pack.as_ref().map_or(0, |pack| {
        let of: usize = pack
            .of
            .iter()
            .map(|of| of.len() + size_of::<String>())
            .sum();
        of + pack.container.as_ref().map_or(0, String::len)
    });
    let units: usize = entry
        .units
        .iter()
        .map(|word| word.len() + size_of::<String>())
        .sum();
    units + entry.unit.len() + size_of::<Entry>() + entry.sku.as_str().len() + name + pack
}
