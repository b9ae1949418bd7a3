//! Tokens of a sentence: numbers with their thousands marks, currencies, words, signs.

use x8_core::{Currency, text::fold};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Number,
    Word,
    Sign,
    Currency(Currency),
    /// Hundredths of a currency.
    Cents(Currency),
    /// `k`, `тыс`: a factor between a number and its currency.
    Thousand(i64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// Folded for words.
    pub(super) text: String,
    /// Whether nothing separates it from the token before.
    pub(super) glued: bool,
}

/// The ASCII form of the decimal digits that other scripts use.
pub(super) fn ascii_digit(c: char) -> Option<char> {
    const ZEROS: [u32; 37] = [
        0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6,
        0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0,
        0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0,
        0xaa50, 0xabf0, 0xff10, 0x1d7ce,
    ];
    // Digits in black and white circles start at one.
    const ONES: [u32; 4] = [0x2460, 0x2776, 0x2780, 0x278a];
    let code = u32::from(c);
    let digit = ZEROS
        .into_iter()
        .find(|zero| (*zero..*zero + 10).contains(&code))
        .map(|zero| code - zero);
    let circled = ONES
        .into_iter()
        .find(|one| (*one..*one + 9).contains(&code))
        .map(|one| code - one + 1);
    char::from_digit(digit.or(circled)?, 10)
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    let mut glued = false;
    while let Some(c) = chars.get(at).copied() {
        let abbreviated = c == '.'
            && found
                .last()
                .is_some_and(|token: &Token| matches!(token.kind, TokenKind::Thousand(_)));
        if c.is_whitespace() || abbreviated {
            at += 1;
            glued = false;
            continue;
        }
        let end = if c.is_ascii_digit() {
            number_end(&chars, at)
        } else if c.is_alphabetic() {
            run(&chars, at, |c| c.is_alphabetic() || matches!(c, '\'' | '’'))
        } else {
            at + 1
        };
        let written: String = chars.get(at..end).unwrap_or_default().iter().collect();
        found.push(token(&written, c, glued));
        at = end;
        glued = true;
    }
    found
}

fn run(chars: &[char], from: usize, inside: fn(char) -> bool) -> usize {
    let rest = chars.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|c| inside(**c)).count()
}

/// Digits with marks between them; a space joins only a full group of three.
fn number_end(chars: &[char], from: usize) -> usize {
    let mut end = run(chars, from, |c| c.is_ascii_digit());
    let mut grouped = end - from <= 3;
    loop {
        let Some(mark) = chars.get(end).copied() else {
            return end;
        };
        let next = run(chars, end + 1, |c| c.is_ascii_digit());
        let digits = next.saturating_sub(end + 1);
        let joins = match mark {
            '.' | ',' => digits > 0,
            ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}' | '\u{2009}' => grouped && digits == 3,
            _other => false,
        };
        if !joins {
            return end;
        }
        grouped = grouped && digits == 3;
        end = next;
    }
}

fn token(written: &str, first: char, glued: bool) -> Token {
    let (kind, text) = if first.is_ascii_digit() {
        (TokenKind::Number, written.to_owned())
    } else if first.is_alphabetic() {
        let word = fold(&one_script(written));
        (word_kind(&word), word)
    } else {
        (sign_kind(first), written.to_owned())
    };
    Token { kind, text, glued }
}

/// A word of mixed scripts with its Cyrillic look-alikes in Latin: `еurо` is `euro`.
fn one_script(word: &str) -> String {
    let latin = word.chars().any(|c| c.is_ascii_alphabetic());
    if !latin || word.is_ascii() {
        return word.to_owned();
    }
    let twin = |c: char| match c {
        'а' => 'a',
        'е' => 'e',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'у' => 'y',
        'х' => 'x',
        'Е' => 'E',
        'О' => 'O',
        'Р' => 'P',
        other => other,
    };
    word.chars().map(twin).collect()
}

fn known(code: &str) -> Currency {
    Currency::parse(code).unwrap_or(Currency::EUR)
}

fn sign_kind(sign: char) -> TokenKind {
    let code = match sign {
        '€' => "EUR",
        '$' => "USD",
        '£' => "GBP",
        '₽' => "RUB",
        '¥' => "JPY",
        '₴' => "UAH",
        '₺' => "TRY",
        '₸' => "KZT",
        '₹' => "INR",
        '₿' => "BTC",
        '¢' => return TokenKind::Cents(Currency::USD),
        _other => return TokenKind::Sign,
    };
    TokenKind::Currency(known(code))
}

/// Currencies known by how their words begin.
fn stem_code(word: &str) -> Option<&'static str> {
    const STEMS: [(&str, &str); 7] = [
        ("zł", "PLN"),
        ("рубл", "RUB"),
        ("доллар", "USD"),
        ("фунт", "GBP"),
        ("гривен", "UAH"),
        ("гривн", "UAH"),
        ("тенге", "KZT"),
    ];
    STEMS
        .into_iter()
        .find(|(stem, _)| word.starts_with(stem))
        .map(|(_, code)| code)
}

/// "k", "тыс", "million".
fn thousand(word: &str) -> Option<i64> {
    match word {
        "k" | "тыс" | "тысяч" | "тысячи" | "тысяча" | "thousand" | "mil" | "tsd" | "tausend"
        | "mille" | "mila" => Some(1_000),
        "млн" | "million" | "millones" => Some(1_000_000),
        _other => None,
    }
}

/// Currency codes that are no everyday word.
const CODES: [&str; 46] = [
    "aed", "amd", "ars", "aud", "azn", "bgn", "bhd", "bob", "brl", "byn", "cad", "clp", "cop",
    "crc", "dop", "egp", "gel", "gtq", "hkd", "huf", "idr", "ils", "inr", "isk", "kes", "krw",
    "kwd", "mdl", "mxn", "myr", "ngn", "nzd", "php", "pkr", "pyg", "qar", "rsd", "sar", "sgd",
    "thb", "twd", "uyu", "uzs", "ves", "vnd", "zar",
];

fn word_kind(word: &str) -> TokenKind {
    const CENTS: [&str; 16] = [
        "cent",
        "cents",
        "цент",
        "цента",
        "центов",
        "centimo",
        "centimos",
        "centime",
        "centimes",
        "centesimo",
        "centesimi",
        "centimos",
        "eurocent",
        "eurocents",
        "евроцентов",
        "centavos",
    ];
    if CENTS.contains(&word) {
        return TokenKind::Cents(Currency::EUR);
    }
    if word.starts_with("копе") || word == "коп" {
        return TokenKind::Cents(known("RUB"));
    }
    if let Some(factor) = thousand(word) {
        return TokenKind::Thousand(factor);
    }
    let code = match word {
        "eur" | "evro" | "evros" | "ευρω" | "欧元" | "歐元" | "ユーロ" | "유로" | "euro"
        | "euros" | "евро" | "ewro" | "eurs" | "евр" | "euri" => "EUR",
        "usd" | "美元" | "us" | "dollar" | "dollars" | "dolar" | "dolares" | "dollari"
        | "bucks" | "баксов" => "USD",
        "rub" | "rur" | "руб" | "р" | "rublos" | "rubel" | "roubles" | "rubles" => "RUB",
        "gbp" | "pounds" | "quid" => "GBP",
        "chf" | "franken" => "CHF",
        "pln" | "zl" | "zloty" => "PLN",
        "uah" | "грн" => "UAH",
        "try" | "tl" => "TRY",
        "kzt" => "KZT",
        "jpy" | "yen" => "JPY",
        "czk" | "kc" => "CZK",
        "kr" | "sek" | "nok" | "dkk" => "SEK",
        "btc" | "bitcoin" => "BTC",
        "usdt" | "usdc" => "UST",
        "元" | "yuan" | "юаней" | "cny" | "rmb" => "CNY",
        "peso" | "pesos" => "MXN",
        "real" | "reais" => "BRL",
        "rupee" | "rupees" => "INR",
        "dirham" | "dirhams" => "AED",
        "shekel" | "shekels" => "ILS",
        "лари" => "GEL",
        "лир" | "лиры" => "TRY",
        code if CODES.contains(&code) => code,
        _other => match stem_code(word) {
            Some(code) => code,
            None => return TokenKind::Word,
        },
    };
    TokenKind::Currency(known(code))
}

/// Cents of a figure as people write it; `None` for dates, versions and more than two decimals.
pub(super) fn cents(written: &str) -> Option<i64> {
    let marks: Vec<char> = written.chars().filter(|c| !c.is_ascii_digit()).collect();
    let last = marks.last().copied();
    let decimal = last.filter(|mark| {
        let tail = written.rsplit(*mark).next().unwrap_or_default();
        let once = marks.iter().filter(|other| *other == mark).count() == 1;
        matches!(mark, '.' | ',') && once && tail.len() != 3
    });
    let (whole, part) = match decimal {
        Some(mark) => written.rsplit_once(mark)?,
        None => (written, ""),
    };
    let mut groups = whole.split(|c: char| !c.is_ascii_digit());
    let first = groups.next()?;
    let grouped: Vec<&str> = groups.collect();
    let sound = grouped.iter().all(|group| group.len() == 3)
        && (grouped.is_empty() || (1..=3).contains(&first.len()));
    if !sound || part.len() > 2 {
        return None;
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    format!("{digits}{part:0<2}").parse().ok()
}

/// `19.99`: two decimals that are no time of day.
pub(super) fn only_a_price(written: &str) -> bool {
    let Some((whole, part)) = written.rsplit_once(['.', ',']) else {
        return false;
    };
    let time = whole.parse::<u32>().is_ok_and(|hour| hour < 24)
        && part.parse::<u32>().is_ok_and(|minute| minute < 60);
    part.len() == 2 && !time && cents(written).is_some()
}
