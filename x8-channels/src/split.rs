//! Splits a text that exceeds a platform's limit, where a reader would (H4).

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use x8_core::{Error, ErrorKind, Result};

use crate::limits::TextLimit;

/// Splits `text` into messages that each fit `limit`, in order, numbered `(1/3) …` when there is more than one.
///
/// A part ends after a paragraph, else a line, else a sentence, else a word, else a grapheme; the better end wins
/// unless it would leave more than two thirds of the message empty. A grapheme and a link are never cut. Only white space at the
/// ends of parts is dropped. Text of nothing but white space gives no part.
///
/// ```
/// use x8_channels::{TextLimit, Unit, split};
/// let limit = TextLimit::new(24, Unit::Chars);
/// assert_eq!(split("One line.", limit)?, ["One line."]);
/// assert_eq!(
///     split("First sentence. Second sentence.", limit)?,
///     ["(1/2) First sentence.", "(2/2) Second sentence."],
/// );
/// # Ok::<(), x8_core::Error>(())
/// ```
///
/// # Errors
/// `TooLarge` when one link or one grapheme is by itself longer than a message; the text is left to the caller.
pub fn split(text: &str, limit: TextLimit) -> Result<Vec<String>> {
    let whole = trim(text);
    if whole.is_empty() {
        return Ok(Vec::new());
    }
    if limit.fits(whole) {
        return Ok(vec![whole.to_owned()]);
    }
    for digits in 1..=6 {
        // Room for "(12/34) " with as many digits as the count of parts turns out to have.
        let Some(budget) = limit.max.checked_sub(2 * digits + 4) else {
            break;
        };
        let parts = cut(whole, TextLimit::new(budget, limit.unit))?;
        let count = parts.len();
        if count.to_string().len() <= digits {
            return Ok(number(&parts, count));
        }
    }
    Err(too_large(limit, whole))
}

fn number(parts: &[&str], count: usize) -> Vec<String> {
    parts
        .iter()
        .enumerate()
        .map(|(index, part)| format!("({}/{count}) {part}", index + 1))
        .collect()
}

fn too_large(limit: TextLimit, piece: &str) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        "text.split",
        "a part of the text that must stay whole is longer than one message; shorten it",
    )
    .with("limit", limit.max)
    .with("unit", format!("{:?}", limit.unit))
    .with("length", limit.measure(piece))
    .with("starts", piece.chars().take(40).collect::<String>())
}

/// How good an end is, from worst to best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Grapheme,
    Word,
    Sentence,
    Line,
    Paragraph,
}

/// A place where a part may end.
struct End {
    at: usize,
    rank: Rank,
    /// Length of the text before it, in the limit's unit.
    cost: usize,
}

fn cut(text: &str, limit: TextLimit) -> Result<Vec<&str>> {
    let ends = ends(text, limit);
    let mut parts = Vec::new();
    let (mut from, mut cost, mut first) = (0, 0, 0);
    while from < text.len() {
        let rest = ends.get(first..).unwrap_or_default();
        let reach = rest.partition_point(|end| end.cost - cost <= limit.max);
        let within = rest.get(..reach).unwrap_or_default();
        let Some(chosen) = choose(within, cost, limit, text.len()) else {
            return Err(too_large(limit, text.get(from..).unwrap_or_default()));
        };
        let end = within.get(chosen).map_or(text.len(), |end| end.at);
        let part = trim(text.get(from..end).unwrap_or_default());
        if !part.is_empty() {
            parts.push(part);
        }
        cost = within.get(chosen).map_or(cost, |end| end.cost);
        from = end;
        first += chosen + 1;
    }
    Ok(parts)
}

/// The index of the best end: the end of the text, else the highest rank in the last two thirds, else the furthest word or grapheme.
fn choose(within: &[End], cost: usize, limit: TextLimit, length: usize) -> Option<usize> {
    let last = within.len().checked_sub(1)?;
    if within.get(last).is_some_and(|end| end.at == length) {
        return Some(last);
    }
    let far = |end: &&End| end.cost - cost > limit.max / 3;
    let best = within.iter().filter(far).map(|end| end.rank).max();
    let wanted = best
        .or_else(|| within.iter().map(|end| end.rank).max())
        .unwrap_or(Rank::Grapheme);
    within
        .iter()
        .rposition(|end| end.rank >= wanted)
        .or(Some(last))
}

/// Every place where a part may end, in order; none lies inside a link.
fn ends(text: &str, limit: TextLimit) -> Vec<End> {
    let links = links(text, limit);
    let words: Vec<usize> = starts(text.split_word_bound_indices(), text.len());
    let sentences: Vec<usize> = starts(text.split_sentence_bound_indices(), text.len());
    let mut cost = 0;
    let mut link = 0;
    let mut ends = Vec::new();
    for (start, grapheme) in text.grapheme_indices(true) {
        cost += limit.measure(grapheme);
        let at = start + grapheme.len();
        while links.get(link).is_some_and(|span| span.end <= at) {
            link += 1;
        }
        if links.get(link).is_some_and(|span| span.start < at) {
            continue;
        }
        let rank = rank(text, start, at, &words, &sentences);
        ends.push(End { at, rank, cost });
    }
    ends
}

fn starts<'a>(pieces: impl Iterator<Item = (usize, &'a str)>, length: usize) -> Vec<usize> {
    pieces.map(|(at, _)| at).chain([length]).collect()
}

fn rank(text: &str, start: usize, at: usize, words: &[usize], sentences: &[usize]) -> Rank {
    let before = text.get(..start).unwrap_or_default();
    let last = text.get(start..at).unwrap_or_default();
    let is_line = |piece: &str| piece.ends_with('\n');
    if is_line(last) && is_line(before.trim_end_matches([' ', '\t', '\r'])) {
        Rank::Paragraph
    } else if is_line(last) {
        Rank::Line
    } else if sentences.binary_search(&at).is_ok() {
        Rank::Sentence
    } else if words.binary_search(&at).is_ok() && is_word_end(text, last, at) {
        Rank::Word
    } else {
        Rank::Grapheme
    }
}

/// A comma or full stop stays with the word before it: only white space, or a script without it, ends a word.
fn is_word_end(text: &str, last: &str, at: usize) -> bool {
    let next = text.get(at..).and_then(|rest| rest.chars().next());
    let blank = |letter: char| letter.is_whitespace();
    last.chars().all(blank)
        || next.is_none_or(blank)
        || (!last.is_ascii() && next.is_some_and(char::is_alphanumeric))
}

/// The spans of links: up to the next white space, or, where that would not fit, up to the last ASCII character.
fn links(text: &str, limit: TextLimit) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut offset = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let mut from = 0;
        while let Some(start) = bare.get(from..).and_then(link_start) {
            let start = from + start;
            let link = bare.get(start..).unwrap_or_default();
            let ascii = link
                .find(|letter: char| !letter.is_ascii_graphic())
                .unwrap_or(link.len());
            let length = if limit.fits(link) { link.len() } else { ascii };
            spans.push(offset + start..offset + start + length);
            from = start + length;
        }
        offset += word.len();
    }
    spans
}

/// Where a link starts in a word: at its scheme, at `www.`, or at a bare `host.tld/path`.
fn link_start(word: &str) -> Option<usize> {
    let lower = word.to_ascii_lowercase();
    if let Some(colon) = lower.find("://") {
        let scheme = lower.get(..colon).unwrap_or_default();
        let before = scheme.trim_end_matches(|letter: char| letter.is_ascii_alphanumeric());
        // No scheme is that long: then what follows is protected, not the word before it.
        let is_scheme = scheme.len() - before.len() <= 16;
        return Some(if is_scheme { before.len() } else { colon });
    }
    if let Some(www) = lower.find("www.") {
        return Some(www);
    }
    let slash = lower.find('/')?;
    let host = lower.get(..slash).unwrap_or_default();
    let start = host
        .trim_end_matches(|letter: char| letter.is_ascii_alphanumeric() || ".-:".contains(letter))
        .len();
    let host = host.get(start..).unwrap_or_default();
    (host.len() > 3 && host.trim_matches('.').contains('.')).then_some(start)
}

/// Trims white space, grapheme by grapheme: a space that carries a combining mark stays.
fn trim(text: &str) -> &str {
    let blank = |piece: &str| piece.chars().all(char::is_whitespace);
    let mut kept = text
        .grapheme_indices(true)
        .filter(|(_, piece)| !blank(piece));
    let Some((start, first)) = kept.next() else {
        return "";
    };
    let end = kept
        .next_back()
        .map_or(start + first.len(), |(at, last)| at + last.len());
    text.get(start..end).unwrap_or_default()
}
