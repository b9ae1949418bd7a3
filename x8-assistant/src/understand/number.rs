//! Numbers as people write them: digits, and words up to a hundred in English, Russian and Spanish.

use std::{collections::HashMap, sync::LazyLock};

use super::words::{Word, matches};

const WORDS: &[(u32, &[&str])] = &[
    (
        1,
        &[
            "one",
            "a",
            "an",
            "один",
            "одна",
            "одну",
            "одно",
            "одного",
            "одной",
            "одному",
            "uno",
            "una",
            "un",
        ],
    ),
    (
        2,
        &[
            "two",
            "couple",
            "pair",
            "два",
            "две",
            "двух",
            "пара",
            "пару",
            "двое",
            "двоих",
            "двум",
            "двоем",
            "вдвоем",
            "dos",
            "par",
        ],
    ),
    (
        3,
        &["three", "три", "трех", "трое", "троих", "втроем", "tres"],
    ),
    (
        4,
        &[
            "four",
            "четыре",
            "четырех",
            "четверо",
            "четверых",
            "вчетвером",
            "cuatro",
        ],
    ),
    (5, &["five", "пять", "пяти", "пятеро", "пятерых", "cinco"]),
    (6, &["six", "шесть", "шести", "seis"]),
    (7, &["seven", "семь", "семи", "siete"]),
    (8, &["eight", "восемь", "восьми", "ocho"]),
    (9, &["nine", "девять", "девяти", "nueve"]),
    (10, &["ten", "десять", "десяти", "diez"]),
    (11, &["eleven", "одиннадцать", "одиннадцати", "once"]),
    (12, &["twelve", "двенадцать", "двенадцати", "doce"]),
    (13, &["thirteen", "тринадцать", "trece"]),
    (14, &["fourteen", "четырнадцать", "catorce"]),
    (15, &["fifteen", "пятнадцать", "quince"]),
    (16, &["sixteen", "шестнадцать", "dieciseis"]),
    (17, &["seventeen", "семнадцать", "diecisiete"]),
    (18, &["eighteen", "восемнадцать", "dieciocho"]),
    (19, &["nineteen", "девятнадцать", "diecinueve"]),
    (20, &["twenty", "двадцать", "двадцати", "veinte"]),
    (21, &["veintiuno", "veintiuna", "veintiun"]),
    (22, &["veintidos"]),
    (23, &["veintitres"]),
    (24, &["veinticuatro"]),
    (25, &["veinticinco"]),
    (26, &["veintiseis"]),
    (27, &["veintisiete"]),
    (28, &["veintiocho"]),
    (29, &["veintinueve"]),
    (30, &["thirty", "тридцать", "тридцати", "treinta"]),
    (40, &["forty", "сорок", "сорока", "cuarenta"]),
    (50, &["fifty", "пятьдесят", "пятидесяти", "cincuenta"]),
    (60, &["sixty", "шестьдесят", "шестидесяти", "sesenta"]),
    (70, &["seventy", "семьдесят", "семидесяти", "setenta"]),
    (80, &["eighty", "восемьдесят", "восьмидесяти", "ochenta"]),
    (90, &["ninety", "девяносто", "noventa"]),
    (
        100,
        &["hundred", "сто", "ста", "сотня", "сотню", "cien", "ciento"],
    ),
];

/// The number of every form.
static FORMS: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    let forms = |(number, forms): &(u32, &'static [&'static str])| {
        let number = *number;
        forms.iter().map(move |form| (*form, number))
    };
    WORDS.iter().flat_map(forms).collect()
});

/// "Dozen", alone or behind a number.
pub(super) fn is_dozen(folded: &str) -> bool {
    ["dozen*", "дюжин*", "docena*"]
        .iter()
        .any(|form| matches(folded, form))
}

/// "Dozen", "десяток": how many.
pub(super) fn collective(folded: &str) -> Option<u32> {
    const TENS: &[&str] = &[
        "десяток",
        "десятка",
        "десятков",
        "десяточек",
        "decena",
        "decenas",
    ];
    match () {
        () if is_dozen(folded) => Some(12),
        () if TENS.contains(&folded) => Some(10),
        () => None,
    }
}

/// The number a word stands for, articles counting as one.
pub(super) fn value(word: &Word) -> Option<u32> {
    if let Some(digits) = word.digits() {
        return Some(digits);
    }
    if let Some(all) = collective(&word.folded) {
        return Some(all);
    }
    FORMS.get(word.folded.as_str()).copied()
}

/// Whether it is "a", "un" and the like: a number only directly before a noun.
pub(super) fn is_article(word: &Word) -> bool {
    ["a", "an", "un", "una"].contains(&word.folded.as_str())
}

/// First, second, third … last, as an index from 0; `usize::MAX` means the last.
pub(super) fn ordinal(word: &Word) -> Option<usize> {
    const FORMS: [(usize, &[&str]); 5] = [
        (0, &["first", "перв*", "primer*"]),
        (1, &["second", "втор*", "segund*"]),
        (2, &["third", "трет*", "tercer*"]),
        (3, &["fourth", "четверт*", "cuart*"]),
        (usize::MAX, &["last", "последн*", "ultim*"]),
    ];
    FORMS
        .iter()
        .find(|(_, forms)| forms.iter().any(|form| matches(&word.folded, form)))
        .map(|(index, _)| *index)
}

#[cfg(test)]
mod tests {
    use super::{FORMS, WORDS};

    #[test]
    fn o1_no_word_stands_for_two_numbers() {
        let forms: usize = WORDS.iter().map(|(_, forms)| forms.len()).sum();
        assert_eq!(FORMS.len(), forms);
    }
}
