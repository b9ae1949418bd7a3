//! G4: its own reading of figures. A figure beside a word of money must be an amount of this turn, at the offering that is
//! named with it; any other figure must stand in the rows, in the customer's words or in what code says by itself.

use std::collections::BTreeSet;

use x8_core::{
    Money,
    cart::price,
    catalog::Offering,
    order::Area,
    port::{Answer, Decision, TurnInput},
};

/// What stands before or after an amount, in seven languages; whole words.
const MONEY: [&str; 60] = [
    "=",
    "€",
    "$",
    "£",
    "₽",
    "total",
    "totale",
    "totaal",
    "sum",
    "price",
    "prices",
    "cost",
    "costs",
    "eur",
    "euro",
    "euros",
    "eurs",
    "cent",
    "cents",
    "usd",
    "dollar",
    "dollars",
    "gbp",
    "pound",
    "pounds",
    "precio",
    "cuesta",
    "cuestan",
    "vale",
    "dólares",
    "dolares",
    "libras",
    "céntimos",
    "preis",
    "kostet",
    "kosten",
    "gesamt",
    "insgesamt",
    "prix",
    "coûte",
    "coute",
    "prezzo",
    "costa",
    "preço",
    "preco",
    "custa",
    "dollari",
    "rub",
    "rubles",
    "евро",
    "руб",
    "рублей",
    "рубля",
    "доллар",
    "долларов",
    "цена",
    "стоит",
    "стоимость",
    "итого",
    "сумма",
];

/// Words of time right behind a figure.
const TIME: [&str; 32] = [
    "minutes",
    "minute",
    "min",
    "mins",
    "hours",
    "hour",
    "days",
    "day",
    "weeks",
    "am",
    "pm",
    "минут",
    "минуты",
    "часов",
    "часа",
    "час",
    "дней",
    "дня",
    "minutos",
    "horas",
    "hora",
    "días",
    "dias",
    "minuten",
    "stunden",
    "tage",
    "heures",
    "jours",
    "minuti",
    "ore",
    "giorni",
    "uhr",
];

pub(super) fn wrong(input: &TurnInput, expected: &Answer, answer: &Answer) -> Vec<String> {
    let known = known(input, expected, answer);
    let told = told(input, expected);
    let mut wrong = Vec::new();
    for one in figures(&answer.text) {
        if one.money && !known.contains(&one.cents) {
            wrong.push(format!("G4: nothing explains the amount in {:?}", one.near));
        } else if !one.money
            && !known.contains(&one.cents)
            && !told.contains(&one.cents)
            && one.tells()
        {
            wrong.push(format!("G4: a figure out of nowhere in {:?}", one.near));
        }
    }
    wrong.extend(percentages(input, expected, &answer.text));
    wrong.extend(misplaced(input, expected, &answer.text));
    wrong
}

/// Every amount that this turn may tell, in cents.
fn known(input: &TurnInput, expected: &Answer, answer: &Answer) -> BTreeSet<i64> {
    // A pack's "20 roses" makes no "20 EUR" right.
    let said = figures(&expected.text).into_iter();
    let said = said.filter(|one| one.money).map(|one| one.cents);
    let mut known: BTreeSet<i64> = said.collect();
    for row in input.catalog.offerings() {
        known.extend(of_row(row));
        let lines = input.session.cart.iter().chain(&expected.session.cart);
        let lines = lines.filter(|line| line.sku == row.sku);
        known.extend(lines.map(|line| row.price.minor() * i64::from(line.quantity)));
    }
    if let Decision::Checkout(draft) = &answer.decision
        && let Ok(priced) = price(
            &input.catalog,
            &draft.cart,
            matches!(draft.area, Area::Place(_)),
        )
    {
        let totals = priced.totals;
        known.extend([totals.total, totals.products, totals.delivery].map(Money::minor));
        let lines = priced.lines.iter();
        known.extend(lines.map(|line| line.price.minor() * i64::from(line.quantity)));
    }
    known
}

fn of_row(row: &Offering) -> Vec<i64> {
    let fee = row.fee.into_iter();
    let fee = fee
        .flat_map(|fee| [Some(fee.amount), fee.free_from])
        .flatten();
    std::iter::once(row.price)
        .chain(fee)
        .map(Money::minor)
        .collect()
}

/// Every figure of the public rows, of what was said before, and of what is known.
fn told(input: &TurnInput, expected: &Answer) -> BTreeSet<i64> {
    let rows = input.catalog.offerings().iter();
    let mut text: String = rows.map(|row| super::public(row) + "\n").collect();
    for message in input.history.iter().chain(&input.burst) {
        text.push_str(&message.text);
        text.push('\n');
    }
    text.push_str(&expected.text);
    text.push('\n');
    for session in [&input.session, &expected.session] {
        text.push_str(&format!(
            "{:?} {:?} {:?}\n",
            session.name, session.phone, session.city
        ));
        for line in &session.cart {
            text.push_str(&format!("{} {}\n", line.sku, line.quantity));
        }
    }
    figures(&text).into_iter().map(|one| one.cents).collect()
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a figure"
)]
pub(super) struct Figure {
    pub(super) cents: i64,
    /// Beside a word of money.
    pub(super) money: bool,
    /// At the beginning of its line.
    first: bool,
    /// "100 % natural" takes nothing off a price.
    praises: bool,
    /// Before a word of time, or within a clock.
    measures: bool,
    /// Letters stand right behind it, or it counts something.
    glued: bool,
    near: String,
}

impl Figure {
    /// Whether it tells something by itself: no number of a list, no small count, no year, no part of a word.
    fn tells(&self) -> bool {
        let whole = self.cents % 100 == 0;
        let listed = whole && self.first && self.cents <= 30_00;
        let year = whole && (190_000..=210_000).contains(&self.cents);
        let small = whole && self.cents < 10_00 && !self.measures;
        !(self.praises || listed || year || small || (self.glued && !self.measures))
    }
}

/// `10:58`, from either side.
fn clock(before: &str, after: &str) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let behind = after
        .strip_prefix(':')
        .is_some_and(|rest| digit(rest.chars().next()));
    behind
        || before
            .strip_suffix(':')
            .is_some_and(|rest| digit(rest.chars().next_back()))
}

pub(super) fn figures(text: &str) -> Vec<Figure> {
    let chars: Vec<char> = text.to_lowercase().chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        let goes_on = |at: usize| {
            chars[at].is_ascii_digit()
                || (matches!(chars[at], '.' | ',')
                    && chars.get(at + 1).is_some_and(char::is_ascii_digit))
        };
        while at < chars.len() && goes_on(at) {
            at += 1;
        }
        let number: String = chars[start..at].iter().collect();
        let before: String = chars[start.saturating_sub(14)..start].iter().collect();
        let after: String = chars[at..chars.len().min(at + 14)].iter().collect();
        let money = |word: Option<&str>| word.is_some_and(|word| MONEY.contains(&word));
        let (ahead, behind) = (words(&before), words(&after));
        let first = before
            .rsplit('\n')
            .next()
            .is_some_and(|line| !line.contains(char::is_alphanumeric));
        // "= 30 roses" counts, and so does the 2 of "= 2 × 20".
        let next = behind
            .first()
            .filter(|_| !after.starts_with(['\n', '.', '!', '?', ';']));
        let counted = next.is_some_and(|word| !MONEY.contains(&word.as_str()))
            || after.trim_start().starts_with(['^', '×', '*']);
        let sign = ahead
            .last()
            .is_some_and(|word| word == "=" || word.starts_with("tot"));
        let last = ahead.last().filter(|_| !(sign && counted));
        let beside = money(last.map(String::as_str))
            || money(
                behind
                    .first()
                    .map(String::as_str)
                    .filter(|word| *word != "="),
            );
        found.extend(cents(&number).map(|cents| {
            Figure {
                cents,
                money: beside,
                first,
                measures: clock(&before, &after)
                    || behind
                        .first()
                        .is_some_and(|word| TIME.contains(&word.as_str())),
                glued: after.starts_with(char::is_alphabetic) || (counted && cents <= 10_000),
                praises: number == "100" && after.trim_start().starts_with('%'),
                near: format!("{before}{number}{after}"),
            }
        }));
    }
    found
}

/// Words, and each sign of money or of a sum by itself.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in text.chars() {
        let sign = matches!(c, '€' | '$' | '£' | '₽' | '=');
        if sign || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if sign {
            words.push(c.to_string());
            words.push(String::new());
        } else if c.is_alphanumeric()
            && let Some(last) = words.last_mut()
        {
            last.push(c);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `1,299.50`, `1.299,50`, `29,9`, `29`: the last mark with one or two digits after it parts the cents.
fn cents(number: &str) -> Option<i64> {
    let split = number.rfind(['.', ',']).filter(|at| number.len() - at <= 3);
    let (whole, part) = split
        .and_then(|at| number.split_at_checked(at))
        .map_or((number, ""), |(whole, part)| {
            (whole, part.trim_start_matches(['.', ',']))
        });
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    // What is longer than any amount is still a figure that must be explained.
    Some(format!("{digits}{part:0<2}").parse().unwrap_or(i64::MAX))
}

/// Per cent, in any writing, that neither a row nor code says.
fn percentages(input: &TurnInput, expected: &Answer, text: &str) -> Vec<String> {
    const WORDS: [&str; 8] = [
        "%",
        "percent",
        "per cent",
        "por ciento",
        "prozent",
        "pour cent",
        "per cento",
        "процент",
    ];
    let rows: String = input
        .catalog
        .offerings()
        .iter()
        .map(super::public)
        .collect();
    // "100 % natural" praises; it takes nothing off a price.
    let told = text.to_lowercase().replace("100%", "").replace("100 %", "");
    let fair = |word: &&&str| !rows.contains(**word) && !expected.text.contains(**word);
    let found = WORDS.iter().filter(fair).find(|word| told.contains(**word));
    found
        .map(|word| format!("G4: a percentage, {word:?}"))
        .into_iter()
        .collect()
}

/// One offering in a line, and only prices of others.
fn misplaced(input: &TurnInput, expected: &Answer, text: &str) -> Vec<String> {
    let rows = input.catalog.offerings();
    let named = |line: &str| -> Vec<&Offering> {
        let line = line.to_lowercase();
        let names = rows
            .iter()
            .filter(|row| line.contains(&row.name.to_lowercase()));
        names.collect()
    };
    let money = |line: &str| -> Vec<i64> {
        let found = figures(line).into_iter().filter(|one| one.money);
        found.map(|one| one.cents).collect()
    };
    let mut wrong = Vec::new();
    for line in text
        .lines()
        .filter(|line| !expected.text.contains(line.trim()))
    {
        let (amounts, named_here) = (money(line), named(line));
        let [row] = named_here.as_slice() else {
            continue;
        };
        let carts = input.session.cart.iter().chain(&expected.session.cart);
        let mut own = of_row(row);
        own.extend(carts.map(|line| row.price.minor() * i64::from(line.quantity)));
        // What code says of it, or of the whole order.
        let said = expected.text.lines();
        let said = said.filter(|line| named(line).iter().all(|other| other.sku == row.sku));
        own.extend(said.flat_map(money));
        if !amounts.is_empty() && !amounts.iter().any(|one| own.contains(one)) {
            wrong.push(format!("G4: another offering's price in {line:?}"));
        }
    }
    wrong
}
