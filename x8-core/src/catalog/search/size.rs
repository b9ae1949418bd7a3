//! What an index holds in memory.

use super::Search;

/// Vectors and what they own; the allocator's own bookkeeping is left out.
pub(super) fn of(search: &Search) -> usize {
    let rows = search.rows.iter().map(super::Row::heap_bytes);
    let terms = search
        .terms
        .iter()
        .map(|term| term.text.len() + size_of_val(term.postings.as_ref()));
    let stems = search
        .stems
        .iter()
        .map(|(stem, terms)| stem.len() + size_of_val(terms.as_slice()));
    let keys = search.skus.iter().chain(&search.names);
    let heap = rows
        .chain(terms)
        .chain(stems)
        .chain(keys.map(|(key, _)| key.len()))
        .chain(search.places.iter().map(|place| place.len()))
        .sum::<usize>();
    heap + size_of::<Search>()
        + size_of_val(search.rows.as_slice())
        + size_of_val(search.terms.as_slice())
        + size_of_val(search.stems.as_slice())
        + size_of_val(search.skus.as_slice())
        + size_of_val(search.names.as_slice())
        + size_of_val(search.places.as_slice())
}
