//! Catalogue search by words (K12): names, sections, tags and descriptions, in three languages.
//!
//! Beside [`x8_core::catalog::search`], which serves people who look for rows, this one serves sentences: words that mean
//! the same in three languages, names heard across scripts, and rows that tie are all meant until the customer says more.

use x8_core::text::fold;

use super::{
    lexicon::{Entry, Lexicon, NAME, NEAR_NAME, SECTION, Weights},
    number,
    terms::term,
    words::{Words, matches},
};

/// How many inner pieces one unit holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pack {
    pub(super) pieces: u32,
    /// The words for what is packed, as terms; never empty.
    pub(super) of: Vec<String>,
    /// Whether a container is named ("bouquet"), so that a count may mean containers.
    pub(super) container: Option<String>,
}

impl Lexicon {
    /// The rows that fit the terms best, in catalogue order, and how well. Rows tied at the top are all returned.
    pub(super) fn best(&self, asked: &[String]) -> (u32, Vec<&Entry>) {
        let weights: Vec<Weights> = asked.iter().map(|term| self.weights(term)).collect();
        let mut scores = Weights::sum(&weights);
        // "Small bag" of rows sold by the bag speaks for those that another word names.
        for (term, weight) in asked.iter().zip(&weights) {
            for at in self.sold_by(term) {
                if let Some(score) = scores.get_mut(at)
                    && *score >= NEAR_NAME
                    && weight.get(at).is_none()
                {
                    *score += SECTION;
                }
            }
        }
        let top = scores.values().max().unwrap_or(0);
        // One word may be the name of one row and the section of others: "dinner" means them all.
        let telling: Vec<&Weights> = weights.iter().filter(|rows| !rows.is_empty()).collect();
        let least = if telling.len() == 1 {
            top.min(SECTION)
        } else {
            top
        };
        let mut best = scores.at_least(least);
        // A word that is a form of one row's name and only near another's means the first.
        if telling.len() == 1 && top >= NAME {
            best.retain(|at| scores.get(*at) != Some(NEAR_NAME));
        }
        if telling.len() >= 2 && best.len() >= 2 {
            rarest(&telling, &mut best);
        }
        (
            top,
            best.iter().filter_map(|at| self.rows.get(*at)).collect(),
        )
    }
}

/// Of rows that fit as well, keeps those whose matching words fewer rows carry: "dental cleaning" is a cleaning.
fn rarest(telling: &[&Weights], best: &mut Vec<usize>) {
    let named: Vec<(&Weights, usize)> = telling
        .iter()
        .map(|rows| {
            (
                *rows,
                rows.values().filter(|weight| *weight >= NEAR_NAME).count(),
            )
        })
        .collect();
    let rarity = |at: &usize| {
        named
            .iter()
            .filter(|(rows, _)| rows.get(*at).is_some_and(|weight| weight >= NEAR_NAME))
            .map(|(_, spread)| *spread)
            .min()
            .unwrap_or(usize::MAX)
    };
    let least = best.iter().map(rarity).min();
    best.retain(|at| Some(rarity(at)) == least);
}

/// Reads "Bouquet of 10 roses", "Букет из 10 роз", "Ramo de 10 rosas", "Одна роза", and "Macarons, 6 pcs", "(6)", "x6".
pub(super) fn pack(words: &Words) -> Option<Pack> {
    let (at, pieces) = words.list().iter().enumerate().find_map(|(at, word)| {
        number::value(word)
            .filter(|_| !number::is_article(word) || at == 0)
            .map(|pieces| (at, pieces))
    })?;
    let term_at = |at: usize| words.at(at).and_then(|word| term(&word.folded));
    let holds = |word: &String| CONTAINERS.contains(&word.as_str());
    let container = (0..at).rev().filter_map(term_at).find(holds);
    let container = container.or_else(|| (0..at).find_map(term_at));
    let of: Vec<String> = (at + 1..words.list().len())
        .take_while(|behind| {
            words
                .at(*behind)
                .is_some_and(|word| !is_of(&word.folded) || is_of_counted(words, *behind, at))
        })
        .filter(|behind| {
            words
                .at(*behind)
                .is_some_and(|word| !is_piece(&word.folded) && !is_measure(&word.folded))
        })
        .filter_map(term_at)
        .take(3)
        .collect();
    if is_counted(words, at) {
        // What is packed stands in front: "Rose bouquet of 6 pcs".
        let front: Vec<String> = (0..at).filter_map(term_at).collect();
        let held = |word: &&String| CONTAINERS.contains(&word.as_str());
        let container = front.iter().find(held).cloned();
        let rest: Vec<String> = front.iter().filter(|word| !held(word)).cloned().collect();
        let of = content(words, at, &rest);
        return (pieces > 0 && !of.is_empty()).then_some(Pack {
            pieces,
            of,
            container,
        });
    }
    // "Avocados, net of 6": what is packed stands in front here as well.
    if of.is_empty() && words.before(at, 1).is_some_and(|word| is_of(&word.folded)) {
        let front: Vec<String> = (0..at).filter_map(term_at).collect();
        if let [of @ .., last] = front.as_slice()
            && !of.is_empty()
        {
            return (pieces > 1).then(|| Pack {
                pieces,
                of: content(words, at, of),
                container: Some(last.clone()),
            });
        }
    }
    let led = at == 0 || words.before(at, 1).is_some_and(|word| is_of(&word.folded));
    (led && pieces > 0 && !of.is_empty()).then_some(Pack {
        pieces,
        of,
        container,
    })
}

/// What holds pieces, as terms.
const CONTAINERS: [&str; 17] = [
    "package",
    "bouquet",
    "box",
    "set",
    "pack",
    "tray",
    "basket",
    "bag",
    "caja",
    "ramo",
    "bandeja",
    "paquete",
    "букет",
    "коробка",
    "набор",
    "упаковка",
    "корзина",
];

/// Whether a word names what holds pieces.
pub(super) fn is_container(folded: &str) -> bool {
    term(folded).is_some_and(|own| CONTAINERS.contains(&own.as_str()))
}

/// Whether a number counts pieces of what stands before it: "6 pcs", "6 шт", "(6)", "x6".
fn is_counted(words: &Words, at: usize) -> bool {
    let Some(word) = words.at(at).filter(|_| at > 0) else {
        return false;
    };
    let behind = words.raw().get(word.span.end..).unwrap_or_default();
    let piece = words.at(at + 1).is_some_and(|next| is_piece(&next.folded));
    let nothing_more = words
        .list()
        .iter()
        .skip(at + 1)
        .all(|word| term(&word.folded).is_none() || is_piece(&word.folded));
    let bracketed = word.gap.ends_with('(') && behind.starts_with(')');
    let cross = word.gap.ends_with('×')
        || words
            .before(at, 1)
            .is_some_and(|before| ["x", "х"].contains(&before.folded.as_str()));
    nothing_more && (piece || bracketed || cross)
}

/// "6 штук из теста", "12 of cheese": the preposition right behind the number leads to what is packed.
fn is_of_counted(words: &Words, place: usize, number: usize) -> bool {
    (number + 1..place).all(|at| words.at(at).is_some_and(|word| is_piece(&word.folded)))
}

/// The terms in front of a number that name a thing: up to the first preposition, which leads to what it is for.
fn front_of(words: &Words, at: usize) -> Vec<String> {
    const LEADS: [&str; 8] = ["for", "with", "para", "con", "для", "с", "со", "без"];
    let led = |place: usize| {
        words
            .at(place)
            .is_some_and(|word| LEADS.contains(&word.folded.as_str()))
    };
    let end = (0..at).find(|place| led(*place)).unwrap_or(at);
    const ADJECTIVES: [&str; 8] = ["ые", "ие", "ая", "яя", "ый", "ий", "ой", "ое"];
    let term_at = |place: usize| {
        let word = words.at(place)?;
        let adjective = ADJECTIVES
            .iter()
            .any(|ending| word.folded.ends_with(ending));
        term(&word.folded).filter(|_| !adjective)
    };
    (0..end).filter_map(term_at).collect()
}

/// Of terms in front of a number those that tell what is packed.
fn content(words: &Words, at: usize, terms: &[String]) -> Vec<String> {
    let named = front_of(words, at);
    let own = terms.iter().filter(|word| named.contains(word));
    let own: Vec<String> = own.cloned().collect();
    thing(if own.is_empty() { terms } else { &own })
}

/// The terms that are no colour, size or taste.
fn thing(terms: &[String]) -> Vec<String> {
    const QUALITIES: [&str; 22] = [
        "red", "white", "green", "black", "yellow", "blue", "pink", "large", "small", "medium",
        "fresh", "natural", "classic", "dry", "hot", "cold", "sweet", "salty", "spicy", "long",
        "short", "vegan",
    ];
    let plain = |term: &&String| !QUALITIES.contains(&term.as_str());
    let things: Vec<String> = terms.iter().filter(plain).cloned().collect();
    if things.is_empty() {
        terms.to_vec()
    } else {
        things
    }
}

/// Whether a word is a weight, volume or length.
fn is_measure(folded: &str) -> bool {
    folded.starts_with(|letter: char| letter.is_ascii_digit())
}

fn is_piece(folded: &str) -> bool {
    const PIECES: [&str; 10] = [
        "pc",
        "pcs",
        "piece*",
        "ud",
        "uds",
        "unidad*",
        "pieza*",
        "шт",
        "штук*",
        "unit*",
    ];
    PIECES.iter().any(|piece| matches(folded, piece))
}

/// "of", "из", "de", "with", "с", "con".
pub(super) fn is_of(folded: &str) -> bool {
    ["of", "из", "de", "with", "с", "со", "con", "по"].contains(&fold(folded).as_str())
}
