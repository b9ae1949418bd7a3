//! One part of a message: what it names and how many (O1).

use super::{
    super::{
        intent,
        lexicon::{Entry, Lexicon, NEAR_NAME},
        number,
        terms::{alike, concept, near_concept, related, term},
        words::{Word, Words},
    },
    Count, Wish,
    counts::{self, Numbers, narrow},
    measure, told,
};

/// One of something, in a language without articles.
const SINGULAR: &[&str] = &[
    "пачку",
    "пачка",
    "пачечку",
    "коробку",
    "коробочку",
    "банку",
    "баночку",
    "бутылку",
    "бутылочку",
    "упаковку",
    "штуку",
    "штучку",
    "порцию",
    "штука",
];

pub(super) fn read_part(words: &mut Words, part: &[usize], lexicon: &Lexicon) -> Option<Wish> {
    let list = said(words, part);
    let (named, mut list): (Vec<_>, Vec<_>) = list
        .into_iter()
        .partition(|(at, _)| super::people::is_in_name(words, *at, lexicon));
    let mut terms: Vec<String> = list
        .iter()
        .filter(|(_, word)| number::value(word).is_none())
        .chain(&named)
        .flat_map(|(_, word)| terms_of(&word.folded, lexicon))
        .collect();
    let holds = |starts: &[&str]| {
        list.iter()
            .any(|(_, word)| starts.iter().any(|start| word.folded.starts_with(start)))
    };
    if holds(&["photo", "foto", "фото"]) && holds(&["sesi", "session", "сесси"]) {
        terms.push("photoshoot".to_owned());
    }
    without_units(&mut terms, &list, lexicon);
    let (score, mut found) = lexicon.best(&terms);
    beside_each_other(&mut found, &list);
    told::by_head(&mut found, &list, lexicon);
    told::by_word(&mut found, &list);
    told::by_exact_unit(&mut found, &list);
    told::by_unit(&mut found, &terms, &list, lexicon);
    if let Some(at) = told::by_code_number(&mut found, &mut list, lexicon) {
        words.take(at..at + 1);
    }
    // "24 single ones": the rows that are sold by the piece.
    let single = list.len() > 1 && counts::is_single(&list);
    if score == 0 && single && list.iter().any(|(_, word)| number::value(word).is_some()) {
        let by_piece = |entry: &&Entry| entry.pack.as_ref().is_some_and(|pack| pack.pieces == 1);
        found = lexicon.rows.iter().filter(by_piece).collect();
    }
    let telling = terms
        .iter()
        .any(|asked| concept(asked).is_some() || lexicon.knows(asked));
    if score < 5 && !(score >= 2 && telling) && (score > 0 || found.is_empty()) {
        return None;
    }
    let numbers = Numbers::read(&list);
    let (mut found, mut count) = narrow(found, &numbers, &terms, lexicon);
    if let Some((row, times, at)) = measure::multiple(&found, &list)
        && matches!(count, Count::Open | Count::Implied)
    {
        words.take(at..at + 1);
        found = vec![row];
        count = Count::Units(times);
    }
    let single =
        |word: &Word| SINGULAR.contains(&word.folded.as_str()) && !lexicon.knows(&word.folded);
    if count == Count::Open && list.iter().any(|(_, word)| single(word)) {
        count = Count::Implied;
    }
    take_known(words, &list, lexicon);
    let skus = found.iter().map(|entry| entry.sku.clone()).collect();
    Some(Wish::new(skus, count))
}

/// The free words of a part that are not denied.
fn said(words: &Words, part: &[usize]) -> Vec<(usize, Word)> {
    // "Small, not large": what is denied is not wished for.
    let denied = |at: usize| {
        // "Oh no, 8 of beef" denies what was said before, not the eight.
        let segment = words.at(at).map(|word| word.segment);
        words.before(at, 1).is_some_and(|before| {
            Some(before.segment) == segment && ["not", "no", "не"].contains(&before.folded.as_str())
        })
    };
    part.iter()
        .filter(|at| !denied(**at) && words.at(**at).is_some_and(|word| !word.used))
        .filter_map(|at| words.at(*at).map(|word| (*at, word.clone())))
        .collect()
}

/// Takes the numbers and the words of the catalogue.
fn take_known(words: &mut Words, list: &[(usize, Word)], lexicon: &Lexicon) {
    for (at, word) in list {
        let counted = number::value(word).is_some() && !number::is_article(word);
        if counted
            || term(&word.folded)
                .is_some_and(|asked| lexicon.knows(&asked) || concept(&asked).is_some())
        {
            words.take(*at..at + 1);
        }
    }
}

/// "Three classes of pilates": what is counted is the unit of the row that the other words name, and names nothing itself.
fn without_units(terms: &mut Vec<String>, list: &[(usize, Word)], lexicon: &Lexicon) {
    let counted = list
        .iter()
        .zip(list.iter().skip(1))
        .find_map(|((_, one), (_, two))| {
            number::value(one)
                .filter(|_| !number::is_article(one))
                .map(|_| &two.folded)
        });
    let Some(unit) = counted else { return };
    let Some(own) = term(unit) else { return };
    let rest: Vec<String> = terms.iter().filter(|term| **term != own).cloned().collect();
    let (score, rows) = lexicon.best(&rest);
    if score >= NEAR_NAME
        && rows
            .iter()
            .all(|row| row.is_unit(unit) && row.pack.is_none())
    {
        *terms = rest;
    }
}

/// Of rows that fit as well, keeps those with the words in the order said: "city bikes" are no "city tour by bike".
fn beside_each_other(found: &mut Vec<&Entry>, list: &[(usize, Word)]) {
    let pairs = list.iter().zip(list.iter().skip(1));
    let pairs: Vec<(String, String)> = pairs
        .filter(|((one, _), (two, _))| one + 1 == *two)
        .filter_map(|((_, one), (_, two))| Some((term(&one.folded)?, term(&two.folded)?)))
        .collect();
    let near = |entry: &&Entry| {
        let own: Vec<Option<String>> = entry.name.iter().map(|word| term(word)).collect();
        own.iter().zip(own.iter().skip(1)).any(|(one, two)| {
            let (Some(one), Some(two)) = (one, two) else {
                return false;
            };
            pairs.iter().any(|(a, b)| alike(a, one) && alike(b, two))
        })
    };
    if found.len() > 1 && found.len() <= 12 && found.iter().any(near) {
        found.retain(near);
    }
}

/// A word as terms: those that name it together where nothing here is called by it ("beef" in a shop of "empanada de carne").
fn terms_of(folded: &str, lexicon: &Lexicon) -> Vec<String> {
    let own = concept(folded).filter(|_| !lexicon.knows(folded));
    let related = own.map(related).unwrap_or_default();
    if !related.is_empty() && related.iter().all(|other| lexicon.knows_term(other)) {
        return related.iter().map(|other| (*other).to_owned()).collect();
    }
    term_of(folded, lexicon).into_iter().collect()
}

/// A word as a term; one that nothing here is called by may be a slip in a word with a known meaning ("букэт").
fn term_of(folded: &str, lexicon: &Lexicon) -> Option<String> {
    let own = term(folded)?;
    let slip =
        concept(folded).is_none() && !lexicon.knows(folded) && !intent::is_common_word(folded);
    let near = slip.then(|| near_concept(folded)).flatten();
    let near = near.or_else(|| slip.then(|| lexicon.abbreviated(folded)).flatten());
    Some(near.map_or(own, str::to_owned))
}
