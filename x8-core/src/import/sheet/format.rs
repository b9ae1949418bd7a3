//! Number formats: what a format code makes of a number (K3).

mod section;

use section::{Section, What, sections};

use crate::{
    import::{
        currency::{Named, named},
        header::is_unit,
    },
    money::Currency,
    text::fold,
};

/// What a number is shown as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// A plain number, or an amount in the catalogue's own currency.
    Number,
    Percent,
    /// A date, a time of day or a duration.
    Date,
    /// With a word beside it that the cell's column judges: another currency, or the unit of a count.
    Beside(String),
    /// Not as the number that it is: with other words or digits beside it, in thousands, or not at all.
    Disguised,
}

/// The sign of "some currency": formats that leave it to the computer's settings.
const SOME_CURRENCY: &str = "¤";

/// What the formats without a code of their own show. Programs that mean a currency write its code; where one is missing,
/// each computer shows its own.
pub(super) fn built_in(id: u32) -> Shown {
    match id {
        5..=8 | 42 | 44 => Shown::Beside(SOME_CURRENCY.to_owned()),
        9 | 10 => Shown::Percent,
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Shown::Date,
        _other => Shown::Number,
    }
}

/// What a format code shows: by its section for positive numbers, or by all when they have conditions of their own.
pub(super) fn shown(code: &str, currency: Currency) -> Shown {
    let sections = sections(code);
    let all = sections.iter().any(|section| section.conditional);
    let looked_at = if all { sections.len() } else { 1 };
    sections
        .iter()
        .take(looked_at)
        .map(|section| one(section, currency))
        .find(|shown| *shown != Shown::Number)
        .unwrap_or(Shown::Number)
}

fn one(section: &Section, currency: Currency) -> Shown {
    match section.what {
        What::Percent => return Shown::Percent,
        What::Date => return Shown::Date,
        What::Number => {}
    }
    let words = section.words.iter();
    let found = words
        .map(|(word, told)| beside(word, *told, currency))
        .find(|shown| *shown != Shown::Number);
    match found {
        Some(shown) => shown,
        None if section.altered => Shown::Disguised,
        None => Shown::Number,
    }
}

/// What a word beside a number makes of it; `told` says that the file itself calls it a currency.
pub(super) fn beside(word: &str, told: bool, currency: Currency) -> Shown {
    let folded = fold(word);
    let known = folded.trim_end_matches('.');
    if folded.is_empty() || is_dash_for_cents(&folded) {
        return Shown::Number;
    }
    match named(known, currency) {
        Named::Own => Shown::Number,
        Named::Foreign(code) => Shown::Beside(code.to_owned()),
        Named::No if told => Shown::Beside(word.trim().to_owned()),
        Named::No if is_unit("count", known) || is_unit("hours", known) => {
            Shown::Beside(word.trim().to_owned())
        }
        Named::No => Shown::Disguised,
    }
}

/// `12.–`, as the Swiss write whole amounts.
fn is_dash_for_cents(word: &str) -> bool {
    let dashes = word.strip_prefix(['.', ',']).unwrap_or_default();
    !dashes.is_empty()
        && dashes
            .chars()
            .all(|letter| matches!(letter, '-' | '–' | '—'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k3_format_codes_say_what_a_number_is() {
        let with = |code: &str| Shown::Beside(code.to_owned());
        for (code, expected) in [
            ("General", Shown::Number),
            ("GENERAL", Shown::Number),
            ("General\" €\"", Shown::Number),
            ("0.00", Shown::Number),
            ("#,##0.00;[Red]-#,##0.00", Shown::Number),
            ("#,##0.00\\ \"€\"", Shown::Number),
            ("[$€-407]\\ #,##0.00", Shown::Number),
            ("#,##0.00 [$EUR]", Shown::Number),
            ("_-* #,##0.00\\ \\€_-", Shown::Number),
            (
                "_(* #,##0.00_);_(* \\(#,##0.00\\);_(* \"-\"??_);_(@_)",
                Shown::Number,
            ),
            ("#\\ ##0.00", Shown::Number),
            ("0.00 EUR", Shown::Number),
            ("0\".–\"", Shown::Number),
            ("0.00E+00", Shown::Number),
            ("# ?/?", Shown::Number),
            ("@", Shown::Number),
            ("0.0%", Shown::Percent),
            ("[$$-409]#,##0.00", with("USD")),
            ("\"$\"#,##0.00", with("USD")),
            ("$#,##0.00", with("USD")),
            ("#,##0.00\\ [$₽-419]", with("RUB")),
            ("#,##0.00\\ \"руб.\"", with("RUB")),
            ("#,##0.00 руб", with("RUB")),
            ("0.00 zł", with("PLN")),
            ("0.00 USD", with("USD")),
            ("0 CHF", with("CHF")),
            ("#,##0.00\\ \\U\\S\\D", with("USD")),
            ("[$MAD] 0.00", with("MAD")),
            ("[<100]0.00\" $\";0.00\" €\"", with("USD")),
            ("[>=100]0.00\" €\";0.00\" $\"", with("USD")),
            ("0\" шт.\"", with("шт.")),
            ("[$-419]0.00", Shown::Number),
            ("dd/mm/yyyy", Shown::Date),
            ("[$-409]d\\-mmm\\-yy", Shown::Date),
            ("[$-419]d mmmm yyyy\" г.\";@", Shown::Date),
            ("h:mm AM/PM", Shown::Date),
            ("[h]:mm", Shown::Date),
            ("0\"%\"", Shown::Disguised),
            ("0.00\" S/.\"", Shown::Disguised),
            ("0.00 тг", Shown::Disguised),
            ("\"от \"0", Shown::Disguised),
            ("0.00\" €/кг\"", Shown::Disguised),
            ("#,##0,", Shown::Disguised),
            ("0.0,\"k\"", Shown::Disguised),
            ("0\\.00", Shown::Disguised),
            ("0\",50\"", Shown::Disguised),
            ("-0.00", Shown::Disguised),
            ("(0.00)", Shown::Disguised),
            (";;;", Shown::Disguised),
            ("\"free\"", Shown::Disguised),
        ] {
            assert_eq!(shown(code, Currency::EUR), expected, "{code}");
        }
        let dollars = shown("[$$-409]#,##0.00", Currency::USD);
        assert_eq!(dollars, Shown::Number);
    }

    #[test]
    fn k3_a_format_that_leaves_the_currency_to_the_computer_is_no_plain_number() {
        for id in [5, 6, 7, 8, 42, 44] {
            assert_eq!(built_in(id), Shown::Beside("¤".to_owned()), "{id}");
        }
        for id in [0, 1, 2, 3, 4, 37, 38, 39, 40, 41, 43, 49] {
            assert_eq!(built_in(id), Shown::Number, "{id}");
        }
    }
}
