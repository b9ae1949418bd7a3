//! What a sentence claims in words beside its figures: deliveries too soon, vouchers, one row at the price of another.

use x8_core::catalog::Offering;

use super::{
    super::{
        known::{self, told},
        pretexts,
    },
    Turn,
};
use crate::guard::{
    amounts::{self, Figures, Role},
    clauses::clauses,
    facts::Named,
    lexicon::{Hits, List},
    look::Look,
    page::Sentence,
    text::denies,
};

impl Turn<'_> {
    /// Whether nothing in the words, figures aside, goes beyond the rows. `rows` are those the sentence names.
    pub(super) fn explains_words(
        &self,
        marked: &str,
        sentence: &Sentence<'_>,
        rows: &[Named<'_>],
        found: Hits,
    ) -> bool {
        let hurried = found.any(&[List::HASTE, List::TOMORROW, List::DAY])
            && found.any(&[List::DELIVERY, List::ARRIVAL])
            && !sentence.ends_with('?')
            && pretexts::hurries(&clauses(marked), self.known);
        let lent = found.has(List::PRICE) && self.is_priced_as(marked, sentence, rows);
        !(hurried || lent || self.offers_voucher(sentence))
            && self.explains_nicknames(marked, rows, found)
    }

    /// One row "at the price of" another, without any figure.
    fn is_priced_as(&self, marked: &str, sentence: &Sentence<'_>, rows: &[Named<'_>]) -> bool {
        let figures = sentence.looks(Look::NUMERIC) || sentence.ends_with('?');
        if figures || !pretexts::names_price_of(marked) {
            return false;
        }
        let mut named: Vec<&str> = rows.iter().map(|row| row.sku.as_str()).collect();
        let offerings = self.facts.catalog.offerings();
        let words = self.facts.nicknames.found(marked).into_iter();
        named.extend(words.filter_map(|(_, at)| Some(offerings.get(at)?.sku.as_str())));
        named.sort_unstable();
        named.dedup();
        named.len() > 1 && !denies(marked)
    }

    /// A code of a voucher that neither a row nor the customer wrote.
    fn offers_voucher(&self, sentence: &Sentence<'_>) -> bool {
        let own = |word: &str| {
            let rows = self.facts.catalog.offerings().iter();
            self.customer.contains(word)
                || rows.flat_map(known::texts).any(|text| text.contains(word))
        };
        sentence.looks(Look::NUMERIC)
            && pretexts::words(sentence).any(|word| pretexts::is_voucher(word) && !own(word))
    }

    /// No row that is named by one of its words alone may be told at the price of another row.
    fn explains_nicknames(&self, marked: &str, rows: &[Named<'_>], found: Hits) -> bool {
        if !marked.contains(|c: char| c.is_ascii_digit()) {
            return true;
        }
        let named = self.facts.nicknames.found(marked);
        if named.is_empty() {
            return true;
        }
        let offerings = self.facts.catalog.offerings();
        let (words, others): (Vec<&str>, Vec<&Offering>) = named
            .into_iter()
            .filter_map(|(word, at)| Some((word, offerings.get(at)?)))
            .unzip();
        let marked = amounts::mark_words(marked.into(), &words, rows.len());
        let figures = Figures::read(&marked);
        let counts = figures.counts();
        let fees = self.fees_listed || found.has(List::DELIVERY);
        figures.amounts().iter().all(|amount| {
            let (
                Role::Price {
                    rows: places,
                    count,
                },
                Some(minor),
            ) = (&amount.role, amount.minor)
            else {
                return true;
            };
            let own = places
                .iter()
                .any(|place| match place.checked_sub(rows.len()) {
                    None => rows
                        .get(*place)
                        .is_some_and(|row| self.is_price_of(row, minor, *count, &counts)),
                    Some(other) => others.get(other).is_some_and(|row| {
                        self.is_cost_of(row, minor, *count, &counts)
                            || told(row).iter().any(|(own, _)| *own == minor)
                    }),
                });
            fees || own
                || (!amount.bare && !self.is_price(minor))
                || (amount.bare && self.counts(minor))
        })
    }
}
