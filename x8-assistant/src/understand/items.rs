//! Which offerings are meant, and how many (O1).

use x8_core::Sku;

use super::{
    figures::{self, Role},
    lexicon::{Entry, Lexicon},
    number,
    terms::{concept, term},
    words::{Word, Words},
};

mod counts;

pub(super) use counts::{is_bare_count, is_recount, lone_count, ordinal, people};

use counts::{Numbers, narrow};

/// One thing the customer speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The rows it may mean; one when clear.
    pub skus: Vec<Sku>,
    /// How many, as far as said.
    pub count: Count,
}

/// How many, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Not said.
    Open,
    /// SKU units: "two bouquets".
    Units(u32),
    /// Inner pieces: "20 roses" (O1).
    Pieces(u32),
    /// One, by a noun in the singular: "bouquet of 10 roses".
    Implied,
}

/// Finds all wishes in order and takes their words; says whether a quantity was named that cannot be.
pub(super) fn hear(
    words: &mut Words,
    lexicon: &Lexicon,
    contact: Contact,
    choosing: bool,
) -> (Vec<Wish>, bool) {
    let mut wishes = Vec::new();
    full_names(words, lexicon, &mut wishes);
    keys(words, lexicon, &mut wishes);
    // Behind names and keys, whose own numbers belong to them.
    let uncountable = figures::set_apart(words, choosing);
    for part in parts(words) {
        if is_person(words, &part, lexicon, contact) {
            continue;
        }
        if let Some(wish) = read_part(words, &part, lexicon) {
            merge(&mut wishes, wish);
        }
    }
    if uncountable {
        for wish in &mut wishes {
            wish.count = Count::Open;
        }
    }
    (wishes, uncountable)
}

/// Whether a burst brings contact details, so that capitalised words may be a person ("Eve Stone", "Rosa").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contact {
    /// Nothing of the kind.
    None,
    /// A phone came with it.
    Given,
    /// The name was asked for and is still unknown.
    Asked,
}

impl Contact {
    pub(super) fn of(asked: bool, phone: bool) -> Self {
        match (asked, phone) {
            (true, _) => Self::Asked,
            (false, true) => Self::Given,
            (false, false) => Self::None,
        }
    }
}

/// Capitalised words only, and not all of them words of the catalogue; a single one counts when the name was asked for.
fn is_person(words: &Words, part: &[usize], lexicon: &Lexicon, contact: Contact) -> bool {
    let list: Vec<&Word> = part.iter().filter_map(|at| words.at(*at)).collect();
    let plain = list
        .iter()
        .all(|word| word.is_letters() && word.is_capitalised());
    let known = list
        .iter()
        .filter(|word| lexicon.knows(&word.folded))
        .count();
    match (contact, list.len()) {
        (Contact::None, _) => false,
        (Contact::Asked, 1) => plain,
        (_, 2..=4) => plain && known < list.len(),
        _other => false,
    }
}

/// The same rows named twice ("whale and dolphin watching") are one wish.
fn merge(wishes: &mut Vec<Wish>, wish: Wish) {
    let same = wishes.iter_mut().find(|known| {
        known.skus == wish.skus
            || (known.skus.len() == 1
                && (wish.count == Count::Open || known.count == Count::Open)
                && known.skus.iter().all(|sku| wish.skus.contains(sku)))
    });
    match same {
        Some(known) if known.count == Count::Open => known.count = wish.count,
        Some(_known) => {}
        None => wishes.push(wish),
    }
}

/// Whole names as the catalogue writes them.
fn full_names(words: &mut Words, lexicon: &Lexicon, wishes: &mut Vec<Wish>) {
    for entry in lexicon.openings(words) {
        let start = (0..words.list().len()).find(|start| {
            let here = words.list().get(*start..start + entry.name.len());
            here.is_some_and(|here| {
                here.iter()
                    .zip(&entry.name)
                    .all(|(word, own)| word.folded == *own && !word.used)
            })
        });
        let Some(start) = start else { continue };
        words.take(start..start + entry.name.len());
        let mut count = count_before(words, start);
        if count == Count::Open && entry.pack.is_some() {
            count = Count::Implied;
        }
        merge(
            wishes,
            Wish {
                skus: vec![entry.sku.clone()],
                count,
            },
        );
    }
}

/// "2 x", "two", "a" directly before.
fn count_before(words: &mut Words, start: usize) -> Count {
    let cross = words
        .before(start, 1)
        .is_some_and(|word| ["x", "х", "×"].contains(&word.folded.as_str()));
    let back = if cross { 2 } else { 1 };
    let count = words
        .before(start, back)
        .filter(|word| !word.used)
        .and_then(number::value);
    let article = words.before(start, back).is_some_and(number::is_article);
    match (count, start.checked_sub(back)) {
        (Some(count), Some(place))
            if count > 0 && figures::role(words, place, false) == Role::Counts =>
        {
            words.take(place..start);
            if article {
                Count::Implied
            } else {
                Count::Units(count)
            }
        }
        _none => Count::Open,
    }
}

/// SKUs written out: a number that is a key and not a small quantity, or any key after "sku", "артикул", "№".
fn keys(words: &mut Words, lexicon: &Lexicon, wishes: &mut Vec<Wish>) {
    const LABELS: &[&str] = &[
        "sku",
        "article",
        "item",
        "артикул",
        "арт",
        "код",
        "articulo",
        "referencia",
        "ref",
        "codigo",
    ];
    for at in 0..words.list().len() {
        let Some(word) = words.at(at).filter(|word| !word.used) else {
            continue;
        };
        let labelled = words
            .before(at, 1)
            .is_some_and(|before| LABELS.contains(&before.folded.as_str()))
            || word.gap.contains(['#', '№']);
        let found = (1..=4).rev().find_map(|length| {
            let end = at.checked_add(length)?;
            written_key(words, at..end, labelled, lexicon).map(|sku| (sku, end))
        });
        let Some((sku, end)) = found else { continue };
        words.take(at..end);
        let start = if labelled && at > 0 { at - 1 } else { at };
        let mut count = count_before(words, start);
        if count == Count::Open {
            count = count_after(words, end - 1);
        }
        merge(
            wishes,
            Wish {
                skus: vec![sku],
                count,
            },
        );
    }
}

/// The key that these words spell without a space ("P4", "AB-12"), in any case.
fn written_key(
    words: &Words,
    range: std::ops::Range<usize>,
    labelled: bool,
    lexicon: &Lexicon,
) -> Option<Sku> {
    let here = words.list().get(range.clone())?;
    let glued = here
        .iter()
        .skip(1)
        .all(|word| matches!(word.gap.as_str(), "" | "-" | "_" | "/" | "."));
    let text = words.span(&range);
    let digits = text.chars().any(|one| one.is_ascii_digit());
    let letters = text.chars().any(char::is_alphabetic);
    let telling = digits && (letters || text.chars().count() >= 3);
    if !glued || here.iter().any(|word| word.used) || !(labelled || telling) {
        return None;
    }
    [text.to_owned(), text.to_uppercase(), text.to_lowercase()]
        .into_iter()
        .map(Sku::from)
        .find(|sku| lexicon.row(sku).is_some())
}

/// "201 x 2".
fn count_after(words: &mut Words, at: usize) -> Count {
    let cross = words
        .at(at + 1)
        .is_some_and(|word| ["x", "х"].contains(&word.folded.as_str()));
    let near = words
        .at(at + 1)
        .is_some_and(|word| word.gap.contains(['×', '*']));
    let place = if cross { at + 2 } else { at + 1 };
    match words
        .at(place)
        .filter(|_| cross || near)
        .and_then(Word::digits)
    {
        Some(count) if count > 0 => {
            words.take(place..place + 1);
            Count::Units(count)
        }
        _none => Count::Open,
    }
}

/// Index ranges between commas, sentence ends, "and", "y", "и", "плюс".
fn parts(words: &Words) -> Vec<Vec<usize>> {
    const JOINTS: &[&str] = &[
        "and",
        "plus",
        "also",
        "и",
        "плюс",
        "также",
        "еще",
        "y",
        "e",
        "mas",
        "tambien",
    ];
    let mut parts: Vec<Vec<usize>> = vec![Vec::new()];
    let mut segment = 0;
    for (at, word) in words.list().iter().enumerate() {
        if word.segment != segment
            || JOINTS.contains(&word.folded.as_str())
            || word.gap.contains('+')
        {
            parts.push(Vec::new());
            segment = word.segment;
        }
        if !word.used
            && let Some(part) = parts.last_mut()
        {
            part.push(at);
        }
    }
    parts
}

fn read_part(words: &mut Words, part: &[usize], lexicon: &Lexicon) -> Option<Wish> {
    // "Small, not large": what is denied is not wished for.
    let denied = |at: usize| {
        words
            .before(at, 1)
            .is_some_and(|before| ["not", "no", "не"].contains(&before.folded.as_str()))
    };
    let list: Vec<(usize, Word)> = part
        .iter()
        .filter(|at| !denied(**at))
        .filter_map(|at| words.at(*at).map(|word| (*at, word.clone())))
        .collect();
    let mut terms: Vec<String> = list
        .iter()
        .filter_map(|(_, word)| term(&word.folded))
        .collect();
    let holds = |starts: &[&str]| {
        list.iter()
            .any(|(_, word)| starts.iter().any(|start| word.folded.starts_with(start)))
    };
    if holds(&["photo", "foto", "фото"]) && holds(&["sesi", "session", "сесси"]) {
        terms.push("photoshoot".to_owned());
    }
    let (score, mut found) = lexicon.best(&terms);
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
    let (found, count) = narrow(found, &numbers, &terms, lexicon);
    for (at, word) in &list {
        let counted = number::value(word).is_some() && !number::is_article(word);
        if counted
            || term(&word.folded)
                .is_some_and(|asked| lexicon.knows(&asked) || concept(&asked).is_some())
        {
            words.take(*at..at + 1);
        }
    }
    Some(Wish {
        skus: found.iter().map(|entry| entry.sku.clone()).collect(),
        count,
    })
}
