//! Finding amounts of money in words: signs, codes and currency words, before or behind, ranges, thousands marks.

use unicode_normalization::UnicodeNormalization;
use x8_core::Currency;

mod lexer;
mod names;
mod words;

use lexer::{Token, TokenKind, tokens};
pub(super) use names::{Figured, marker, mask_names};
use words::{FOLLOWERS, LINKS, MEASURES, PRICE, TOTALS};

/// One amount as it stands in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Amount {
    /// Minor units; absent when the figure is no readable amount.
    pub(super) minor: Option<i64>,
    /// Absent after a price word without any sign: "price: 25".
    pub(super) currency: Option<Currency>,
    /// As written.
    pub(super) shown: String,
}

/// What a number counts: money, in a currency or in one that is not named.
#[derive(Clone, Copy, Debug)]
struct Unit(Option<Currency>);

/// Every amount of a sentence.
pub(super) fn scan(sentence: &str) -> Vec<Amount> {
    let tokens = tokens(&plain(sentence));
    let mut marks: Vec<Option<Unit>> = vec![None; tokens.len()];
    for index in 0..tokens.len() {
        if let Some(mark) = direct(&tokens, index).or_else(|| priced(&tokens, index)) {
            set(&mut marks, index, mark);
        }
    }
    spread(&tokens, &mut marks);
    let amount = |(index, mark): (usize, &Option<Unit>)| {
        let Unit(currency) = (*mark)?;
        let token = tokens.get(index)?;
        Some(Amount {
            minor: minor(&tokens, index),
            currency,
            shown: token.text.clone(),
        })
    };
    marks.iter().enumerate().filter_map(amount).collect()
}

/// Products written out: the two figures of every `2 × 29.90`, in cents and as a count.
pub(super) fn products(sentence: &str) -> Vec<(i64, i64)> {
    let tokens = tokens(&plain(sentence));
    let times = |token: &Token| matches!(token.text.as_str(), "×" | "x" | "х" | "*");
    let figure = |at: usize| {
        let token = tokens.get(at).filter(|_| is_number(&tokens, at))?;
        lexer::cents(&token.text)
    };
    let mut found = Vec::new();
    for index in 1..tokens.len() {
        if !tokens.get(index).is_some_and(times) {
            continue;
        }
        let gap = usize::from(currency_at(&tokens, index - 1).is_some());
        let left = index.checked_sub(1 + gap).and_then(figure);
        let right = figure(index + 1).or_else(|| figure(index + 2));
        if let (Some(left), Some(right)) = (left, right) {
            found.extend([(left, right / 100), (right, left / 100)]);
        }
    }
    found
}

/// Compatibility forms folded, invisible and enclosing characters dropped, spelled-out words closed up, so that disguised
/// figures read as figures.
fn plain(text: &str) -> String {
    if text.chars().all(is_plain) {
        return unspaced(text);
    }
    let hidden = |c: char| {
        matches!(
            c,
            '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{20d0}'..='\u{20f0}'
                | '\u{e0000}'..='\u{e01ef}'
                | '\u{feff}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{115f}' | '\u{1160}'
        )
    };
    let read: String = text
        .nfkc()
        .filter(|c| !hidden(*c))
        .map(|c| lexer::ascii_digit(c).unwrap_or(c))
        .collect();
    unspaced(&read)
}

/// Whether a character is what it seems, wherever it stands: no other form of a letter, sign or digit, and not hidden.
pub(super) fn is_plain(c: char) -> bool {
    matches!(c,
        '\0'..='\u{7f}' | 'А'..='я' | 'ё' | 'Ё' | '¡' | '¿' | '«' | '»' | 'À'..='ÿ' | '–' | '—' | '‘' | '’' | '“' | '”' | '„' | '•' | '€')
}

/// `4 5 e u r o s` with its words closed up: three single letters or two single digits in a row.
fn unspaced(text: &str) -> String {
    let single = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next()?;
        let alone = letters.all(|c| matches!(c, '.' | ',' | '!' | '?' | ';' | ':'));
        (alone && first.is_alphanumeric()).then_some(first.is_ascii_digit())
    };
    let words: Vec<&str> = text.split(' ').collect();
    let kinds: Vec<Option<bool>> = words.iter().map(|word| single(word)).collect();
    let mut closed = String::with_capacity(text.len());
    for run in words_of_a_kind(&kinds) {
        let least = if kinds.get(run.start) == Some(&Some(true)) {
            2
        } else {
            3
        };
        let here = words.get(run.clone()).unwrap_or_default();
        let spelled = kinds.get(run.start).is_some_and(Option::is_some) && here.len() >= least;
        if run.start > 0 {
            closed.push(' ');
        }
        closed.push_str(&here.join(if spelled { "" } else { " " }));
    }
    closed
}

/// Ranges of neighbours of one kind.
fn words_of_a_kind(kinds: &[Option<bool>]) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, kind) in kinds.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if kinds.get(run.start) == Some(kind) => run.end = at + 1,
            _new => runs.push(at..at + 1),
        }
    }
    runs
}

fn set(marks: &mut [Option<Unit>], index: usize, mark: Unit) {
    if let Some(slot) = marks.get_mut(index) {
        *slot = Some(mark);
    }
}

fn kind(tokens: &[Token], index: usize) -> Option<&TokenKind> {
    tokens.get(index).map(|token| &token.kind)
}

fn is_number(tokens: &[Token], index: usize) -> bool {
    matches!(kind(tokens, index), Some(TokenKind::Number))
}

fn currency_at(tokens: &[Token], index: usize) -> Option<Currency> {
    match kind(tokens, index)? {
        TokenKind::Currency(currency) | TokenKind::Cents(currency) => Some(*currency),
        TokenKind::Number | TokenKind::Word | TokenKind::Sign | TokenKind::Thousand(_) => None,
    }
}

/// A number with a currency right behind or right before it.
fn direct(tokens: &[Token], index: usize) -> Option<Unit> {
    if !is_number(tokens, index) || is_tail(tokens, index) {
        return None;
    }
    let next = past_signs(tokens, index);
    let behind = match kind(tokens, next) {
        Some(TokenKind::Thousand(_)) => currency_at(tokens, next + 1),
        _other => currency_at(tokens, next),
    };
    if behind.is_some() {
        return Some(Unit(behind));
    }
    let mut before = index.checked_sub(1)?;
    while tokens
        .get(before)
        .is_some_and(|token| matches!(token.text.as_str(), "*" | "_" | "(" | "[" | ":" | "~" | "≈"))
    {
        before = before.checked_sub(1)?;
    }
    let currency = currency_at(tokens, before)?;
    let taken = before
        .checked_sub(1)
        .is_some_and(|first| is_number(tokens, first));
    // "5 EUR 10 pieces": the sign belongs to the number it follows, unless it is glued to the next one.
    let glued = tokens.get(index).is_some_and(|token| token.glued);
    (!taken || glued).then_some(Unit(Some(currency)))
}

/// Where the token behind a number stands, past emphasis, brackets and `60,-`.
fn past_signs(tokens: &[Token], index: usize) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut next = index + 1;
    while next < index + 4 {
        let dash = matches!(text(next + 1), "-" | "–" | "—");
        match text(next) {
            ")" | "]" | "*" | "_" | "-" | "–" => next += 1,
            "," | "." if dash => next += 2,
            _other => break,
        }
    }
    next
}

/// `12 euros 50`: whether this number is the cents of the one before.
fn is_tail(tokens: &[Token], index: usize) -> bool {
    let (Some(sign), Some(whole)) = (index.checked_sub(1), index.checked_sub(2)) else {
        return false;
    };
    matches!(kind(tokens, sign), Some(TokenKind::Currency(_)))
        && is_number(tokens, whole)
        && is_composite(tokens, index)
}

/// `12 euros 50`: a short number that nothing else counts.
fn is_composite(tokens: &[Token], index: usize) -> bool {
    let short = tokens.get(index).is_some_and(|token| {
        token.text.len() <= 2 && token.text.bytes().all(|b| b.is_ascii_digit())
    });
    let ends = match kind(tokens, index + 1) {
        None | Some(TokenKind::Sign | TokenKind::Cents(_)) => true,
        Some(
            TokenKind::Number | TokenKind::Word | TokenKind::Currency(_) | TokenKind::Thousand(_),
        ) => false,
    };
    short && ends
}

/// A number behind a price word ("price: 25"), or one that can only be a price (`19.99`).
fn priced(tokens: &[Token], index: usize) -> Option<Unit> {
    if !is_number(tokens, index) {
        return None;
    }
    let next = tokens.get(index + 1);
    let measured = next.is_some_and(|token| {
        MEASURES.contains(&token.text.as_str())
            || matches!(token.text.as_str(), "%" | "×" | "*" | ":")
    });
    let only_a_price = tokens
        .get(index)
        .is_some_and(|token| lexer::only_a_price(&token.text));
    if measured || only_a_price {
        return (!measured).then_some(Unit(None));
    }
    if let (Some(first), second) = (next, tokens.get(index + 2)) {
        let second = second.map_or("", |token| token.text.as_str());
        let total = matches!(
            (first.text.as_str(), second),
            ("in" | "en" | "au" | "no", "total") | ("to", "pay")
        );
        if total || TOTALS.contains(&first.text.as_str()) {
            return Some(Unit(None));
        }
    }
    let counts_something = next.is_some_and(|token| {
        token.kind == TokenKind::Word && !FOLLOWERS.contains(&token.text.as_str())
    });
    if counts_something {
        return None;
    }
    if is_bundle(tokens, index) {
        return Some(Unit(None));
    }
    for back in 1..=4 {
        let token = index.checked_sub(back).and_then(|at| tokens.get(at))?;
        if token.kind == TokenKind::Word && PRICE.contains(&token.text.as_str()) {
            return Some(Unit(None));
        }
        let link = match token.kind {
            TokenKind::Word => LINKS.contains(&token.text.as_str()),
            TokenKind::Sign => {
                matches!(token.text.as_str(), ":" | "=" | "-" | "–" | "—" | "~" | "≈")
            }
            TokenKind::Number
            | TokenKind::Currency(_)
            | TokenKind::Cents(_)
            | TokenKind::Thousand(_) => false,
        };
        if !link {
            return None;
        }
    }
    None
}

/// "Three for 200": a count and a price for it.
fn is_bundle(tokens: &[Token], index: usize) -> bool {
    let word = |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at));
    let price = word(1)
        .is_some_and(|token| ["for", "за", "por", "fur", "pour"].contains(&token.text.as_str()));
    let count = word(2).is_some_and(|token| {
        token.kind == TokenKind::Number || words::COUNTS.contains(&token.text.as_str())
    });
    price && count
}

/// Carries a currency over ranges and sums: `10–20 €`, `from 10 to 20 euros`, `59.80 + 5 = 64.80 EUR`.
fn spread(tokens: &[Token], marks: &mut [Option<Unit>]) {
    const JOINS: [&str; 19] = [
        "to", "до", "a", "bis", "and", "и", "y", "e", "und", "et", "or", "или", "o", "oder", "ou",
        "hasta", "ate", "through", "или",
    ];
    let joined = |at: usize| {
        tokens.get(at).is_some_and(|token| match token.kind {
            TokenKind::Word => JOINS.contains(&token.text.as_str()),
            TokenKind::Sign => {
                matches!(token.text.as_str(), "-" | "–" | "—" | "/" | "+" | "=" | "~")
            }
            TokenKind::Number
            | TokenKind::Currency(_)
            | TokenKind::Cents(_)
            | TokenKind::Thousand(_) => false,
        })
    };
    for index in (0..tokens.len()).rev() {
        let mark = marks.get(index).copied().flatten();
        let (Some(mark), Some(first)) = (mark, index.checked_sub(2)) else {
            continue;
        };
        let open = marks.get(first).is_some_and(Option::is_none);
        if open && is_number(tokens, first) && joined(index - 1) && !is_key(tokens, first) {
            set(marks, first, mark);
        }
    }
    for index in 0..tokens.len() {
        let Some(mark) = marks.get(index).copied().flatten() else {
            continue;
        };
        let gap = usize::from(currency_at(tokens, index + 1).is_some());
        let next = index + gap + 2;
        let sign = matches!(kind(tokens, next - 1), Some(TokenKind::Sign));
        let open = marks.get(next).is_some_and(Option::is_none);
        // "+ 4 × roses": a count, not an amount.
        let times = tokens
            .get(next + 1)
            .is_some_and(|token| matches!(token.text.as_str(), "×" | "*"));
        let counted = times || matches!(kind(tokens, next + 1), Some(TokenKind::Word));
        if open && sign && joined(next - 1) && is_number(tokens, next) && !counted {
            set(marks, next, mark);
        }
    }
}

/// `SKU 201`, `№ 5`: a key, not an amount.
fn is_key(tokens: &[Token], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|at| tokens.get(at));
    before.is_some_and(|token| {
        matches!(
            token.text.as_str(),
            "sku" | "№" | "#" | "артикул" | "no" | "ref"
        )
    })
}

fn minor(tokens: &[Token], index: usize) -> Option<i64> {
    let own = lexer::cents(&tokens.get(index)?.text)?;
    match kind(tokens, index + 1) {
        // Prices are told in whole units and their parts: "8990 cents" hides one.
        Some(TokenKind::Cents(_)) => own.checked_div(100).filter(|cents| *cents < 100),
        Some(TokenKind::Thousand(factor)) => own.checked_mul(*factor),
        Some(TokenKind::Currency(_)) => {
            let cents = tokens
                .get(index + 2)
                .filter(|_| is_number(tokens, index + 2) && is_composite(tokens, index + 2));
            match cents {
                Some(cents) => own.checked_add(cents.text.parse().ok()?),
                None => Some(own),
            }
        }
        Some(TokenKind::Number | TokenKind::Word | TokenKind::Sign) | None => Some(own),
    }
}
