//! Number formats: what a format code makes of a number (K3).

use crate::{
    import::currency::{Named, is_sign, named},
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
    /// An amount in another currency; which.
    Foreign(String),
}

/// What the formats without a code of their own show. The currency formats among them follow the computer's settings and
/// name no currency.
pub(super) fn built_in(id: u32) -> Shown {
    match id {
        9 | 10 => Shown::Percent,
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Shown::Date,
        _other => Shown::Number,
    }
}

/// What a format code shows, by its section for positive numbers.
pub(super) fn shown(code: &str, currency: Currency) -> Shown {
    if code.eq_ignore_ascii_case("general") {
        return Shown::Number;
    }
    let mut words = Words::default();
    let mut date = false;
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => break,
            '%' => return Shown::Percent,
            '"' => words.whole(
                letters.by_ref().take_while(|own| *own != '"').collect(),
                false,
            ),
            '\\' => words.extend(letters.next()),
            '_' | '*' => drop(letters.next()),
            '[' => {
                let inside: String = letters.by_ref().take_while(|own| *own != ']').collect();
                if let Some(symbol) = inside.strip_prefix('$') {
                    let symbol = symbol.rsplit_once('-').map_or(symbol, |(symbol, _)| symbol);
                    words.whole(symbol.to_owned(), true);
                } else {
                    date |= is_elapsed(&inside);
                }
            }
            'd' | 'm' | 'y' | 'h' | 's' | 'D' | 'M' | 'Y' | 'H' | 'S' => date = true,
            own if is_sign(own) => words.extend(Some(own)),
            _other => words.close(),
        }
    }
    words.close();
    match words.foreign(currency) {
        _ if date => Shown::Date,
        Some(code) => Shown::Foreign(code),
        None => Shown::Number,
    }
}

/// `[h]`, `[mm]`, `[ss]`.
fn is_elapsed(inside: &str) -> bool {
    !inside.is_empty()
        && inside
            .chars()
            .all(|letter| matches!(letter, 'h' | 'm' | 's' | 'H' | 'M' | 'S'))
}

/// The literal words of a format code; the second says that the code itself calls it a currency.
#[derive(Default)]
struct Words {
    whole: Vec<(String, bool)>,
    open: String,
}

impl Words {
    fn whole(&mut self, word: String, currency: bool) {
        self.close();
        self.whole.push((word, currency));
    }

    fn extend(&mut self, letter: Option<char>) {
        self.open.extend(letter);
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.whole.push((std::mem::take(&mut self.open), false));
        }
    }

    fn foreign(&self, currency: Currency) -> Option<String> {
        self.whole.iter().find_map(|(word, told)| {
            let folded = fold(word);
            match named(folded.trim_end_matches('.'), currency) {
                Named::Foreign(code) => Some(code.to_owned()),
                Named::No if *told && !folded.is_empty() => Some(word.trim().to_owned()),
                Named::Own | Named::No => None,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k3_format_codes_say_what_a_number_is() {
        let foreign = |code: &str| Shown::Foreign(code.to_owned());
        for (code, expected) in [
            ("General", Shown::Number),
            ("0.00", Shown::Number),
            ("#,##0.00;[Red]-#,##0.00", Shown::Number),
            ("#,##0.00\\ \"€\"", Shown::Number),
            ("[$€-407]\\ #,##0.00", Shown::Number),
            ("#,##0.00 [$EUR]", Shown::Number),
            ("_-* #,##0.00\\ \\€_-", Shown::Number),
            ("0\" pcs\"", Shown::Number),
            ("0.00E+00", Shown::Number),
            ("@", Shown::Number),
            ("0.0%", Shown::Percent),
            ("0\"%\"", Shown::Number),
            ("[$$-409]#,##0.00", foreign("USD")),
            ("\"$\"#,##0.00", foreign("USD")),
            ("$#,##0.00", foreign("USD")),
            ("#,##0.00\\ [$₽-419]", foreign("RUB")),
            ("#,##0.00\\ \"руб.\"", foreign("RUB")),
            ("#,##0.00\\ \\U\\S\\D", foreign("USD")),
            ("[$MAD] 0.00", foreign("MAD")),
            ("[$-419]0.00", Shown::Number),
            ("dd/mm/yyyy", Shown::Date),
            ("[$-409]d\\-mmm\\-yy", Shown::Date),
            ("[h]:mm", Shown::Date),
        ] {
            assert_eq!(shown(code, Currency::EUR), expected, "{code}");
        }
        let dollars = shown("[$$-409]#,##0.00", Currency::USD);
        assert_eq!(dollars, Shown::Number);
    }
}
