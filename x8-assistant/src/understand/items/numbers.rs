//! The numbers of a part by what they are for: a size of pack, a count, one (O1).

use super::{
    super::{
        number,
        search::{is_container, is_of},
        terms::term,
        words::Word,
    },
    counts::is_single,
};

/// Units that follow a count without being what is counted.
const CONTENTLESS: &[&str] = &["pcs", "piece", "шт", "штук", "штуки", "unidades"];

/// Fewer are counted in a container's place, not held by it.
const HELD: u32 = 4;

/// The numbers of a part by role.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a few numbers"
)]
pub(super) struct Numbers {
    /// "of 10": a pack size.
    pub(super) pack: Option<u32>,
    /// Any other number.
    pub(super) count: Option<u32>,
    /// Whether the count is only an article.
    pub(super) article: bool,
    /// Whether the word before "of 10" is in the plural.
    pub(super) plural: bool,
    /// What stands right behind the count.
    pub(super) counted: Option<String>,
    /// "Rose bouquets": a container stands right behind what is counted.
    pub(super) compound: bool,
    /// Whether the count is the last word and something stands before it.
    pub(super) last: bool,
    /// "The 20 roses one": a thing of that size, not so many pieces.
    pub(super) sized: bool,
    /// "2 x", "x2", "2 шт": so many units.
    pub(super) plain: bool,
    /// "20 bouquet": a container right behind the count, as written.
    pub(super) container: Option<String>,
}

impl Numbers {
    pub(super) fn read(list: &[(usize, Word)]) -> Self {
        let mut numbers = Self::default();
        if list.len() > 1 && is_single(list) {
            numbers.pack = Some(1);
        }
        for place in 0..list.len() {
            numbers.add(list, place);
        }
        numbers
    }

    fn add(&mut self, list: &[(usize, Word)], place: usize) {
        let Some((_, word)) = list.get(place) else {
            return;
        };
        let Some(value) = number::value(word).filter(|value| *value > 0) else {
            return;
        };
        let article = number::is_article(word);
        // "a photo of …" counts photos, not offerings.
        if article && next(list, place).is_none() && !is_one_of(list, place) {
            return;
        }
        if is_pointed(list, place) && self.count.is_none() {
            self.count = Some(1);
            self.article = true;
            return;
        }
        match (is_pack(list, place, value), article) {
            (true, false) => {
                self.pack = Some(value);
                let noun = at(list, place, 2);
                self.plural = noun.is_some_and(|noun| noun.folded.ends_with(['s', 'ы', 'и', 'в']));
            }
            (false, true) if self.count.is_none() => {
                self.count = Some(value);
                self.article = true;
            }
            (false, false) if self.count.is_none() || self.article => {
                self.count(list, place, value);
            }
            _more => {}
        }
    }

    fn count(&mut self, list: &[(usize, Word)], place: usize, value: u32) {
        self.count = Some(value);
        self.plain = is_plain(list, place);
        self.article = false;
        let behind = list.get(place + 1).map(|(_, behind)| behind.folded.clone());
        self.container = behind.filter(|behind| value > 1 && is_container(behind));
        self.counted = next(list, place);
        self.last = place > 0 && list.get(place + 1).is_none();
        self.compound = list.get(place + 2).is_some_and(|(_, word)| {
            // "Наборами": in sets, how the pieces come.
            is_container(&word.folded) && !word.folded.ends_with("ами")
        });
        self.sized = list
            .iter()
            .skip(place + 1)
            .any(|(_, word)| ["one", "option", "pack"].contains(&word.folded.as_str()));
    }
}

/// The word so many places before.
fn at(list: &[(usize, Word)], place: usize, back: usize) -> Option<&Word> {
    let place = place.checked_sub(back)?;
    list.get(place).map(|(_, word)| word)
}

/// The term right behind a number.
fn next(list: &[(usize, Word)], place: usize) -> Option<String> {
    list.get(place + 1).and_then(|(_, next)| term(&next.folded))
}

/// "Una de verdejo": one of it.
fn is_one_of(list: &[(usize, Word)], place: usize) -> bool {
    let pair = list.get(place + 1).zip(list.get(place + 2));
    pair.is_some_and(|((_, of), (_, noun))| is_of(&of.folded) && term(&noun.folded).is_some())
}

/// "The private chef one" is that one.
fn is_pointed(list: &[(usize, Word)], place: usize) -> bool {
    let one = list
        .get(place)
        .is_some_and(|(_, word)| word.folded == "one");
    let that = |(_, word): &(usize, Word)| ["the", "that", "this"].contains(&word.folded.as_str());
    one && list.get(place + 1).is_none() && list.iter().take(place).any(that)
}

/// Whether a number tells what a container holds: "of 10", "букет 20 роз", "коробку на 6".
fn is_pack(list: &[(usize, Word)], place: usize, value: u32) -> bool {
    let (before, noun) = (at(list, place, 1), at(list, place, 2));
    let lead = |forms: &[&str]| before.is_some_and(|word| forms.contains(&word.folded.as_str()));
    let within =
        lead(&["на", "for", "para", "по"]) && noun.is_some_and(|noun| is_container(&noun.folded));
    let of = within || before.is_some_and(|word| is_of(&word.folded));
    let last = list.get(place + 1).is_none();
    let several = before.is_some_and(|word| {
        let ends = ["s", "ы", "и", "в", "ок", "ек"];
        ends.iter().any(|end| word.folded.ends_with(end))
    });
    let named = next(list, place).is_some_and(|next| !CONTENTLESS.contains(&next.as_str()));
    let held = before.is_some_and(|word| is_container(&word.folded))
        && ((value >= HELD && (last || !several)) || named);
    held || (of && (noun.is_some() || place == 1))
}

/// "2 x", "x2", "2 шт": so many units, whatever they hold.
fn is_plain(list: &[(usize, Word)], place: usize) -> bool {
    let is = |place: Option<usize>, forms: &[&str]| {
        place
            .and_then(|place| list.get(place))
            .is_some_and(|(_, word)| forms.contains(&word.folded.as_str()))
    };
    let times = ["x", "х"];
    is(place.checked_sub(1), &times)
        || is(Some(place + 1), &times)
        || is(Some(place + 1), CONTENTLESS)
}
