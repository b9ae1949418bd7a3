//! Sentences: splitting, editing, and searching them without case and accents.

use x8_core::text::fold;

use super::{cues::Cues, letter::is_alphanumeric};
use crate::bytes;

/// What to do with one sentence.
pub(super) enum Edit {
    Keep,
    Remove,
    Replace(String),
}

/// Splits a text into sentences with the white space behind them; the pieces join to the text.
///
/// A line is never part of two sentences. A list marker (`1.`) stays with its sentence.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some((c, end)) = next_end(text, at) {
        let behind = text.get(end..).unwrap_or_default();
        at = end;
        let next_is_space = behind.chars().next().is_none_or(char::is_whitespace);
        let ends = match c {
            '!' | '?' | '…' => next_is_space,
            '.' => {
                let piece = text.get(start..end).unwrap_or_default();
                next_is_space
                    && !is_abbreviation(piece)
                    && !is_decimal_point(piece)
                    && !is_ordinal(piece)
            }
            _line_or_wide => true,
        };
        if !ends {
            continue;
        }
        at = text.len() - behind.trim_start().len();
        let piece = text.get(start..at).unwrap_or_default();
        if !is_marker(piece) || piece.contains('\n') {
            pieces.push(piece);
            start = at;
        }
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

/// The next sign that may end a sentence, and where it ends.
fn next_end(text: &str, mut from: usize) -> Option<(char, usize)> {
    // How those signs begin.
    let begins = |byte: u8| {
        (byte == b'.')
            | (byte == b'\n')
            | (byte == b'!')
            | (byte == b'?')
            | (byte == 0xe2)
            | (byte == 0xe3)
            | (byte == 0xef)
    };
    loop {
        from += bytes::find(text.as_bytes().get(from..)?, begins)?;
        let c = text.get(from..)?.chars().next()?;
        from += c.len_utf8();
        if matches!(c, '\n' | '.' | '!' | '?' | '…' | '。' | '！' | '？') {
            return Some((c, from));
        }
    }
}

/// The whole sentences among the first `most` letters, or those letters when there is no whole sentence.
pub(super) fn head(text: &str, most: usize) -> String {
    if text.len() <= most || text.chars().nth(most).is_none() {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most).collect();
    let mut pieces = sentences(&cut);
    if pieces.len() > 1 {
        pieces.pop();
    }
    pieces.concat()
}

/// `1.` alone is the number of a list entry.
fn is_marker(piece: &str) -> bool {
    let piece = piece.trim();
    piece
        .strip_suffix('.')
        .is_some_and(|digits| digits.len() < 4 && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// The point of `1 2 . 5 0`, spaced out, ends no sentence.
fn is_decimal_point(piece: &str) -> bool {
    let head = piece.strip_suffix('.').unwrap_or(piece);
    head.ends_with(' ') && head.trim_end().ends_with(|c: char| c.is_ascii_digit())
}

/// The point of "am 12. Juni" ends no sentence.
fn is_ordinal(piece: &str) -> bool {
    let mut words = piece.trim_end_matches('.').rsplit(' ');
    let day = words
        .next()
        .is_some_and(|day| (1..3).contains(&day.len()) && day.bytes().all(|b| b.is_ascii_digit()));
    day && words.next().is_some_and(|before| {
        matches!(
            before,
            "am" | "den" | "dem" | "der" | "vom" | "zum" | "bis" | "Am" | "Vom" | "ab"
        )
    })
}

fn is_abbreviation(piece: &str) -> bool {
    const SHORT: [&str; 18] = [
        "тыс", "млн", "руб", "коп", "т.е", "т.д", "г", "ул", "шт", "e.g", "i.e", "approx", "aprox",
        "sr", "sra", "mr", "ca", "no",
    ];
    let word = piece
        .trim_end_matches('.')
        .rsplit(char::is_whitespace)
        .next();
    // The longest of them has six letters, in Cyrillic three.
    let plain = |byte: u8| matches!(byte, ..0xc0 | 0xd0 | 0xd1);
    let long = |word: &str| word.len() > 6 && word.bytes().all(plain);
    word.is_some_and(|word| {
        if long(word) {
            false
        } else if word.is_ascii() {
            SHORT.iter().any(|short| short.eq_ignore_ascii_case(word))
        } else {
            SHORT.contains(&fold(word).as_str())
        }
    })
}

/// No edges, no empty list entries, at most one empty line in a row.
pub(super) fn tidy(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        let bare = line.trim();
        let empty_entry = is_marker(bare) || matches!(bare, "-" | "*" | "•" | "–" | "—");
        let second_gap = bare.is_empty() && lines.last().is_none_or(|last| last.is_empty());
        if !empty_entry && !second_gap {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

/// Whether any stem begins a word of the folded text.
pub(super) fn has_any(folded: &str, stems: &[&str]) -> bool {
    stems.iter().any(|stem| {
        folded.match_indices(stem).any(|(at, _)| {
            let before = folded.get(..at).and_then(|head| head.chars().next_back());
            before.is_none_or(|c| !is_alphanumeric(c))
        })
    })
}

/// Whether any of these is a whole word (or phrase) of the folded text.
pub(super) fn has_word(folded: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        folded.match_indices(word).any(|(at, _)| {
            let before = folded.get(..at).and_then(|head| head.chars().next_back());
            let after = folded
                .get(at + word.len()..)
                .and_then(|tail| tail.chars().next());
            before.is_none_or(|c| !is_alphanumeric(c)) && after.is_none_or(|c| !is_alphanumeric(c))
        })
    })
}

/// Negations and regrets of the languages the guard reads, as whole words of folded text.
pub(super) const NEGATIONS: [&str; 28] = [
    "no", "not", "never", "cannot", "can't", "can’t", "don't", "don’t", "isn't", "hasn't",
    "haven't", "hasn’t", "без", "не", "нет", "sin", "ni", "nicht", "kein", "keine", "keinen",
    "pas", "non", "nao", "nie", "yet", "without", "aucun",
];

/// Words that make a statement conditional or future, as whole words of folded text.
pub(super) const CONDITIONS: [&str; 34] = [
    "if",
    "once",
    "after",
    "when",
    "until",
    "as soon as",
    "before",
    "если",
    "когда",
    "после",
    "как только",
    "пока",
    "до",
    "si",
    "cuando",
    "una vez",
    "tras",
    "despues",
    "en cuanto",
    "hasta",
    "sobald",
    "wenn",
    "nachdem",
    "bis",
    "des que",
    "apres",
    "une fois",
    "quando",
    "dopo",
    "appena",
    "se",
    "apos",
    "assim que",
    "depois",
];

/// "No" is "in the" in Portuguese.
const IN_THE: [&str; 21] = [
    "no sabado",
    "no domingo",
    "no dia",
    "no seu",
    "no nosso",
    "no final",
    "no fim",
    "no total",
    "no grupo",
    "no telemovel",
    "no mesmo",
    "no proximo",
    "no cartao",
    "no local",
    "no inicio",
    "no carrinho",
    "no pacote",
    "no preco",
    "no site",
    "no verao",
    "no valor",
];

/// Whether a folded sentence denies something; "no conditions" and "no problem" promise rather than deny.
pub(super) fn denies(folded: &str) -> bool {
    const PROMISING: [&str; 34] = [
        "no conditions",
        "no condition",
        "no strings",
        "no minimum",
        "no catch",
        "no doubt",
        "no problem",
        "no worries",
        "no limits",
        "without conditions",
        "without limits",
        "not only",
        "why not",
        "без условий",
        "без ограничений",
        "без минимальн",
        "без проблем",
        "не сомневайтесь",
        "не только",
        "sin condiciones",
        "sin limites",
        "sin minimo",
        "sin problema",
        "sin compromiso",
        "no hay problema",
        "no es problema",
        "нет проблем",
        "не проблема",
        "kein problem",
        "pas de probleme",
        "pas de souci",
        "nessun problema",
        "sem problema",
        "nao ha problema",
    ];
    // Most sentences have no such word at all, and taking something away brings none in.
    if !Cues::of(folded).has(Cues::NEGATION) {
        return false;
    }
    let rest = PROMISING
        .iter()
        .chain(&IN_THE)
        .fold(folded.to_owned(), |rest, promise| {
            rest.replace(promise, " ")
        });
    Cues::of(&rest).has(Cues::NEGATION)
}
