//! Names of places, prepared for being heard in a burst.

use std::ops::Range;

use x8_core::text::fold;

use super::words::EXONYMS;
use crate::understand::{shape::Shape, sound::Sound, words::Words};

/// A place of the catalogue under every name that people use.
#[derive(Debug)]
pub(in crate::understand) struct Place {
    /// As the catalogue writes it.
    pub(super) spelling: String,
    pub(super) names: Vec<Name>,
}

impl Place {
    pub(in crate::understand) fn new(spelling: &str) -> Self {
        let folded = fold(spelling);
        let others = EXONYMS
            .iter()
            .find(|names| names.contains(&folded.as_str()));
        let names = std::iter::once(spelling).chain(others.into_iter().copied().flatten().copied());
        Self {
            spelling: spelling.to_owned(),
            names: names.map(Name::new).collect(),
        }
    }

    pub(in crate::understand) fn approx_bytes(&self) -> usize {
        let parts = self.names.iter().flat_map(|name| &name.0);
        let parts: usize = parts
            .map(|part| size_of::<Part>() + 2 * part.folded.len())
            .sum();
        size_of::<Self>() + self.spelling.len() + parts
    }
}

/// One name of a place, part by part.
#[derive(Debug)]
pub(super) struct Name(Vec<Part>);

#[derive(Debug)]
struct Part {
    folded: String,
    shape: Shape,
    sound: Sound,
}

/// The words of a burst by shape and sound.
pub(super) fn heard(words: &Words) -> Vec<(Shape, Sound)> {
    words
        .list()
        .iter()
        .map(|word| (Shape::of(&word.folded), Sound::of(&word.folded)))
        .collect()
}

impl Name {
    pub(super) fn new(name: &str) -> Self {
        let folded = fold(name);
        let parts = folded
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .map(|part| Part {
                folded: part.to_owned(),
                shape: Shape::of(part),
                sound: Sound::of(part),
            });
        Self(parts.collect())
    }

    /// Where its words stand: every part must match, in order.
    pub(super) fn find(
        &self,
        words: &Words,
        sounds: &[(Shape, Sound)],
        loosely: bool,
    ) -> Option<Range<usize>> {
        let (first, rest) = self.0.split_first()?;
        let fits = |at: usize, part: &Part| {
            let (Some(word), Some((shape, sound))) = (words.at(at), sounds.get(at)) else {
                return false;
            };
            if word.used {
                return false;
            }
            let bare = word.folded.strip_suffix("'s").unwrap_or(&word.folded);
            if bare == part.folded {
                return true;
            }
            if !loosely {
                return sound.is(&part.sound);
            }
            // "В Нови-Саде": the last part of several is inflected.
            let tail = word.folded.strip_prefix(part.folded.as_str());
            let ending = self.0.len() > 1
                && part.shape.count >= 3
                && tail.is_some_and(|tail| tail.chars().count() <= 2);
            if ending {
                return true;
            }
            let slip = part.shape.count >= 6
                && shape.within(part.shape, 1)
                && strsim::damerau_levenshtein(&word.folded, &part.folded) <= 1;
            sound.may_be(&part.sound) || slip
        };
        (0..words.list().len()).find_map(|start| {
            let end = start.checked_add(self.0.len())?;
            let all =
                fits(start, first) && (start + 1..end).zip(rest).all(|(at, part)| fits(at, part));
            all.then_some(start..end)
        })
    }
}
