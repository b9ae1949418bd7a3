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
    "отдельн*",
    "suelt*",
];

/// Whether single pieces are spoken of.
pub(super) fn is_single(list: &[(usize, Word)]) -> bool {
    list.iter()
        .any(|(_, word)| SINGLE.iter().any(|single| matches(&word.folded, single)))
}

/// The numbers of a part by role.
#[derive(Debug, Default)]
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
    /// "The 20 roses one": a thing of that size, not so many pieces.
    sized: bool,
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
            if number::is_article(word) && next.is_none() {
                continue;
            }
            let before = place.checked_sub(1).and_then(|back| list.get(back));
            let of = before.is_some_and(|(_, before)| is_of(&before.folded));
            let noun = place
                .checked_sub(2)
                .and_then(|back| list.get(back))
                .is_some();
            // "Букет 20 роз": what a container holds.
            let held = before.is_some_and(|(_, before)| is_container(&before.folded))
                && next
                    .as_ref()
                    .is_some_and(|next| !CONTENTLESS.contains(&next.as_str()));
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
                    numbers.article = false;
                    numbers.counted = next;
                    numbers.compound = list
                        .get(place + 2)
                        .is_some_and(|(_, word)| is_container(&word.folded));
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

/// Settles what the numbers mean for the rows found.
pub(super) fn narrow<'e>(
    found: Vec<&'e Entry>,
    numbers: &Numbers,
    terms: &[String],
    lexicon: &'e Lexicon,
) -> (Vec<&'e Entry>, Count) {
    let packed = lexicon.packed(terms);
    let containers = lexicon.containers(terms);
    let container = |entry: &&&Entry| {
        entry
            .pack
            .as_ref()
            .and_then(|pack| pack.container.as_ref())
            .is_some_and(|own| containers.contains(own.as_str()))
    };
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
        && alike(counted, &first.of)
        && Some(counted) != first.container.as_ref()
        && !numbers.compound
    {
        return (named, Count::Pieces(count));
    }
    let loose = sold_alone(&found, &packed);
    if named.is_empty() && !loose.is_empty() {
        return (loose, units);
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

/// The rows of the pack size that was named, with how many of them.
fn of_size<'e>(
    numbers: &Numbers,
    found: &[&'e Entry],
    packed: &[&'e Entry],
    named: &[&'e Entry],
) -> Option<(Vec<&'e Entry>, Count)> {
    let by_contents = || size_of_container(numbers, packed, named);
    let size = numbers.pack.or_else(by_contents)?;
    let mut rows: Vec<&Entry> = Vec::new();
    let mut known = HashSet::new();
    for entry in found.iter().chain(packed) {
        let fits = entry.pack.as_ref().is_some_and(|pack| pack.pieces == size);
        if fits && known.insert(&entry.sku) {
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

/// "20 roses bouquet", "the 20 roses one": the count stands before the contents of a container of just that size.
fn size_of_container(numbers: &Numbers, packed: &[&Entry], named: &[&Entry]) -> Option<u32> {
    let size = numbers.count.filter(|_| !numbers.article)?;
    let counted = numbers.counted.as_ref()?;
    let rows = if numbers.sized { packed } else { named };
    let fits = |entry: &&Entry| {
        let pack = entry.pack.as_ref();
        pack.is_some_and(|pack| {
            pack.pieces == size && pack.container.is_some() && alike(counted, &pack.of)
        })
    };
    rows.iter().any(fits).then_some(size)
}

/// "for two", "на двоих", "для 3 человек", "para dos personas", "2 people".
pub(in crate::understand) fn people(words: &mut Words) -> Option<u32> {
    const LEADS: &[&str] = &["for", "на", "для", "para", "pa", "нас", "somos"];
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
        "взрослых",
        "pax",
        "kids",
        "children",
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
        let together = ["вдвоем", "втроем", "вчетвером"].contains(&word.folded.as_str());
        let ends = words
            .at(at + 1)
            .is_none_or(|after| after.segment != word.segment || term(&after.folded).is_none());
        ((led && ends) || headed || together).then_some((at, headed, value))
    });
    let (at, headed, value) = found?;
    words.take(at..at + 1 + usize::from(headed));
    Some(value)
}

/// A number on its own, for the answer to "how many?"; "no, 3 not 2" means three.
pub(in crate::understand) fn lone_count(words: &Words) -> Option<u32> {
    let denied = |at: usize| {
        words
            .before(at, 1)
            .is_some_and(|before| ["not", "no", "не"].contains(&before.folded.as_str()))
    };
    let numbers: Vec<(usize, u32)> = (0..words.list().len())
        .filter_map(|at| {
            let word = words.at(at).filter(|word| !word.used)?;
            let count = number::value(word).filter(|count| (1..=10_000).contains(count))?;
            let counts = !number::is_article(word) || stands_alone(words, at) || is_seat(words, at);
            (counts && !is_pronoun(words, at)).then_some((at, count))
        })
        .collect();
    let meant = numbers.iter().find(|(at, _)| !denied(*at));
    meant.or(numbers.first()).map(|(_, count)| *count)
}

/// "Of 10", "no de 20, de 10": a size of pack without what it holds; the last one that is not denied.
pub(in crate::understand) fn sized(words: &Words) -> Option<u32> {
    let denies = |word: Option<&Word>| {
        word.is_some_and(|word| ["no", "not", "не", "нет"].contains(&word.folded.as_str()))
    };
    (1..words.list().len()).rev().find_map(|at| {
        let word = words.at(at).filter(|word| !word.used)?;
        let size = number::value(word).filter(|_| !number::is_article(word))?;
        let led = words
            .before(at, 1)
            .is_some_and(|before| is_of(&before.folded));
        let here = |other: Option<&Word>| other.is_some_and(|other| other.segment == word.segment);
        let (behind, before) = (words.at(at + 1), words.before(at, 2));
        let denied = (denies(behind) && here(behind)) || (denies(before) && here(before));
        (led && !denied).then_some(size)
    })
}

/// "Una plaza": an article in front of what is counted anyway.
fn is_seat(words: &Words, at: usize) -> bool {
    words.at(at + 1).is_some_and(|next| {
        [
            "plaza", "entrada", "persona", "unidad", "seat", "ticket", "person",
        ]
        .contains(&next.folded.as_str())
    })
}

/// "The second one", "this one", "the wine one": one of those, not so many.
fn is_pronoun(words: &Words, at: usize) -> bool {
    const COUNTED: &[&str] = &[
        "just", "only", "want", "need", "take", "get", "have", "order", "book", "give", "me",
        "yes", "ok", "okay", "please", "for", "make", "it", "just", "x", "only", "then",
    ];
    let one = words.at(at).is_some_and(|word| word.folded == "one");
    let last = words.at(at + 1).is_none_or(|next| {
        words
            .at(at)
            .is_some_and(|word| next.segment != word.segment)
    }) || words.at(at + 1).is_some_and(|next| {
        ["please", "pls", "thanks", "to", "then"].contains(&next.folded.as_str())
    });
    let led = words.before(at, 1).is_some_and(|before| {
        words
            .at(at)
            .is_some_and(|word| word.segment == before.segment)
            && !COUNTED.contains(&before.folded.as_str())
    });
    let plain = words
        .before(at, 2)
        .is_some_and(|word| ["just", "only"].contains(&word.folded.as_str()));
    one && last && led && !plain
}

/// Whether everything else in its part of the message is everyday speech: "una" counts alone, not as the article of
/// something, and a number inside an address is no quantity.
pub(in crate::understand) fn stands_alone(words: &Words, at: usize) -> bool {
    let segment = words.at(at).map(|word| word.segment);
    (0..words.list().len()).all(|place| {
        words.at(place).is_some_and(|word| {
            place == at
                || Some(word.segment) != segment
                || word.used
                || number::value(word).is_some()
                || super::super::intent::is_common_word(&word.folded)
        })
    })
}

/// Whether the message says little else than a number: a correction rather than part of something longer.
pub(in crate::understand) fn is_bare_count(words: &Words) -> bool {
    (0..words.list().len()).any(|at| {
        words
            .at(at)
            .is_some_and(|word| !word.used && number::value(word).is_some())
            && stands_alone(words, at)
    })
}

/// Whether a number stands with a unit ("3 pcs") or after a denial ("no, 3"), so that it changes what was said before.
pub(in crate::understand) fn is_recount(words: &Words) -> bool {
    const UNITS: &[&str] = &[
        "pc",
        "pcs",
        "piece*",
        "unit",
        "units",
        "ud",
        "uds",
        "unidad*",
        "шт",
        "штук*",
        "pieza*",
        "seat*",
        "place*",
        "ticket*",
        "plaza*",
        "entrada*",
        "место",
        "места",
        "мест",
        "билет*",
        "of",
    ];
    const DENIALS: &[&str] = &["no", "not", "нет", "не"];
    // "The same but two".
    const SAME: &[&str] = &[
        "same",
        "identical",
        "igual",
        "lo mismo",
        "la misma",
        "то же",
        "такой же",
        "такую же",
        "такое же",
        "тоже самое",
        "так же",
        "make it",
        "make that",
        "que sean",
        "сделайте",
        "пусть будет",
    ];
    const BUT: &[&str] = &[
        "but",
        "pero",
        "но",
        "only",
        "solo",
        "только",
        "make it",
        "make that",
        "que sean",
        "пусть будет",
        "сделайте",
    ];
    let counts = |at: usize| {
        words.at(at).is_some_and(|word| {
            !word.used && number::value(word).is_some() && !number::is_article(word)
        })
    };
    let unit = |at: usize| {
        words
            .at(at)
            .is_some_and(|word| UNITS.iter().any(|unit| matches(&word.folded, unit)))
    };
    let denied = words
        .at(0)
        .is_some_and(|word| DENIALS.contains(&word.folded.as_str()));
    let same = words.has(SAME) && words.has(BUT);
    (0..words.list().len())
        .any(|at| counts(at) && (unit(at + 1) || same || (denied && stands_alone(words, at))))
}

/// "The first one", "the bouquet of 20", "the big one": which of several.
pub(in crate::understand) fn ordinal(words: &Words) -> Option<usize> {
    words
        .list()
        .iter()
        .filter(|word| !word.used)
        .find_map(number::ordinal)
}
