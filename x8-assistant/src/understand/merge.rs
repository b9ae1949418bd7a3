//! Words that mean one thing together: "twenty-five", "две дюжины", "1,5 кг", "5 €".

use super::{
    number,
    words::{Word, matches},
};

/// Units of weight, volume and length that stand in names ("Cake 2 kg"), with one spelling for all.
const MEASURES: [(&str, &[&str]); 8] = [
    (
        "m",
        &["m", "mtr*", "meter*", "metre*", "metro*", "м", "метр*"],
    ),
    ("kg", &["kg", "kgs", "kilo*", "кг", "кило*"]),
    ("g", &["g", "gr", "gram*", "г", "гр", "грам*"]),
    ("l", &["l", "liter*", "litre*", "litro*", "л", "литр*"]),
    ("ml", &["ml", "мл"]),
    ("cl", &["cl"]),
    ("cm", &["cm", "см", "centimet*", "сантиметр*"]),
    ("inch", &["inch", "inches", "дюйм*", "pulgada*"]),
];

const CURRENCIES: &[&str] = &[
    "eur",
    "euro*",
    "евро",
    "usd",
    "dollar*",
    "dolar*",
    "доллар*",
    "руб*",
    "gbp",
    "pound*",
    "libra*",
    "percent",
    "процент*",
];
const SIGNS: &[char] = &['€', '$', '£', '₽', '%'];

/// Joins neighbours; amounts of money and percentages are taken, so that nobody counts them. Says whether there were any.
pub(super) fn merge(list: &mut Vec<Word>, raw: &str) -> bool {
    let mut at = 0;
    while at < list.len() {
        join(list, at);
        at += 1;
    }
    let money: Vec<usize> = (0..list.len())
        .filter(|at| is_money(list, *at, raw))
        .collect();
    for at in &money {
        if let Some(word) = list.get_mut(*at) {
            word.used = true;
        }
    }
    !money.is_empty()
}

fn value(list: &[Word], at: usize) -> Option<u32> {
    list.get(at).and_then(number::value)
}

fn near(list: &[Word], at: usize) -> bool {
    list.get(at)
        .is_some_and(|word| matches!(word.gap.as_str(), " " | "-" | "" | "\u{a0}"))
}

fn join(list: &mut Vec<Word>, at: usize) {
    if let Some(word) = lettered(list, at).or_else(|| gassed(list, at)) {
        replace(list, at, at + 1, word);
        return;
    }
    let Some(first) = value(list, at) else {
        if let Some((taken, meaning)) = half_dozen(list, at) {
            replace(list, at, taken, meaning);
        }
        return;
    };
    let tens = (20..100).contains(&first)
        && first % 10 == 0
        && list.get(at).is_some_and(|word| word.digits().is_none());
    let linked = list.get(at + 1).is_some_and(|word| word.folded == "y");
    let unit = at + 1 + usize::from(linked);
    if let Some(more) =
        value(list, unit).filter(|more| tens && near(list, unit) && (1..10).contains(more))
    {
        replace(list, at, unit, (first + more).to_string());
    }
    let spoken = list.get(at).and_then(number::value).unwrap_or(first);
    let dozens = list
        .get(at + 1)
        .and_then(|word| number::collective(&word.folded));
    if let Some(all) = dozens.filter(|_| near(list, at + 1)) {
        replace(list, at, at + 1, spoken.saturating_mul(all).to_string());
    }
    measure(list, at);
}

/// "1,5 кг" and "2kg" become one word, `1.5kg` and `2kg`.
fn measure(list: &mut Vec<Word>, at: usize) {
    let Some(whole) = list.get(at).and_then(number::value) else {
        return;
    };
    let tail = list
        .get(at + 1)
        .filter(|word| matches!(word.gap.as_str(), "." | ","))
        .and_then(Word::digits);
    let unit = at + 1 + usize::from(tail.is_some());
    let spelling = list.get(unit).and_then(|word| {
        let fits =
            |(_, forms): &&(&str, &[&str])| forms.iter().any(|form| matches(&word.folded, form));
        MEASURES.iter().find(fits).map(|(spelling, _)| *spelling)
    });
    let Some(spelling) = spelling.filter(|_| {
        list.get(unit)
            .is_some_and(|word| word.gap.trim().is_empty())
    }) else {
        return;
    };
    let number = tail.map_or_else(|| whole.to_string(), |tail| format!("{whole}.{tail}"));
    replace(list, at, unit, format!("{number}{spelling}"));
}

/// "E-bike", "t-shirt", and "e bike".
fn lettered(list: &[Word], at: usize) -> Option<String> {
    let (letter, word) = (list.get(at)?, list.get(at + 1)?);
    let single = letter.folded.len() == 1 && letter.is_letters() && word.is_letters();
    let bike = letter.folded == "e"
        && word.gap == " "
        && ["bike*", "scooter*", "book*"]
            .iter()
            .any(|form| matches(&word.folded, form));
    (single && word.folded.len() > 2 && (word.gap == "-" || bike))
        .then(|| format!("{}{}", letter.folded, word.folded))
}

/// "Без газа", "con gas".
fn gassed(list: &[Word], at: usize) -> Option<String> {
    let (one, two) = (list.get(at)?, list.get(at + 1)?);
    match (one.folded.as_str(), two.folded.as_str()) {
        ("без", "газа") | ("sin", "gas") => Some("негазированная".to_owned()),
        ("с", "газом") | ("con", "gas") => Some("газированная".to_owned()),
        _other => None,
    }
}

fn half_dozen(list: &[Word], at: usize) -> Option<(usize, String)> {
    let here = list.get(at)?;
    let next = list.get(at + 1).map(|word| word.folded.as_str());
    let words = ["half", "media"].contains(&here.folded.as_str());
    let spaced = next == Some("a")
        && list
            .get(at + 2)
            .is_some_and(|word| number::is_dozen(&word.folded));
    if words && next.is_some_and(number::is_dozen) {
        return Some((at + 1, "6".to_owned()));
    }
    (words && spaced).then(|| (at + 2, "6".to_owned()))
}

/// Puts one word in the place of `from..=to`.
pub(super) fn replace(list: &mut Vec<Word>, from: usize, to: usize, meaning: String) {
    let Some(end) = list.get(to).map(|word| word.span.end) else {
        return;
    };
    if let Some(word) = list.get_mut(from) {
        word.span.end = end;
        word.folded = meaning;
    }
    list.drain(from + 1..=to);
}

/// A number beside a currency or percent, or an offered price: "за 40", "295 for that", "for 200".
fn is_money(list: &[Word], at: usize, raw: &str) -> bool {
    let Some(word) = list.get(at) else {
        return false;
    };
    let Some(value) = word.digits().or_else(|| number::value(word)) else {
        return false;
    };
    let behind = raw.get(word.span.end..).unwrap_or_default().trim_start();
    let next = list.get(at + 1).map_or("", |next| next.folded.as_str());
    let last = at
        .checked_sub(1)
        .and_then(|back| list.get(back))
        .map_or("", |word| word.folded.as_str());
    let marked = behind.starts_with(SIGNS)
        || word.gap.trim_end().ends_with(SIGNS)
        || CURRENCIES.iter().any(|currency| matches(next, currency));
    let ends = list
        .get(at + 1)
        .is_none_or(|next| next.segment != word.segment);
    let offered = value > 20
        && word.text.len() <= 5
        && (["for", "por", "за"].contains(&next) || (["for", "por", "за"].contains(&last) && ends));
    marked || offered
}
