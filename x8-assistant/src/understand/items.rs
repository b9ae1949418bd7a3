//! Which offerings are meant, and how many (O1).

use x8_core::{Sku, catalog::Catalog};

use super::{
    number,
    search::{Entry, Index, is_of},
    terms::{alike, concept, term},
    words::{Word, Words},
};

/// One thing the customer speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The rows it may mean; one when clear.
    pub skus: Vec<Sku>,
    /// How many, as far as said.
    pub count: Count,
}

/// How many, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Not said.
    Open,
    /// SKU units: "two bouquets".
    Units(u32),
    /// Inner pieces: "20 roses" (O1).
    Pieces(u32),
    /// One, by a noun in the singular: "bouquet of 10 roses".
    Implied,
}

/// Finds all wishes in order and takes their words.
pub(super) fn hear(
    words: &mut Words,
    catalog: &Catalog,
    index: &Index<'_>,
    contact: Contact,
) -> Vec<Wish> {
    let mut wishes = Vec::new();
    full_names(words, index, &mut wishes);
    keys(words, catalog, &mut wishes);
    for part in parts(words) {
        if is_person(words, &part, index, contact) {
            continue;
        }
        if let Some(wish) = read_part(words, &part, index) {
            merge(&mut wishes, wish);
        }
    }
    wishes
}

/// Whether a burst brings contact details, so that capitalised words may be a person ("Eve Stone", "Rosa").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contact {
    /// Nothing of the kind.
    None,
    /// A phone came with it.
    Given,
    /// The name was asked for and is still unknown.
    Asked,
}

/// Capitalised words only, and not all of them words of the catalogue; a single one counts when the name was asked for.
fn is_person(words: &Words, part: &[usize], index: &Index<'_>, contact: Contact) -> bool {
    let list: Vec<&Word> = part.iter().filter_map(|at| words.at(*at)).collect();
    let plain = list
        .iter()
        .all(|word| word.is_letters() && word.is_capitalised());
    let known = list.iter().filter(|word| index.knows(&word.folded)).count();
    match (contact, list.len()) {
        (Contact::None, _) => false,
        (Contact::Asked, 1) => plain,
        (_, 2..=4) => plain && known < list.len(),
        _other => false,
    }
}

/// The same rows named twice ("whale and dolphin watching") are one wish.
fn merge(wishes: &mut Vec<Wish>, wish: Wish) {
    let same = wishes.iter_mut().find(|known| {
        known.skus == wish.skus
            || (known.skus.len() == 1
                && wish.count == Count::Open
                && known.skus.iter().all(|sku| wish.skus.contains(sku)))
    });
    match same {
        Some(known) if known.count == Count::Open => known.count = wish.count,
        Some(_known) => {}
        None => wishes.push(wish),
    }
}

/// Whole names as the catalogue writes them.
fn full_names(words: &mut Words, index: &Index<'_>, wishes: &mut Vec<Wish>) {
    let mut entries: Vec<&Entry<'_>> = index
        .0
        .iter()
        .filter(|entry| entry.name.len() >= 2)
        .collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.name.len()));
    for entry in entries {
        let start = (0..words.list().len()).find(|start| {
            let here = words.list().get(*start..start + entry.name.len());
            here.is_some_and(|here| {
                here.iter()
                    .zip(&entry.name)
                    .all(|(word, own)| word.folded == *own && !word.used)
            })
        });
        let Some(start) = start else { continue };
        words.take(start..start + entry.name.len());
        let mut count = count_before(words, start);
        if count == Count::Open && entry.pack.is_some() {
            count = Count::Implied;
        }
        merge(
            wishes,
            Wish {
                skus: vec![entry.row.sku.clone()],
                count,
            },
        );
    }
}

/// "2 x", "two", "a" directly before.
fn count_before(words: &mut Words, start: usize) -> Count {
    let cross = words
        .before(start, 1)
        .is_some_and(|word| ["x", "х", "×"].contains(&word.folded.as_str()));
    let back = if cross { 2 } else { 1 };
    let count = words
        .before(start, back)
        .filter(|word| !word.used)
        .and_then(number::value);
    let article = words.before(start, back).is_some_and(number::is_article);
    match (count, start.checked_sub(back)) {
        (Some(count), Some(place)) if count > 0 => {
            words.take(place..start);
            if article {
                Count::Implied
            } else {
                Count::Units(count)
            }
        }
        _none => Count::Open,
    }
}

/// SKUs written out: a number that is a key and not a small quantity, or any key after "sku", "артикул", "№".
fn keys(words: &mut Words, catalog: &Catalog, wishes: &mut Vec<Wish>) {
    const LABELS: &[&str] = &[
        "sku",
        "article",
        "item",
        "артикул",
        "арт",
        "код",
        "articulo",
        "referencia",
        "ref",
        "codigo",
    ];
    for at in 0..words.list().len() {
        let Some(word) = words.at(at).filter(|word| !word.used) else {
            continue;
        };
        let labelled = words
            .before(at, 1)
            .is_some_and(|before| LABELS.contains(&before.folded.as_str()))
            || word.gap.contains(['#', '№']);
        let sku = Sku::from(word.text.as_str());
        let telling =
            word.text.chars().count() >= 3 && word.text.chars().any(|one| one.is_ascii_digit());
        if !(labelled || telling) || catalog.get(&sku).is_none() {
            continue;
        }
        words.take(at..at + 1);
        let start = if labelled && at > 0 { at - 1 } else { at };
        let mut count = count_before(words, start);
        if count == Count::Open {
            count = count_after(words, at);
        }
        merge(
            wishes,
            Wish {
                skus: vec![sku],
                count,
            },
        );
    }
}

/// "201 x 2".
fn count_after(words: &mut Words, at: usize) -> Count {
    let cross = words
        .at(at + 1)
        .is_some_and(|word| ["x", "х"].contains(&word.folded.as_str()));
    let near = words
        .at(at + 1)
        .is_some_and(|word| word.gap.contains(['×', '*']));
    let place = if cross { at + 2 } else { at + 1 };
    match words
        .at(place)
        .filter(|_| cross || near)
        .and_then(Word::digits)
    {
        Some(count) if count > 0 => {
            words.take(place..place + 1);
            Count::Units(count)
        }
        _none => Count::Open,
    }
}

/// Index ranges between commas, sentence ends, "and", "y", "и", "плюс".
fn parts(words: &Words) -> Vec<Vec<usize>> {
    const JOINTS: &[&str] = &[
        "and",
        "plus",
        "also",
        "и",
        "плюс",
        "также",
        "еще",
        "y",
        "e",
        "mas",
        "tambien",
    ];
    let mut parts: Vec<Vec<usize>> = vec![Vec::new()];
    let mut segment = 0;
    for (at, word) in words.list().iter().enumerate() {
        if word.segment != segment
            || JOINTS.contains(&word.folded.as_str())
            || word.gap.contains('+')
        {
            parts.push(Vec::new());
            segment = word.segment;
        }
        if !word.used
            && let Some(part) = parts.last_mut()
        {
            part.push(at);
        }
    }
    parts
}

fn read_part(words: &mut Words, part: &[usize], index: &Index<'_>) -> Option<Wish> {
    let list: Vec<(usize, Word)> = part
        .iter()
        .filter_map(|at| words.at(*at).map(|word| (*at, word.clone())))
        .collect();
    let mut terms: Vec<String> = list
        .iter()
        .filter_map(|(_, word)| term(&word.folded))
        .collect();
    let holds = |starts: &[&str]| {
        list.iter()
            .any(|(_, word)| starts.iter().any(|start| word.folded.starts_with(start)))
    };
    if holds(&["photo", "foto", "фото"]) && holds(&["sesi", "session", "сесси"]) {
        terms.push("photoshoot".to_owned());
    }
    let (score, found) = index.best(&terms);
    let telling = terms
        .iter()
        .any(|asked| concept(asked).is_some() || index.knows(asked));
    if score < 5 && !(score >= 2 && telling) {
        return None;
    }
    let numbers = Numbers::read(&list);
    let (found, count) = narrow(found, &numbers, &terms, index);
    for (at, word) in &list {
        let counted = number::value(word).is_some() && !number::is_article(word);
        if counted
            || term(&word.folded)
                .is_some_and(|asked| index.knows(&asked) || concept(&asked).is_some())
        {
            words.take(*at..at + 1);
        }
    }
    Some(Wish {
        skus: found.iter().map(|entry| entry.row.sku.clone()).collect(),
        count,
    })
}

/// The numbers of a part by role.
#[derive(Debug, Default)]
struct Numbers {
    /// "of 10": a pack size.
    pack: Option<u32>,
    /// Any other number.
    count: Option<u32>,
    /// Whether the count is only an article.
    article: bool,
    /// Whether the word before "of 10" is in the plural.
    plural: bool,
}

impl Numbers {
    fn read(list: &[(usize, Word)]) -> Self {
        let mut numbers = Self::default();
        for (place, (_, word)) in list.iter().enumerate() {
            let Some(value) = number::value(word).filter(|value| *value > 0) else {
                continue;
            };
            // "a photo of …" counts photos, not offerings.
            let next = list.get(place + 1).and_then(|(_, next)| term(&next.folded));
            if number::is_article(word) && next.is_none() {
                continue;
            }
            let before = place.checked_sub(1).and_then(|back| list.get(back));
            let of = before.is_some_and(|(_, before)| is_of(&before.folded));
            let noun = place
                .checked_sub(2)
                .and_then(|back| list.get(back))
                .is_some();
            match (of && (noun || place == 1), number::is_article(word)) {
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
                    numbers.article = false;
                }
                _more => {}
            }
        }
        numbers
    }
}

/// Settles what the numbers mean for the rows found.
fn narrow<'e, 'a>(
    found: Vec<&'e Entry<'a>>,
    numbers: &Numbers,
    terms: &[String],
    index: &'e Index<'a>,
) -> (Vec<&'e Entry<'a>>, Count) {
    let packed: Vec<&Entry<'a>> = index
        .0
        .iter()
        .filter(|entry| {
            entry
                .pack
                .as_ref()
                .is_some_and(|pack| terms.iter().any(|asked| alike(asked, &pack.of)))
        })
        .collect();
    let container = |entry: &&&Entry<'a>| {
        entry
            .pack
            .as_ref()
            .and_then(|pack| pack.container.as_ref())
            .is_some_and(|own| terms.iter().any(|asked| alike(asked, own)))
    };
    let named: Vec<&Entry<'a>> = if packed.is_empty() {
        found.iter().filter(container).copied().collect()
    } else {
        packed.iter().filter(container).copied().collect()
    };
    if let Some(size) = numbers.pack {
        let sized: Vec<&Entry<'a>> = found
            .iter()
            .chain(&packed)
            .copied()
            .filter(|entry| entry.pack.as_ref().is_some_and(|pack| pack.pieces == size))
            .collect();
        if !sized.is_empty() {
            let count = match (numbers.count, numbers.plural) {
                (Some(count), _) if !numbers.article => Count::Units(count),
                (None, true) => Count::Open,
                (_, _) => Count::Implied,
            };
            let mut rows: Vec<&Entry<'a>> = Vec::new();
            for entry in sized {
                if !rows.iter().any(|known| known.row.sku == entry.row.sku) {
                    rows.push(entry);
                }
            }
            return (rows, count);
        }
    }
    let units = match numbers.count {
        Some(_) if numbers.article => Count::Implied,
        Some(count) => Count::Units(count),
        None => Count::Open,
    };
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

/// "for two", "на двоих", "для 3 человек", "para dos personas", "2 people".
pub(super) fn people(words: &mut Words) -> Option<u32> {
    const LEADS: &[&str] = &["for", "на", "для", "para", "нас", "somos"];
    const HEADS: &[&str] = &[
        "people",
        "person",
        "persons",
        "adults",
        "guests",
        "человек",
        "человека",
        "персон",
        "персоны",
        "гостей",
        "personas",
        "persona",
        "adultos",
    ];
    let found = (0..words.list().len()).find_map(|at| {
        let word = words
            .at(at)
            .filter(|word| !word.used && !number::is_article(word))?;
        let value = number::value(word).filter(|value| (1..=100).contains(value))?;
        let led = words
            .before(at, 1)
            .is_some_and(|before| LEADS.contains(&before.folded.as_str()));
        let headed = words
            .at(at + 1)
            .is_some_and(|after| HEADS.contains(&after.folded.as_str()));
        // "for 20 roses" counts roses, not people.
        let ends = words
            .at(at + 1)
            .is_none_or(|after| after.segment != word.segment || term(&after.folded).is_none());
        ((led && ends) || headed).then_some((at, headed, value))
    });
    let (at, headed, value) = found?;
    words.take(at..at + 1 + usize::from(headed));
    Some(value)
}

/// A number on its own, for the answer to "how many?".
pub(super) fn lone_count(words: &Words) -> Option<u32> {
    // "una" counts when it stands alone, not as the article of something.
    let alone = |word: &Word| {
        words
            .list()
            .iter()
            .filter(|other| other.segment == word.segment)
            .count()
            == 1
    };
    words
        .list()
        .iter()
        .filter(|word| !word.used && (!number::is_article(word) || alone(word)))
        .find_map(number::value)
        .filter(|count| (1..=10_000).contains(count))
}

/// "The first one", "the bouquet of 20", "the big one": which of several.
pub(super) fn ordinal(words: &Words) -> Option<usize> {
    words
        .list()
        .iter()
        .filter(|word| !word.used)
        .find_map(number::ordinal)
}

/// The pack size of a row, for planning (O1).
pub(super) fn pack_sizes<'a>(
    index: &Index<'a>,
    skus: &[Sku],
) -> Vec<(&'a x8_core::catalog::Offering, u32)> {
    index
        .0
        .iter()
        .filter(|entry| skus.contains(&entry.row.sku))
        .filter_map(|entry| entry.pack.as_ref().map(|pack| (entry.row, pack.pieces)))
        .collect()
}
