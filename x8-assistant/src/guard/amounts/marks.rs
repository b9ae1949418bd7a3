//! Which figures of a sentence are amounts, and of what.

use super::{
    Unit, bare, currency_at, is_number, kind,
    lexer::{self, Token, TokenKind},
    numerals, spoken,
    words::{self, FOLLOWERS, LINKS, MEASURES, PRICE, TOTALS},
};

/// What each token that is an amount counts.
pub(super) fn of(tokens: &[Token<'_>]) -> Vec<Option<Unit>> {
    let mut marks: Vec<Option<Unit>> = vec![None; tokens.len()];
    for index in 0..tokens.len() {
        if let Some(mark) = direct(tokens, index).or_else(|| priced(tokens, index)) {
            set(&mut marks, index, mark);
        }
    }
    slang(tokens, &mut marks);
    spread(tokens, &mut marks);
    marks
}

/// "A tenner" is an amount that no row knows.
fn slang(tokens: &[Token<'_>], marks: &mut [Option<Unit>]) {
    for (index, token) in tokens.iter().enumerate() {
        if token.kind == TokenKind::Word && spoken::is_nickname(tokens, index) {
            set(marks, index, Unit(None));
        }
        let TokenKind::Currency(currency) = token.kind else {
            continue;
        };
        if matches!(token.written(), "tenner" | "tenners" | "fiver" | "fivers") {
            set(marks, index, Unit(Some(currency)));
        }
    }
}

fn set(marks: &mut [Option<Unit>], index: usize, mark: Unit) {
    if let Some(slot) = marks.get_mut(index) {
        *slot = Some(mark);
    }
}

/// A number with a currency right behind or right before it.
fn direct(tokens: &[Token<'_>], index: usize) -> Option<Unit> {
    if !is_number(tokens, index) || is_tail(tokens, index) {
        return None;
    }
    let next = past_signs(tokens, index);
    let behind = match kind(tokens, next) {
        // "A million of euros".
        Some(TokenKind::Thousand(_)) => {
            let of = tokens
                .get(next + 1)
                .is_some_and(|token| matches!(token.written(), "de" | "of" | "di" | "d'"));
            currency_at(tokens, next + 1 + usize::from(of))
        }
        // "30ish euros".
        Some(TokenKind::Word) if tokens.get(next).is_some_and(is_suffix) => {
            currency_at(tokens, next + 1)
        }
        _other => currency_at(tokens, next),
    };
    if behind.is_some() {
        return Some(Unit(behind));
    }
    let mut before = index.checked_sub(1)?;
    while tokens.get(before).is_some_and(|token| {
        matches!(
            token.written(),
            "*" | "_" | "(" | ")" | "[" | ":" | "~" | "≈"
        )
    }) {
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

/// A few letters glued to a figure that are no measure.
fn is_suffix(token: &Token<'_>) -> bool {
    token.glued && token.text.chars().count() < 5 && !MEASURES.contains(&token.written())
}

/// Where the token behind a number stands, past emphasis, brackets and `60,-`.
fn past_signs(tokens: &[Token<'_>], index: usize) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.written());
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

/// `12 euros 50` and `12 euros and 50 cents`: whether this number is the cents of the one before.
fn is_tail(tokens: &[Token<'_>], index: usize) -> bool {
    let and = index
        .checked_sub(1)
        .is_some_and(|before| is_and(tokens, before) && is_cents(tokens, index + 1));
    let (Some(sign), Some(whole)) = (
        index.checked_sub(1 + usize::from(and)),
        index.checked_sub(2 + usize::from(and)),
    ) else {
        return false;
    };
    matches!(kind(tokens, sign), Some(TokenKind::Currency(_)))
        && is_number(tokens, whole)
        && is_composite(tokens, index)
}

/// The cents behind a number and its currency.
fn tail_of<'t, 's>(tokens: &'t [Token<'s>], index: usize) -> Option<&'t Token<'s>> {
    let and = is_and(tokens, index + 2) && is_cents(tokens, index + 4);
    let at = index + 2 + usize::from(and);
    let cents = tokens.get(at).filter(|_| is_number(tokens, at))?;
    is_composite(tokens, at).then_some(cents)
}

fn is_and(tokens: &[Token<'_>], index: usize) -> bool {
    let and = |token: &Token<'_>| {
        matches!(
            token.written(),
            "and" | "con" | "y" | "et" | "e" | "und" | "и" | ","
        )
    };
    tokens.get(index).is_some_and(and)
}

fn is_cents(tokens: &[Token<'_>], index: usize) -> bool {
    matches!(kind(tokens, index), Some(TokenKind::Cents(_)))
}

/// `12 euros 50`: a short number that nothing else counts.
fn is_composite(tokens: &[Token<'_>], index: usize) -> bool {
    let short = tokens.get(index).is_some_and(|token| {
        token.text.len() <= 2 && token.text.bytes().all(|b| b.is_ascii_digit())
    });
    let ends = match kind(tokens, index + 1) {
        None | Some(TokenKind::Sign | TokenKind::Cents(_)) => true,
        Some(
            TokenKind::Number
            | TokenKind::Word
            | TokenKind::Currency(_)
            | TokenKind::Thousand(_)
            | TokenKind::Name(_),
        ) => false,
    };
    short && ends
}

/// A number behind a price word ("price: 25"), or one that can only be a price (`19.99`).
fn priced(tokens: &[Token<'_>], index: usize) -> Option<Unit> {
    if !is_number(tokens, index) {
        return None;
    }
    let next = tokens.get(index + 1);
    let measured = next.is_some_and(|token| {
        MEASURES.contains(&token.written()) || matches!(token.written(), "%" | "×" | "*" | ":")
    });
    let only_a_price = tokens
        .get(index)
        .is_some_and(|token| lexer::only_a_price(&token.text));
    if measured || only_a_price {
        return (!measured).then_some(Unit(None));
    }
    if let (Some(first), second) = (next, tokens.get(index + 2)) {
        let second = second.map_or("", |token| token.written());
        let total = matches!(
            (first.written(), second),
            ("in" | "en" | "au" | "no", "total") | ("to", "pay")
        );
        if total || TOTALS.contains(&first.written()) {
            return Some(Unit(None));
        }
    }
    if bare::is_offer(tokens, index) {
        return Some(Unit(None));
    }
    let counts_something = next.is_some_and(|token| {
        token.kind == TokenKind::Word && !FOLLOWERS.contains(&token.written())
    });
    if counts_something {
        return None;
    }
    if is_bundle(tokens, index) || is_result(tokens, index) {
        return Some(Unit(None));
    }
    announced(tokens, index).then_some(Unit(None))
}

/// Whether a price word stands before a figure, small words aside.
fn announced(tokens: &[Token<'_>], index: usize) -> bool {
    for back in 1..=6 {
        let Some(token) = index.checked_sub(back).and_then(|at| tokens.get(at)) else {
            return false;
        };
        if token.kind == TokenKind::Word && PRICE.contains(&token.written()) {
            return true;
        }
        let link = match token.kind {
            TokenKind::Word => {
                LINKS.contains(&token.written()) || numerals::value(&token.text).is_some()
            }
            TokenKind::Sign => {
                matches!(
                    token.written(),
                    ":" | "=" | "-" | "–" | "—" | "~" | "≈" | "(" | "*"
                )
            }
            TokenKind::Number
            | TokenKind::Currency(_)
            | TokenKind::Cents(_)
            | TokenKind::Thousand(_)
            | TokenKind::Name(_) => false,
        };
        if !link {
            return false;
        }
    }
    false
}

/// "Three for 200": a count and a price for it.
fn is_bundle(tokens: &[Token<'_>], index: usize) -> bool {
    let word = |back: usize| index.checked_sub(back).and_then(|at| tokens.get(at));
    let price =
        word(1).is_some_and(|token| ["for", "за", "por", "fur", "pour"].contains(&token.written()));
    let count = word(2).is_some_and(|token| {
        token.kind == TokenKind::Number || words::COUNTS.contains(&token.written())
    });
    price && count
}

/// "2 × 31 = 62": what was worked out aloud is a sum, whatever it counts.
fn is_result(tokens: &[Token<'_>], index: usize) -> bool {
    let text = |back: usize| {
        let token = index.checked_sub(back).and_then(|at| tokens.get(at));
        token.map_or("", |token| token.text.as_ref())
    };
    let worked_out = matches!(text(3), "+" | "×" | "x" | "х" | "*" | "-" | "–" | "/");
    let figure = index.checked_sub(2).is_some_and(|at| is_number(tokens, at));
    text(1) == "=" && figure && worked_out
}

/// Carries a currency over ranges and sums: `10–20 €`, `from 10 to 20 euros`, `59.80 + 5 = 64.80 EUR`.
fn spread(tokens: &[Token<'_>], marks: &mut [Option<Unit>]) {
    const JOINS: [&str; 19] = [
        "to", "до", "a", "bis", "and", "и", "y", "e", "und", "et", "or", "или", "o", "oder", "ou",
        "hasta", "ate", "through", "или",
    ];
    let joined = |at: usize| {
        tokens.get(at).is_some_and(|token| match token.kind {
            TokenKind::Word => JOINS.contains(&token.written()),
            TokenKind::Sign => {
                matches!(token.written(), "-" | "–" | "—" | "/" | "+" | "=" | "~")
            }
            TokenKind::Number
            | TokenKind::Currency(_)
            | TokenKind::Cents(_)
            | TokenKind::Thousand(_)
            | TokenKind::Name(_) => false,
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
            .is_some_and(|token| matches!(token.written(), "×" | "*"));
        let counted = times || matches!(kind(tokens, next + 1), Some(TokenKind::Word));
        if open && sign && joined(next - 1) && is_number(tokens, next) && !counted {
            set(marks, next, mark);
        }
    }
}

/// `SKU 201`, `№ 5`: a key, not an amount.
fn is_key(tokens: &[Token<'_>], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|at| tokens.get(at));
    before.is_some_and(|token| {
        matches!(
            token.written(),
            "sku" | "№" | "#" | "артикул" | "no" | "ref"
        )
    })
}

/// Minor units of the amount at a token, with its cents and factors.
pub(super) fn minor(tokens: &[Token<'_>], index: usize) -> Option<i64> {
    let own = lexer::cents(&tokens.get(index)?.text)?;
    match kind(tokens, index + 1) {
        // Prices are told in whole units and their parts: "8990 cents" hides one.
        Some(TokenKind::Cents(_)) => own.checked_div(100).filter(|cents| *cents < 100),
        Some(TokenKind::Thousand(factor)) => own.checked_mul(*factor),
        Some(TokenKind::Currency(_)) => match tail_of(tokens, index) {
            Some(cents) => own.checked_add(cents.text.parse().ok()?),
            None => Some(own),
        },
        Some(TokenKind::Number | TokenKind::Word | TokenKind::Sign | TokenKind::Name(_)) | None => {
            Some(own)
        }
    }
}
