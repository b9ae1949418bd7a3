//! How long something takes: `90 minutes`, `1 час 15 минут`, `hora y media`, `2–3 Tage`, in figures or words.

use std::sync::LazyLock;

use super::{
    lexer::{Token, TokenKind},
    numerals, word,
};
use crate::guard::{
    lexicon::{List, hits},
    quick::QuickMap,
};

/// One stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Duration {
    pub(in super::super) minutes: i64,
    /// The place of the marked name it stands right behind.
    pub(in super::super) of: Option<usize>,
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
const MONTH: i64 = 30 * DAY;
const YEAR: i64 = 365 * DAY;

pub(super) fn durations(tokens: &[Token<'_>]) -> Vec<Duration> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match read(tokens, at) {
            Some(Read { values, start, end }) => {
                if !is_rhythm(tokens, end) && !is_clock(tokens, start, at) {
                    let of = name_before(tokens, start);
                    found.extend(values.into_iter().map(|minutes| Duration { minutes, of }));
                }
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

/// A stretch whose unit stands at one token.
struct Read {
    values: Vec<i64>,
    start: usize,
    /// Behind the last token.
    end: usize,
}

fn read(tokens: &[Token<'_>], at: usize) -> Option<Read> {
    if let Some(minutes) = alone(word(tokens, at)) {
        let several = at
            .checked_sub(1)
            .and_then(|before| numerals::value(word(tokens, before)))
            .filter(|count| *count > 1);
        return Some(Read {
            values: vec![minutes.saturating_mul(several.unwrap_or(1))],
            start: at - usize::from(several.is_some()),
            end: at + 1,
        });
    }
    let unit = unit(tokens.get(at)?)?;
    let (quarters, mut start) = amount_before(tokens, at)?;
    let mut values = Vec::new();
    if let Some((first, from)) = range(tokens, start) {
        values.push(first.saturating_mul(unit) / 4);
        start = from;
    }
    let (more, end) = rest(tokens, at + 1, unit);
    values.push((quarters.saturating_mul(unit) / 4).saturating_add(more));
    Some(Read { values, start, end })
}

/// Words that are a whole stretch.
fn alone(word: &str) -> Option<i64> {
    Some(match word {
        "полчаса" | "demi-heure" | "mezz'ora" | "mezz’ora" | "mezzora" => HOUR / 2,
        "viertelstunde" => HOUR / 4,
        "сутки" | "суток" => DAY,
        "overnight" => DAY,
        _other => return None,
    })
}

/// Words for units and their minutes.
const UNITS: [(&str, i64); 6] = [
    (
        "min mins minute minutes minutos minuto minutito minutitos minuten minuti minut мин минуток минуточек минут минуты минуту минута",
        1,
    ),
    (
        "h hr hrs hour hours час часа часов часам часик часика часиков ч hora horas horita horitas stunde stunden std heure heures ora ore",
        HOUR,
    ),
    (
        "day days день дня дней дн dia dias tag tage tagen werktage werktagen jour jours giorno giorni",
        DAY,
    ),
    (
        "week weeks неделю недели недель неделя semana semanas woche wochen semaine semaines settimana settimane",
        WEEK,
    ),
    (
        "month months месяц месяца месяцев mes meses monat monate monaten mois mese mesi",
        MONTH,
    ),
    (
        "year years год года лет ano anos jahr jahre jahren an ans annee annees anno anni",
        YEAR,
    ),
];

static MINUTES: LazyLock<QuickMap<&'static str, i64>> = LazyLock::new(|| {
    let of =
        |(words, minutes): (&'static str, i64)| words.split(' ').map(move |word| (word, minutes));
    // A word of two units is the shorter one.
    UNITS.into_iter().rev().flat_map(of).collect()
});

/// Minutes of a unit. Short words of many languages are looked at only behind a figure.
fn unit(token: &Token<'_>) -> Option<i64> {
    if token.kind != TokenKind::Word {
        return None;
    }
    MINUTES.get(token.written()).copied()
}

/// The figure in front of a unit, in quarters, and where it begins.
fn amount_before(tokens: &[Token<'_>], at: usize) -> Option<(i64, usize)> {
    let hyphen = at
        .checked_sub(1)
        .is_some_and(|before| matches!(word(tokens, before), "-" | "‐"));
    let last = at.checked_sub(1 + usize::from(hyphen))?;
    let token = tokens.get(last)?;
    let half = last
        .checked_sub(1)
        .is_some_and(|before| matches!(word(tokens, before), "half" | "quarter" | "of"));
    match (token.kind, token.written()) {
        (TokenKind::Number, figure) => Some((quarters(figure)?, last)),
        (TokenKind::Word, "media" | "halbe" | "halben" | "demi" | "mezza" | "meia") => {
            Some((2, last))
        }
        (TokenKind::Word, "полтора" | "полторы" | "anderthalb" | "eineinhalb") => {
            Some((6, last))
        }
        (TokenKind::Word, "четверть") => Some((1, last)),
        (TokenKind::Word, "пару" | "пара" | "paar" | "couple" | "par" | "paio") => {
            Some((8, last))
        }
        (TokenKind::Word, "of" | "de" | "di" | "d") if is_pair(tokens, last) => Some((8, last - 1)),
        (TokenKind::Word, "a" | "an") if half => {
            let quarter = word(tokens, last.checked_sub(1)?) != "half";
            Some((if quarter { 1 } else { 2 }, last - 1))
        }
        (TokenKind::Word, "a" | "an") => Some((4, last)),
        (TokenKind::Word, _) => spelled(tokens, last),
        (
            TokenKind::Sign
            | TokenKind::Currency(_)
            | TokenKind::Cents(_)
            | TokenKind::Thousand(_)
            | TokenKind::Name(_),
            _,
        ) => None,
    }
}

/// "A couple of", "un par de".
fn is_pair(tokens: &[Token<'_>], of: usize) -> bool {
    let pair = of.checked_sub(1).map_or("", |pair| word(tokens, pair));
    matches!(pair, "couple" | "par" | "paio")
}

/// `2`, `1.5`, `1,25` in quarters.
fn quarters(figure: &str) -> Option<i64> {
    let (whole, part) = figure.split_once(['.', ',']).unwrap_or((figure, ""));
    let part = match part {
        "" | "0" | "00" => 0,
        "25" => 1,
        "5" | "50" => 2,
        "75" => 3,
        _other => return None,
    };
    whole.parse::<i64>().ok()?.checked_mul(4)?.checked_add(part)
}

/// Number words that end at a token.
fn spelled(tokens: &[Token<'_>], last: usize) -> Option<(i64, usize)> {
    let mut start = last + 1;
    while let Some(before) = start.checked_sub(1) {
        let text = word(tokens, before);
        let glue = start <= last && numerals::GLUE.contains(&text);
        if numerals::value(text).is_none() && !glue {
            break;
        }
        start = before;
    }
    let run = tokens.get(start..=last).filter(|run| !run.is_empty())?;
    let mut sum = numerals::Sum::default();
    run.iter()
        .filter_map(|token| numerals::value(&token.text))
        .for_each(|value| sum.add(value));
    Some((sum.total().checked_mul(4)?, start))
}

/// The lower end of `1–2 hours`, in quarters, and where it begins.
fn range(tokens: &[Token<'_>], start: usize) -> Option<(i64, usize)> {
    let join = start.checked_sub(1)?;
    let joins = matches!(
        word(tokens, join),
        "-" | "–"
            | "—"
            | "to"
            | "or"
            | "до"
            | "или"
            | "a"
            | "o"
            | "bis"
            | "oder"
            | "ou"
            | "e"
            | "y"
            | "and"
            | "и"
    );
    let first = join.checked_sub(1).filter(|_| joins)?;
    let token = tokens.get(first)?;
    match token.kind {
        TokenKind::Number => Some((quarters(&token.text)?, first)),
        TokenKind::Word => Some((numerals::value(&token.text)?.checked_mul(4)?, first)),
        TokenKind::Sign
        | TokenKind::Currency(_)
        | TokenKind::Cents(_)
        | TokenKind::Thousand(_)
        | TokenKind::Name(_) => None,
    }
}

/// "… and a half", "… 15 minutes" behind hours: what is added, and where it ends.
fn rest(tokens: &[Token<'_>], from: usize, unit: i64) -> (i64, usize) {
    let and = matches!(
        word(tokens, from),
        "and" | "y" | "et" | "e" | "und" | "и" | "с"
    );
    let at = from + usize::from(and);
    let at = if and && word(tokens, at) == "a" {
        at + 1
    } else {
        at
    };
    let half = [
        "half",
        "media",
        "demie",
        "demi",
        "mezza",
        "mezzo",
        "meia",
        "половиной",
    ];
    if and && half.contains(&word(tokens, at)) {
        return (unit / 2, at + 1);
    }
    let minutes = tokens.get(at + 1).and_then(self::unit) == Some(1);
    let figure = tokens.get(at).filter(|_| unit == HOUR && minutes);
    match figure.and_then(|token| token.text.parse().ok()) {
        Some(more) => (more, at + 2),
        None => (0, from),
    }
}

/// "7 days a week", "24 часа в сутки", "3 veces por semana".
fn is_rhythm(tokens: &[Token<'_>], end: usize) -> bool {
    let per = matches!(
        word(tokens, end),
        "a" | "per"
            | "в"
            | "al"
            | "por"
            | "pro"
            | "par"
            | "am"
            | "die"
            | "alla"
            | "sur"
            | "/"
            | "na"
            | "ao"
    );
    let next = end + 1 + usize::from(word(tokens, end + 1) == "la");
    let again = tokens.get(next).is_some_and(|token| {
        unit(token).is_some() || alone(&token.text).is_some() || token.text == "7"
    });
    per && again
}

/// "в 14 часов", "a las 10 horas": a time of day.
fn is_clock(tokens: &[Token<'_>], start: usize, at: usize) -> bool {
    let before = start
        .checked_sub(1)
        .map_or("", |before| word(tokens, before));
    let at_the = matches!(
        before,
        "at" | "в" | "к" | "um" | "las" | "alle" | "as" | "gegen" | "vers" | "a"
    );
    tokens.get(at).and_then(unit) == Some(HOUR) && at_the
}

/// The name right before, small words aside.
fn name_before(tokens: &[Token<'_>], start: usize) -> Option<usize> {
    for back in 1..6 {
        let token = tokens.get(start.checked_sub(back)?)?;
        match token.kind {
            TokenKind::Name(place) => return Some(place),
            TokenKind::Sign if matches!(token.written(), ":" | "-" | "–" | "—" | "(" | ",") => {
            }
            TokenKind::Word
                if hits(&token.text).any(&[List::LINK, List::LASTING, List::ARTICLE]) => {}
            TokenKind::Word
            | TokenKind::Sign
            | TokenKind::Number
            | TokenKind::Currency(_)
            | TokenKind::Cents(_)
            | TokenKind::Thousand(_) => return None,
        }
    }
    None
}
