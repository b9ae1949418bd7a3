//! Number words and look-alikes beside a currency, read as the figures they stand for.

use super::{
    lexer::{Token, TokenKind},
    numerals,
};

/// "Thirty-four euros fifty": number words beside a currency become figures.
pub(super) fn numerals_as_figures(tokens: &mut Vec<Token<'_>>) {
    let money = |token: Option<&Token<'_>>| {
        token
            .is_some_and(|token| matches!(token.kind, TokenKind::Currency(_) | TokenKind::Cents(_)))
    };
    let mut at = 0;
    while at < tokens.len() {
        if !money(tokens.get(at)) || money(tokens.get(at + 1)) {
            at += 1;
            continue;
        }
        // "The amount due EUR 34.50": the currency belongs to the figure behind it.
        let taken = tokens
            .get(at + 1)
            .is_some_and(|token| token.kind == TokenKind::Number);
        let start = if taken { at } else { numeral_start(tokens, at) };
        let after_figure = start
            .checked_sub(1)
            .and_then(|before| tokens.get(before))
            .is_some_and(|token| token.kind == TokenKind::Number);
        let factor_only = tokens.get(start..at).is_some_and(|run| {
            run.iter()
                .all(|token| matches!(token.kind, TokenKind::Thousand(_)))
        });
        if start < at && !(after_figure && factor_only) {
            // "30 one euros" is no readable amount.
            let from = start - usize::from(after_figure);
            let text = if after_figure {
                "?".to_owned()
            } else {
                counted(tokens.get(start..at).unwrap_or_default()).to_string()
            };
            replace(tokens, from..at, text);
            at = from + 1;
        }
        // "Полтора евро": no row says so.
        let half = at.checked_sub(1).filter(|before| {
            !taken
                && tokens.get(*before).is_some_and(|token| {
                    matches!(
                        token.written(),
                        "полтора" | "полторы" | "anderthalb" | "eineinhalb"
                    )
                })
        });
        if let Some(before) = half {
            replace(tokens, before..at, "1.50".to_owned());
        }
        let roman = at.checked_sub(1).filter(|before| {
            !taken
                && tokens
                    .get(*before)
                    .is_some_and(|token| is_roman(&token.text))
        });
        if let Some(before) = roman {
            replace(tokens, before..at, "?".to_owned());
        }
        cents_in_words(tokens, at);
        at += 1;
    }
}

/// Where the number words that end before `end` begin.
fn numeral_start(tokens: &[Token<'_>], end: usize) -> usize {
    let mut start = end;
    // "A hundred of euros", "una decina di euro".
    let of = end.checked_sub(1).and_then(|before| tokens.get(before));
    let apart = of.is_some_and(|of| matches!(of.written(), "of" | "de" | "di"));
    let rounded = end
        .checked_sub(2)
        .and_then(|before| tokens.get(before))
        .and_then(numeral)
        .is_some_and(|value| value > 9);
    let mut at = end - usize::from(apart && rounded);
    while let Some(before) = at.checked_sub(1).and_then(|before| tokens.get(before)) {
        at -= 1;
        if numeral(before).is_some() {
            start = at;
        } else if start == end || !numerals::GLUE.contains(&before.written()) {
            break;
        }
    }
    start
}

/// What a word counts; a French hundred looks like a hundredth of a euro.
fn numeral(token: &Token<'_>) -> Option<i64> {
    match token.kind {
        TokenKind::Word | TokenKind::Thousand(_) => numerals::value(&token.text),
        TokenKind::Cents(_) if matches!(token.written(), "cent" | "cents") => Some(100),
        TokenKind::Cents(_)
        | TokenKind::Number
        | TokenKind::Sign
        | TokenKind::Currency(_)
        | TokenKind::Name(_) => None,
    }
}

fn counted(run: &[Token<'_>]) -> i64 {
    let mut sum = numerals::Sum::default();
    run.iter()
        .filter_map(numeral)
        .for_each(|value| sum.add(value));
    sum.total()
}

/// "… euros fifty", at the end of a clause.
fn cents_in_words(tokens: &mut Vec<Token<'_>>, sign: usize) {
    let skip = tokens.get(sign + 1).is_some_and(|token| {
        matches!(
            token.written(),
            "and" | "con" | "y" | "et" | "e" | "und" | "и"
        )
    });
    let start = sign + 1 + usize::from(skip);
    let mut end = start;
    while tokens.get(end).is_some_and(|token| {
        numeral(token).is_some()
            || (end > start
                && numerals::GLUE.contains(&token.written())
                && tokens
                    .get(end + 1)
                    .is_some_and(|next| numeral(next).is_some()))
    }) {
        end += 1;
    }
    let ends = tokens
        .get(end)
        .is_none_or(|token| token.kind == TokenKind::Sign);
    let value = counted(tokens.get(start..end).unwrap_or_default());
    if start < end && ends && (1..100).contains(&value) {
        replace(
            tokens,
            start - usize::from(skip)..end,
            format!("{value:02}"),
        );
    }
}

fn replace(tokens: &mut Vec<Token<'_>>, range: std::ops::Range<usize>, text: String) {
    let glued = tokens.get(range.start).is_some_and(|token| token.glued);
    let number = Token {
        kind: TokenKind::Number,
        text: text.into(),
        glued,
    };
    tokens.splice(range, [number]);
}

/// `XXXI EUR`.
fn is_roman(word: &str) -> bool {
    word.len() > 1
        && word.chars().all(|c| matches!(c, 'x' | 'v' | 'i' | 'l'))
        && word.contains(['x', 'v'])
}

/// `3l EUR` and `З5 евро`: letters that look like digits make an amount that nobody can read.
pub(super) fn look_alikes(tokens: &mut Vec<Token<'_>>) {
    const TWINS: [char; 14] = [
        'o', 'о', 'l', 'i', 'і', 'ı', 'з', 's', 'b', 'z', 'б', 'ο', 'ӏ', 'g',
    ];
    let mut at = 1;
    while at < tokens.len() {
        let pair = tokens.get(at - 1).zip(tokens.get(at));
        let disguised = pair.is_some_and(|(left, right)| {
            let letters = match (left.kind, right.kind) {
                (TokenKind::Number, TokenKind::Word) => &right.text,
                (TokenKind::Word, TokenKind::Number) => &left.text,
                _other => return false,
            };
            right.glued
                && letters.chars().count() <= 2
                && letters.chars().all(|c| TWINS.contains(&c))
        });
        let money = [at.checked_sub(2), Some(at + 1)]
            .into_iter()
            .flatten()
            .any(|beside| {
                tokens
                    .get(beside)
                    .is_some_and(|token| matches!(token.kind, TokenKind::Currency(_)))
            });
        if disguised && money {
            replace(tokens, at - 1..at + 1, "?".to_owned());
        }
        at += 1;
    }
}
