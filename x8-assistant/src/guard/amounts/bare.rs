//! Figures without any currency that can only be meant as money: "give me 30 and it is yours", "сойдёмся на 30".

use super::{
    lexer::{Token, TokenKind},
    spoken, word,
};
use crate::guard::lexicon::{List, hits};

/// Small words in front of a price, where counts and times of day also stand.
const WEAK: &str = "at for just only it's its say even me charge charged invoice за по на это всего лишь давайте отдам a por en son fur nur pour c'est per sono sao em o";
/// Words that only a sum follows.
const STRONG: &str = "makes me invoice invoiced charge charged tag выйдет сойдемся отдам даю fera fait fais macht do fanno fa sale dejo dejamos fica ficam";
/// Words behind a figure that it does not count.
const BEHIND: &str = "and per each even a the all in is es y e и это et und tout nada tudo todo alles flat only total all-in por la el le die der per il lo o gehort it for за с со with con mit avec com";
/// A larger figure is no time of day and no count that people order.
const LARGEST_COUNT: i64 = 24;

/// Whether a bare figure is offered as a price.
pub(super) fn is_offer(tokens: &[Token<'_>], index: usize) -> bool {
    let Some(value) = whole(tokens, index) else {
        return false;
    };
    if (1900..2100).contains(&value) {
        return false;
    }
    if spoken::is_sum(tokens, index, value) {
        return true;
    }
    let next = tokens.get(index + 1);
    let counts = next.is_some_and(|next| match next.kind {
        TokenKind::Word => next.glued || !listed(BEHIND, &next.text),
        TokenKind::Name(_) => true,
        TokenKind::Sign => matches!(
            next.written(),
            "%" | ":" | "/" | "×" | "°" | "-" | "–" | "\"" | "#"
        ),
        TokenKind::Number
        | TokenKind::Currency(_)
        | TokenKind::Cents(_)
        | TokenKind::Thousand(_) => false,
    });
    if counts {
        return false;
    }
    let Some(before) = index.checked_sub(1).and_then(|before| tokens.get(before)) else {
        // "31 and you're done."
        let alone = next.is_none_or(|next| next.text == ".") && value < 2_000;
        return value > LARGEST_COUNT
            && (alone || next.is_some_and(|next| next.kind == TokenKind::Word));
    };
    match before.kind {
        TokenKind::Word if listed(STRONG, &before.text) => value > 4,
        // "Fica por 10".
        TokenKind::Word
            if listed("a por en for за в um", &before.text)
                && index > 1
                && listed(STRONG, word(tokens, index - 2)) =>
        {
            value > 4
        }
        TokenKind::Word if is_sum(tokens, index) => true,
        TokenKind::Word => {
            let named = index
                .checked_sub(2)
                .and_then(|at| tokens.get(at))
                .is_some_and(|token| matches!(token.kind, TokenKind::Name(_)));
            let least = if named {
                LARGEST_COUNT / 2
            } else {
                LARGEST_COUNT
            };
            listed(WEAK, &before.text) && value > least
        }
        TokenKind::Name(_) => value > LARGEST_COUNT / 2,
        TokenKind::Sign => behind_sign(tokens, index) && value > LARGEST_COUNT / 2,
        TokenKind::Number
        | TokenKind::Currency(_)
        | TokenKind::Cents(_)
        | TokenKind::Thousand(_) => false,
    }
}

/// "Roses: 31", "| Roses | 31 |".
fn behind_sign(tokens: &[Token<'_>], index: usize) -> bool {
    let sign = word(tokens, index - 1);
    let named = index
        .checked_sub(2)
        .and_then(|at| tokens.get(at))
        .is_some_and(|token| matches!(token.kind, TokenKind::Name(_)));
    let table = sign == "|" && word(tokens, index + 1) == "|";
    table || (named && matches!(sign, ":" | "-" | "–" | "—" | "=" | "…" | "."))
}

/// "С вас 76", "to pay 76".
fn is_sum(tokens: &[Token<'_>], index: usize) -> bool {
    let pair = index
        .checked_sub(2)
        .and_then(|start| tokens.get(start..index));
    match pair {
        Some([left, right]) => hits(&format!("{} {}", left.text, right.text)).has(List::TOTAL),
        _alone => false,
    }
}

/// A whole figure of at most five digits.
fn whole(tokens: &[Token<'_>], index: usize) -> Option<i64> {
    let text = &tokens.get(index)?.text;
    let short = text.len() <= 5 && !text.starts_with('0');
    text.parse().ok().filter(|_| short)
}

fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}
