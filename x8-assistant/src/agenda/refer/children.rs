//! Those somebody orders for are children (O1).

use x8_core::{Sku, catalog::Kind, port::TurnInput, text::fold};

use crate::understand::{Count, Heard, Lexicon, alike_for_children, for_children};

/// Words for the children somebody orders for.
const CHILDREN: &[&str] = &[
    "son",
    "sons",
    "daughter",
    "daughters",
    "kid",
    "kids",
    "child",
    "boy",
    "girl",
    "nephew",
    "niece",
    "hijo",
    "hija",
    "hijos",
    "hijas",
    "nino",
    "nina",
    "ninos",
    "ninas",
    "sobrino",
    "sobrina",
    "nieto",
    "nieta",
    "сын",
    "сына",
    "сыну",
    "сыном",
    "дочь",
    "дочки",
    "дочка",
    "дочку",
    "дочке",
    "дочери",
    "дочкой",
    "ребенок",
    "ребенка",
    "ребенку",
    "дети",
    "детей",
    "детям",
    "внук",
    "внука",
    "внуку",
    "внучка",
    "внучки",
    "внучке",
    "внучку",
    "племянник",
    "племянника",
    "племяннику",
];

/// "7 yr old", "ребёнку 6 лет": somebody that young.
fn is_young(words: &[&str]) -> bool {
    const YEARS: &[&str] = &[
        "yr", "yrs", "year", "years", "yo", "лет", "год", "года", "anos", "anitos",
    ];
    const CHILD: std::ops::RangeInclusive<u32> = 2..=13;
    let pairs = words.iter().zip(words.iter().skip(1));
    pairs
        .filter(|(_, unit)| YEARS.contains(unit))
        .any(|(number, _)| number.parse().is_ok_and(|age: u32| CHILD.contains(&age)))
}

/// "A cut for my son": of several rows the one for children; beside one that is not, the one for children like it.
pub(in crate::agenda) fn for_child(heard: &mut Heard, input: &TurnInput, lexicon: &Lexicon) {
    let text = fold(&input.customer_text());
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let aged = is_young(&words);
    if !aged && !words.iter().any(|word| CHILDREN.contains(word)) {
        return;
    }
    let services = input.catalog.offerings().iter();
    let services = services.filter(|row| row.kind == Kind::Service);
    let all: Vec<Sku> = services.map(|row| row.sku.clone()).collect();
    let young: Vec<Sku> = if aged {
        for_children(lexicon, &all)
    } else {
        Vec::new()
    };
    for wish in &mut heard.wishes {
        let own: Vec<Sku> = for_children(lexicon, &wish.skus);
        if wish.skus.len() > 1 && !own.is_empty() {
            wish.skus = own;
        } else if wish.skus.len() > 1 && !young.is_empty() {
            // "A class for a 7 year old": what there is for children, whatever it is called.
            wish.skus.clone_from(&young);
        }
    }
    // "My daughter is 8, French": lessons for anybody, and a club for children.
    if let [wish] = heard.wishes.as_mut_slice()
        && let [sku] = wish.skus.as_slice()
        && matches!(wish.count, Count::Open)
        && for_children(lexicon, &wish.skus).is_empty()
    {
        let like = alike_for_children(lexicon, sku);
        wish.skus.extend(like);
    }
}
