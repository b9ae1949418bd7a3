//! G4, the amount firewall: every amount of money in the words must be a catalogue price, a price × quantity of this
//! turn's cart, a sum, a fee or a threshold, in the catalogue's currency. So must every percentage, discount and delivery
//! time stand in the catalogue.
//!
//! A sentence with an unexplained amount is replaced by the facts of the offerings it names, or by the order's total, or
//! removed. Amounts written out in words are not searched.

use std::collections::HashSet;

use x8_core::{Currency, Money, cart::price, catalog::Offering, order::CartLine, text::fold};

use super::{
    Rule, amounts,
    cues::Cues,
    page::Sentence,
    text::{Edit, denies, has_any},
    tongue::Phrase,
    work::{Work, shown},
};

pub(super) fn apply(work: &mut Work<'_>) {
    // Most sentences tell no figure.
    let telling = |text: &str| Cues::of(&fold(text)).has(Cues::DISCOUNT);
    if !work.text().contains(char::is_numeric) && !telling(work.text()) {
        return;
    }
    let turn = Turn::of(work);
    work.edit(Rule::G4, |work, sentence| {
        if turn.explain(work, sentence) {
            return Edit::Keep;
        }
        match facts_for(work, sentence) {
            Some(words) if words != **sentence => Edit::Replace(words),
            Some(_) | None => Edit::Remove,
        }
    });
}

/// What the rows say about the offerings a sentence names, or the order's total.
fn facts_for(work: &Work<'_>, sentence: &Sentence<'_>) -> Option<String> {
    let rows = work.facts.rows_in(sentence.folded());
    if !rows.is_empty() {
        let fact = |row: &&Offering| {
            let price = if row.is_free() {
                work.tongue.pick("free", "бесплатно", "gratis").to_owned()
            } else {
                shown(row.price)
            };
            format!("{} — {price}", row.name)
        };
        let facts: Vec<String> = rows.iter().map(fact).collect();
        return Some(format!(
            "{}{}.",
            amounts::marker(sentence),
            facts.join(", ")
        ));
    }
    let order = work.order.as_ref()?;
    let total = order.priced.totals.total;
    (!total.is_zero()).then(|| {
        work.tongue.say(&Phrase::Total {
            total: shown(total),
        })
    })
}

/// Everything that the rows say about money.
#[derive(Debug, Default)]
pub(super) struct Explained {
    amounts: HashSet<(i64, Currency)>,
    minors: HashSet<i64>,
    percents: HashSet<String>,
    hours: HashSet<u32>,
    discounts: bool,
}

impl Explained {
    pub(super) fn of(rows: &[Offering]) -> Self {
        let mut facts = Self::default();
        for row in rows {
            facts.row(row);
        }
        facts.minors = facts.amounts.iter().map(|(minor, _)| *minor).collect();
        facts
    }

    fn money(&mut self, money: Money) {
        self.amounts.insert((money.minor(), money.currency()));
    }

    fn row(&mut self, row: &Offering) {
        self.money(row.price);
        if let Some(fee) = row.fee {
            self.money(fee.amount);
            fee.free_from.into_iter().for_each(|from| self.money(from));
        }
        self.hours.extend(row.delivery_hours);
        let texts = [&row.name, &row.description];
        let more = row.details.values().chain(&row.unit).chain(&row.duration);
        for text in texts.into_iter().chain(more) {
            self.discounts |= Cues::of(&fold(text)).has(Cues::DISCOUNT);
            // A text without a figure holds no amount.
            if !text.contains(char::is_numeric) {
                continue;
            }
            for amount in amounts::scan(text) {
                if let (Some(minor), Some(currency)) = (amount.minor, amount.currency) {
                    self.amounts.insert((minor, currency));
                }
            }
            self.percents.extend(percents(text));
        }
    }
}

/// Everything that may be said about money in this turn.
struct Turn<'a> {
    rows: &'a Explained,
    /// What the carts cost.
    carts: Vec<(i64, Currency)>,
}

impl<'a> Turn<'a> {
    fn of(work: &Work<'a>) -> Self {
        let mut turn = Self {
            rows: &work.facts.explained,
            carts: Vec::new(),
        };
        let claimed: Vec<CartLine> = work
            .claims
            .items
            .iter()
            .flatten()
            .map(|item| CartLine {
                sku: item.sku.clone(),
                quantity: item.quantity,
            })
            .collect();
        for cart in [&work.cart, &work.context.cart, &claimed] {
            turn.cart(work, cart);
        }
        turn
    }

    fn cart(&mut self, work: &Work<'_>, cart: &[CartLine]) {
        if cart.is_empty() {
            return;
        }
        let mut money = Vec::new();
        for line in cart {
            let row = work.row(&line.sku);
            money.extend(row.and_then(|row| row.price.times(line.quantity).ok()));
        }
        for at_place in [true, false] {
            if let Ok(priced) = price(work.catalog, cart, at_place) {
                let totals = priced.totals;
                money.extend([totals.products, totals.delivery, totals.total]);
            }
        }
        let figures = money
            .into_iter()
            .map(|money| (money.minor(), money.currency()));
        self.carts.extend(figures);
    }

    fn holds(&self, minor: i64, currency: Currency) -> bool {
        let amount = (minor, currency);
        self.rows.amounts.contains(&amount) || self.carts.contains(&amount)
    }

    fn holds_in_any(&self, minor: i64) -> bool {
        self.rows.minors.contains(&minor) || self.carts.iter().any(|(own, _)| *own == minor)
    }

    fn explain(&self, work: &Work<'_>, sentence: &Sentence<'_>) -> bool {
        let masked = sentence.masked(|words| amounts::mask_names(&work.facts.figured, words));
        if !masked.contains(|c: char| c.is_ascii_digit()) {
            return self.explains_discount(masked, &[]);
        }
        // "2 × 29.90 = 59.80 EUR" shows a catalogue price and its quantity.
        let price = |cents: i64| self.holds(cents, Currency::EUR);
        let written: Vec<(i64, i64)> = amounts::products(masked);
        let worked_out: Vec<Option<i64>> = written
            .iter()
            .filter(|(cents, _)| *cents > 0 && price(*cents))
            .map(|(cents, count)| cents.checked_mul(*count))
            .collect();
        let counted = Self::counted(work, sentence);
        let found = amounts::scan(masked);
        let known = |(at, amount): (usize, &amounts::Amount)| {
            let Some(minor) = amount.minor else {
                return false;
            };
            let before = found.get(..at).unwrap_or_default();
            if worked_out.contains(&Some(minor))
                || counted.contains(&minor)
                || (masked.contains(['+', '=']) && is_sum(minor, before, &written))
            {
                return amount
                    .currency
                    .is_none_or(|currency| currency == Currency::EUR);
            }
            match amount.currency {
                Some(currency) => self.holds(minor, currency),
                None => self.holds_in_any(minor),
            }
        };
        found.iter().enumerate().all(known)
            && self.explains_discount(masked, &percents(masked))
            && self.explains_delivery(masked)
    }

    /// "2 × Bouquet of 10 roses — 59.80 EUR": the line itself names quantity and offering.
    fn counted(work: &Work<'_>, sentence: &Sentence<'_>) -> Vec<i64> {
        // Most sentences count nothing, and folding every name costs.
        if !sentence.contains(['×', 'x', 'х', '*']) {
            return Vec::new();
        }
        let folded = sentence.folded();
        let sum = |row: &Offering| {
            let (head, _) = folded.split_once(&fold(&row.name))?;
            let count = head.trim_end().strip_suffix(['×', 'x', 'х', '*'])?;
            let count: u32 = trailing_number(count)?.parse().ok()?;
            row.price.times(count).ok().map(|sum| sum.minor())
        };
        let rows = work.facts.rows_in(folded).into_iter();
        rows.filter_map(sum).collect()
    }

    fn explains_discount(&self, folded: &str, percents: &[String]) -> bool {
        let named = Cues::of(folded).has(Cues::DISCOUNT);
        let unknown = percents
            .iter()
            // "100 % natural" is no discount.
            .any(|percent| !self.rows.percents.contains(percent) && (named || percent != "100"));
        let claimed = named && !self.rows.discounts && !denies(folded);
        !unknown && !claimed
    }

    fn explains_delivery(&self, folded: &str) -> bool {
        const DELIVERY: [&str; 15] = [
            "deliver",
            "shipping",
            "arriv",
            "достав",
            "привез",
            "entreg",
            "envio",
            "reparto",
            "liefer",
            "zustell",
            "livr",
            "consegn",
            "entrega",
            "llega",
            "courier",
        ];
        !has_any(folded, &DELIVERY)
            || hours(folded)
                .iter()
                .all(|hours| self.rows.hours.contains(hours))
    }
}

/// Whether an amount is the sum of those written before it, each alone or times its count.
fn is_sum(minor: i64, before: &[amounts::Amount], products: &[(i64, i64)]) -> bool {
    let times = |cents: i64| {
        let product = products.iter().find(|(price, _)| *price == cents);
        product
            .and_then(|(price, count)| price.checked_mul(*count))
            .unwrap_or(cents)
    };
    let parts: Vec<i64> = before.iter().filter_map(|amount| amount.minor).collect();
    let all = |value: &dyn Fn(i64) -> i64| {
        parts
            .iter()
            .try_fold(0_i64, |sum, part| sum.checked_add(value(*part)))
    };
    parts.len() > 1 && (all(&|part| part) == Some(minor) || all(&times) == Some(minor))
}

/// Bargains by number, as whole words.
pub(super) const BARGAINS: [&str; 22] = [
    "2x1",
    "3x2",
    "2 x 1",
    "3 x 2",
    "2×1",
    "3×2",
    "2 × 1",
    "3 × 2",
    "2х1",
    "3х2",
    "2 for 1",
    "3 for 2",
    "2-for-1",
    "1+1",
    "2+1",
    "1 + 1",
    "2 + 1",
    "two for one",
    "three for two",
    "2 por 1",
    "dos por uno",
    "tres por dos",
];

pub(super) const DISCOUNTS: [&str; 51] = [
    "half price",
    "half-price",
    "half the price",
    "half off",
    "buy one",
    "get one",
    "bogo",
    "on sale",
    "special offer",
    "special price",
    "полцен",
    "половину цены",
    "половину стоимости",
    "по цене одно",
    "по цене двух",
    "спецпредлож",
    "спеццен",
    "специальная цена",
    "распродаж",
    "акция",
    "по акции",
    "mitad de precio",
    "medio precio",
    "a mitad",
    "oferta especial",
    "precio especial",
    "discount",
    "promo code",
    "promocode",
    "cashback",
    "% off",
    "percent off",
    "скидк",
    "промокод",
    "кэшбэк",
    "кешбэк",
    "descuento",
    "rebaja",
    "codigo promocional",
    "rabatt",
    "nachlass",
    "gutschein",
    "remise",
    "reduction",
    "rabais",
    "sconto",
    "sconti",
    "ribasso",
    "desconto",
    "voucher",
    "купон",
];

/// The numbers in front of a percent sign or word.
fn percents(text: &str) -> Vec<String> {
    const WORDS: [&str; 8] = [
        "percent",
        "процент",
        "por ciento",
        "prozent",
        "pour cent",
        "per cento",
        "por cento",
        "per cent",
    ];
    let folded = fold(text);
    let mut marked = folded.replace('٪', "%");
    for word in WORDS {
        marked = marked.replace(word, "%");
    }
    let pieces: Vec<&str> = marked.split('%').collect();
    let heads = pieces
        .split_last()
        .map(|(_, heads)| heads)
        .unwrap_or_default();
    heads
        .iter()
        .filter_map(|head| trailing_number(head))
        .collect()
}

fn trailing_number(head: &str) -> Option<String> {
    let reversed: String = head
        .trim_end()
        .chars()
        .rev()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        .collect();
    let number: String = reversed.chars().rev().collect();
    let number = number.trim_matches(['.', ',']).replace(',', ".");
    (!number.is_empty()).then_some(number)
}

/// Hours in front of words for hours or days.
fn hours(folded: &str) -> Vec<u32> {
    const HOURS: [&str; 9] = [
        "hour", "hr", "час", "hora", "stunde", "heure", "ore", "ora", "ч",
    ];
    const DAYS: [&str; 11] = [
        "day", "дн", "день", "dia", "tag", "jour", "giorn", "сут", "werktag", "jours", "дня",
    ];
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let pairs = words.iter().zip(words.iter().skip(1));
    let starts = |word: &str, stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    pairs
        .filter_map(|(number, word)| {
            let number: u32 = number.parse().ok()?;
            if starts(word, &HOURS) {
                Some(number)
            } else if starts(word, &DAYS) {
                number.checked_mul(24)
            } else {
                None
            }
        })
        .collect()
}
