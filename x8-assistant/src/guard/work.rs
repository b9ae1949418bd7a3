//! A reply while it is being checked.

use std::cell::OnceCell;

use x8_core::{
    Money, Sku,
    catalog::{Catalog, Offering},
    order::{Area, CartLine},
    text::fold,
};

use super::{
    Action, CheckedOrder, Context, Finding, Rule,
    cues::Cues,
    facts::Facts,
    lexicon::{Hits, List},
    page::{Checks, Page, Sentence},
    text::{self, Edit},
    tongue::{Phrase, Tongue},
    tree,
};
use crate::contract::Claims;

/// More letters than any source allows are not even looked at (G2).
const MOST_LETTERS: usize = 20_000;
/// More findings tell nobody more.
const MOST_FINDINGS: usize = 100;

/// The working copy that every rule reads and changes in turn.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub(super) facts: &'a Facts,
    pub(super) catalog: &'a Catalog,
    pub(super) context: &'a Context,
    pub(super) claims: Claims,
    pub(super) tongue: Tongue,
    /// The words so far.
    page: Page,
    /// The words as they were when this pass over them began, once they changed.
    began: Option<String>,
    /// What the customer wrote, read when a rule asks for it.
    heard: OnceCell<(Cues, Hits)>,
    /// Whether this reply still wants to close an order.
    pub(super) closing: bool,
    /// The cart of that order.
    pub(super) cart: Vec<CartLine>,
    pub(super) area: Option<Area>,
    /// Canonical spelling for the reply, even without an order (G8).
    pub(super) city: String,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) order: Option<CheckedOrder>,
    pub(super) remind: bool,
    pub(super) change: bool,
    pub(super) image: String,
    pub(super) video: String,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Work<'a> {
    pub(super) fn new(facts: &'a Facts, context: &'a Context, claims: Claims) -> Self {
        Self {
            facts,
            catalog: &facts.catalog,
            context,
            tongue: Tongue::of(context, &claims),
            page: Page::new(text::tidy(&text::head(&claims.response, MOST_LETTERS))),
            began: None,
            heard: OnceCell::new(),
            closing: claims.send_payment_link == Some(true) || claims.items.is_some(),
            cart: Vec::new(),
            area: None,
            city: String::new(),
            name: String::new(),
            phone: String::new(),
            order: None,
            remind: true,
            change: false,
            image: String::new(),
            video: String::new(),
            findings: Vec::new(),
            claims,
        }
    }

    pub(super) fn find(&mut self, rule: Rule, action: Action, evidence: impl Into<String>) {
        let evidence: String = evidence.into().chars().take(200).collect();
        let finding = Finding {
            rule,
            action,
            evidence,
        };
        if self.findings.len() < MOST_FINDINGS && !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Gives up closing the order and says why instead of the model's words.
    pub(super) fn hold(&mut self, rule: Rule, evidence: impl Into<String>, phrase: &Phrase) {
        self.closing = false;
        self.say(self.tongue.say(phrase));
        self.find(rule, Action::Refused, evidence);
    }

    /// The words so far.
    pub(super) fn text(&self) -> &str {
        self.page.text()
    }

    /// The words so far, sentence by sentence.
    pub(super) fn page(&self) -> &Page {
        &self.page
    }

    /// Puts other words in their place.
    pub(super) fn say(&mut self, text: String) {
        if text != self.page.text() {
            self.began
                .get_or_insert_with(|| self.page.text().to_owned());
            self.page.turn(text);
        }
    }

    /// Begins a pass over the words.
    pub(super) fn begin(&mut self) {
        self.began = None;
    }

    /// Whether the words are what they were when the pass began.
    pub(super) fn stands(&self) -> bool {
        self.began
            .as_deref()
            .is_none_or(|began| began == self.text())
    }

    /// Whether the customer's words hold one of these.
    pub(super) fn heard(&self, cues: Cues) -> bool {
        self.listened().0.has(cues)
    }

    /// Whether the customer's words hold something of this list.
    pub(super) fn hears(&self, list: List) -> bool {
        self.listened().1.has(list)
    }

    fn listened(&self) -> &(Cues, Hits) {
        self.heard.get_or_init(|| {
            let folded = fold(&self.context.customer_text);
            let lists = tree::read(&folded);
            (Cues::among(lists), Hits::of(lists))
        })
    }

    /// Edits the words sentence by sentence and records each edit.
    pub(super) fn edit(&mut self, rule: Rule, decide: impl FnMut(&Self, &Sentence<'_>) -> Edit) {
        self.edit_once(rule, Checks::default(), decide);
    }

    /// The same for a check that need not look again at what it kept.
    pub(super) fn edit_once(
        &mut self,
        rule: Rule,
        check: Checks,
        mut decide: impl FnMut(&Self, &Sentence<'_>) -> Edit,
    ) {
        let mut edits = Vec::new();
        let mut evidence = Vec::new();
        for (at, sentence) in self.page.open(check) {
            let edit = decide(self, &sentence);
            match &edit {
                Edit::Keep => {
                    self.page.keep(at, check);
                    continue;
                }
                Edit::Remove => evidence.push((Action::Removed, sentence.to_owned())),
                Edit::Replace(_) => evidence.push((Action::Replaced, sentence.to_owned())),
            }
            edits.push((at, edit));
        }
        if edits.is_empty() {
            return;
        }
        self.say(self.page.edited(edits));
        for (action, sentence) in evidence {
            self.find(rule, action, sentence);
        }
    }

    /// Adds a sentence of the guard's own, once.
    pub(super) fn append(&mut self, phrase: &Phrase) {
        let words = self.tongue.say(phrase);
        if !self.text().contains(&words) {
            self.say(format!("{} {words}", self.text()).trim().to_owned());
        }
    }

    /// Whether the turn's order, or the customer's cart, costs nothing although it holds something (O7).
    pub(super) fn is_free(&self) -> bool {
        if let Some(order) = &self.order {
            return order.priced.totals.total.is_zero();
        }
        let rows: Vec<&Offering> = self
            .context
            .cart
            .iter()
            .filter_map(|line| self.catalog.get(&line.sku))
            .collect();
        !rows.is_empty() && rows.iter().all(|row| row.is_free() && row.fee.is_none())
    }

    pub(super) fn row(&self, sku: &Sku) -> Option<&'a Offering> {
        self.catalog.get(sku)
    }
}

/// An amount for people: `29.90 EUR`, `135 EUR`.
pub(super) fn shown(money: Money) -> String {
    let digits = money.digits();
    let short = digits.strip_suffix(".00").unwrap_or(&digits);
    format!("{short} {}", money.currency())
}
