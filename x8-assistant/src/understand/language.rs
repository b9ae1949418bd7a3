//! Which language a burst is written in (A5).
//!
//! Small words decide, then letters that only some languages have, then trigram statistics for enough running text. On
//! short chat messages that is more often right than statistics alone; decision 0016 has the numbers.

use std::{collections::BTreeSet, sync::LazyLock};

use whatlang::{Detector, Lang};
use x8_core::text::fold;

use super::words::{Word, Words};

/// The languages that are told apart. Between languages as likely, those that are spoken here come first.
const CODES: [(Lang, &str); 8] = [
    (Lang::Eng, "en"),
    (Lang::Rus, "ru"),
    (Lang::Spa, "es"),
    (Lang::Deu, "de"),
    (Lang::Fra, "fr"),
    (Lang::Ita, "it"),
    (Lang::Por, "pt"),
    (Lang::Ukr, "uk"),
];

/// Small words that give a language away: folded, and those with accents also as they are spelled.
static CUES: LazyLock<Vec<(&'static str, BTreeSet<String>)>> = LazyLock::new(|| {
    let lines = include_str!("cues.txt").lines();
    let cues = lines.filter_map(|line| line.split_once(' '));
    let cues = cues.filter_map(|(code, words)| {
        let (_, code) = CODES.iter().find(|(_, known)| *known == code)?;
        let accented = words.split(' ').filter(|word| !word.is_ascii());
        let spelled = accented.map(str::to_owned);
        Some((*code, words.split(' ').map(fold).chain(spelled).collect()))
    });
    cues.collect()
});

/// Letters and the languages that write them.
const LETTERS: [(&str, &[&str]); 10] = [
    ("ñ", &["es"]),
    ("ãõ", &["pt"]),
    ("ß", &["de"]),
    ("äö", &["de"]),
    ("ü", &["de", "es"]),
    ("ç", &["fr", "pt"]),
    ("îœûë", &["fr"]),
    ("ìò", &["it"]),
    ("èù", &["fr", "it"]),
    ("êâô", &["fr", "pt"]),
];

/// The clearly detected language, or `None` when the burst could be anything: "ok", an emoji, a name, digits. `last`: the
/// language detected before, which one small word does not change.
pub(super) fn hear(
    words: &Words,
    last: Option<&str>,
    skip: &dyn Fn(&Word) -> bool,
) -> Option<&'static str> {
    let said: Vec<&Word> = words
        .list()
        .iter()
        .filter(|word| is_said(word, words.raw()))
        .collect();
    let free: Vec<&Word> = said.iter().copied().filter(|word| !skip(word)).collect();
    detect(&free, words.raw(), last).or_else(|| detect(&said, words.raw(), last))
}

/// A word of letters that is no part of an address of the web.
fn is_said(word: &Word, raw: &str) -> bool {
    let before = raw.get(..word.span.start).unwrap_or_default();
    let after = raw.get(word.span.end..).unwrap_or_default();
    let head = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let tail = after.split(char::is_whitespace).next().unwrap_or_default();
    let whole = format!("{head}{}{tail}", word.text);
    let address = whole.contains('@') || whole.contains("://") || whole.starts_with("www.");
    !address && word.text.chars().any(char::is_alphabetic)
}

/// What changes the language: one word of three letters, or two shorter ones.
const HITS_TO_CHANGE: usize = 2;
/// What changes it to one that is not spoken here.
const HITS_TO_LEAVE: usize = 5;

fn detect(words: &[&Word], raw: &str, last: Option<&str>) -> Option<&'static str> {
    let cyrillic = words.iter().filter(is_cyrillic).count();
    if cyrillic * 2 > words.len() {
        let named = words.iter().all(|word| word.is_capitalised());
        let name = named && cyrillic <= 3 && !is_greeting(words);
        return if name {
            latin(words, last)
        } else {
            Some(slavic(words))
        };
    }
    if raw.contains(['¿', '¡']) {
        return Some("es");
    }
    latin(words, last)
}

/// Russian, unless something speaks for Ukrainian.
fn slavic(words: &[&Word]) -> &'static str {
    let own = |letters: &[char]| {
        words
            .iter()
            .any(|word| word.text.to_lowercase().contains(letters))
    };
    if own(&['і', 'ї', 'є', 'ґ']) {
        return "uk";
    }
    if own(&['ы', 'э', 'ъ', 'ё']) {
        return "ru";
    }
    if cues(words, "uk") > cues(words, "ru") {
        "uk"
    } else {
        "ru"
    }
}

/// The language with most cues; statistics where they do not decide.
fn latin(words: &[&Word], last: Option<&str>) -> Option<&'static str> {
    let score = |code| cues(words, code) + letters(words, code);
    let mut scores: Vec<(usize, &'static str)> =
        CUES.iter().map(|(code, _)| (score(code), *code)).collect();
    scores.sort_by_key(|(hits, _)| std::cmp::Reverse(*hits));
    let known = last.is_some();
    let least = if known { 4 } else { 3 };
    // A language that is not spoken here takes more than a word or two to change to: "mon" is no French.
    let spoken = |code: &str| crate::phrases::spoken(code) == code;
    if last.is_some_and(spoken) {
        scores.retain(|(hits, code)| spoken(code) || Some(*code) == last || *hits >= HITS_TO_LEAVE);
    }
    let best = scores.first().map_or(0, |(hits, _)| *hits);
    if best == 0 || (known && best < HITS_TO_CHANGE) {
        return statistics(words, least, &CODES.map(|(lang, _)| lang), true);
    }
    // Nobody changes the language for a single word.
    let kept = scores.iter().find(|(_, code)| Some(*code) == last);
    if let Some((hits, code)) = kept
        && hits + HITS_TO_CHANGE > best
        && *hits > 0
    {
        return Some(code);
    }
    let tied: Vec<&'static str> = scores
        .iter()
        .filter(|(hits, _)| *hits == best)
        .map(|(_, code)| *code)
        .collect();
    let first = tied.first().copied();
    if tied.len() == 1 || first.is_some_and(|code| crate::phrases::spoken(code) == code) {
        return first;
    }
    let among: Vec<Lang> = CODES
        .iter()
        .filter(|(_, code)| tied.contains(code))
        .map(|(lang, _)| *lang)
        .collect();
    statistics(words, 2, &among, false)
}

/// How much the small words speak for a language. A name is no cue, and a word of one or two letters is half a one.
fn cues(words: &[&Word], code: &str) -> usize {
    let Some((_, cues)) = CUES.iter().find(|(known, _)| *known == code) else {
        return 0;
    };
    // "Alquiláis", "ponéis": only Spanish speaks to several people so.
    let address = |word: &Word| {
        let long = word.folded.chars().count() >= 6;
        code == "es" && long && (word.folded.ends_with("ais") || word.folded.ends_with("eis"))
    };
    let known = |word: &Word| cues.contains(&word.folded) || address(word);
    // "Mia Pratt" is a name although "mia" is Italian; "Guten Tag" is none.
    let opens = match words {
        [first, second, ..] => {
            !second.is_capitalised() || second.gap.trim() != "" || known(second) && known(first)
        }
        _one => true,
    };
    let first = words.first().map(|word| word.span.start);
    let cue = |word: &&&Word| {
        let plain = !word.is_capitalised()
            || (Some(word.span.start) == first && opens && word.text.chars().count() > 1);
        plain && known(word)
    };
    let weight = |word: &&Word| {
        // "más" is Spanish, "mas" may be Portuguese: accents where they belong count.
        let spelled = word.text.to_lowercase();
        let accented = spelled != word.folded && cues.contains(&spelled);
        1 + usize::from(word.folded.chars().count() > 2) + usize::from(accented)
    };
    words.iter().filter(cue).map(weight).sum()
}

/// Letters that a language has and others have not; in names they say nothing.
fn letters(words: &[&Word], code: &str) -> usize {
    let plain = words.iter().filter(|word| !word.is_capitalised());
    let has = |word: &&&Word| {
        LETTERS.iter().any(|(letters, codes)| {
            codes.contains(&code) && word.text.contains(|c| letters.contains(c))
        })
    };
    plain.filter(has).count()
}

fn is_cyrillic(word: &&&Word) -> bool {
    word.folded
        .chars()
        .any(|letter| ('а'..='я').contains(&letter) || "іїєґ".contains(letter))
}

/// Words a message of capitalised words may begin with and still be no name.
fn is_greeting(words: &[&Word]) -> bool {
    const GREETINGS: [&str; 14] = [
        "привет",
        "здравствуйте",
        "добр",
        "да",
        "нет",
        "спасибо",
        "хочу",
        "привіт",
        "вітаю",
        "дякую",
        "так",
        "ні",
        "скільки",
        "сколько",
    ];
    words
        .iter()
        .any(|word| GREETINGS.iter().any(|cue| word.folded.starts_with(cue)))
}

/// Trigram statistics, only for enough running text. `sure`: nothing else speaks for its answer.
fn statistics(words: &[&Word], least: usize, among: &[Lang], sure: bool) -> Option<&'static str> {
    let running: Vec<&str> = words
        .iter()
        .filter(|word| !word.is_capitalised())
        .map(|word| word.text.as_str())
        .collect();
    if running.len() < least {
        return None;
    }
    let info = Detector::with_allowlist(among.to_vec()).detect(&running.join(" "))?;
    if sure && info.confidence() < 0.5 {
        return None;
    }
    CODES
        .iter()
        .find(|(lang, _)| *lang == info.lang())
        .map(|(_, code)| *code)
}
