//! Everything that may be said about money and time in one turn, and whether a sentence keeps to it.

use std::{cell::OnceCell, collections::HashSet};

use x8_core::{Currency, cart::price, catalog::Offering, order::CartLine, text::fold};

use super::{
    known::{self, Known},
    percents::{self, percents},
    pretexts,
};
use crate::guard::{
    amounts::{self, Amount, Figures, Role},
    clauses::clauses,
    facts::{Facts, Named},
    g06_stock::numbers,
    lexicon::{Hits, List, hits},
    page::{Checks, Sentence},
    text::denies,
    work::Work,
};

/// Every list that is asked for here.
const ASKED: [List; 17] = [
    List::DELIVERY,
    List::ARRIVAL,
    List::REMINDER,
    List::GUARANTEE,
    List::LASTING,
    List::DISCOUNT,
    List::BUDGET,
    List::REFUSAL,
    List::ACCEPTS,
    List::WITH,
    List::DAY,
    List::HASTE,
    List::TOMORROW,
    List::PRICE,
    List::FREE,
    List::PROMISE,
    List::FORMERLY,
];

/// A larger figure counts nothing that people order.
const LARGEST_COUNT: i64 = 24;

mod durations;
mod words;

/// The sums of this turn's carts, on top of what the rows say.
pub(super) struct Turn<'a> {
    known: &'a Known,
    /// Products and totals of the carts.
    sums: HashSet<i64>,
    /// Totals alone.
    totals: HashSet<i64>,
    /// What delivery costs these carts.
    deliveries: HashSet<i64>,
    /// A price times its quantity in a cart.
    lines: HashSet<i64>,
    quantities: HashSet<i64>,
    /// What these carts lack for a free delivery.
    missing: HashSet<i64>,
    /// A heading says that what follows is about deliveries.
    fees_listed: bool,
    /// Amounts that the customer wrote, read when a sentence may repeat one.
    written: OnceCell<Vec<i64>>,
    customer: &'a str,
    facts: &'a Facts,
    /// Somewhere in the reply deliveries, or what is free, are spoken of.
    delivery_told: bool,
}

impl<'a> Turn<'a> {
    pub(super) fn of(work: &Work<'a>, known: &'a Known) -> Self {
        let mut turn = Self {
            known,
            sums: HashSet::new(),
            totals: HashSet::new(),
            deliveries: HashSet::new(),
            lines: HashSet::new(),
            quantities: HashSet::new(),
            missing: HashSet::new(),
            fees_listed: work.text().lines().any(|line| {
                line.trim_end().ends_with(':') && hits(&fold(line)).has(List::DELIVERY)
            }),
            written: OnceCell::new(),
            customer: &work.context.customer_text,
            facts: work.facts,
            delivery_told: work.page().tells(&[
                List::DELIVERY,
                List::FREE,
                List::PROMISE,
                List::FROM,
            ]),
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

    /// Under which the sentences are kept that this explains: all else is the same in every turn over the words.
    pub(super) fn check(&self) -> Checks {
        match (self.fees_listed, self.delivery_told) {
            (false, false) => Checks::AMOUNTS,
            (true, false) => Checks::FEES,
            (false, true) => Checks::DELIVERIES,
            (true, true) => Checks::DELIVERY_FEES,
        }
    }

    fn cart(&mut self, work: &Work<'_>, cart: &[CartLine]) {
        for line in cart {
            self.quantities.insert(i64::from(line.quantity));
            let row = work.row(&line.sku);
            let money = row.and_then(|row| row.price.times(line.quantity).ok());
            self.lines.extend(money.map(|money| money.minor()));
        }
        for at_place in [true, false] {
            let Ok(priced) = price(work.catalog, cart, at_place) else {
                continue;
            };
            let totals = priced.totals;
            self.sums
                .extend([totals.products.minor(), totals.total.minor()]);
            // A total "with delivery" is not the one without.
            if at_place {
                self.totals.insert(totals.total.minor());
            }
            self.deliveries.insert(totals.delivery.minor());
            let lacks = |(limit, _): &(i64, Currency)| limit.checked_sub(totals.products.minor());
            let missing = self.known.thresholds.iter().filter_map(lacks);
            self.missing.extend(missing.filter(|missing| *missing > 0));
        }
    }

    /// Whether every amount, percentage and stretch of time in a sentence is founded. `rows` are those it names.
    pub(super) fn explains(&self, sentence: &Sentence<'_>, rows: &[Named<'_>]) -> bool {
        let made = amounts::mark_names(sentence, rows);
        let found = sentence.hits_in(&made, &ASKED);
        let marked = &made.text;
        let figures = Figures::read_spoken(marked, found.has(List::DAY));
        self.explains_words(marked, sentence, rows, found)
            && self.explains_amounts(&figures, rows, found)
            && self.explains_percents(marked, found)
            && self.explains_durations(&figures, marked, rows, found)
    }

    /// Whether every amount of a text that names no row is founded.
    pub(super) fn explains_text(&self, figures: &Figures<'_>, found: Hits) -> bool {
        self.explains_amounts(figures, &[], found)
    }

    fn explains_amounts(&self, figures: &Figures<'_>, rows: &[Named<'_>], found: Hits) -> bool {
        let amounts = figures.amounts();
        if amounts.is_empty() {
            return true;
        }
        if pretexts::was_dearer(&amounts, found, self.known, rows.len()) {
            return false;
        }
        let products = figures.products();
        let counts = figures.counts();
        let worked_out: Vec<i64> = products
            .iter()
            .filter(|(cents, _)| *cents > 0 && self.is_price(*cents))
            .filter_map(|(cents, count)| cents.checked_mul(*count))
            .collect();
        let quoted = found.any(&[List::BUDGET, List::REFUSAL]) && !found.has(List::ACCEPTS);
        amounts.iter().enumerate().all(|(at, amount)| {
            let Some(minor) = amount.minor else {
                return false;
            };
            if amount.currency.is_some_and(|own| own != Currency::EUR)
                && !self.is_told(amount, minor)
            {
                return false;
            }
            let earlier = amounts.get(..at).unwrap_or_default();
            let role = self.in_role(amount, minor, rows, &counts, found);
            worked_out.contains(&minor)
                || self.is_times(minor, &counts, rows)
                || is_sum(minor, earlier, &products)
                || role.unwrap_or_else(|| self.is_known(amount, minor))
                || (quoted && role.is_none() && self.written().contains(&minor))
                || (amount.bare && !found.has(List::ACCEPTS) && self.counts(minor))
        })
    }

    /// Whether an amount is a price times a count of the sentence: of the rows it names, or of any.
    fn is_times(&self, minor: i64, counts: &[i64], rows: &[Named<'_>]) -> bool {
        counts.iter().any(|count| {
            let one = minor.checked_div(*count).filter(|one| *one > 0);
            one.filter(|one| one.checked_mul(*count) == Some(minor))
                .is_some_and(|one| {
                    rows.iter().any(|row| row.price.minor() == one)
                        || (rows.is_empty() && self.is_price(one))
                })
        })
    }

    /// Whether an amount is what the words beside it say that it is; `None` when they say nothing.
    fn in_role(
        &self,
        amount: &Amount,
        minor: i64,
        rows: &[Named<'_>],
        counts: &[i64],
        found: Hits,
    ) -> Option<bool> {
        match &amount.role {
            Role::Any => None,
            Role::Price {
                rows: places,
                count,
            } => {
                let mut named = places.iter().filter_map(|place| rows.get(*place));
                let fees = self.fees_listed || found.has(List::DELIVERY);
                let fee = |row: &Named<'_>| {
                    let fee = row.fee.filter(|_| fees);
                    fee.is_some_and(|fee| {
                        let from = fee.free_from.map(|from| from.minor());
                        fee.amount.minor() == minor || from == Some(minor)
                    })
                };
                Some(named.any(|row| fee(row) || self.is_price_of(row, minor, *count, counts)))
            }
            Role::Total if self.totals.is_empty() => None,
            Role::Total if found.has(List::WITH) && found.has(List::DELIVERY) => {
                Some(self.totals.contains(&minor))
            }
            Role::Total => Some(self.sums.contains(&minor)),
            Role::Fee { .. } | Role::Threshold
                if self.missing.contains(&minor) && found.any(&[List::FREE, List::PROMISE]) =>
            {
                Some(true)
            }
            Role::Fee { from } => Some(
                contains(&self.known.fees, minor)
                    || self.deliveries.contains(&minor)
                    || contains(&self.known.told, minor)
                    || (*from && contains(&self.known.thresholds, minor)),
            ),
            Role::Threshold => {
                Some(contains(&self.known.thresholds, minor) || contains(&self.known.told, minor))
            }
        }
    }

    fn written(&self) -> &[i64] {
        self.written.get_or_init(|| known::written(self.customer))
    }

    /// "For 36 there is no set": a number of the customer's own, or of the cart.
    fn counts(&self, minor: i64) -> bool {
        let value = minor / 100;
        // What small figures of the rows' own texts count, they may count here.
        self.quantities.contains(&value)
            || (value <= LARGEST_COUNT && self.facts.numbers.contains(&value))
            || numbers(&fold(&amounts::plain(self.customer))).contains(&value)
    }

    fn is_price_of(&self, row: &Named<'_>, minor: i64, count: Option<i64>, counts: &[i64]) -> bool {
        self.is_cost_of(row, minor, count, counts)
            || row.told().iter().any(|(own, _)| *own == minor)
    }

    /// The same without what the row's texts tell.
    fn is_cost_of(&self, row: &Offering, minor: i64, count: Option<i64>, counts: &[i64]) -> bool {
        let price = row.price.minor();
        let written = count.into_iter().chain(counts.iter().copied());
        let mut times = written.chain(self.quantities.iter().copied());
        price == minor
            || times.any(|count| price.checked_mul(count) == Some(minor))
            || self.sums.contains(&minor)
    }

    fn is_price(&self, minor: i64) -> bool {
        contains(&self.known.prices, minor)
    }

    fn is_told(&self, amount: &Amount, minor: i64) -> bool {
        let told = amount.currency.map(|currency| (minor, currency));
        told.is_some_and(|told| {
            self.known.told.contains(&told) || self.known.prices.contains(&told)
        })
    }

    fn is_known(&self, amount: &Amount, minor: i64) -> bool {
        let currency = amount.currency.unwrap_or(Currency::EUR);
        let sets = [&self.known.prices, &self.known.fees, &self.known.told];
        if self.delivery_told
            && (self.known.thresholds.contains(&(minor, currency)) || self.missing.contains(&minor))
        {
            return true;
        }
        let own = |set: &&HashSet<(i64, Currency)>| set.contains(&(minor, currency));
        let turn = [&self.sums, &self.deliveries, &self.lines];
        sets.iter().any(own) || turn.into_iter().any(|set| set.contains(&minor))
    }

    fn explains_percents(&self, folded: &str, found: Hits) -> bool {
        let named = found.has(List::DISCOUNT);
        let unknown = percents(folded).iter().any(|percent| {
            // "100 % natural" is no discount.
            !self.known.percents.contains(percent) && (named || percent != "100")
        });
        let unknown = unknown && !percents::are_refused(folded, self.customer);
        let claimed = named && !self.known.discounts && promises_discount(folded);
        !unknown && !claimed
    }
}

pub(super) fn contains(set: &HashSet<(i64, Currency)>, minor: i64) -> bool {
    set.contains(&(minor, Currency::EUR))
}

/// Whether an amount is the sum of those written before it, each alone or times its count.
fn is_sum(minor: i64, before: &[Amount], products: &[(i64, i64)]) -> bool {
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

/// Whether some clause speaks of a discount and does not deny it.
fn promises_discount(folded: &str) -> bool {
    // "Discounts? Unfortunately not."
    if folded.ends_with('?') && folded.split(' ').count() < 4 {
        return false;
    }
    let promised = |clause: &String| hits(clause).has(List::DISCOUNT) && !denies(clause);
    let clauses = clauses(folded);
    clauses.iter().any(promised)
        || (!denies(folded)
            && !clauses
                .iter()
                .any(|clause| hits(clause).has(List::DISCOUNT)))
}
