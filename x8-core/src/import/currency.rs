//! How people write currencies next to amounts (K3).

use crate::money::Currency;

/// Words and signs in folded form, with every currency they may stand for.
const WORDS: &[(&str, &[&str])] = &[
    ("€", &["EUR"]),
    ("eur", &["EUR"]),
    ("euro", &["EUR"]),
    ("euros", &["EUR"]),
    ("евро", &["EUR"]),
    (
        "$",
        &[
            "USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS",
        ],
    ),
    ("usd", &["USD"]),
    ("dollar", &["USD", "AUD", "CAD"]),
    ("dollars", &["USD", "AUD", "CAD"]),
    ("dolares", &["USD", "AUD", "CAD"]),
    ("доллар", &["USD"]),
    ("долларов", &["USD"]),
    ("£", &["GBP"]),
    ("gbp", &["GBP"]),
    ("¥", &["JPY", "CNY"]),
    ("jpy", &["JPY"]),
    ("cny", &["CNY"]),
    ("₽", &["RUB"]),
    ("rub", &["RUB"]),
    ("руб", &["RUB", "BYN"]),
    ("р", &["RUB", "BYN"]),
    ("рублей", &["RUB", "BYN"]),
    ("₴", &["UAH"]),
    ("uah", &["UAH"]),
    ("грн", &["UAH"]),
    ("гривен", &["UAH"]),
    ("₸", &["KZT"]),
    ("kzt", &["KZT"]),
    ("тенге", &["KZT"]),
    ("zł", &["PLN"]),
    ("pln", &["PLN"]),
    ("kc", &["CZK"]),
    ("czk", &["CZK"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
    ("sek", &["SEK"]),
    ("nok", &["NOK"]),
    ("dkk", &["DKK"]),
    ("chf", &["CHF"]),
    ("fr", &["CHF"]),
    ("₺", &["TRY"]),
    ("try", &["TRY"]),
    ("₹", &["INR"]),
    ("inr", &["INR"]),
    ("₪", &["ILS"]),
    ("ils", &["ILS"]),
    ("₩", &["KRW"]),
    ("krw", &["KRW"]),
    ("r$", &["BRL"]),
    ("brl", &["BRL"]),
    ("us$", &["USD"]),
    ("lei", &["RON", "MDL"]),
    ("ron", &["RON"]),
    ("huf", &["HUF"]),
    ("ft", &["HUF"]),
    ("bgn", &["BGN"]),
    ("лв", &["BGN"]),
    ("byn", &["BYN"]),
    ("gel", &["GEL"]),
    ("₾", &["GEL"]),
    ("aed", &["AED"]),
    ("mxn", &["MXN"]),
    ("cad", &["CAD"]),
    ("aud", &["AUD"]),
    ("nzd", &["NZD"]),
    ("btc", &["BTC"]),
    ("₿", &["BTC"]),
];

/// What a word beside an amount says about its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// The currency asked about.
    Own,
    /// A different one; the usual code.
    Foreign(&'static str),
    /// Not a currency.
    No,
}

/// Compares a folded word with `currency`.
pub(super) fn named(word: &str, currency: Currency) -> Named {
    if word.eq_ignore_ascii_case(currency.code()) {
        return Named::Own;
    }
    let Some((_, codes)) = WORDS.iter().find(|(known, _)| *known == word) else {
        return Named::No;
    };
    if codes.contains(&currency.code()) {
        Named::Own
    } else {
        codes.first().map_or(Named::No, |code| Named::Foreign(code))
    }
}

/// Whether a folded word or sign names any currency.
pub(super) fn is_currency(word: &str) -> bool {
    WORDS.iter().any(|(known, _)| *known == word)
}

/// Whether a character is a currency sign that stands for itself.
pub(super) fn is_sign(letter: char) -> bool {
    matches!(letter, '$' | '£' | '¥' | '\u{20a0}'..='\u{20cf}')
}
