//! From a burst of messages to facts, without a model: language, intents, and the details an order needs (A5, O4).
//!
//! Everything here is deterministic and reads only the burst, the session and the catalogue of the turn. It understands
//! English, Russian and Spanish; other languages are recognised (German, French, Italian, Portuguese) but only their
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

use jiff::civil::{Date, DateTime};
use x8_core::{
    Money, Sku,
    catalog::Catalog,
    conversation::{Asked, Session},
};

mod budget;
mod city;
mod figures;
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
mod slot;
mod sound;
mod terms;
mod translit;
mod words;

pub use city::CityHeard;
pub use intent::Intent;
pub use items::{Count, Wish};
pub use lexicon::Lexicon;
pub use phone::PhoneHeard;

use words::Words;

/// What one burst says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about one burst"
)]
pub struct Heard {
    /// The clearly detected language; `None` keeps the last one (A5).
    pub language: Option<&'static str>,
    /// Whether the letters are Cyrillic, for a first message without a clear language.
    pub cyrillic: bool,
    /// What is asked for.
    pub intents: BTreeSet<Intent>,
    /// Offerings spoken of.
    pub wishes: Vec<Wish>,
    /// Offerings to be left out: "no card".
    pub unwanted: Vec<Sku>,
    /// Things counted beside offerings that are not sold here.
    pub unknown: Vec<String>,
    /// A number on its own: the answer to "how many?".
    pub count: Option<u32>,
    /// Whether that number is all its part of the message says: an answer or a correction, not an address.
    pub bare_count: bool,
    /// Whether a number stands with a unit ("3 pcs") or corrects one ("no, 3").
    pub recount: bool,
    /// "Of 10": a size of pack alone.
    pub sized: Option<u32>,
    /// "One more", of what is in the cart.
    pub another: bool,
    /// Whether somebody signs up: "book me in", "запишите меня".
    pub books: bool,
    /// Whether a quantity was named that no order can have: below zero, zero, a fraction.
    pub uncountable: bool,
    /// Whether it is written as a question.
    pub question: bool,
    /// "For two".
    pub people: Option<u32>,
    /// "The second one", from 0; `usize::MAX` is the last.
    pub ordinal: Option<usize>,
    /// The place.
    pub city: Option<CityHeard>,
    /// The recipient's phone.
    pub phone: Option<PhoneHeard>,
    /// The customer's name.
    pub name: Option<String>,
    /// A wished start in local time.
    pub wished_start: Option<DateTime>,
    /// The most that is to be spent.
    pub budget: Option<Money>,
    /// The day the named weekday means, when the named date is another one.
    pub other_day: Option<Date>,
    /// How many words were written; 0 for an emoji.
    pub words: usize,
}

impl Heard {
    /// Whether the burst asks for this.
    #[must_use]
    pub fn wants(&self, intent: Intent) -> bool {
        self.intents.contains(&intent)
    }

    /// Whether it says nothing that this crate understands.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.intents.is_empty() && self.wishes.is_empty() && !self.has_details()
    }

    /// Whether it brings a detail of an order.
    #[must_use]
    pub fn has_details(&self) -> bool {
        self.city.is_some()
            || self.phone.is_some()
            || self.name.is_some()
            || self.wished_start.is_some()
    }
}

/// Nobody orders in more characters than this; what follows is not read.
const MOST_CHARACTERS: usize = 4_000;

/// The first of these texts' wishes that may mean several rows, read without a session.
pub(crate) fn unsettled<'t>(
    texts: impl Iterator<Item = &'t str>,
    lexicon: &Lexicon,
    now: DateTime,
) -> Option<Wish> {
    let blank = Session::default();
    texts
        .flat_map(|text| understand(text, &blank, lexicon, now).wishes)
        .find(|wish| wish.skus.len() > 1)
}

/// Reads a burst in the light of what the last reply asked for. `now` is the company's local time.
#[must_use]
pub fn understand(text: &str, session: &Session, lexicon: &Lexicon, now: DateTime) -> Heard {
    let text: String = text.chars().take(MOST_CHARACTERS).collect();
    let mut words = Words::heard(&text, session.language.as_deref());
    let asked_contact = session.asked == Some(Asked::Contact);
    let budget = budget::hear(&words);
    let mut intents = intent::hear(&words, budget.is_some());
    let choosing = session.asked == Some(Asked::Offering);
    let wished = slot::hear(
        &mut words,
        now,
        slot::Known {
            start: session.wished_start,
            choosing,
        },
    );
    let phone = phone::hear(&mut words, expected(session, &intents));
    let is_term = |word: &str| lexicon.knows(word);
    let asked_city = session.asked == Some(Asked::City)
        && intents
            .iter()
            .all(|intent| matches!(intent, Intent::Order | Intent::Yes | Intent::Greeting));
    let introduced = name::introduced(&mut words, &is_term);
    // Known places first, so that "La Orotava" is no offering; unknown ones last, so that an offering is no place.
    let known = city::hear_known(&mut words, &lexicon.places);
    let people = items::people(&mut words);
    let contact = items::Contact::of(asked_contact && session.name.is_none(), phone.is_some());
    let items::Items {
        wishes,
        unwanted,
        unknown,
        uncountable,
    } = items::hear(&mut words, lexicon, contact, choosing);
    let wishes = if wishes.is_empty() && session.cart.is_empty() && text.contains('?') {
        items::described(&words, lexicon)
    } else {
        wishes
    };
    if !unwanted.is_empty() {
        intents.insert(Intent::Remove);
    }
    for (intent, stems) in PICTURED {
        if is_only_named(&words, &wishes, lexicon, stems) {
            intents.remove(&intent);
        }
    }
    // A bare answer next to a phone is a name.
    let bare = asked_city && wishes.is_empty() && phone.is_none();
    let hope = city::Hope {
        asked: bare,
        ordering: !wishes.is_empty() || !session.cart.is_empty(),
    };
    let city = known.or_else(|| city::hear_unknown(&mut words, hope, &is_term));
    let in_name = |word: &words::Word| lexicon.is_name_word(&word.folded);
    let language = if words.respelled {
        Some("ru")
    } else {
        language::hear(&words, session.language.is_some(), &in_name)
    };
    let setting = name::Setting {
        asked: asked_contact,
        beside: name::Beside::of(phone.is_some(), city.is_some()),
        known: session.name.is_some(),
    };
    let name = introduced.or_else(|| name::hear(&mut words, setting, &is_term));
    Heard {
        language,
        cyrillic: text.chars().any(|letter| ('а'..='я').contains(&letter)),
        count: items::lone_count(&words),
        bare_count: items::is_bare_count(&words),
        recount: items::is_recount(&words),
        sized: items::sized(&words),
        another: words.has(ANOTHER),
        books: words.has(BOOKS),
        uncountable,
        question: text.contains('?') || text.contains('¿'),
        people,
        ordinal: items::ordinal(&words),
        words: words.list().len(),
        intents,
        wishes,
        unwanted,
        unknown,
        city,
        phone,
        name,
        wished_start: wished.start,
        other_day: wished.doubt,
        budget,
    }
}

/// Signing up, which one person does at a time unless saying otherwise.
const BOOKS: &[&str] = &[
    "book me",
    "book an appointment",
    "appointment",
    "sign me up",
    "put me down",
    "schedule",
    "запиш*",
    "записат*",
    "запис*",
    "на прием",
    "cita",
    "apuntame",
    "apuntarme",
    "apunteme",
    "reservame",
    "reserveme",
    "turno",
    "una hora",
    "necesito cortar*",
    "book a",
];

/// One more of the same.
const ANOTHER: &[&str] = &[
    "one more",
    "another one",
    "otra mas",
    "otro mas",
    "una mas",
    "uno mas",
    "еще один",
    "еще одну",
    "еще одна",
    "еще одно",
];

/// Words that ask for media, unless they are part of a name.
const PICTURED: [(Intent, &[&str]); 2] = [
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
    let asked = [own.of.clone()];
    let rows = lexicon.packed(&asked);
    let mut fits = rows.iter().filter(|row| {
        row.pack
            .as_ref()
            .is_some_and(|pack| pack.pieces == pieces && pack.container == own.container)
    });
    fits.next().map(|row| row.sku.clone())
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
