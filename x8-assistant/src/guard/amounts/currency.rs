//! Signs, codes and words of currencies.

use std::sync::LazyLock;

use x8_core::Currency;

use super::{super::quick::QuickMap, lexer::TokenKind};

/// Code and its folded words. Codes that are an everyday word somewhere are left out.
const WORDS: [(&str, &str); 19] = [
    (
        "EUR",
        "eur evro evros ευρω 欧元 歐元 ユーロ 유로 euro euros евро ewro eurs евр ев euri eurillos eurazos eurito euritos pavos balles евриков еврики еврика евра paus mangos ocken kroten tacken smackers squid",
    ),
    (
        "USD",
        "usd 美元 us dollar dollars dolar dolares dollari dollaro bucks buck баксов бакса баксы уе",
    ),
    (
        "RUB",
        "rub rur руб р rublos rublo rubel roubles ruble rubles",
    ),
    ("GBP", "gbp pound pounds quid tenner tenners fiver fivers"),
    ("CHF", "chf franken francs franchi francos"),
    ("PLN", "pln zl zloty"),
    ("UAH", "uah грн"),
    ("TRY", "try tl лир лиры"),
    ("KZT", "kzt"),
    ("JPY", "jpy yen"),
    ("CZK", "czk kc"),
    ("SEK", "kr sek nok dkk"),
    ("BTC", "btc bitcoin bitcoins"),
    ("UST", "usdt usdc"),
    ("CNY", "元 yuan юаней cny rmb"),
    ("MXN", "peso pesos"),
    ("BRL", "real reais"),
    ("AED", "dirham dirhams"),
    ("ILS", "shekel shekels"),
];

/// Codes that stand for themselves.
const CODES: &str = "aed amd ars aud azn bgn bhd bob brl byn cad clp cop crc dop egp gel gtq hkd huf idr ils inr isk kes krw kwd mdl mxn myr ngn nzd php pkr pyg qar rsd sar sgd thb twd uyu uzs ves vnd zar";

/// Hundredths of the euro, and of anything else that is not named.
const CENTS: &str = "cent cents цент цента центов центы centimo centimos centime centimes centesimo centesimi eurocent eurocents евроцентов евроцента centavos centavo";

/// Factors between a number and its currency.
const FACTORS: [(i64, &str); 2] = [
    (
        1_000,
        "k тыс тысяч тысячи тысяча thousand mil tsd tausend mille mila grand millar millares",
    ),
    (
        1_000_000,
        "млн million millions millon millones milliarden миллион миллиона миллионов",
    ),
];

/// How some words begin.
const STEMS: [(&str, &str); 9] = [
    ("zł", "PLN"),
    ("рубл", "RUB"),
    ("доллар", "USD"),
    ("фунт", "GBP"),
    ("гривен", "UAH"),
    ("гривн", "UAH"),
    ("тенге", "KZT"),
    ("rupee", "INR"),
    ("лари", "GEL"),
];

static KINDS: LazyLock<QuickMap<&'static str, TokenKind>> = LazyLock::new(|| {
    let mut kinds = QuickMap::default();
    for (code, words) in WORDS {
        let kind = TokenKind::Currency(known(code));
        kinds.extend(words.split(' ').map(|word| (word, kind)));
    }
    for code in CODES.split(' ') {
        kinds.insert(code, TokenKind::Currency(known(code)));
    }
    let cents = TokenKind::Cents(Currency::EUR);
    kinds.extend(CENTS.split(' ').map(|word| (word, cents)));
    for (factor, words) in FACTORS {
        let kind = TokenKind::Thousand(factor);
        kinds.extend(words.split(' ').map(|word| (word, kind)));
    }
    kinds
});

fn known(code: &str) -> Currency {
    Currency::parse(code).unwrap_or(Currency::EUR)
}

pub(super) fn sign_kind(sign: char) -> TokenKind {
    let code = match sign {
        '€' | '₠' => "EUR",
        '$' | '＄' => "USD",
        '£' | '₤' => "GBP",
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

/// "D'euros" without what French and Italian elide.
fn unelided(word: &str) -> &str {
    let rest = word.strip_prefix('d').or_else(|| word.strip_prefix('l'));
    rest.and_then(|rest| rest.strip_prefix(['\'', '’']))
        .unwrap_or(word)
}

/// What a folded word is.
pub(super) fn word_kind(word: &str) -> TokenKind {
    if let Some(kind) = KINDS.get(unelided(word)) {
        return *kind;
    }
    // No other word of ASCII begins like one of those below.
    if word.is_ascii() && !word.starts_with(['e', 'r', 'z']) {
        return TokenKind::Word;
    }
    if word.starts_with("копе") || word == "коп" {
        return TokenKind::Cents(known("RUB"));
    }
    // "euroooo", but not "Europe".
    let euro = ["euro", "евро"].iter().any(|stem| word.starts_with(stem));
    if euro && !word.starts_with("europ") && !word.starts_with("европ") && word.chars().count() < 9
    {
        return TokenKind::Currency(Currency::EUR);
    }
    let stem = STEMS.iter().find(|(stem, _)| word.starts_with(stem));
    stem.map_or(TokenKind::Word, |(_, code)| {
        TokenKind::Currency(known(code))
    })
}
