//! Several things, each at its own time: "yoga on Sunday at 9, diving on Monday at 10" (B2).

use std::ops::Range;

use jiff::civil::DateTime;
use x8_core::Sku;

use super::{
    super::{
        lexicon::{Lexicon, NAME},
        number,
        terms::term,
        words::Words,
    },
    Known, hear,
};

/// Something and when it is wished for, local time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    /// The rows it may mean.
    pub skus: Vec<Sku>,
    /// The start.
    pub start: DateTime,
}

/// These join what belongs apart.
const JOINTS: &[&str] = &[
    "and",
    "и",
    "а",
    "y",
    "then",
    "затем",
    "потом",
    "luego",
    "plus",
];

/// The things of a message that have times of their own, when there are several and the times differ; takes the words of the
/// times.
pub(in crate::understand) fn hear_each(
    words: &mut Words,
    now: DateTime,
    lexicon: &Lexicon,
) -> Vec<Timed> {
    let mut heard = Vec::new();
    let mut taken = Vec::new();
    if !has_several(words, now) {
        return heard;
    }
    for range in groups(words, now, lexicon) {
        let mut part = words.part(range.clone());
        let Some(start) = start(&mut part, now) else {
            return Vec::new();
        };
        let skus = named(&part, lexicon);
        if skus.is_empty() {
            return Vec::new();
        }
        let used = part.list().iter().zip(range);
        taken.extend(used.filter(|(word, _)| word.used).map(|(_, at)| at));
        heard.push(Timed { skus, start });
    }
    if !differ(&heard) {
        return Vec::new();
    }
    for at in taken {
        words.take(at..at + 1);
    }
    heard
}

/// Whether a second time is left once the first is taken.
fn has_several(words: &Words, now: DateTime) -> bool {
    let mut rest = words.clone();
    start(&mut rest, now).is_some() && start(&mut rest, now).is_some()
}

/// Whether these are different things at different times.
fn differ(heard: &[Timed]) -> bool {
    let Some(first) = heard.first() else {
        return false;
    };
    let apart = |(at, one): (usize, &Timed)| {
        let others = heard.iter().skip(at + 1);
        let mut skus = others.flat_map(|other| &other.skus);
        skus.all(|sku| !one.skus.contains(sku))
    };
    heard.iter().any(|one| one.start != first.start) && heard.iter().enumerate().all(apart)
}

/// A start with a day; the words of it are taken.
fn start(part: &mut Words, now: DateTime) -> Option<DateTime> {
    let unknown = Known {
        start: None,
        choosing: false,
    };
    hear(part, now, unknown).start
}

/// The rows that the free words of a part name.
fn named(part: &Words, lexicon: &Lexicon) -> Vec<Sku> {
    let terms: Vec<String> = part
        .list()
        .iter()
        .filter(|word| !word.used && number::value(word).is_none())
        .filter_map(|word| term(&word.folded))
        .collect();
    let (score, rows) = lexicon.best(&terms);
    let rows = rows.into_iter().filter(|_| score >= NAME);
    rows.map(|row| row.sku.clone()).collect()
}

/// Ranges that each name one thing and its time.
fn groups(words: &Words, now: DateTime, lexicon: &Lexicon) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    let whole = |range: &Range<usize>| {
        let mut part = words.part(range.clone());
        start(&mut part, now).is_some() && !named(&part, lexicon).is_empty()
    };
    for part in parts(words) {
        let opens = !named(&words.part(part.clone()), lexicon).is_empty();
        match groups.last_mut() {
            Some(last) if !(opens && whole(last)) => last.end = part.end,
            _first => groups.push(part),
        }
    }
    if groups.len() < 2 { Vec::new() } else { groups }
}

/// The parts between commas, sentence ends and joints.
fn parts(words: &Words) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut segment = None;
    for (at, word) in words.list().iter().enumerate() {
        let joint = JOINTS.contains(&word.folded.as_str());
        match parts.last_mut() {
            Some(last) if segment == Some(word.segment) && !joint => last.end = at + 1,
            _new => parts.push(at..at + 1),
        }
        segment = Some(word.segment);
    }
    parts
}
