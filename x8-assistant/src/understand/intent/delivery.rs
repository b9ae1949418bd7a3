//! "How long does the delivery take?", "когда привезёте?": the time of a delivery, not its price (O5).

use super::{super::words::Words, section};

/// What brings things.
pub(super) const DELIVERY: &[&str] = &[
    "deliver*",
    "shipping",
    "ship",
    "достав*",
    "envi*",
    "entreg*",
    "reparto",
];

/// What asks how long in English, whose words could be those of offerings.
pub(super) const HOW_LONG_IN_ENGLISH: &[&str] = &[
    "how long",
    "how soon",
    "how fast",
    "how quick*",
    "how many days",
    "how many hours",
];

/// What asks how long elsewhere.
const HOW_LONG: &[&str] = &[
    "сколько времени",
    "сколько по времени",
    "по времени",
    "как долго",
    "как быстро",
    "как скоро",
    "сколько дней",
    "сколько часов",
    "через сколько",
    "за сколько",
    "долго",
    "cuanto tarda*",
    "cuanto tiempo",
    "cuantos dias",
    "cuantas horas",
    "cuanto demora*",
    "tarda*",
];

/// What asks for the day or hour.
const WHEN: &[&str] = &["when", "what time", "когда", "cuando", "a que hora"];

/// What things do when they are brought.
const ARRIVE: &[&str] = &[
    "arrive*",
    "get there",
    "get here",
    "get it",
    "be delivered",
    "be here",
    "be there",
    "reach",
    "you deliver",
    "you bring",
    "привез*",
    "привоз*",
    "достав*",
    "придет",
    "приедет",
    "прибуд*",
    "получу",
    "получит",
    "llega*",
    "lo traen",
    "la traen",
    "lo recib*",
    "la recib*",
    "lo entreg*",
    "la entreg*",
];

/// Whether the message asks how long a delivery takes, or when it comes.
pub(super) fn asks_time(words: &Words) -> bool {
    let free = words.has(&["free", "бесплатн*", "gratis", "gratuit*"]);
    let how_long = words.has(HOW_LONG_IN_ENGLISH) || words.has(HOW_LONG);
    let long = words.has(DELIVERY) && how_long;
    let comes = words.has(WHEN) && words.has(ARRIVE) && words.raw().contains('?');
    words.has(section("delivery_time")) || (!free && (long || comes))
}
