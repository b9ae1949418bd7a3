//! G5: an order may only name offerings of this turn's rows. An unknown key ends the order and the customer is asked which
//! offering is meant; an order without keys takes the cart the customer stated.

use x8_core::{Sku, order::CartLine, text::fold};

use super::{
    Action, Rule, cues::Cues, letter::is_alphanumeric, page::Sentence, text::Edit, tongue::Phrase,
    work::Work,
};

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
        let names = names.map(|row| row.name.to_string()).collect();
        work.hold(Rule::G5, evidence, &Phrase::WhichOffering { names });
        return;
    }
    work.cart = cart;
}

/// Removes sentences that name a key no row has: "SKU 999 costs …".
pub(super) fn mentions(work: &mut Work<'_>) {
    if !work.page().says(Cues::LABEL) {
        return;
    }
    work.edit(Rule::G5, |work, sentence| {
        if names_unknown(work, sentence) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

fn names_unknown(work: &Work<'_>, sentence: &Sentence<'_>) -> bool {
    // Most sentences have no label, or no figure.
    if !sentence.says(Cues::LABEL) || !sentence.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let words: Vec<&str> = sentence
        .split(|c: char| !(is_alphanumeric(c) || matches!(c, '-' | '_' | '/' | '#' | '№')))
        .filter(|word| !word.is_empty())
        .collect();
    let known = |key: &str| {
        [key.to_owned(), key.to_uppercase(), key.to_lowercase()]
            .into_iter()
            .any(|key| work.row(&Sku::from(key)).is_some())
    };
    words.iter().enumerate().any(|(at, word)| {
        let key = words
            .get(at + 1..)
            .and_then(|behind| key_behind(word, behind, words.get(..at)));
        key.is_some_and(|key| !known(key))
    })
}

/// Words that name a key by themselves, and words that do with a sign: "item no. 5", "код товара 5".
pub(super) const LABELS: [&str; 17] = [
    "sku",
    "артикул",
    "артикулом",
    "артикула",
    "артикулу",
    "арт",
    "articulo",
    "referencia",
    "ref",
    "art",
    "artikelnummer",
    "bestellnummer",
    "produktnummer",
    "reference",
    "articolo",
    "riferimento",
    "artigo",
];
pub(super) const SIGNED: [&str; 9] = [
    "article",
    "item",
    "product",
    "товара",
    "artikel",
    "produkt",
    "produit",
    "prodotto",
    "produto",
];
const SIGNS: [&str; 10] = [
    "no",
    "nr",
    "nº",
    "n",
    "number",
    "code",
    "numero",
    "код",
    "номер",
    "№",
];

/// The key that a label announces.
fn key_behind<'w>(word: &str, behind: &[&'w str], before: Option<&[&str]>) -> Option<&'w str> {
    const OTHER: [&str; 8] = [
        "order",
        "booking",
        "payment",
        "заказа",
        "pedido",
        "commande",
        "ordine",
        "bestellung",
    ];
    let folded = fold(word);
    // "L'articolo".
    let label = folded.rsplit(['\'', '’']).next().unwrap_or_default();
    let last = before
        .and_then(<[&str]>::last)
        .map(|word| fold(word))
        .unwrap_or_default();
    let sign = |word: &str| SIGNS.contains(&fold(word).as_str());
    let mut behind = behind.iter().copied();
    let mut next = behind.next()?;
    let mut signed = sign(&last) || next.starts_with(['#', '№']);
    if sign(next) {
        signed = true;
        next = behind.next()?;
    }
    let labelled = LABELS.contains(&label) || (signed && SIGNED.contains(&label));
    let key = next.trim_start_matches(['#', '№']);
    let is_key = key.chars().any(|c| c.is_ascii_digit());
    (labelled && is_key && !OTHER.contains(&last.as_str())).then_some(key)
}
