//! Cities: catalogue places in any case, accent, script and simple inflection (O2, G8).

use std::{ops::Range, sync::LazyLock};

use super::words::Words;

mod place;
mod served;
mod words;

pub(super) use place::Place;
pub(crate) use served::{Served, large};

use place::{Name, heard};
use words::{CITIES, EXONYMS, NOT_PLACES};

/// What was said about the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CityHeard {
    /// A place of the catalogue, in its spelling.
    Known(String),
    /// A place the catalogue does not have, as written.
    Unknown(String),
}

const BEFORE: &[&str] = &["in", "to", "at", "в", "во", "на", "en", "a", "hasta"];

const DELIVER: &[&str] = &[
    "deliver*",
    "ship*",
    "достав*",
    "привез*",
    "envi*",
    "entreg*",
    "city",
    "город*",
];

/// The large cities by all their names.
static LARGE: LazyLock<Vec<Name>> = LazyLock::new(|| {
    CITIES
        .iter()
        .chain(EXONYMS.iter().copied().flatten())
        .map(|city| Name::new(city))
        .collect()
});

/// Finds a place of the catalogue and takes its words; `placed`: only the name is asked for, which may be that of a place.
pub(super) fn hear_known(words: &mut Words, places: &[Place], placed: bool) -> Option<CityHeard> {
    let mut found: Option<CityHeard> = None;
    let sounds = heard(words);
    for place in places {
        let named = place.names.iter();
        if let Some(range) = named
            .into_iter()
            .find_map(|name| name.find(words, &sounds, true))
            && !(placed && is_surname(words, range.start))
            && !is_other_name(words, &range, &place.spelling)
        {
            words.take(range.clone());
            take_lead(words, range.start);
            found.get_or_insert_with(|| CityHeard::Known(place.spelling.clone()));
        }
    }
    found
}

/// "Тамара" is no slip of "Самара".
fn is_other_name(words: &Words, range: &Range<usize>, spelling: &str) -> bool {
    let folded = x8_core::text::fold(spelling);
    let word = words.at(range.start).filter(|_| range.len() == 1);
    word.is_some_and(|word| word.folded != folded && super::name::is_given(&word.folded))
}

/// "Bea Lund": a capitalised word right behind another that leads to no place.
fn is_surname(words: &Words, at: usize) -> bool {
    let given = words.before(at, 1).is_some_and(|word| {
        word.is_capitalised() && word.is_letters() && !super::intent::is_common_word(&word.folded)
    });
    given
        && words
            .at(at)
            .is_some_and(|word| word.is_capitalised() && word.gap == " ")
}

/// Why a word may be a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hope {
    /// The last reply asked for the city and this may be the bare answer.
    pub(super) asked: bool,
    /// An offering was named, or an order is under way.
    pub(super) ordering: bool,
}

/// Finds a place that the catalogue does not have; words that name offerings (`is_term`) are no places.
pub(super) fn hear_unknown(
    words: &mut Words,
    hope: Hope,
    is_term: &dyn Fn(&str) -> bool,
) -> Option<CityHeard> {
    let sounds = heard(words);
    let led = |range: &Range<usize>| {
        words
            .before(range.start, 1)
            .is_some_and(|word| BEFORE.contains(&word.folded.as_str()))
    };
    let known = LARGE.iter().find_map(|city| {
        let plain = city.find(words, &sounds, false);
        plain.or_else(|| city.find(words, &sounds, true).filter(led))
    });
    // The weather in Paris is no order to Paris.
    let meant = hope.asked || hope.ordering || words.has(DELIVER) || words.list().len() <= 4;
    let range = known
        .or_else(|| unknown(words, hope, is_term))
        .filter(|_| meant)?;
    let name = words.span(&range).to_owned();
    words.take(range.clone());
    take_lead(words, range.start);
    Some(CityHeard::Unknown(name))
}

fn take_lead(words: &mut Words, start: usize) {
    let lead = words
        .before(start, 1)
        .is_some_and(|word| BEFORE.contains(&word.folded.as_str()));
    if lead {
        words.take(start - 1..start);
    }
}

/// A capitalised word after "in", "to", "в", "en" …, or a short bare answer to the question for the city.
fn unknown(words: &Words, hope: Hope, is_term: &dyn Fn(&str) -> bool) -> Option<Range<usize>> {
    let list = words.list();
    let delivers = words.has(DELIVER);
    let fits = |index: usize| {
        words.at(index).is_some_and(|word| {
            !word.used
                && word.is_letters()
                && super::number::value(word).is_none()
                && word.folded.chars().count() >= 3
                && !NOT_PLACES
                    .iter()
                    .any(|other| super::words::matches(&word.folded, other))
                && !is_term(&word.folded)
        })
    };
    let capital = |index: usize| {
        words
            .at(index)
            .is_some_and(super::words::Word::is_capitalised)
    };
    let led = (1..list.len()).find(|index| {
        let lead = words
            .before(*index, 1)
            .is_some_and(|word| BEFORE.contains(&word.folded.as_str()) && !word.used);
        lead && fits(*index)
            && (capital(*index)
                || (hope.asked && !capital(0))
                || deliver_to(words, *index, delivers)
                || (hope.ordering && closes(words, *index)))
    });
    if let Some(start) = led {
        let more = (start + 1..list.len()).take_while(|index| {
            fits(*index)
                && capital(*index)
                && words
                    .at(*index)
                    .is_some_and(|word| word.gap == " " || word.gap == "-")
        });
        return Some(start..more.last().map_or(start + 1, |last| last + 1));
    }
    let bare: Vec<usize> = (0..list.len())
        .filter(|index| words.at(*index).is_some_and(|word| !word.used))
        .collect();
    let first_part = bare
        .first()
        .and_then(|index| words.at(*index))
        .map(|word| word.segment)?;
    let short: Vec<usize> = bare
        .into_iter()
        .filter(|index| {
            words
                .at(*index)
                .is_some_and(|word| word.segment == first_part)
        })
        .collect();
    let plain = hope.asked
        && (1..=2).contains(&short.len())
        && short.iter().all(|index| fits(*index))
        && !super::intent::is_common(words, &short);
    let (start, end) = (short.first()?, short.last()?);
    plain.then_some(*start..end + 1)
}

/// "… in birmingham": the last word of its part, behind "in".
fn closes(words: &Words, index: usize) -> bool {
    let inside = words
        .before(index, 1)
        .is_some_and(|word| ["in", "en", "в", "во"].contains(&word.folded.as_str()));
    let here = words.at(index);
    let last = here.is_some_and(|word| {
        words
            .at(index + 1)
            .is_none_or(|next| next.segment != word.segment)
    });
    inside
        && last
        && here.is_some_and(|word| {
            word.folded.chars().count() >= 4 && !super::intent::is_common_word(&word.folded)
        })
}

fn deliver_to(words: &Words, index: usize, delivers: bool) -> bool {
    let article = words
        .before(index, 1)
        .is_some_and(|word| word.folded == "a" || word.folded == "на");
    delivers && !article
}
