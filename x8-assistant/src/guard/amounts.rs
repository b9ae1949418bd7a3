//! Finding amounts of money in words: signs, codes and currency words, before or behind, ranges, thousands marks, number
//! words and disguises; and what each amount is said to be.

use x8_core::{Currency, text::fold};

use super::{look::Look, page::Sentence};

mod bare;
mod currency;
mod durations;
mod figures;
mod lexer;
mod marks;
mod names;
pub(super) mod numerals;
mod plain;
mod roles;
pub(super) mod spoken;
mod words;

pub(super) use durations::Duration;
use durations::durations;
use lexer::{Token, TokenKind, tokens};
#[cfg(test)]
pub(super) use names::OPENING;
pub(super) use names::{Figured, Made, mark_names, mark_words, marker, mask_names};
#[cfg(test)]
pub(super) use plain::reads_as_written;
pub(super) use plain::{Spelled, is_plain, plain};
pub(super) use roles::Role;

/// One amount as it stands in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Amount {
    /// Minor units; absent when the figure is no readable amount.
    pub(super) minor: Option<i64>,
    /// Absent after a price word without any sign: "price: 25".
    pub(super) currency: Option<Currency>,
    /// What it is said to be.
    pub(super) role: Role,
    /// Nothing but the words around it make it an amount.
    pub(super) bare: bool,
}

/// A sentence read for figures. It must be plain and folded; names of rows may be marked in it.
#[derive(Debug)]
pub(super) struct Figures<'s> {
    tokens: Vec<Token<'s>>,
    /// What each token that is an amount counts: money, in a currency or in one that is not named.
    marks: Vec<Option<Unit>>,
    /// Which of them were number words that no currency follows.
    spoken: Vec<usize>,
}

/// A currency, or money in one that is not named.
#[derive(Clone, Copy, Debug)]
struct Unit(Option<Currency>);

/// Every amount of a sentence as it was written.
pub(super) fn scan(sentence: &str) -> Vec<Amount> {
    Figures::read(&fold(&plain(sentence))).amounts()
}

/// Every amount of a sentence of a reply.
pub(super) fn scan_in(sentence: &Sentence<'_>) -> Vec<Amount> {
    if sentence.looks(Look::AS_WRITTEN) {
        Figures::read(sentence.folded()).amounts()
    } else {
        scan(sentence)
    }
}

impl<'s> Figures<'s> {
    pub(super) fn read(folded: &'s str) -> Self {
        let tokens = tokens(folded);
        let marks = marks::of(&tokens);
        Self {
            tokens,
            marks,
            spoken: Vec::new(),
        }
    }

    /// The same with sums in words that no currency follows: "that makes fifty".
    ///
    /// `timed`: a day is named, so that small numbers may be hours.
    pub(super) fn read_spoken(folded: &'s str, timed: bool) -> Self {
        let mut tokens = tokens(folded);
        let told = spoken::figures(&mut tokens, timed);
        let mut marks = marks::of(&tokens);
        for at in &told {
            if let Some(slot) = marks.get_mut(*at) {
                slot.get_or_insert(Unit(None));
            }
        }
        Self {
            tokens,
            marks,
            spoken: told,
        }
    }

    /// Every amount, in order.
    pub(super) fn amounts(&self) -> Vec<Amount> {
        let amount = |(index, mark): (usize, &Option<Unit>)| {
            let Unit(currency) = (*mark)?;
            Some(Amount {
                minor: marks::minor(&self.tokens, index),
                currency,
                role: roles::of(&self.tokens, &self.marks, index),
                bare: currency.is_none()
                    && (bare::is_offer(&self.tokens, index) || self.spoken.contains(&index)),
            })
        };
        self.marks.iter().enumerate().filter_map(amount).collect()
    }

    /// Products written out: the two figures of every `2 × 29.90`, in cents and as a count.
    pub(super) fn products(&self) -> Vec<(i64, i64)> {
        let tokens = &self.tokens;
        let times = |token: &Token<'_>| matches!(token.written(), "×" | "x" | "х" | "*");
        let figure = |at: usize| {
            let token = tokens.get(at).filter(|_| is_number(tokens, at))?;
            lexer::cents(&token.text)
        };
        let mut found = Vec::new();
        for index in 1..tokens.len() {
            if !tokens.get(index).is_some_and(times) {
                continue;
            }
            let gap = usize::from(currency_at(tokens, index - 1).is_some());
            let left = index.checked_sub(1 + gap).and_then(figure);
            let right = figure(index + 1).or_else(|| figure(index + 2));
            if let (Some(left), Some(right)) = (left, right) {
                found.extend([(left, right / 100), (right, left / 100)]);
            }
        }
        found
    }

    /// Whole numbers that are no amounts, in digits or words: what a sentence may count.
    pub(super) fn counts(&self) -> Vec<i64> {
        let count = |(token, mark): (&Token<'_>, &Option<Unit>)| match token.kind {
            TokenKind::Number if mark.is_none() => token.text.parse().ok(),
            TokenKind::Word => numerals::value(&token.text),
            TokenKind::Number
            | TokenKind::Sign
            | TokenKind::Currency(_)
            | TokenKind::Cents(_)
            | TokenKind::Thousand(_)
            | TokenKind::Name(_) => None,
        };
        let counts = self.tokens.iter().zip(&self.marks).filter_map(count);
        counts.filter(|count| (2..=100).contains(count)).collect()
    }

    /// The places of the marked names, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = usize> {
        self.tokens.iter().filter_map(|token| match token.kind {
            TokenKind::Name(place) => Some(place),
            TokenKind::Number
            | TokenKind::Word
            | TokenKind::Sign
            | TokenKind::Currency(_)
            | TokenKind::Cents(_)
            | TokenKind::Thousand(_) => None,
        })
    }

    pub(super) fn durations(&self) -> Vec<Duration> {
        durations(&self.tokens)
    }
}

fn kind<'t>(tokens: &'t [Token<'_>], index: usize) -> Option<&'t TokenKind> {
    tokens.get(index).map(|token| &token.kind)
}

fn word<'t>(tokens: &'t [Token<'_>], index: usize) -> &'t str {
    tokens.get(index).map_or("", Token::written)
}

fn is_number(tokens: &[Token<'_>], index: usize) -> bool {
    matches!(kind(tokens, index), Some(TokenKind::Number))
}

fn currency_at(tokens: &[Token<'_>], index: usize) -> Option<Currency> {
    match kind(tokens, index)? {
        TokenKind::Currency(currency) | TokenKind::Cents(currency) => Some(*currency),
        TokenKind::Number
        | TokenKind::Word
        | TokenKind::Sign
        | TokenKind::Thousand(_)
        | TokenKind::Name(_) => None,
    }
}
