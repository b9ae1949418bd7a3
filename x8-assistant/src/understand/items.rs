//! Which offerings are meant, and how many (O1).

use x8_core::Sku;

use super::{
    figures,
    lexicon::Lexicon,
    number,
    search::{self, is_of},
    terms::term,
    words::{Word, Words},
};

mod counts;
mod denied;
mod named;
mod part;

pub(super) use counts::{is_bare_count, is_recount, lone_count, ordinal, people, sized};

use named::{full_names, keys};
use part::read_part;

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

/// What a message says about offerings.
#[derive(Clone, Debug, Default)]
pub(super) struct Items {
    /// What is wished for, in order.
    pub(super) wishes: Vec<Wish>,
    /// What is to be left out.
    pub(super) unwanted: Vec<Sku>,
    /// What is counted beside offerings and is none.
    pub(super) unknown: Vec<String>,
    /// Whether a quantity was named that cannot be.
    pub(super) uncountable: bool,
}

/// Finds all wishes in order and takes their words.
pub(super) fn hear(
    words: &mut Words,
    lexicon: &Lexicon,
    contact: Contact,
    choosing: bool,
) -> Items {
    let (mut wishes, mut unknown) = (Vec::new(), Vec::new());
    let mut unwanted = denied::hear(words, lexicon);
    let free: Vec<bool> = words.list().iter().map(|word| !word.used).collect();
    full_names(words, lexicon, &mut wishes);
    keys(words, lexicon, &mut wishes);
    // A name in full needs no more words: "the rabies vaccine for my dog" is no wish for dogs.
    let list = words.list().iter().zip(free);
    let named: Vec<bool> = list.map(|(word, free)| word.used && free).collect();
    // Behind names and keys, whose own numbers belong to them.
    let uncountable = figures::set_apart(words, choosing);
    for part in parts(words, lexicon) {
        if is_person(words, &part, lexicon, contact) {
            continue;
        }
        let part = without_tail(words, part, &named);
        match read_part(words, &part, lexicon) {
            Some(wish) => merge(&mut wishes, wish),
            None => unknown.extend(counted_stranger(words, &part, lexicon)),
        }
    }
    if wishes.is_empty() {
        unknown.clear();
    }
    if uncountable {
        for wish in &mut wishes {
            wish.count = Count::Open;
        }
    }
    if wishes.is_empty() {
        unwanted.plainly.append(&mut unwanted.perhaps);
    }
    Items {
        wishes,
        unwanted: unwanted.plainly,
        unknown,
        uncountable,
    }
}

/// What a question without a name is about, by the words of descriptions.
pub(super) fn described(words: &Words, lexicon: &Lexicon) -> Vec<Wish> {
    let said = words
        .list()
        .iter()
        .filter(|word| !word.used && !super::intent::is_common_word(&word.folded))
        .map(|word| word.folded.as_str());
    let rows = lexicon.described(said);
    let skus: Vec<Sku> = rows.iter().map(|entry| entry.sku.clone()).collect();
    let wish = Wish {
        skus,
        count: Count::Open,
    };
    if wish.skus.is_empty() {
        return Vec::new();
    }
    vec![wish]
}

/// Leaves out what only goes on about an offering that was named in full right before, without a number of its own.
fn without_tail(words: &Words, part: Vec<usize>, named: &[bool]) -> Vec<usize> {
    const ON: &[&str] = &["for", "of", "para", "de", "для", "с", "en", "in", "в"];
    let goes_on = |at: &usize| {
        let before = at.checked_sub(1).and_then(|before| named.get(before));
        let word = words.at(*at);
        before.copied().unwrap_or_default()
            && word.is_some_and(|word| ON.contains(&word.folded.as_str()))
    };
    let Some(start) = part.iter().position(goes_on) else {
        return part;
    };
    let (head, tail) = part.split_at(start);
    let counts = tail
        .iter()
        .filter_map(|at| words.at(*at))
        .any(|word| number::value(word).is_some());
    if counts { part } else { head.to_vec() }
}

/// "2 cheesecakes" where nobody sells any: the words for what is counted.
fn counted_stranger(words: &Words, part: &[usize], lexicon: &Lexicon) -> Option<String> {
    part.iter().find_map(|at| {
        let (count, next) = (words.at(*at)?, words.at(at + 1)?);
        let counts = !count.used
            && number::value(count).is_some()
            && !number::is_article(count)
            && next.segment == count.segment;
        let strange = !next.used
            && next.is_letters()
            && !next.is_capitalised()
            && next.folded.chars().count() >= 4
            && !lexicon.knows(&next.folded)
            && !super::intent::is_common_word(&next.folded)
            && number::value(next).is_none();
        (counts && strange).then(|| next.text.clone())
    })
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

/// The same rows named twice ("whale and dolphin watching") are one wish, and so are a word for several rows and the one of
/// them that is told apart later ("Spanish, the group course").
fn merge(wishes: &mut Vec<Wish>, wish: Wish) {
    let within = |few: &Wish, many: &Wish| {
        few.skus.len() < many.skus.len() && few.skus.iter().all(|sku| many.skus.contains(sku))
    };
    let told = |count: Count| matches!(count, Count::Units(_) | Count::Pieces(_));
    if let Some(wide) = wishes
        .iter_mut()
        .find(|known| within(&wish, known) && !(told(known.count) && told(wish.count)))
    {
        if told(wish.count) || !told(wide.count) {
            wide.count = wish.count;
        }
        wide.skus = wish.skus;
        return;
    }
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

/// Index ranges between commas, sentence ends, "and", "y", "и", "плюс".
fn parts(words: &Words, lexicon: &Lexicon) -> Vec<Vec<usize>> {
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
            || parts
                .last()
                .is_some_and(|part| begins(words, at, part, lexicon))
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

/// "Two loaves one cake": a number in front of something else that is sold begins a new part, though nothing else says so.
fn begins(words: &Words, at: usize, part: &[usize], lexicon: &Lexicon) -> bool {
    let knows = |at: usize| {
        words.at(at).is_some_and(|word| {
            !word.used && number::value(word).is_none() && lexicon.knows(&word.folded)
        })
    };
    let counts = words
        .at(at)
        .is_some_and(|word| !word.used && number::value(word).is_some());
    let lead = at.checked_sub(1).filter(|lead| part.contains(lead));
    let joined = lead.and_then(|lead| words.at(lead)).is_some_and(|word| {
        is_of(&word.folded)
            || search::is_container(&word.folded)
            || number::value(word).is_some()
            || ["for", "на", "для", "para", "not", "no", "не", "x", "х"]
                .contains(&word.folded.as_str())
    });
    let named: Vec<String> = part
        .iter()
        .filter_map(|at| words.at(*at))
        .filter(|word| number::value(word).is_none())
        .filter_map(|word| term(&word.folded))
        .collect();
    counts && !joined && knows(at + 1) && lexicon.best(&named).1.len() == 1
}
