//! G5: an order may only name offerings of this turn's rows. An unknown key ends the order and the customer is asked which
//! offering is meant; an order without keys takes the cart the customer stated.

use x8_core::{Sku, order::CartLine, text::fold};

use super::{Action, Rule, cues::Cues, page::Sentence, text::Edit, tongue::Phrase, work::Work};

/// Names offered in the question.
const MOST_NAMES: usize = 8;

pub(super) fn apply(work: &mut Work<'_>) {
    if !work.closing {
        return;
    }
    let mut cart: Vec<CartLine> = Vec::new();
    let claimed = work.claims.items.iter().flatten().map(|item| CartLine {
        sku: item.sku.clone(),
        quantity: item.quantity,
    });
    for line in claimed {
        match cart.iter_mut().find(|known| known.sku == line.sku) {
            Some(known) => known.quantity = known.quantity.saturating_add(line.quantity),
            None => cart.push(line),
        }
    }
    if cart.is_empty() {
        cart.clone_from(&work.context.cart);
        if !cart.is_empty() {
            work.find(Rule::G5, Action::Replaced, "items: taken from the cart");
        }
    }
    let unknown = cart.iter().find(|line| work.row(&line.sku).is_none());
    if let Some(line) = unknown {
        let evidence = format!("SKU {}", line.sku);
        let names = work.catalog.offerings().iter().take(MOST_NAMES);
        let names = names.map(|row| row.name.clone()).collect();
        work.hold(Rule::G5, evidence, &Phrase::WhichOffering { names });
        return;
    }
    work.cart = cart;
}

/// Removes sentences that name a key no row has: "SKU 999 costs …".
pub(super) fn mentions(work: &mut Work<'_>) {
    work.edit(Rule::G5, |work, sentence| {
        if names_unknown(work, sentence) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

/// Words in front of a key, folded.
pub(super) const LABELS: [&str; 9] = [
    "sku",
    "артикул",
    "артикулом",
    "артикула",
    "арт",
    "articulo",
    "referencia",
    "ref",
    "art",
];

fn names_unknown(work: &Work<'_>, sentence: &Sentence<'_>) -> bool {
    const SIGNS: [&str; 4] = ["no", "nr", "nº", "n"];
    if !sentence.says(Cues::LABEL) {
        return false;
    }
    let words: Vec<&str> = sentence
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '/')))
        .filter(|word| !word.is_empty())
        .collect();
    let label = |word: &str| LABELS.contains(&fold(word).as_str());
    let known = |key: &str| {
        [key.to_owned(), key.to_uppercase(), key.to_lowercase()]
            .into_iter()
            .any(|key| work.row(&Sku::from(key)).is_some())
    };
    words.iter().enumerate().any(|(at, word)| {
        let mut behind = words.iter().skip(at + 1);
        let key = behind.find(|next| !SIGNS.contains(&fold(next).as_str()));
        label(word) && key.is_some_and(|key| key.chars().any(|c| c.is_ascii_digit()) && !known(key))
    })
}
