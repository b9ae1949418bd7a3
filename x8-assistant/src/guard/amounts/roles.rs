//! What an amount is said to be: a row's price, a total, a fee, a threshold, or nothing in particular.
//!
//! Only what stands right beside the amount counts, small words aside, so that no clause far away decides.

use super::{
    Unit, currency_at,
    lexer::{Token, TokenKind},
};
use crate::guard::lexicon::{Hits, List, hits};

/// What the words beside an amount say that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Role {
    /// Nothing in particular.
    Any,
    /// The price of the rows at these places, `count` units of each when one is written.
    Price {
        /// Places of marked names.
        rows: Vec<usize>,
        /// How many units.
        count: Option<i64>,
    },
    /// What is to be paid in all.
    Total,
    /// What a delivery costs; `from` when a lower end is told.
    Fee {
        /// "Delivery from …".
        from: bool,
    },
    /// From when on something is free.
    Threshold,
}

/// More small words than this hold no price apart from its name.
const FARTHEST: usize = 9;

pub(super) fn of(tokens: &[Token<'_>], marks: &[Option<Unit>], index: usize) -> Role {
    let first = match index.checked_sub(1) {
        Some(before) if currency_at(tokens, before).is_some() => before,
        Some(_) | None => index,
    };
    match before(tokens, first) {
        Role::Any => behind(tokens, marks, index),
        role @ (Role::Price { .. } | Role::Total | Role::Fee { .. } | Role::Threshold) => {
            if goes_on(tokens, index) {
                Role::Any
            } else {
                role
            }
        }
    }
}

/// "34.50 + 6 = …": one part of a sum.
fn goes_on(tokens: &[Token<'_>], index: usize) -> bool {
    let next = index + 1 + usize::from(currency_at(tokens, index + 1).is_some());
    tokens
        .get(next)
        .is_some_and(|token| matches!(token.written(), "+" | "×" | "x" | "х"))
}

fn lists(token: &Token<'_>) -> Hits {
    match token.kind {
        TokenKind::Word => hits(&token.text),
        TokenKind::Number
        | TokenKind::Sign
        | TokenKind::Currency(_)
        | TokenKind::Cents(_)
        | TokenKind::Thousand(_)
        | TokenKind::Name(_) => Hits::default(),
    }
}

/// Reads the words in front of an amount, backwards.
fn before(tokens: &[Token<'_>], first: usize) -> Role {
    let mut from = false;
    let mut at = first;
    for _ in 0..FARTHEST {
        let Some(token) = at.checked_sub(1).and_then(|before| tokens.get(before)) else {
            return Role::Any;
        };
        at -= 1;
        match token.kind {
            TokenKind::Name(_) => return price(tokens, at),
            TokenKind::Sign if is_link(tokens, at) => continue,
            TokenKind::Word => {}
            TokenKind::Number
            | TokenKind::Sign
            | TokenKind::Currency(_)
            | TokenKind::Cents(_)
            | TokenKind::Thousand(_) => return Role::Any,
        }
        let found = lists(token);
        from |= found.has(List::FROM);
        if found.has(List::FREE) {
            return if from { Role::Threshold } else { Role::Any };
        }
        if found.has(List::TOTAL) || two_words(tokens, at).has(List::TOTAL) {
            return Role::Total;
        }
        if found.has(List::DELIVERY) {
            return delivery(tokens, at, first, from);
        }
        if !found.any(&[List::LINK, List::PRICE, List::FROM, List::ARTICLE]) {
            return Role::Any;
        }
    }
    Role::Any
}

/// A word and the one before it, for phrases like "to pay".
fn two_words(tokens: &[Token<'_>], at: usize) -> Hits {
    let pair = at.checked_sub(1).and_then(|before| tokens.get(before..=at));
    match pair {
        Some([left, right]) => pair_of(left, right),
        _alone => Hits::default(),
    }
}

fn pair_of(left: &Token<'_>, right: &Token<'_>) -> Hits {
    hits(&[left.written(), right.written()].join(" "))
}

/// A sign between what is priced and its price. A comma only between a name and an amount.
fn is_link(tokens: &[Token<'_>], at: usize) -> bool {
    let sign = tokens.get(at).map_or("", |token| token.written());
    let named = at
        .checked_sub(1)
        .and_then(|before| tokens.get(before))
        .is_some_and(|token| matches!(token.kind, TokenKind::Name(_)));
    matches!(
        sign,
        ":" | "-"
            | "–"
            | "—"
            | "="
            | "("
            | "|"
            | "•"
            | "→"
            | ">"
            | "~"
            | "≈"
            | "\""
            | "»"
            | "”"
            | "…"
            | "·"
    ) || (sign == "," && named && is_near(tokens, at))
}

/// Whether an amount stands right behind a comma, or a small word after it: ", at 18.50 EUR".
fn is_near(tokens: &[Token<'_>], comma: usize) -> bool {
    let small = tokens.get(comma + 1).is_some_and(|token| {
        matches!(
            token.written(),
            "at" | "a"
                | "c'est"
                | "c’est"
                | "it's"
                | "it’s"
                | "это"
                | "son"
                | "sono"
                | "sao"
                | "e"
                | "das"
                | "zu"
                | "je"
                | "only"
                | "just"
                | "nur"
                | "solo"
                | "всего"
                | "seulement"
                | "so"
                | "apenas"
        )
    });
    let figure = |at: usize| {
        matches!(
            tokens.get(at).map(|token| token.kind),
            Some(TokenKind::Number | TokenKind::Currency(_))
        )
    };
    figure(comma + 1) || (small && figure(comma + 2))
}

/// The rows whose price follows, and how many of them: `2 × Roses`, `Roses and tulips`.
fn price(tokens: &[Token<'_>], name: usize) -> Role {
    let mut rows = Vec::new();
    let mut at = name;
    loop {
        if let Some(TokenKind::Name(place)) = tokens.get(at).map(|token| token.kind) {
            rows.push(place);
        }
        // "Roses and tulips", "roses, tulips".
        let other = (1..4).find_map(|gap| {
            let before = at.checked_sub(gap)?;
            let named = matches!(tokens.get(before)?.kind, TokenKind::Name(_));
            let between = tokens.get(before + 1..at)?;
            (named && between.iter().all(joins)).then_some(before)
        });
        match other {
            Some(before) => at = before,
            None => break,
        }
    }
    let times = at
        .checked_sub(1)
        .and_then(|before| tokens.get(before))
        .is_some_and(|token| matches!(token.written(), "×" | "x" | "х"));
    let count = at
        .checked_sub(1 + usize::from(times))
        .and_then(|before| tokens.get(before))
        .and_then(|token| match token.kind {
            TokenKind::Number => token.text.parse().ok(),
            TokenKind::Word => super::numerals::value(&token.text),
            TokenKind::Sign
            | TokenKind::Currency(_)
            | TokenKind::Cents(_)
            | TokenKind::Thousand(_)
            | TokenKind::Name(_) => None,
        });
    Role::Price { rows, count }
}

fn joins(token: &Token<'_>) -> bool {
    matches!(
        token.written(),
        "," | "/"
            | "+"
            | "&"
            | "«"
            | "»"
            | "\""
            | "“"
            | "”"
            | "and"
            | "or"
            | "the"
            | "a"
            | "и"
            | "или"
            | "y"
            | "o"
            | "und"
            | "oder"
            | "et"
            | "ou"
            | "e"
            | "la"
            | "el"
            | "le"
            | "les"
            | "die"
            | "der"
            | "das"
            | "il"
            | "lo"
            | "os"
            | "as"
    )
}

/// A delivery, or a sum "with delivery".
fn delivery(tokens: &[Token<'_>], at: usize, first: usize, from: bool) -> Role {
    // "With a delivery of 6 EUR": its own price.
    let of = first
        .checked_sub(1)
        .filter(|of| *of > at)
        .and_then(|of| tokens.get(of));
    let own = of.is_some_and(|of| {
        matches!(
            of.written(),
            "of" | "de"
                | "von"
                | "di"
                | "da"
                | "at"
                | "zu"
                | "за"
                | "por"
                | "per"
                | "fur"
                | "pour"
                | "for"
                | "("
        )
    });
    let mut before = (1..4).filter_map(|gap| tokens.get(at.checked_sub(gap)?));
    if !own
        && before
            .clone()
            .take(2)
            .any(|token| lists(token).has(List::WITH))
    {
        return Role::Total;
    }
    if before.any(|token| lists(token).has(List::FREE)) && from {
        return Role::Threshold;
    }
    Role::Fee { from }
}

/// "69 EUR in total", "34.50 EUR for the roses".
fn behind(tokens: &[Token<'_>], marks: &[Option<Unit>], index: usize) -> Role {
    let mut at = index + 1;
    if currency_at(tokens, at).is_some() {
        at += 1;
    }
    let (Some(first), second) = (tokens.get(at), tokens.get(at + 1)) else {
        return Role::Any;
    };
    // "7 EUR; total, 37 EUR": another clause.
    if matches!(first.written(), ";" | "," | ".") {
        return Role::Any;
    }
    let pair = || second.is_some_and(|second| pair_of(first, second).has(List::TOTAL));
    if lists(first).has(List::TOTAL) || pair() {
        return Role::Total;
    }
    if !lists(first).has(List::FOR) {
        return Role::Any;
    }
    while tokens
        .get(at + 1)
        .is_some_and(|token| lists(token).has(List::ARTICLE))
    {
        at += 1;
    }
    let named = tokens.get(at + 1).map(|token| token.kind);
    // "… for the roses 34.50": the figure behind the name is its price.
    let priced = (at + 2..at + 5).any(|next| marks.get(next).is_some_and(Option::is_some));
    match named {
        Some(TokenKind::Name(place)) if !priced => Role::Price {
            rows: vec![place],
            count: None,
        },
        _other => Role::Any,
    }
}
