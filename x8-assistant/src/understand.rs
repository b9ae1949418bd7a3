//! From a burst of messages to facts, without a model: language, intents, and the details an order needs (A5, O4).
//!
//! Everything here is deterministic and reads only the burst, the session and the catalogue of the turn. It understands
//! English, Russian and Spanish; other languages are recognised (German, French, Italian, Portuguese, Ukrainian) but only their
//! digits, names and catalogue words are read.
//!
//! ```
//! use x8_assistant::understand::{Lexicon, PhoneHeard, understand};
//! use x8_core::{Money, catalog::{Catalog, Kind, Offering}, conversation::Session};
//!
//! let tour = Offering::new("103", Kind::Service, "Wine tour", Money::eur(145_00));
//! let lexicon = Lexicon::new(&Catalog::detached(vec![tour]));
//! let now = jiff::civil::date(2026, 11, 20).at(12, 0, 0, 0);
//! let heard = understand("Two wine tours please, Ana Ruiz, +34 600 000 001", &Session::default(), &lexicon, now);
//! assert_eq!(heard.name.as_deref(), Some("Ana Ruiz"));
//! assert_eq!(heard.phone, Some(PhoneHeard::Number("+34600000001".to_owned())));
//! assert_eq!(heard.wishes.len(), 1);
//! ```

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use x8_core::{
    Sku,
    catalog::Catalog,
    conversation::{Asked, Session},
};

mod asks;
mod budget;
pub(crate) mod city;
mod code;
mod figures;
mod heard;
mod intent;
mod items;
mod language;
mod lexicon;
mod merge;
mod name;
mod number;
mod phone;
mod search;
mod shape;
mod size;
mod slot;
mod sound;
mod terms;
mod translit;
mod words;

pub use city::CityHeard;
pub use heard::Heard;
pub use intent::Intent;
pub use items::{Count, Wish};
pub use lexicon::Lexicon;
pub use phone::PhoneHeard;
pub use size::Size;

pub(crate) use size::of_size;

use asks::{ANOTHER, ASKS, BOOKS, FREE, WRITTEN};
use words::Words;

/// Nobody orders in more characters than this; what follows is not read.
const MOST_CHARACTERS: usize = 4_000;

/// The first of these texts' wishes that may mean several rows, read without a session.
pub(crate) fn unsettled<'t>(
    texts: impl Iterator<Item = &'t str>,
    lexicon: &Lexicon,
    now: DateTime,
) -> Option<Wish> {
    let blank = Session::default();
    let mut later = None;
    for text in texts {
        let heard = understand(text, &blank, lexicon, now);
        let Some(mut wish) = heard.wishes.into_iter().find(|wish| wish.skus.len() > 1) else {
            later = later.or(heard.count.filter(|_| heard.phone.is_none()));
            continue;
        };
        // "Do you sell tea lights?", "I need 36".
        let packed = |sku: &Sku| lexicon.row(sku).is_some_and(|row| row.pack.is_some());
        if let (Count::Open, Some(pieces), true) = (wish.count, later, wish.skus.iter().all(packed))
        {
            wish.count = Count::Pieces(pieces);
        }
        return Some(wish);
    }
    None
}

/// The start a message wishes for, when `known` was wished for before it.
pub(crate) fn wished(text: &str, now: DateTime, known: Option<DateTime>) -> Option<DateTime> {
    let text: String = text.chars().take(MOST_CHARACTERS).collect();
    let known = slot::Known {
        start: known,
        choosing: false,
    };
    slot::hear(&mut Words::heard(&text, None), now, known).start
}

/// Reads a burst in the light of what the last reply asked for. `now` is the company's local time.
#[must_use]
pub fn understand(text: &str, session: &Session, lexicon: &Lexicon, now: DateTime) -> Heard {
    let text: String = text.chars().take(MOST_CHARACTERS).collect();
    let mut words = Words::heard(&text, session.language.as_deref());
    words.take_quoted(WRITTEN);
    let budget = budget::hear(&words);
    let mut intents = intent::hear(&words, budget.is_some());
    let known = slot::Known {
        start: session.wished_start,
        choosing: session.asked == Some(Asked::Offering),
    };
    let wished = slot::hear(&mut words, now, known);
    let is_named = |number: &str| lexicon.is_name_word(number);
    let phone = phone::hear(&mut words, expected(session, &intents), &is_named);
    code::join_known(&mut words, &|code| lexicon.is_code(code));
    code::join_measures(&mut words, &|decimal| lexicon.measure_of(decimal));
    let is_term = |word: &str| lexicon.knows(word);
    let introduced = name::introduced(&mut words, &is_term);
    // Known places first, so that "La Orotava" is no offering; unknown ones last, so that an offering is no place.
    let known = city::hear_known(&mut words, &lexicon.places, is_placed(session, lexicon));
    items::set_occasion_apart(&mut words);
    let people = items::people(&mut words, lexicon);
    let numbered = items::numbered(&mut words);
    // Before the offerings take intents away that belong to their names.
    let plain = is_plain(&intents);
    let goods = goods(&mut words, session, lexicon, phone.is_some(), &mut intents);
    let hope = hope(session, &goods, plain && phone.is_none());
    let city = known.or_else(|| city::hear_unknown(&mut words, hope, &is_term));
    // "And to Oslo, is it free?": of a place nothing else is.
    if city.is_some() && goods.wishes.is_empty() && words.has(FREE) {
        intents.insert(Intent::FreeDelivery);
    }
    let in_name = |word: &words::Word| lexicon.is_name_word(&word.folded);
    let language = if words.respelled {
        Some("ru")
    } else {
        language::hear(&words, session.language.as_deref(), &in_name)
    };
    let native = words
        .list()
        .iter()
        .any(|word| word.folded.chars().count() > 3 && lexicon.is_name_word(&word.folded));
    let setting = name::Setting {
        asked: session.asked == Some(Asked::Contact),
        beside: name::Beside::of(phone.is_some(), city.is_some()),
        known: session.name.is_some(),
    };
    let name = introduced.or_else(|| name::hear(&mut words, setting, &is_term));
    let told = Heard {
        language,
        intents,
        people,
        ordinal: numbered,
        city,
        phone,
        name,
        wished_start: wished.start,
        other_day: wished.doubt,
        budget,
        native,
        ..Heard::default()
    };
    counted(told, goods, &words)
}

/// Adds the offerings, and what the words that nobody took say about numbers.
fn counted(told: Heard, goods: items::Items, words: &Words) -> Heard {
    let text = words.raw();
    Heard {
        cyrillic: text.chars().any(|letter| ('а'..='я').contains(&letter)),
        count: goods.units.or_else(|| items::lone_count(words)),
        former: goods.former,
        spelled: items::is_spelled(words),
        bare_count: items::is_bare_count(words),
        recount: goods.units.is_some() || items::is_recount(words),
        sized: items::sized(words),
        single: items::single(words),
        size: size::hear(words),
        more: words.has(intent::MORE),
        another: words.has(ANOTHER),
        books: words.has(BOOKS),
        uncountable: goods.uncountable,
        question: text.contains(['?', '¿']) || words.has(ASKS),
        ordinal: told.ordinal.or_else(|| items::ordinal(words)),
        words: words.list().len(),
        wishes: goods.wishes,
        fewer: goods.fewer,
        unwanted: goods.unwanted,
        unknown: goods.unknown,
        ..told
    }
}

/// The offerings of a burst; intents that only their names seemed to have are taken away.
fn goods(
    words: &mut Words,
    session: &Session,
    lexicon: &Lexicon,
    phoned: bool,
    intents: &mut BTreeSet<Intent>,
) -> items::Items {
    let asked = session.asked == Some(Asked::Contact) && session.name.is_none();
    let looked = session.focus.iter();
    let held: Vec<&lexicon::Entry> = session
        .cart
        .iter()
        .map(|line| &line.sku)
        .chain(looked)
        .filter_map(|sku| lexicon.row(sku))
        .collect();
    let setting = items::Setting {
        held: &held,
        contact: items::Contact::of(asked, phoned),
        choosing: session.asked == Some(Asked::Offering),
        about: match (session.cart.as_slice(), &session.focus) {
            ([line], _) => lexicon.row(&line.sku),
            ([], Some(focus)) => lexicon.row(focus),
            _other => None,
        },
    };
    let mut goods = items::hear(words, lexicon, setting);
    let open =
        goods.wishes.is_empty() && session.cart.is_empty() && !intents.contains(&Intent::List);
    if open && words.raw().contains('?') {
        goods.wishes = items::described(words, lexicon);
    }
    // "3 pages" of what is sold by the page.
    if goods.units.is_some() {
        intents.remove(&Intent::Website);
    }
    if !goods.unwanted.is_empty() {
        intents.insert(Intent::Remove);
    }
    for (intent, stems) in PICTURED {
        if is_only_named(words, &goods.wishes, lexicon, stems) {
            intents.remove(&intent);
        }
    }
    goods
}

/// Whether nothing is asked for that a bare place could not answer.
fn is_plain(intents: &BTreeSet<Intent>) -> bool {
    intents
        .iter()
        .all(|intent| matches!(intent, Intent::Order | Intent::Yes | Intent::Greeting))
}

/// Whether the name is asked for and the place is not, so that "Bea Lund" is a person.
fn is_placed(session: &Session, lexicon: &Lexicon) -> bool {
    let online = |sku: &Sku| lexicon.row(sku).is_some_and(lexicon::Entry::is_online);
    session.asked == Some(Asked::Contact)
        && session.name.is_none()
        && (session.city.is_some() || session.cart.iter().all(|line| online(&line.sku)))
}

/// Why a word may be a place; a bare answer next to a phone is a name.
fn hope(session: &Session, goods: &items::Items, bare: bool) -> city::Hope {
    city::Hope {
        asked: bare && session.asked == Some(Asked::City) && goods.wishes.is_empty(),
        ordering: !goods.wishes.is_empty() || !session.cart.is_empty(),
    }
}

/// Words that ask for media or a list, unless they are part of a name.
const PICTURED: [(Intent, &[&str]); 5] = [
    (
        Intent::Details,
        &["детал", "detail", "detall", "includ", "inclu"],
    ),
    (
        Intent::Contact,
        &["специалист", "specialist", "especialista", "operator"],
    ),
    (Intent::List, &["menu", "carta", "servic", "catalog"]),
    (Intent::Photo, &["photo", "foto", "фото"]),
    (Intent::Video, &["video", "видео", "vídeo"]),
];

/// Which questions a number may answer.
fn expected(session: &Session, intents: &BTreeSet<Intent>) -> phone::Expected {
    let open = session.cart.iter().any(|line| line.quantity == 0);
    phone::Expected {
        contact: session.asked == Some(Asked::Contact),
        quantity: open || intents.contains(&Intent::Replace),
    }
}

/// "Who does the photo shoot?", "a video consultation" name an offering and ask for no picture or video.
fn is_only_named(words: &Words, wishes: &[Wish], lexicon: &Lexicon, stems: &[&str]) -> bool {
    let offered = wishes.iter().flat_map(|wish| &wish.skus);
    let in_names = offered.filter_map(|sku| lexicon.row(sku)).any(|row| {
        let mut name = row.name.iter();
        name.any(|word| stems.iter().any(|stem| word.contains(stem)))
    });
    let said = words
        .list()
        .iter()
        .filter(|word| stems.iter().any(|stem| word.folded.starts_with(stem)));
    in_names && said.count() == 1
}

/// The row that is the same pack in another size: "of 10" after "a bouquet of 20 roses".
#[must_use]
pub(crate) fn resized(lexicon: &Lexicon, sku: &Sku, pieces: u32) -> Option<Sku> {
    let own = lexicon.row(sku)?.pack.as_ref()?;
    let rows = lexicon.packed(&own.of);
    let mut fits = rows.iter().filter(|row| {
        row.pack.as_ref().is_some_and(|pack| {
            pack.pieces == pieces && pack.container == own.container && pack.of == own.of
        })
    });
    fits.next().map(|row| row.sku.clone())
}

/// The packs that hold just so many of what a row is: "Pack of 5 lessons" for five lessons.
#[must_use]
pub(crate) fn bundles(lexicon: &Lexicon, sku: &Sku, pieces: u32) -> Vec<Sku> {
    lexicon
        .row(sku)
        .map(|row| lexicon.bundles(row, pieces))
        .unwrap_or_default()
}

/// The only row that is called like a pack, is none itself and sold by another unit: "Drawing" beside "Pass of 8 drawing lessons".
#[must_use]
pub(crate) fn single_like(lexicon: &Lexicon, sku: &Sku) -> Option<Sku> {
    let pack = lexicon.row(sku)?;
    let mut rows = lexicon.singles(pack).into_iter();
    rows.next().filter(|_| rows.next().is_none())
}

/// The only row among `skus` that is sold by a unit counted in the text, and how many: "4 meetings".
#[must_use]
pub(crate) fn sold_by(lexicon: &Lexicon, skus: &[Sku], text: &str) -> Option<(Sku, u32)> {
    let words = Words::heard(text, None);
    let list = words.list();
    let pairs = list.iter().zip(list.iter().skip(1));
    pairs
        .filter(|(one, two)| one.segment == two.segment)
        .filter_map(|(one, two)| Some((number::value(one)?, &two.folded)))
        .find_map(|(count, unit)| {
            let sold = |sku: &&Sku| lexicon.row(sku).is_some_and(|row| row.is_unit(unit));
            let mut rows = skus.iter().filter(sold);
            match (rows.next(), rows.next()) {
                (Some(sku), None) if count > 0 => Some((sku.clone(), count)),
                _unclear => None,
            }
        })
}

/// The rows among `skus` that are for children by their names.
#[must_use]
pub(crate) fn for_children(lexicon: &Lexicon, skus: &[Sku]) -> Vec<Sku> {
    let fits = |sku: &&Sku| {
        lexicon
            .row(sku)
            .is_some_and(lexicon::Entry::is_for_children)
    };
    skus.iter().filter(fits).cloned().collect()
}

/// The rows for children whose names share a word with a row.
#[must_use]
pub(crate) fn alike_for_children(lexicon: &Lexicon, sku: &Sku) -> Vec<Sku> {
    lexicon
        .row(sku)
        .map(|row| lexicon.like_for_children(row))
        .unwrap_or_default()
}

/// Whether the customer's messages named a row, and only in the singular.
#[must_use]
pub(crate) fn is_one<'t>(
    texts: impl Iterator<Item = &'t str>,
    sku: &Sku,
    lexicon: &Lexicon,
) -> bool {
    lexicon
        .row(sku)
        .is_some_and(|row| items::is_one(texts, row, lexicon))
}

/// The rows among `skus` whose names tell a pack size, with it ("Bouquet of 10 roses": 10), for planning (O1).
/// `lexicon` is that of the catalogue.
#[must_use]
pub fn pack_sizes<'a>(
    lexicon: &Lexicon,
    catalog: &'a Catalog,
    skus: &[x8_core::Sku],
) -> Vec<(&'a x8_core::catalog::Offering, u32)> {
    let size = |sku: &x8_core::Sku| lexicon.row(sku)?.pack.as_ref().map(|pack| pack.pieces);
    skus.iter()
        .filter_map(|sku| Some((catalog.get(sku)?, size(sku)?)))
        .collect()
}

/// The rows whose names stand in a text, in its order. `lexicon` is that of the catalogue.
#[must_use]
pub(crate) fn named_in(lexicon: &Lexicon, catalog: &Catalog, text: &str) -> Vec<Sku> {
    let rows = catalog.offerings();
    let name = |at: usize| rows.get(at).map_or("", |row| row.name.as_str());
    let found = lexicon.headed.found(text, name).into_iter();
    let mut found: Vec<(usize, &Sku)> = found
        .filter_map(|(place, at)| Some((place, &rows.get(at)?.sku)))
        .collect();
    found.sort();
    found.into_iter().map(|(_, sku)| sku.clone()).collect()
}
