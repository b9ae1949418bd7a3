//! What the customer wants from us, by phrases in English, Russian and Spanish; the phrases are data.

use std::{
    collections::{BTreeSet, HashSet},
    sync::LazyLock,
};

use super::words::Words;

mod delivery;

/// What a burst asks for. Several at once are common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Intent {
    /// "Hello".
    Greeting,
    /// "What do you have?"
    List,
    /// "Show more": the rest of a list that was too long.
    More,
    /// "Tell me more."
    Details,
    /// "How much is it?"
    Price,
    /// "Where do you deliver?"
    Cities,
    /// A contact of the supplier or specialist.
    Contact,
    /// "Do you have a website?"
    Website,
    /// A picture.
    Photo,
    /// A video.
    Video,
    /// "I want to buy."
    Order,
    /// "Also …": on top of the cart.
    Add,
    /// "… instead": the cart starts anew.
    Replace,
    /// "Without …".
    Remove,
    /// "Only what you can deliver there" (O2).
    OnlyAvailable,
    /// "Cancel."
    Cancel,
    /// "A new order."
    NewOrder,
    /// "I already paid" (O10).
    AlreadyPaid,
    /// "Stop reminding me" (O14).
    StopReminders,
    /// "How long does it take?": the delivery of goods, the duration of a service.
    DeliveryTime,
    /// "Make the delivery free" (O5).
    FreeDelivery,
    /// "Any discount?"
    Discount,
    /// "Anything cheaper?"
    Cheaper,
    /// "Which is the cheapest?"
    Cheapest,
    /// "Where are you?"
    Address,
    /// "Send the link", "how do I pay".
    Pay,
    /// Yes.
    Yes,
    /// No.
    No,
    /// Thanks, bye.
    Thanks,
    /// About an order that was made: when, where, is it paid, what does it come to.
    Status,
    /// "Is anything free of charge?"
    Free,
    /// "The same again."
    Repeat,
    /// "How much is it all together?"
    Total,
}

impl Intent {
    /// Every intent with the key of its phrases.
    const ALL: [(&'static str, Self); 33] = [
        ("greeting", Self::Greeting),
        ("list", Self::List),
        ("more", Self::More),
        ("details", Self::Details),
        ("price", Self::Price),
        ("cities", Self::Cities),
        ("contact", Self::Contact),
        ("website", Self::Website),
        ("photo", Self::Photo),
        ("video", Self::Video),
        ("order", Self::Order),
        ("add", Self::Add),
        ("replace", Self::Replace),
        ("remove", Self::Remove),
        ("only_available", Self::OnlyAvailable),
        ("cancel", Self::Cancel),
        ("new_order", Self::NewOrder),
        ("already_paid", Self::AlreadyPaid),
        ("stop_reminders", Self::StopReminders),
        ("delivery_time", Self::DeliveryTime),
        ("free_delivery", Self::FreeDelivery),
        ("discount", Self::Discount),
        ("cheaper", Self::Cheaper),
        ("cheapest", Self::Cheapest),
        ("address", Self::Address),
        ("pay", Self::Pay),
        ("yes", Self::Yes),
        ("no", Self::No),
        ("thanks", Self::Thanks),
        ("status", Self::Status),
        ("free", Self::Free),
        ("repeat", Self::Repeat),
        ("total", Self::Total),
    ];
}

/// The phrases of one section, folded, as patterns.
type Phrases = Vec<&'static str>;

static PHRASES: LazyLock<Vec<(&'static str, Phrases)>> = LazyLock::new(|| {
    let file = include_str!("intents.txt");
    let sections = file
        .split("== ")
        .skip(1)
        .filter_map(|section| section.split_once('\n'));
    let split = |text: &'static str| {
        text.split([',', '\n'])
            .map(str::trim)
            .filter(|phrase| !phrase.is_empty())
            .collect()
    };
    sections
        .map(|(key, text)| (key.trim(), split(text)))
        .collect()
});

/// Phrases of one word, whole and as beginnings.
#[derive(Debug, Default)]
struct Single {
    whole: HashSet<&'static str>,
    beginnings: HashSet<&'static str>,
}

impl Single {
    fn of(phrases: impl Iterator<Item = &'static str>) -> Self {
        let mut single = Self::default();
        for phrase in phrases.filter(|phrase| !phrase.contains(' ')) {
            match phrase.strip_suffix('*') {
                Some(start) => single.beginnings.insert(start),
                None => single.whole.insert(phrase),
            };
        }
        single
    }

    fn has(&self, folded: &str) -> bool {
        let ends = folded.char_indices().map(|(at, _)| at);
        let mut heads = ends
            .chain([folded.len()])
            .filter_map(|end| folded.get(..end));
        self.whole.contains(folded) || heads.any(|head| self.beginnings.contains(head))
    }
}

/// Of every section.
static COMMON: LazyLock<Single> = LazyLock::new(|| {
    let phrases = PHRASES.iter().flat_map(|(_, phrases)| phrases);
    Single::of(phrases.copied())
});

/// Of the sections of intents.
static INTENTS: LazyLock<Single> = LazyLock::new(|| {
    let phrases = Intent::ALL.iter().flat_map(|(key, _)| section(key));
    Single::of(phrases.copied())
});

static FILLERS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| section("filler").iter().copied().collect());

pub(super) fn section(key: &str) -> &'static [&'static str] {
    let found = PHRASES.iter().find(|(own, _)| *own == key);
    found.map_or(&[], |(_, phrases)| phrases.as_slice())
}

/// Asking what the delivery itself costs, not an offering "with delivery".
const DELIVERY_PRICE: &[&str] = &[
    "delivery cost*",
    "delivery price",
    "delivery fee",
    "shipping cost*",
    "is delivery",
    "is the delivery",
    "is shipping",
    "delivery to",
    "стоит доставка",
    "стоимость доставки",
    "цена доставки",
    "доставка стоит",
    "доставка в",
    "cuesta el envio",
    "cuesta enviar",
    "precio del envio",
    "coste del envio",
    "vale el envio",
    "cuesta la entrega",
];

/// The delivery as a thing with a price.
const DELIVERY: &[&str] = &[
    "delivery",
    "shipping",
    "postage",
    "доставка",
    "доставки",
    "доставку",
    "доставке",
    "envio",
    "envios",
    "gastos de envio",
    "reparto",
];

/// What asks for it.
const TERMS: &[&str] = &[
    "how much",
    "how mutch",
    "what's the",
    "whats the",
    "what is the",
    "what about",
    "and the",
    "and delivery",
    "and shipping",
    "delivery fee",
    "сколько",
    "скока",
    "почем",
    "по чем",
    "что по",
    "а доставка",
    "и доставка",
    "доставка платн*",
    "доставка бесплатн*",
    "cuanto",
    "y el",
    "que vale",
    "que cuesta",
    "y los gastos",
    "coste",
    "precio",
];

/// Words that ask.
const QUESTIONS: &[&str] = &[
    "can",
    "could",
    "do",
    "does",
    "is",
    "are",
    "what",
    "how",
    "which",
    "when",
    "where",
    "who",
    "que",
    "cuanto",
    "cuanta",
    "cual",
    "como",
    "donde",
    "cuando",
    "hay",
    "сколько",
    "как",
    "где",
    "когда",
    "можно",
    "есть",
    "какой",
    "какая",
    "какие",
    "что",
];

/// "The same",
const SAME: &[&str] = &[
    "same",
    "lo mismo",
    "la misma",
    "el mismo pedido",
    "mismo pedido",
    "то же",
    "тоже самое",
    "тот же",
    "такой же",
    "такое же",
    "repeat",
    "repetir",
    "повтор*",
];
/// as an earlier time.
const BEFORE: &[&str] = &[
    "again",
    "last time",
    "as before",
    "as usual",
    "as always",
    "last order",
    "otra vez",
    "la vez",
    "ultima vez",
    "siempre",
    "de antes",
    "que antes",
    "anterior",
    "pasad*",
    "прошл*",
    "в тот раз",
    "как обычно",
    "как всегда",
    "снова",
    "опять",
];

/// What "how much" and "how many" ask for beside money.
const NO_SUM: &[&str] = &[
    "времени",
    "дней",
    "часов",
    "минут",
    "длит*",
    "идет",
    "идти",
    "ждать",
    "ехать",
    "штук*",
    "человек",
    "лет",
    "вес*",
    "мест*",
    "там",
    "их",
    "нас",
    "роз",
    "будет нас",
    "достав*",
    "раз",
    "tiempo",
    "dura*",
    "tard*",
    "demora*",
    "mide*",
    "pesa*",
    "envio",
    "entrega",
    "antes",
];
/// These put one thing in the place of another, whatever else comes along.
const INSTEAD: &[&str] = &["instead", "rather than", "вместо", "en vez", "en lugar"];
/// More of something, said so that it cannot mean the same again.
pub(super) const MORE: &[&str] = &[
    "add",
    "another",
    "more",
    "extra",
    "plus",
    "additional*",
    "еще",
    "добав*",
    "докинь*",
    "плюс",
    "вдобавок",
    "otro",
    "otra",
    "otros",
    "otras",
    "mas",
    "anad*",
    "agreg*",
    "suma*",
    "sume",
];

/// All intents of a burst.
pub(super) fn hear(words: &Words, budget: bool) -> BTreeSet<Intent> {
    let named = Intent::ALL
        .into_iter()
        .filter(|(key, _)| words.has(section(key)));
    let mut intents: BTreeSet<Intent> = named.map(|(_, intent)| intent).collect();
    // "Deliver it to Madrid for free, please": the two halves stand anywhere.
    let free = words.has(&["free", "бесплатн*", "gratis", "gratuit*"]);
    let delivery = words.has(delivery::DELIVERY);
    if delivery && (free || (intents.contains(&Intent::Price) && words.has(DELIVERY_PRICE))) {
        intents.insert(Intent::FreeDelivery);
    }
    if delivery::asks_time(words) {
        intents.insert(Intent::DeliveryTime);
    }
    // "El ramo más barato": a definite article makes it the cheapest one.
    if is_cheapest(words) {
        intents.insert(Intent::Cheapest);
    }
    // "What's the delivery to Perth?", "y el envío?": the noun, and a word that asks for its price.
    if words.has(DELIVERY) && words.has(TERMS) && !delivery::asks_time(words) {
        intents.insert(Intent::FreeDelivery);
    }
    // "Сколько?", "и сколько вместе": of nothing else a sum is asked.
    if words.has(&["сколько", "cuanto"]) && !words.has(NO_SUM) {
        intents.insert(Intent::Price);
    }
    if words.has(SAME) && words.has(BEFORE) {
        intents.insert(Intent::Repeat);
    }
    // "For 5 euros", "50 %": a price of one's own is a wish for a discount.
    if words.money
        && !budget
        && words.has(&["for", "por", "за", "a", "at", "descuento*", "скидк*", "off"])
    {
        intents.insert(Intent::Discount);
    }
    // "And a card": on top of what was said before.
    let joint = ["and", "и", "y", "plus", "плюс", "n"];
    let opens = words
        .at(0)
        .is_some_and(|word| joint.contains(&word.folded.as_str()) && words.list().len() <= 6);
    if opens && !words.raw().contains('?') && !words.has(QUESTIONS) {
        intents.insert(Intent::Add);
    }
    // "The chef instead, in Adeje too": the place comes along, not the dish.
    if words.has(INSTEAD) && !words.has(MORE) {
        intents.remove(&Intent::Add);
    }
    // An address tells the places as well.
    if intents.contains(&Intent::Address) {
        intents.remove(&Intent::Cities);
    }
    // Who asks what costs less asks for no discount.
    let compares = [Intent::Cheaper, Intent::Cheapest]
        .iter()
        .any(|one| intents.contains(one));
    if budget || compares {
        intents.remove(&Intent::Discount);
    }
    intents
}

/// "El ramo más barato", "la opción más económica".
fn is_cheapest(words: &Words) -> bool {
    const DEFINITE: &[&str] = &["el", "la", "lo", "los", "las"];
    const FAR: usize = 3;
    ["mas barat*", "mas economic*"].iter().any(|phrase| {
        words.find(phrase).is_some_and(|range| {
            (1..=FAR).any(|back| {
                let same = |word: &&super::words::Word| {
                    let here = words.at(range.start);
                    here.is_some_and(|here| here.segment == word.segment)
                };
                let word = words.before(range.start, back).filter(same);
                word.is_some_and(|word| DEFINITE.contains(&word.folded.as_str()))
            })
        })
    })
}

/// Whether a word belongs to everyday speech and so is no name.
pub(super) fn is_common_word(folded: &str) -> bool {
    is_filler(folded) || COMMON.has(folded)
}

/// Takes the words of questions that are no words of offerings: "how long".
pub(super) fn set_apart(words: &mut Words) {
    for phrase in delivery::HOW_LONG_IN_ENGLISH {
        if let Some(range) = words.find(phrase) {
            words.take(range);
        }
    }
}

/// Whether free words ask for a list.
pub(super) fn asks_to_list(words: &Words) -> bool {
    let free = |phrase: &&str| {
        let range = words.find(phrase);
        let mut here = range.into_iter().flatten();
        here.next().is_some_and(|first| {
            let mut all = std::iter::once(first).chain(here);
            all.all(|at| words.at(at).is_some_and(|word| !word.used))
        })
    };
    section("list").iter().any(free)
}

/// Whether a word alone asks for something, greets, agrees and the like.
pub(super) fn is_intent_word(folded: &str) -> bool {
    INTENTS.has(folded)
}

/// Whether any of these words belongs to everyday speech.
pub(super) fn is_common(words: &Words, indexes: &[usize]) -> bool {
    indexes.iter().any(|index| {
        words
            .at(*index)
            .is_some_and(|word| is_common_word(&word.folded))
    })
}

/// Words that stand beside a name without being part of it.
pub(super) fn is_filler(folded: &str) -> bool {
    FILLERS.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::{Intent, PHRASES, is_common_word, is_intent_word, section};
    use crate::understand::words::matches;

    #[test]
    fn a5_every_intent_has_phrases_and_every_section_an_intent() {
        for (key, intent) in Intent::ALL {
            assert!(section(key).len() > 2, "{key} {intent:?}");
        }
        assert_eq!(
            PHRASES.len(),
            Intent::ALL.len() + 2,
            "and `filler`, `common`"
        );
    }

    #[test]
    fn a5_phrases_are_written_as_they_are_compared() {
        for phrase in PHRASES.iter().flat_map(|(_, phrases)| phrases) {
            assert_eq!(*phrase, x8_core::text::fold(phrase));
        }
    }

    #[test]
    fn a5_words_of_everyday_speech_are_those_that_a_walk_over_all_phrases_finds() {
        let walked = |keys: &[&str], word: &str| {
            let phrases = keys.iter().flat_map(|key| section(key));
            phrases
                .filter(|phrase| !phrase.contains(' '))
                .any(|phrase| matches(word, phrase))
        };
        let intents = Intent::ALL.map(|(key, _)| key);
        let all: Vec<&str> = PHRASES.iter().map(|(key, _)| *key).collect();
        let words = include_str!("intents.txt").split(|letter: char| !letter.is_alphanumeric());
        let strange = ["", "w", "розы", "catalogues", "прайсы", "x8"];
        for word in words.chain(strange) {
            let filler = section("filler").contains(&word);
            assert_eq!(is_common_word(word), filler || walked(&all, word), "{word}");
            assert_eq!(is_intent_word(word), walked(&intents, word), "{word}");
        }
    }
}
