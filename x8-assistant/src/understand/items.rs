//! Which offerings are meant, and how many (O1).

use x8_core::Sku;

use super::{
    figures,
    lexicon::{Entry, Lexicon},
    words::{Word, Words},
};

mod answers;
mod counts;
mod denied;
mod former;
mod measure;
mod named;
mod occasion;
mod part;
mod parts;
mod people;
mod places;
mod question;
mod singular;
mod told;

pub(super) use answers::{is_bare_count, is_recount, lone_count, sized};
pub(super) use counts::single;
pub(super) use occasion::set_apart as set_occasion_apart;
pub(super) use people::people;
pub(super) use places::{is_spelled, numbered, ordinal};
pub(super) use singular::is_one;

use former::{former, had};
use named::{full_names, keys};
use part::read_part;
use parts::{counted_stranger, parts, unit_count, without_tail};

/// One thing the customer speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The rows it may mean; one when clear.
    pub skus: Vec<Sku>,
    /// How many, as far as said.
    pub count: Count,
    /// Whether it was only asked about, in a sentence of its own: "two loaves please. Do you have honey?"
    pub asked: bool,
}

impl Wish {
    /// A wish for one of these rows.
    #[must_use]
    pub fn new(skus: Vec<Sku>, count: Count) -> Self {
        Self {
            skus,
            count,
            asked: false,
        }
    }
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
    /// How many of it, when only some are.
    pub(super) fewer: Option<u32>,
    /// What is counted beside offerings and is none.
    pub(super) unknown: Vec<String>,
    /// So many units of what was spoken of before.
    pub(super) units: Option<u32>,
    /// So many of what was spoken of before, beside other wishes.
    pub(super) former: Option<u32>,
    /// Whether a quantity was named that cannot be.
    pub(super) uncountable: bool,
}

/// What the conversation settles about the offerings of a burst.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'l> {
    /// Whether capitals may be a person.
    pub(super) contact: Contact,
    /// The last reply asked for a choice.
    pub(super) choosing: bool,
    /// What was spoken of before.
    pub(super) about: Option<&'l Entry>,
    /// What is in the cart, or looked at.
    pub(super) held: &'l [&'l Entry],
}

/// Finds all wishes in order and takes their words.
pub(super) fn hear(words: &mut Words, lexicon: &Lexicon, setting: Setting<'_>) -> Items {
    let Setting {
        contact,
        choosing,
        about,
        held,
    } = setting;
    let (mut wishes, mut unknown, mut units) = (Vec::new(), Vec::new(), None);
    question::set_apart(words);
    let mut unwanted = denied::hear(words, lexicon);
    let named = named(words, lexicon, &mut wishes);
    // Behind names and keys, whose own numbers belong to them.
    let uncountable = figures::set_apart(words, choosing);
    let had = had(words);
    let mut left_out = None;
    for part in parts(words, lexicon) {
        let past = part
            .first()
            .and_then(|at| words.at(*at))
            .is_some_and(|word| had == Some(word.segment));
        if past || is_person(words, &part, lexicon, contact) {
            continue;
        }
        let part = own_part(words, part, &named, lexicon, &mut left_out);
        if narrows(words, &part, &mut wishes, lexicon) {
            continue;
        }
        if let Some(row) = counted(lexicon, &wishes, about)
            && let Some((count, at)) = unit_count(words, &part, lexicon, row)
        {
            words.take(at..at + 2);
            match wishes.last_mut() {
                Some(wish) => wish.count = Count::Units(count),
                None => units = Some(count),
            }
            continue;
        }
        if told::all_of_size(words, &part, &mut wishes, lexicon) {
            continue;
        }
        if let Some(wish) = told::by_variant(words, &part, held, lexicon) {
            merge(&mut wishes, wish);
            continue;
        }
        if let Some(wish) = told::by_size_again(words, &part, &wishes, lexicon) {
            merge(&mut wishes, wish);
            continue;
        }
        match read_part(words, &part, lexicon) {
            Some(mut wish) => {
                wish.asked = question::is_asked(words, &part, wish.count);
                let said: Vec<&Word> = part.iter().filter_map(|at| words.at(*at)).collect();
                if told::by_kind(&mut wishes, &wish, &said, lexicon) {
                    continue;
                }
                merge(&mut wishes, wish);
            }
            None => unknown.extend(counted_stranger(words, &part, lexicon)),
        }
    }
    if wishes.is_empty() {
        unknown.clear();
        if units.is_none() {
            wishes.extend(told::by_number(words, lexicon));
        }
    }
    // "A cut and a colouring, but no colouring for now".
    wishes.retain(|wish: &Wish| !wish.skus.iter().all(|sku| unwanted.plainly.contains(sku)));
    explained(&mut wishes, lexicon);
    count_all(words, &mut wishes, uncountable);
    if wishes.is_empty() {
        unwanted.plainly.append(&mut unwanted.perhaps);
    }
    let former = former_count(words, about, &wishes, &mut units);
    Items {
        former,
        wishes,
        fewer: unwanted.count,
        unwanted: unwanted.plainly,
        unknown,
        units,
        uncountable,
    }
}

/// A part without what stands around names; `left_out` is where a part that was left out altogether ended.
fn own_part(
    words: &Words,
    part: Vec<usize>,
    named: &[bool],
    lexicon: &Lexicon,
    left_out: &mut Option<usize>,
) -> Vec<usize> {
    let (start, end) = (part.first().copied(), part.last().copied());
    // "A nail trim for my cat and dog": what goes on a part that was left out is left out as well.
    let goes_on = left_out.is_some()
        && start == *left_out
        && parts::opens_with_joint(words, &part)
        && !parts::counts(words, &part);
    let part = if goes_on {
        Vec::new()
    } else {
        without_tail(words, part, named, lexicon)
    };
    *left_out = end.filter(|_| part.is_empty()).map(|end| end + 1);
    part
}

/// Whether a part only tells which of the rows just named is meant, by the unit it counts; takes its words.
fn narrows(words: &mut Words, part: &[usize], wishes: &mut [Wish], lexicon: &Lexicon) -> bool {
    let Some(wish) = wishes.last_mut() else {
        return false;
    };
    let Some((sku, count, at)) = told::by_unit_count(words, part, &wish.skus, lexicon) else {
        return false;
    };
    words.take(at..at + 2);
    wish.skus = vec![sku];
    wish.count = Count::Units(count);
    true
}

/// How many of what was spoken of before, beside other wishes: "3 packs, and 2 of the cream".
fn former_count(
    words: &mut Words,
    about: Option<&Entry>,
    wishes: &[Wish],
    units: &mut Option<u32>,
) -> Option<u32> {
    let row = about.filter(|_| !wishes.is_empty())?;
    let other = !wishes.iter().any(|wish| wish.skus.contains(&row.sku));
    let counted = units.take().filter(|_| other);
    counted.or_else(|| former(words, row, wishes))
}

/// Names in full and keys, and which words they took: a name in full needs no more of them, so "the rabies vaccine for my dog"
/// is no wish for dogs.
fn named(words: &mut Words, lexicon: &Lexicon, wishes: &mut Vec<Wish>) -> Vec<bool> {
    let free: Vec<bool> = words.list().iter().map(|word| !word.used).collect();
    full_names(words, lexicon, wishes);
    keys(words, lexicon, wishes);
    let list = words.list().iter().zip(free);
    list.map(|(word, free)| word.used && free).collect()
}

/// "30 roses, so one bouquet of 20 and one of 10": pieces that the packs named beside them come to are no wish of their own.
fn explained(wishes: &mut Vec<Wish>, lexicon: &Lexicon) {
    let held = |wish: &Wish| {
        let [sku] = wish.skus.as_slice() else {
            return None;
        };
        let pieces = lexicon.row(sku)?.pack.as_ref()?.pieces;
        match wish.count {
            Count::Units(count) => pieces.checked_mul(count),
            Count::Implied | Count::Open => Some(pieces),
            Count::Pieces(_) => None,
        }
    };
    let packs: u32 = wishes.iter().filter_map(held).sum();
    let packed = |wish: &Wish| held(wish).is_some();
    if wishes.iter().any(packed) {
        wishes.retain(|wish| wish.count != Count::Pieces(packs));
    }
}

/// "Two of each", and counts that cannot be told from other figures.
fn count_all(words: &mut Words, wishes: &mut [Wish], uncountable: bool) {
    let each = answers::each(words);
    for wish in wishes {
        if uncountable {
            wish.count = Count::Open;
        } else if let Some(count) = each
            && wish.count == Count::Open
        {
            wish.count = Count::Units(count);
        }
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
    let wish = Wish::new(skus, Count::Open);
    if wish.skus.is_empty() {
        return Vec::new();
    }
    vec![wish]
}

/// The row that a count of units may be about: the last one wished for, while its count is open, or the one spoken of
/// before.
fn counted<'l>(
    lexicon: &'l Lexicon,
    wishes: &[Wish],
    about: Option<&'l Entry>,
) -> Option<&'l Entry> {
    match wishes.last() {
        None => about,
        Some(wish) => match (wish.skus.as_slice(), wish.count) {
            ([sku, rest @ ..], Count::Open | Count::Implied) => {
                let row = lexicon.row(sku)?;
                let same =
                    |other: &Sku| lexicon.row(other).is_some_and(|own| own.is_sold_like(row));
                rest.iter().all(same).then_some(row)
            }
            _other => None,
        },
    }
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
