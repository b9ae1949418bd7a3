//! Words, their forms, and the slips that still mean the same word.

use rust_stemmers::{Algorithm, Stemmer};

use crate::text::fold;

/// Words without meaning of their own, folded; they count only when nothing else was asked.
const EMPTY: &[&str] = &[
    "a",
    "about",
    "and",
    "any",
    "are",
    "at",
    "can",
    "con",
    "cual",
    "de",
    "del",
    "do",
    "does",
    "el",
    "en",
    "es",
    "for",
    "from",
    "get",
    "hay",
    "have",
    "how",
    "i",
    "in",
    "is",
    "it",
    "la",
    "las",
    "los",
    "me",
    "mi",
    "much",
    "my",
    "need",
    "of",
    "on",
    "or",
    "para",
    "please",
    "por",
    "que",
    "quiero",
    "some",
    "the",
    "there",
    "to",
    "un",
    "una",
    "want",
    "what",
    "with",
    "y",
    "you",
    "your",
    "а",
    "без",
    "в",
    "во",
    "вы",
    "для",
    "до",
    "есть",
    "и",
    "из",
    "или",
    "как",
    "какие",
    "ли",
    "мне",
    "на",
    "не",
    "нужен",
    "нужна",
    "нужно",
    "о",
    "от",
    "по",
    "пожалуйста",
    "с",
    "сколько",
    "со",
    "у",
    "хочу",
    "что",
    "это",
    "я",
];

/// Longer words are cut: nobody searches by their end, and a hostile cell must not cost a squared comparison.
const LONGEST: usize = 40;

/// At most so many different words of a question are looked for.
const MOST: usize = 32;

/// The folded words of a text.
pub(super) fn split(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST).collect())
        .collect();
    words.into_iter()
}

/// The words of a question that are looked for, each once, in order.
pub(super) fn asked(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for word in split(text) {
        if all.len() < MOST && !all.contains(&word) {
            all.push(word);
        }
    }
    let telling = |word: &String| !EMPTY.contains(&word.as_str());
    if all.iter().any(telling) {
        all.retain(telling);
    }
    all
}

/// Stemmers of the languages that customers write in.
pub(super) struct Forms {
    english: Stemmer,
    russian: Stemmer,
    spanish: Stemmer,
}

impl Forms {
    pub(super) fn new() -> Self {
        Self {
            english: Stemmer::create(Algorithm::English),
            russian: Stemmer::create(Algorithm::Russian),
            spanish: Stemmer::create(Algorithm::Spanish),
        }
    }

    /// The stems a word may have. Which of the Latin languages it is in is unknown, so both count.
    pub(super) fn stems(&self, word: &str) -> Vec<String> {
        if word.chars().count() < 3 {
            return Vec::new();
        }
        let mut stems = if word.chars().all(|letter| letter.is_ascii_lowercase()) {
            let english = self.english.stem(word).into_owned();
            let spanish = self.spanish.stem(&accented(word)).into_owned();
            vec![english, fold(&spanish)]
        } else if word.chars().all(is_russian) {
            vec![self.russian.stem(word).into_owned()]
        } else {
            Vec::new()
        };
        stems.retain(|stem| stem.chars().count() >= 2);
        stems.dedup();
        stems
    }
}

fn is_russian(letter: char) -> bool {
    ('а'..='я').contains(&letter)
}

/// The stemmer knows "habitación" by its accent, which folding took away.
fn accented(word: &str) -> String {
    match word.strip_suffix("ion") {
        Some(start) if start.ends_with(['c', 's']) => format!("{start}ión"),
        Some(_) | None => word.to_owned(),
    }
}

/// How many slips a word of this many letters may have.
pub(super) fn slips(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        _more => 2,
    }
}

/// Which letters a word has, as bits: words whose bits differ much cannot be close.
pub(super) fn mask(word: &str) -> u64 {
    word.chars().fold(0, |mask, letter| {
        mask | 1_u64.checked_shl(u32::from(letter) % 64).unwrap_or(0)
    })
}

/// Whether `own` may be `asked` with at most `allowed` slips, by their masks: a slip changes at most two bits.
pub(super) fn may_be_close(asked: u64, own: u64, allowed: usize) -> bool {
    let differing = usize::try_from((asked ^ own).count_ones()).unwrap_or(usize::MAX);
    differing <= allowed.saturating_mul(2)
}
