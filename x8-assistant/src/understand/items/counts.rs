//! What the numbers of a phrase count: units, inner pieces, people (O1).

use std::collections::HashSet;

use super::{
    super::{
        lexicon::{Entry, Lexicon},
        terms::{alike, term},
        words::{Word, Words, matches},
    },
    Count,
    numbers::Numbers,
};

/// "Twelve single roses": no bouquets.
const SINGLE: &[&str] = &[
    "single",
    "individual*",
    "loose",
    "поштучно",
    "одиночн*",
    "разов*",
    "отдельн*",
    "suelt*",
];

/// Whether single pieces are spoken of.
pub(super) fn is_single(list: &[(usize, Word)]) -> bool {
    list.iter()
        .any(|(_, word)| SINGLE.iter().any(|single| matches(&word.folded, single)))
}

/// Whether a word says that single pieces are meant.
pub(super) fn is_single_word(word: &Word) -> bool {
    SINGLE.iter().any(|single| matches(&word.folded, single))
}

/// Whether single pieces are spoken of anywhere.
pub(in crate::understand) fn single(words: &Words) -> bool {
    words
        .list()
        .iter()
        .any(|word| SINGLE.iter().any(|single| matches(&word.folded, single)))
}

/// Settles what the numbers mean for the rows found.
pub(super) fn narrow<'e>(
    found: Vec<&'e Entry>,
    numbers: &Numbers,
    terms: &[String],
    lexicon: &'e Lexicon,
) -> (Vec<&'e Entry>, Count) {
    let mut packed = lexicon.packed(terms);
    // "Rolls with eel" are no packs of other rolls.
    let meant = |entry: &&Entry| found.iter().any(|own| own.sku == entry.sku);
    if !found.is_empty() {
        packed.retain(|entry| meant(entry));
    }
    let containers = lexicon.containers(terms);
    let container = |entry: &&&Entry| {
        entry
            .pack
            .as_ref()
            .and_then(|pack| pack.container.as_ref())
            .is_some_and(|own| containers.contains(own.as_str()))
    };
    // "2 x California, 8 pcs", "one Philadelphia": portions, not pieces of them.
    if !packed.is_empty() && numbers.pack.is_none() && is_of_portions(numbers, &packed, &found) {
        let count = numbers.count.map_or(Count::Open, Count::Units);
        return (found, count);
    }
    let named: Vec<&Entry> = if packed.is_empty() {
        found.iter().filter(container).copied().collect()
    } else {
        packed.iter().filter(container).copied().collect()
    };
    if let Some(sized) = of_size(numbers, &found, &packed, &named) {
        return sized;
    }
    let units = match numbers.count {
        Some(_) if numbers.article => Count::Implied,
        Some(count) => Count::Units(count),
        None => Count::Open,
    };
    // "12 teas in sets": the pieces are counted, not the sets.
    if let (Some(count), Some(counted), false) = (numbers.count, &numbers.counted, numbers.article)
        && let Some(first) = named.first().and_then(|entry| entry.pack.as_ref())
        && first.of.iter().any(|of| alike(counted, of))
        && Some(counted) != first.container.as_ref()
        && !numbers.compound
    {
        return (named, Count::Pieces(count));
    }
    let loose = sold_alone(&found, &packed);
    if named.is_empty() && !loose.is_empty() {
        return (loose, units);
    }
    if named.is_empty()
        && let Some(own) = beside_packs(numbers, &found, &packed)
    {
        return (own, units);
    }
    match (named.is_empty(), packed.is_empty(), numbers.count) {
        // "two bouquets (of roses)": containers are counted.
        (false, _, _) => (named, units),
        // "20 roses": pieces are counted.
        (true, false, Some(count)) if !numbers.article || count == 1 => {
            (packed, Count::Pieces(count))
        }
        (true, false, _) => (packed, Count::Open),
        (true, true, _) => (found, units),
    }
}

/// Units that hold several pieces and are counted themselves.
const PORTIONS: &[&str] = &[
    "porcion",
    "racion",
    "portion",
    "serving",
    "порция",
    "roll",
    "sushi",
    "set",
    "plate",
    "bowl",
];

/// Whether a count below what any of the packs holds counts the packs.
fn is_of_portions(numbers: &Numbers, packed: &[&Entry], found: &[&Entry]) -> bool {
    let Some(count) = numbers.count.filter(|_| !numbers.article) else {
        return false;
    };
    let pack = |entry: &&Entry| entry.pack.as_ref().map(|pack| pack.pieces);
    let below = packed.iter().filter_map(pack).all(|pieces| count < pieces);
    let named = |entry: &&Entry| packed.iter().any(|other| other.sku == entry.sku);
    let portion = |entry: &&Entry| PORTIONS.iter().any(|unit| entry.is_unit(unit));
    let counted = |entry: &&Entry| {
        let unit = numbers.counted.as_ref();
        unit.is_some_and(|unit| entry.is_unit(unit))
    };
    let units = found.iter().all(portion) || found.iter().all(counted);
    below && found.iter().all(named) && (numbers.plain || units)
}

/// Of the rows found those that are one piece of what a pack of the same name holds: "Lesson" beside "Pack of 10 lessons".
fn sold_alone<'e>(found: &[&'e Entry], packed: &[&'e Entry]) -> Vec<&'e Entry> {
    let inside = |one: &Entry, pack: &Entry| {
        one.name
            .iter()
            .all(|word| pack.name.iter().any(|own| alike(word, own)))
    };
    found
        .iter()
        .filter(|one| one.pack.is_none() && packed.iter().any(|pack| inside(one, pack)))
        .copied()
        .collect()
}

/// Rows called the same as what packs hold and sold by the piece ("Goat milk soap" beside "Set of 3 soaps"): they are meant
/// too while nothing is counted, and they alone when no pack divides the count.
fn beside_packs<'e>(
    numbers: &Numbers,
    found: &[&'e Entry],
    packed: &[&'e Entry],
) -> Option<Vec<&'e Entry>> {
    let single = |entry: &&Entry| {
        entry.pack.is_none()
            && packed
                .iter()
                .filter_map(|other| other.pack.as_ref())
                .any(|pack| {
                    let held = |word: &String| {
                        let own = term(word);
                        own.is_some_and(|own| pack.of.iter().any(|of| alike(&own, of)))
                    };
                    entry.name.iter().any(held)
                })
    };
    let own: Vec<&Entry> = found.iter().copied().filter(single).collect();
    let fits = |count: u32| {
        packed
            .iter()
            .filter_map(|entry| entry.pack.as_ref())
            .any(|pack| count.is_multiple_of(pack.pieces.max(1)))
    };
    match numbers.count {
        _ if own.is_empty() => None,
        Some(count) => (!fits(count)).then_some(own),
        None => Some(found.to_vec()),
    }
}

/// The rows of the pack size that was named, with how many of them.
fn of_size<'e>(
    numbers: &Numbers,
    found: &[&'e Entry],
    packed: &[&'e Entry],
    named: &[&'e Entry],
) -> Option<(Vec<&'e Entry>, Count)> {
    let by_contents = || size_of_container(numbers, packed, named);
    let boxed = if packed.is_empty() { found } else { packed };
    let size = numbers
        .pack
        .or_else(by_contents)
        .or_else(|| size_in_singular(numbers, boxed))
        .or_else(|| trailing_size(numbers, packed))?;
    let mut rows: Vec<&Entry> = Vec::new();
    let mut known = HashSet::new();
    let fits = |entry: &&&Entry| entry.pack.as_ref().is_some_and(|pack| pack.pieces == size);
    // What is named best first: "a package of French for 5 lessons" is no German one.
    let meant = if packed.is_empty() || found.iter().any(|entry| fits(&entry)) {
        found
    } else {
        packed
    };
    for entry in meant.iter().filter(fits) {
        if known.insert(&entry.sku) {
            rows.push(entry);
        }
    }
    let counted = numbers.count.filter(|_| numbers.pack.is_some());
    let count = match (counted, numbers.plural) {
        (Some(count), _) if !numbers.article => Count::Units(count),
        (None, true) => Count::Open,
        (_, _) => Count::Implied,
    };
    (!rows.is_empty()).then_some((rows, count))
}

/// "Tea lights 24": a number behind what is packed that one of the packs holds.
fn trailing_size(numbers: &Numbers, packed: &[&Entry]) -> Option<u32> {
    const LEAST: u32 = 4;
    let size = numbers
        .count
        .filter(|size| *size >= LEAST && numbers.counted.is_none() && numbers.last)?;
    let holds = |entry: &&Entry| entry.pack.as_ref().is_some_and(|pack| pack.pieces == size);
    packed.iter().any(holds).then_some(size)
}

/// "Then 20 bouquet", "24 box": the number of one container, which stands in the singular, when one of just that size is sold.
fn size_in_singular(numbers: &Numbers, rows: &[&Entry]) -> Option<u32> {
    let container = numbers.container.as_ref()?;
    let size = numbers.count.filter(|count| count % 10 != 1)?;
    let latin = container.is_ascii();
    let single = |entry: &&&Entry| {
        let called = entry.name.contains(container) || entry.is_called_unit(container);
        called || (latin && !container.ends_with('s'))
    };
    let fits = |entry: &&&Entry| entry.pack.as_ref().is_some_and(|pack| pack.pieces == size);
    let plural = latin && container.ends_with('s');
    let mut fitting = rows.iter().filter(fits);
    fitting
        .next()
        .filter(single)
        .filter(|_| !plural)
        .map(|_| size)
}

/// "20 roses bouquet", "the 20 roses one": the count stands before the contents of a container of just that size.
fn size_of_container(numbers: &Numbers, packed: &[&Entry], named: &[&Entry]) -> Option<u32> {
    let size = numbers.count.filter(|_| !numbers.article)?;
    let counted = numbers.counted.as_ref()?;
    let rows = if numbers.sized { packed } else { named };
    let fits = |entry: &&Entry| {
        let pack = entry.pack.as_ref();
        pack.is_some_and(|pack| {
            let held = pack.of.iter().any(|of| alike(counted, of));
            pack.pieces == size && pack.container.is_some() && held
        })
    };
    rows.iter().any(fits).then_some(size)
}
