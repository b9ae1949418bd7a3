//! What is named to be left out: "no card", "без открытки", "sin la tarjeta", "not the boat trip" (O1).

use std::ops::Range;

use x8_core::Sku;

use super::super::{
    lexicon::Lexicon,
    number,
    search::is_of,
    terms::{alike, concept, term},
    words::{Words, matches},
};

/// These take out what follows.
const OUT: &[&str] = &[
    "instead of",
    "rather than",
    "вместо",
    "en vez de",
    "en lugar de",
    "without",
    "except",
    "don't want",
    "dont want",
    "do not want",
    "don't need",
    "dont need",
    "do not need",
    "don't add",
    "dont add",
    "don't include",
    "don't send",
    "no need for",
    "remove",
    "drop",
    "skip",
    "forget",
    "без",
    "кроме",
    "не надо",
    "не нужен",
    "не нужна",
    "не нужно",
    "не нужны",
    "не хочу",
    "не добавляйте",
    "убер*",
    "убрать",
    "удали*",
    "исключи*",
    "sin",
    "excepto",
    "no quiero",
    "no necesito",
    "no hace falta",
    "no pongas",
    "no ponga",
    "no incluy*",
    "no anad*",
    "quita",
    "quite",
    "quitar",
    "quitad",
    "elimina",
    "elimine",
];
/// These take out what stands before.
const BEHIND: &[&str] = &[
    "не надо",
    "не нужен",
    "не нужна",
    "не нужно",
    "не нужны",
    "не хочу",
    "уберите",
    "убери",
    "уберем",
    "no la quiero",
    "no lo quiero",
    "no los quiero",
    "no las quiero",
    "no hace falta",
    "mejor no",
];
/// "Replace X with Y": X goes when one of the words of [`WITH`] follows it.
const SWAP: &[&str] = &[
    "replace",
    "swap",
    "change",
    "замени*",
    "поменя*",
    "cambi*",
    "sustitu*",
];
const WITH: &[&str] = &["with", "for", "to", "на", "por"];
/// Between a denial and what it denies.
const BETWEEN: &[&str] = &[
    "the",
    "a",
    "an",
    "any",
    "that",
    "those",
    "this",
    "my",
    "el",
    "la",
    "los",
    "las",
    "un",
    "una",
    "ese",
    "esa",
    "ninguna",
    "ningun",
    "этот",
    "эту",
    "ту",
    "тот",
    "эти",
    "никакой",
    "никаких",
    "мне",
    "нам",
    "пожалуйста",
    "please",
];

/// Rows to be left out.
#[derive(Debug, Default)]
pub(super) struct Unwanted {
    /// "Without a card".
    pub(super) plainly: Vec<Sku>,
    /// "Take out one bag": so many of it.
    pub(super) count: Option<u32>,
    /// "No card", which corrects rather than removes when something else is wished for ("small, no large").
    pub(super) perhaps: Vec<Sku>,
}

/// Takes the words of what is denied; returns the rows to be left out.
pub(super) fn hear(words: &mut Words, lexicon: &Lexicon) -> Unwanted {
    let mut out = Unwanted::default();
    for at in 0..words.list().len() {
        for denial in denials(words, at) {
            let span = match denial {
                Denial::Out(end) => scope(words, lexicon, end, true),
                Denial::Not(end) => scope(words, lexicon, end, true),
                Denial::No(end) => scope(words, lexicon, end, false),
                Denial::Behind(start) | Denial::NotBehind(start) => before(words, lexicon, start),
                Denial::Swap(end) => scope(words, lexicon, end, true).filter(|span| {
                    words
                        .at(span.end)
                        .is_some_and(|word| WITH.contains(&word.folded.as_str()))
                }),
            };
            let Some(span) = span else { continue };
            let asked: Vec<String> = terms(words, &span);
            let (_, rows) = lexicon.best(&asked);
            // "Sin gluten" is the name of something.
            let negation = words.before(span.start, 1).map(|word| word.folded.clone());
            let named = rows.iter().any(|row| {
                row.name
                    .iter()
                    .zip(row.name.iter().skip(1))
                    .any(|(one, two)| {
                        Some(one) == negation.as_ref()
                            && asked.iter().any(|asked| alike(asked, two))
                    })
            });
            if named {
                continue;
            }
            let rows = rows.iter().map(|row| row.sku.clone());
            out.count = (at..span.start)
                .filter_map(|at| words.at(at).and_then(number::value))
                .next_back();
            match denial {
                Denial::Out(_) | Denial::Behind(_) | Denial::Swap(_) => out.plainly.extend(rows),
                Denial::No(_) => out.perhaps.extend(rows),
                Denial::Not(_) | Denial::NotBehind(_) => {}
            }
            words.take(at.min(span.start)..span.end);
            break;
        }
    }
    out
}

/// How something is denied, with where the denial ends or begins.
#[derive(Clone, Copy, Debug)]
enum Denial {
    /// It is to be taken out.
    Out(usize),
    /// It is not what is meant: "not large".
    Not(usize),
    /// "No card", not "no, a card".
    No(usize),
    /// "La tarjeta no la quiero".
    Behind(usize),
    /// "Masaje no, mejor yoga".
    NotBehind(usize),
    /// "Replace the card with a rose".
    Swap(usize),
}

fn denials(words: &Words, at: usize) -> Vec<Denial> {
    let stands = |phrases: &[&str]| {
        phrases.iter().find_map(|phrase| {
            words
                .find_from(phrase, at)
                .filter(|range| range.start == at)
                .map(|range| range.end)
        })
    };
    let mut found = Vec::new();
    if stands(BEHIND).is_some() {
        found.push(Denial::Behind(at));
    }
    let last = words.at(at + 1).is_none_or(|next| {
        words
            .at(at)
            .is_some_and(|word| word.segment != next.segment)
    });
    if last && stands(&["no", "не", "нет"]).is_some() {
        found.push(Denial::NotBehind(at));
    }
    if let Some(end) = stands(SWAP) {
        found.push(Denial::Swap(end));
    }
    if let Some(end) = stands(OUT) {
        found.push(Denial::Out(end));
    } else if let Some(end) = stands(&["not", "не"]) {
        found.push(Denial::Not(end));
    } else if let Some(end) = stands(&["no"]) {
        found.push(Denial::No(end));
    }
    found
}

fn is_known(words: &Words, at: usize, lexicon: &Lexicon) -> bool {
    words.at(at).is_some_and(|word| {
        !word.used
            && number::value(word).is_none()
            && (lexicon.knows(&word.folded) || concept(&word.folded).is_some())
    })
}

/// The words of the catalogue right behind a denial.
fn scope(words: &Words, lexicon: &Lexicon, from: usize, articles: bool) -> Option<Range<usize>> {
    let segment = from.checked_sub(1).and_then(|last| words.at(last))?.segment;
    let same = |at: usize| words.at(at).is_some_and(|word| word.segment == segment);
    let is = |at: usize, forms: &[&str]| {
        words
            .at(at)
            .is_some_and(|word| forms.iter().any(|form| matches(&word.folded, form)))
    };
    let mut start = from;
    let counts = |at: usize| {
        words
            .at(at)
            .is_some_and(|word| !word.used && number::value(word).is_some())
    };
    while articles && start < from + 3 && same(start) && (is(start, BETWEEN) || counts(start)) {
        start += 1;
    }
    let links = |at: usize| {
        words.at(at).is_some_and(|word| {
            is_of(&word.folded) || number::value(word).is_some_and(|_| at > start)
        })
    };
    let last = (start..)
        .take_while(|at| same(*at) && (is_known(words, *at, lexicon) || links(*at)))
        .filter(|at| is_known(words, *at, lexicon))
        .last()?;
    Some(start..last + 1)
}

/// The words of the catalogue right before a denial.
fn before(words: &Words, lexicon: &Lexicon, start: usize) -> Option<Range<usize>> {
    let segment = words.at(start)?.segment;
    let same = |at: usize| words.at(at).is_some_and(|word| word.segment == segment);
    let first = (0..start)
        .rev()
        .take_while(|at| same(*at) && is_known(words, *at, lexicon))
        .last()?;
    Some(first..start)
}

fn terms(words: &Words, span: &Range<usize>) -> Vec<String> {
    let list = words.list().get(span.clone()).unwrap_or_default();
    list.iter()
        .filter(|word| number::value(word).is_none())
        .filter_map(|word| term(&word.folded))
        .collect()
}
