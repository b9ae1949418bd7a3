//! What the numbers of a phrase count: units, inner pieces, people (O1).

use std::collections::HashSet;

use super::{
    super::{
        lexicon::{Entry, Lexicon},
        number,
        search::{is_container, is_of},
        terms::{alike, term},
        words::{Word, Words, matches},
    },
    Count,
};

/// Units that follow a count without being what is counted.
const CONTENTLESS: &[&str] = &["pcs", "piece", "шт", "штук", "штуки", "unidades"];

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

/// The numbers of a part by role.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a few numbers"
)]
pub(super) struct Numbers {
    /// "of 10": a pack size.
    pack: Option<u32>,
    /// Any other number.
    count: Option<u32>,
    /// Whether the count is only an article.
    article: bool,
    /// Whether the word before "of 10" is in the plural.
    plural: bool,
    /// What stands right behind the count.
    counted: Option<String>,
    /// "Rose bouquets": a container stands right behind what is counted.
    compound: bool,
    /// Whether the count is the last word and something stands before it.
    last: bool,
    /// "The 20 roses one": a thing of that size, not so many pieces.
    sized: bool,
    /// "2 x", "x2", "2 шт": so many units.
    plain: bool,
}

impl Numbers {
    pub(super) fn read(list: &[(usize, Word)]) -> Self {
        let mut numbers = Self::default();
        if list.len() > 1 && is_single(list) {
            numbers.pack = Some(1);
        }
        for (place, (_, word)) in list.iter().enumerate() {
            let Some(value) = number::value(word).filter(|value| *value > 0) else {
                continue;
            };
            // "a photo of …" counts photos, not offerings.
            let next = list.get(place + 1).and_then(|(_, next)| term(&next.folded));
            // "Una de verdejo" counts one of it.
            let of_it =
                list.get(place + 1)
                    .zip(list.get(place + 2))
                    .is_some_and(|((_, of), (_, noun))| {
                        is_of(&of.folded) && term(&noun.folded).is_some()
                    });
            if number::is_article(word) && next.is_none() && !of_it {
                continue;
            }
            let before = place.checked_sub(1).and_then(|back| list.get(back));
            // "Коробку на 6": so many in a container.
            let within = before.is_some_and(|(_, before)| {
                ["на", "for", "para", "по"].contains(&before.folded.as_str())
            }) && place
                .checked_sub(2)
                .and_then(|back| list.get(back))
                .is_some_and(|(_, noun)| is_container(&noun.folded));
            let of = within || before.is_some_and(|(_, before)| is_of(&before.folded));
            let noun = place
                .checked_sub(2)
                .and_then(|back| list.get(back))
                .is_some();
            // "Букет 20 роз": what a container holds.
            let last = list.get(place + 1).is_none() && value >= 4;
            let pieces = value >= 4
                && before.is_some_and(|(_, before)| {
                    !before.folded.ends_with(['s', 'ы', 'и', 'в'])
                        && !before.folded.ends_with("ок")
                        && !before.folded.ends_with("ек")
                });
            let held = before.is_some_and(|(_, before)| is_container(&before.folded))
                && (last
                    || pieces
                    || next
                        .as_ref()
                        .is_some_and(|next| !CONTENTLESS.contains(&next.as_str())));
            // "The private chef one" is that one.
            let pointed = word.folded == "one"
                && list.get(place + 1).is_none()
                && list
                    .iter()
                    .take(place)
                    .any(|(_, word)| ["the", "that", "this"].contains(&word.folded.as_str()));
            if pointed && numbers.count.is_none() {
                numbers.count = Some(1);
                numbers.article = true;
                continue;
            }
            match (
                held || (of && (noun || place == 1)),
                number::is_article(word),
            ) {
                (true, false) => {
                    numbers.pack = Some(value);
                    let noun = place.checked_sub(2).and_then(|back| list.get(back));
                    numbers.plural =
                        noun.is_some_and(|(_, noun)| noun.folded.ends_with(['s', 'ы', 'и', 'в']));
                }
                (false, true) if numbers.count.is_none() => {
                    numbers.count = Some(value);
                    numbers.article = true;
                }
                (false, false) if numbers.count.is_none() || numbers.article => {
                    numbers.count = Some(value);
                    numbers.plain = is_plain(list, place);
                    numbers.article = false;
                    numbers.counted = next;
                    numbers.last = place > 0 && list.get(place + 1).is_none();
                    numbers.compound = list.get(place + 2).is_some_and(|(_, word)| {
                        // "Наборами": in sets, how the pieces come.
                        is_container(&word.folded) && !word.folded.ends_with("ами")
                    });
                    numbers.sized = list
                        .iter()
                        .skip(place + 1)
                        .any(|(_, word)| ["one", "option", "pack"].contains(&word.folded.as_str()));
                }
                _more => {}
            }
        }
        numbers
    }
}

/// "2 x", "x2", "2 шт": so many units, whatever they hold.
fn is_plain(list: &[(usize, Word)], place: usize) -> bool {
    let is = |place: Option<usize>, forms: &[&str]| {
        place
            .and_then(|place| list.get(place))
            .is_some_and(|(_, word)| forms.contains(&word.folded.as_str()))
    };
    let times = ["x", "х"];
    is(place.checked_sub(1), &times)
        || is(Some(place + 1), &times)
        || is(Some(place + 1), CONTENTLESS)
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
    below && found.iter().all(named) && (numbers.plain || found.iter().all(portion))
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
    let size = numbers
        .pack
        .or_else(by_contents)
        .or_else(|| trailing_size(numbers, packed))?;
    let mut rows: Vec<&Entry> = Vec::new();
    let mut known = HashSet::new();
    let fits = |entry: &&&Entry| entry.pack.as_ref().is_some_and(|pack| pack.pieces == size);
    // What is named best first: "a package of French for 5 lessons" is no German one.
    let meant = if found.iter().any(|entry| fits(&entry)) {
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
