//! G2: the words fit the source: instagram 800, facebook 1950, whatsapp and telegram 3800, e-mail 7000, any other 1950
//! user-perceived characters. Longer words are cut at the end of a sentence to about 88 % of that, with an offer to
//! continue (none next to a payment link, G10).

use unicode_segmentation::UnicodeSegmentation;
use x8_core::text::fold;

use super::{
    Action, Rule,
    text::{sentences, tidy},
    tongue::Phrase,
    work::Work,
};

/// The most user-perceived characters for a source.
pub(crate) fn limit(source: &str) -> usize {
    let folded;
    let plain = match source {
        "instagram" | "whatsapp" | "telegram" | "facebook" | "gmail" | "email" => source,
        other => {
            folded = fold(other);
            &folded
        }
    };
    match plain {
        "instagram" => 800,
        "whatsapp" | "telegram" => 3800,
        "gmail" | "email" => 7000,
        _facebook_and_others => 1950,
    }
}

pub(super) fn apply(work: &mut Work<'_>) {
    let limit = limit(&work.context.source);
    // A character has at least one byte.
    if work.text().len() <= limit {
        return;
    }
    let length = work.text().graphemes(true).count();
    if length <= limit {
        return;
    }
    let offer = match work.order {
        Some(_) => String::new(),
        None => work.tongue.say(&Phrase::More),
    };
    let room = (limit * 88 / 100).saturating_sub(offer.graphemes(true).count() + 2);
    let mut kept = shorten(work.text(), room);
    if !offer.is_empty() {
        kept = if kept.is_empty() {
            offer
        } else {
            format!("{kept}\n\n{offer}")
        };
    }
    work.say(kept);
    work.find(
        Rule::G2,
        Action::Replaced,
        format!("{length} characters, at most {limit}"),
    );
}

/// Whole sentences within `room`; when not even the first fits, whole words; when no word fits, graphemes.
pub(crate) fn shorten(text: &str, room: usize) -> String {
    let whole = fill(sentences(text).into_iter(), room);
    if !whole.is_empty() {
        return whole;
    }
    let words = fill(
        text.split_inclusive(char::is_whitespace),
        room.saturating_sub(1),
    );
    let cut = if words.is_empty() {
        text.graphemes(true).take(room.saturating_sub(1)).collect()
    } else {
        words
    };
    format!(
        "{}…",
        cut.trim_end_matches(['.', ',', ';', ':', '-', '—', ' '])
    )
}

fn fill<'a>(pieces: impl Iterator<Item = &'a str>, room: usize) -> String {
    let mut kept = String::new();
    let mut used = 0;
    for piece in pieces {
        used += piece.graphemes(true).count();
        if used > room {
            break;
        }
        kept.push_str(piece);
    }
    tidy(&kept)
}
