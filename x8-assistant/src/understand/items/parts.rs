//! Where one thing ends and the next begins, and parts that name no offering of their own (O1).

use super::super::{
    lexicon::{Entry, Lexicon},
    number,
    search::{self, is_of},
    terms::{concept, term},
    words::{Words, matches},
};

/// These begin a new part.
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
    "n",
];

/// Index ranges between commas, sentence ends, "and", "y", "и", "плюс".
pub(super) fn parts(words: &Words, lexicon: &Lexicon) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<usize>> = vec![Vec::new()];
    let mut segment = 0;
    for (at, word) in words.list().iter().enumerate() {
        if word.segment != segment
            || JOINTS.contains(&word.folded.as_str())
            || word.gap.contains(['+', '&'])
            || parts
                .last()
                .is_some_and(|part| begins(words, at, part, lexicon))
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

/// "Two loaves one cake": a number in front of something else that is sold begins a new part, though nothing else says so.
fn begins(words: &Words, at: usize, part: &[usize], lexicon: &Lexicon) -> bool {
    let knows = |at: usize| {
        words.at(at).is_some_and(|word| {
            !word.used && number::value(word).is_none() && lexicon.knows(&word.folded)
        })
    };
    let counts = words
        .at(at)
        .is_some_and(|word| !word.used && number::value(word).is_some());
    let lead = at.checked_sub(1).filter(|lead| part.contains(lead));
    let joined = lead.and_then(|lead| words.at(lead)).is_some_and(|word| {
        is_of(&word.folded)
            || search::is_container(&word.folded)
            || number::value(word).is_some()
            || ["my", "our", "mis", "mi", "nuestros", "моих", "мои", "наших"]
                .contains(&word.folded.as_str())
            || ["for", "на", "для", "para", "not", "no", "не", "x", "х"]
                .contains(&word.folded.as_str())
    });
    let named: Vec<String> = part
        .iter()
        .filter_map(|at| words.at(*at))
        .filter(|word| number::value(word).is_none())
        .filter_map(|word| term(&word.folded))
        .collect();
    let near = words.at(at + 1).is_some_and(|next| {
        words
            .at(at)
            .is_some_and(|word| word.segment == next.segment)
    });
    counts && !joined && near && knows(at + 1) && lexicon.best(&named).1.len() == 1
}

/// Whether a part begins with "and" and the like.
pub(super) fn opens_with_joint(words: &Words, part: &[usize]) -> bool {
    let first = part.first().and_then(|at| words.at(*at));
    first.is_some_and(|word| JOINTS.contains(&word.folded.as_str()))
}

/// Whether a part holds a number.
pub(super) fn counts(words: &Words, part: &[usize]) -> bool {
    part.iter()
        .filter_map(|at| words.at(*at))
        .any(|word| number::value(word).is_some())
}

/// Leaves out what stands around an offering that was named in full, without a number of its own: "my cat needs a …", "… for
/// my dog".
pub(super) fn without_tail(
    words: &Words,
    part: Vec<usize>,
    named: &[bool],
    lexicon: &Lexicon,
) -> Vec<usize> {
    let is_named = |at: usize| named.get(at).copied().unwrap_or_default();
    let (Some(first), Some(last)) = (part.first().copied(), part.last().copied()) else {
        return part;
    };
    // "The poke and a lemonade" is two things.
    let joined = words
        .at(first)
        .is_some_and(|word| JOINTS.contains(&word.folded.as_str()));
    let other = part
        .iter()
        .filter_map(|at| words.at(*at))
        .any(|word| number::value(word).is_none() && lexicon.knows(&word.folded));
    let behind = first.checked_sub(1).is_some_and(is_named);
    if joined && other && behind && !is_named(last + 1) {
        return part;
    }
    let around = (first.saturating_sub(1)..=last + 1).any(is_named);
    if around && !counts(words, &part) {
        Vec::new()
    } else {
        part
    }
}

/// "2 cheesecakes" where nobody sells any: the words for what is counted.
pub(super) fn counted_stranger(words: &Words, part: &[usize], lexicon: &Lexicon) -> Option<String> {
    part.iter().find_map(|at| {
        let (count, next) = (words.at(*at)?, words.at(at + 1)?);
        let counts = !count.used
            && number::value(count).is_some()
            && !number::is_article(count)
            && next.segment == count.segment;
        let strange = !next.used
            && next.is_letters()
            && number::value(next).is_none()
            && concept(&next.folded).is_some_and(|concept| !NO_GOODS.contains(&concept))
            && !lexicon.knows(&next.folded)
            && !lexicon.is_unit(&next.folded);
        (counts && strange).then(|| next.text.clone())
    })
}

/// Concepts that are counted without being wished for.
const NO_GOODS: &[&str] = &[
    "child", "month", "cat", "dog", "day", "home", "city", "back", "nail", "tooth",
];

/// Units by which anything is counted, whatever the row calls its own.
const GENERIC: &[&str] = &[
    "bag",
    "bags",
    "pack",
    "packs",
    "packet*",
    "box",
    "boxes",
    "bottle*",
    "jar",
    "jars",
    "can",
    "cans",
    "piece*",
    "unit",
    "units",
    "session*",
    "time",
    "times",
    "visit*",
    "пакет*",
    "пачк*",
    "упаков*",
    "короб*",
    "бутыл*",
    "банк*",
    "меш*",
    "шт",
    "штук*",
    "сеанс*",
    "занят*",
    "раз",
    "раза",
    "визит*",
    "bolsa*",
    "paquete*",
    "caja*",
    "botella*",
    "bote*",
    "saco*",
    "sesion*",
    "unidad*",
    "visita*",
    "veces",
];

/// "Both wheels": two.
fn both(folded: &str) -> Option<u32> {
    ["both", "оба", "обе", "ambas", "ambos"]
        .contains(&folded)
        .then_some(2)
}

/// "Pilates, 2 classes": a part that only counts units of a row; how many, and where that stands.
pub(super) fn unit_count(
    words: &Words,
    part: &[usize],
    lexicon: &Lexicon,
    row: &Entry,
) -> Option<(u32, usize)> {
    let found = part.iter().find_map(|at| {
        let count = words.at(*at)?;
        let count = number::value(count).or_else(|| both(&count.folded))?;
        let unit = words.at(at + 1).filter(|unit| !unit.used)?;
        let generic = GENERIC.iter().any(|one| matches(&unit.folded, one));
        (row.is_unit(&unit.folded) || (generic && !lexicon.knows(&unit.folded)))
            .then_some((count, *at))
    })?;
    // "Two bouquets of 10" are no two of the bouquets of 20 spoken of before.
    let sized = part.iter().any(|at| {
        *at > found.1
            && words.at(*at).is_some_and(|word| word.digits().is_some())
            && words.before(*at, 1).is_some_and(|word| is_of(&word.folded))
    });
    if sized && row.pack.is_some() {
        return None;
    }
    let other = part
        .iter()
        .filter(|at| **at != found.1 && **at != found.1 + 1);
    let others = other
        .filter_map(|at| words.at(*at))
        .any(|word| lexicon.knows(&word.folded));
    (!others).then_some(found)
}
