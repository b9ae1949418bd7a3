//! Sums without any currency behind words that only a sum follows: "that makes fifty", "fanno venti", "с вас полтинник".

use std::sync::LazyLock;

use super::{
    lexer::{Token, TokenKind},
    numerals,
};
use crate::guard::{
    lexicon::{List, spans},
    quick::QuickSet,
};

/// Small words between such words and the sum.
const BETWEEN: &str = "only just about around roughly exactly nearly almost say a an even an one nur etwa rund genau dann zusammen insgesamt circa ca ungefahr glatt einen ein eine seulement environ exactement juste tout un une solo solamente unos unas ya aproximadamente esattamente appena soltanto in tutto apenas cerca de exatamente so всего только ровно около примерно где-то почти вам auf totale total knapp gut fast schlappe bei presque quasi casi almost under over maybe perhaps vielleicht";
/// Words behind a sum that it does not count.
const BEHIND: &str = "and per each even all in is und et tout todo tutto alles total la el le die il o it with con mit avec com с со a al alla cada chacun chacune ciascuno ciascuna jeweils zusammen insgesamt together apiece please then bitte gerne por pro par za за pp dann pelas pelos pela pelo fur pour para for pro today now hoy ahora heute jetzt сегодня сейчас aujourd'hui oggi adesso hoje agora instead";
/// Sums of money by their nicknames.
static NICKNAMES: LazyLock<QuickSet<&'static str>> =
    LazyLock::new(|| NICKNAME_WORDS.split(' ').collect());
const NICKNAME_WORDS: &str = "hunderter funfziger zwanziger zehner funfer fuffi fuffziger zwanni полтинник полтинничек полтос сотка сотенка двадцатка двадцатку двадцаточку тридцатка тридцатку сороковник тридцатник двадцатник пятихатник червонец стольник пятерка пятерку пятихатка косарь cinquantone cinquantino ventone centone ventello";
/// A smaller number is seldom a sum and often a count.
const LEAST: i64 = 5;
/// A larger number is no hour.
const LAST_HOUR: i64 = 24;
/// More words before a sum do not announce it.
const FARTHEST: usize = 5;

/// The nicknames of sums.
pub(in super::super) fn nicknames() -> impl Iterator<Item = &'static str> {
    NICKNAME_WORDS.split(' ')
}

/// Whether number words, or a sum's nickname, stand in a folded text.
pub(in super::super) fn is_told(folded: &str) -> bool {
    let mut words = folded.split(|c: char| !c.is_alphabetic());
    words.any(|word| {
        numerals::value(word).is_some_and(|value| value >= LEAST) || NICKNAMES.contains(word)
    })
}

/// Writes number words that count nothing in figures, and tells where: nobody spells out a lone number but a sum.
///
/// Announced as a sum, small ones count too; else they may be hours, and `timed` says that a day is named.
pub(super) fn figures(tokens: &mut Vec<Token<'_>>, timed: bool) -> Vec<usize> {
    let mut told = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let end = number_end(tokens, at);
        let alone = end > at && ends(tokens, end) && !is_other_word(tokens, at..end);
        let value = value(tokens.get(at..end).unwrap_or_default());
        if alone && value >= LEAST && (announced(tokens, at) || !is_hour(tokens, at, value, timed))
        {
            let glued = tokens.get(at).is_some_and(|token| token.glued);
            let figure = Token {
                kind: TokenKind::Number,
                text: value.to_string().into(),
                glued,
            };
            tokens.splice(at..end, [figure]);
            told.push(at);
            at += 1;
        } else {
            at = end.max(at + 1);
        }
    }
    told
}

/// "Once per order", "un vélo neuf", "cien por cien": words that are no number, or one of another kind.
fn is_other_word(tokens: &[Token<'_>], run: std::ops::Range<usize>) -> bool {
    const OTHER: &str = "once neuf neufs neuve sei elf acht ten sete nove mil sec set sept";
    let [only] = tokens.get(run.clone()).unwrap_or_default() else {
        return false;
    };
    let hundred = numerals::value(&only.text) == Some(100)
        && tokens
            .get(run.end)
            .is_some_and(|next| matches!(next.written(), "por" | "per" | "pour" | "pro"));
    hundred || (listed(OTHER, &only.text) && !announced(tokens, run.start))
}

/// Whether a number can be an hour, or a count of what was named before it.
fn is_hour(tokens: &[Token<'_>], at: usize, value: i64, timed: bool) -> bool {
    const BEFORE: &str = "at by till until after before past from to between um gegen ab bis nach vor seit zwischen в к до после с около las la alle dalle le verso as das ate entre number no nummer номер numero type typ size grosse level page of the die der los les i os von under over unter uber sotto i below above age aged plus moins menores mayores chapter number up";
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let Some(before) = before else {
        return true;
    };
    let hour = value <= LAST_HOUR && (timed || listed(BEFORE, &before.text));
    // A number behind a name or a sign is read elsewhere.
    hour || before.kind != TokenKind::Word
}

/// Whether the whole figure at a token is announced as a sum, and ends a clause.
pub(super) fn is_sum(tokens: &[Token<'_>], index: usize, value: i64) -> bool {
    value >= LEAST && ends(tokens, index + 1) && announced(tokens, index)
}

/// Whether a token is the nickname of a sum, announced as one.
pub(super) fn is_nickname(tokens: &[Token<'_>], index: usize) -> bool {
    tokens
        .get(index)
        .is_some_and(|token| NICKNAMES.contains(token.written()))
        && (announced(tokens, index) || is_paid(tokens, index))
}

/// "За полтинник", "for a tenner": what is given for something.
fn is_paid(tokens: &[Token<'_>], index: usize) -> bool {
    const FOR: &str = "for a an за на по fur einen ein nen um per un con por pour";
    let before = index.checked_sub(1).and_then(|before| tokens.get(before));
    before.is_some_and(|before| listed(FOR, &before.text))
}

/// Behind the number words that begin at a token.
fn number_end(tokens: &[Token<'_>], from: usize) -> usize {
    let number = |at: usize| tokens.get(at).is_some_and(is_number_word);
    let mut end = from;
    while number(end)
        || (end > from
            && number(end + 1)
            && tokens
                .get(end)
                .is_some_and(|token| numerals::GLUE.contains(&token.written())))
    {
        end += 1;
    }
    end
}

fn is_number_word(token: &Token<'_>) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Thousand(_))
        && numerals::value(&token.text).is_some()
}

fn value(run: &[Token<'_>]) -> i64 {
    let mut sum = numerals::Sum::default();
    run.iter()
        .filter(|token| is_number_word(token))
        .filter_map(|token| numerals::value(&token.text))
        .for_each(|value| sum.add(value));
    sum.total()
}

/// Whether nothing is counted behind a number: its clause ends, or goes on with a small word.
fn ends(tokens: &[Token<'_>], at: usize) -> bool {
    let Some(token) = tokens.get(at) else {
        return true;
    };
    match token.kind {
        TokenKind::Sign => matches!(token.written(), "." | "," | "!" | "?" | ";" | "…" | ")"),
        TokenKind::Word => !token.glued && listed(BEHIND, &token.text),
        TokenKind::Number
        | TokenKind::Currency(_)
        | TokenKind::Cents(_)
        | TokenKind::Thousand(_)
        | TokenKind::Name(_) => false,
    }
}

/// Whether words that only a sum follows end right before a token, small words aside.
fn announced(tokens: &[Token<'_>], index: usize) -> bool {
    let mut end = index;
    for _ in 0..=FARTHEST {
        let text = words_before(tokens, end);
        if spans(&text, List::SUM)
            .iter()
            .any(|(_, to)| *to == text.len())
        {
            return true;
        }
        match end.checked_sub(1).and_then(|before| tokens.get(before)) {
            Some(token)
                if (token.kind == TokenKind::Word && listed(BETWEEN, &token.text))
                    || token.text == ":" =>
            {
                end -= 1;
            }
            _other => return false,
        }
    }
    false
}

/// The last words before a token, as they were written.
fn words_before(tokens: &[Token<'_>], end: usize) -> String {
    let mut text = String::new();
    let begin = end.saturating_sub(FARTHEST);
    for token in tokens.get(begin..end).unwrap_or_default() {
        if !token.glued && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&token.text);
    }
    text
}

fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}
