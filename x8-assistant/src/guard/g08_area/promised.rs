//! A yes to a place that no row serves, when nobody told the guard which place the customer asked for (O2): a large city, or
//! the place in the customer's own words.

use x8_core::text::fold;

use super::{
    super::{
        Rule,
        letter::is_alphanumeric,
        lexicon::{List, spans},
        page::Sentence,
        text::Edit,
        work::Work,
    },
    agrees, promises,
};

/// What leads to a place, folded.
const LEADS: [&str; 22] = [
    "to", "in", "into", "at", "nach", "bis", "a", "au", "en", "em", "para", "per", "no", "na",
    "hasta", "sur", "anche", "tambien", "в", "во", "до", "на",
];

/// What joins a place to the one before it, folded.
const JOINS: [&str; 9] = ["and", "und", "et", "y", "e", "i", "и", "or", "или"];

/// Shorter words are no places.
const SHORTEST: usize = 3;

pub(super) fn apply(work: &mut Work<'_>) {
    if work.facts.places.anywhere {
        return;
    }
    let mut asked: Option<Vec<String>> = None;
    work.edit(Rule::G8, |work, sentence| {
        let folded = sentence.folded();
        let city = sentence.hits().has(List::CITY);
        let yes = sentence.hits().has(List::DELIVERY) || agrees(folded);
        if !city && !yes {
            return Edit::Keep;
        }
        let asked = asked.get_or_insert_with(|| asked_places(work));
        let wanted = yes && asked.iter().any(|place| names(folded, place));
        let named = wanted || (city && unserved_city(work, sentence));
        if named && promises(folded) && !is_remote(work, folded) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

/// Whether a folded sentence speaks of what can be had from anywhere.
fn is_remote(work: &Work<'_>, folded: &str) -> bool {
    work.facts.places.online && (folded.contains("online") || folded.contains("онлайн"))
}

/// Whether a sentence says of a large city that no row serves that something is there.
fn unserved_city(work: &Work<'_>, sentence: &Sentence<'_>) -> bool {
    let folded = sentence.folded();
    spans(folded, List::CITY).into_iter().any(|(from, to)| {
        let tail = folded.get(to..).unwrap_or_default();
        let end = tail
            .find(|c: char| !is_alphanumeric(c))
            .unwrap_or(tail.len());
        let city = folded.get(from..to + end).unwrap_or_default();
        is_led(folded.get(..from).unwrap_or_default()) && is_foreign(work, city)
    })
}

/// Whether words before a place lead to it, or join it to another.
fn is_led(before: &str) -> bool {
    let before = before.trim_end();
    let last = before.rsplit(|c: char| !is_alphanumeric(c)).next();
    before.ends_with(',') || last.is_some_and(|last| LEADS.contains(&last) || JOINS.contains(&last))
}

/// Whether a folded name is no served place, and stands in no row's words either.
fn is_foreign(work: &Work<'_>, place: &str) -> bool {
    let places = &work.facts.places;
    !places.spelled.contains_key(place)
        && !places.served.is_named_in(place)
        && !work.facts.name(place)
}

/// The places that the customer asked for and no row serves: capitalised words behind "to", "in", "nach" …
fn asked_places(work: &Work<'_>) -> Vec<String> {
    let words = work
        .context
        .customer_text
        .split(|c: char| !is_alphanumeric(c));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let led = words.windows(2).filter_map(|pair| match pair {
        [lead, place] => {
            let capital = place.chars().next().is_some_and(char::is_uppercase);
            let long = place.chars().count() >= SHORTEST && place.chars().all(char::is_alphabetic);
            (capital && long && LEADS.contains(&fold(lead).as_str())).then(|| fold(place))
        }
        _short => None,
    });
    led.filter(|place| is_foreign(work, place)).collect()
}

/// Whether a folded sentence leads to a place, whatever its last letter is.
fn names(folded: &str, place: &str) -> bool {
    let letters = place.chars().count();
    let kept = letters - usize::from(letters > SHORTEST + 1);
    let stem: String = place.chars().take(kept).collect();
    let mut found = folded.match_indices(stem.as_str());
    found.any(|(at, _)| is_led(folded.get(..at).unwrap_or_default()))
}
