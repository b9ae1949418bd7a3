//! Offerings named in full, or by their keys, with how many (O1).

use x8_core::Sku;

use super::{
    super::{
        figures::{self, Role},
        lexicon::Lexicon,
        number,
        words::{Word, Words},
    },
    Count, Wish, merge,
};

/// Whole names as the catalogue writes them.
pub(super) fn full_names(words: &mut Words, lexicon: &Lexicon, wishes: &mut Vec<Wish>) {
    for entry in lexicon.openings(words) {
        let start = (0..words.list().len()).find(|start| {
            let here = words.list().get(*start..start + entry.name.len());
            here.is_some_and(|here| {
                here.iter()
                    .zip(&entry.name)
                    .all(|(word, own)| word.folded == *own && !word.used)
            })
        });
        let Some(start) = start else { continue };
        words.take(start..start + entry.name.len());
        let mut count = count_before(words, start);
        if count == Count::Open {
            count = count_after(words, start + entry.name.len() - 1);
        }
        if count == Count::Open && entry.pack.is_some() {
            count = Count::Implied;
        }
        merge(wishes, Wish::new(vec![entry.sku.clone()], count));
    }
}

/// "2 x", "two", "a" directly before.
fn count_before(words: &mut Words, start: usize) -> Count {
    let cross = words
        .before(start, 1)
        .is_some_and(|word| ["x", "х", "×"].contains(&word.folded.as_str()));
    let back = if cross { 2 } else { 1 };
    let count = words
        .before(start, back)
        .filter(|word| !word.used)
        .and_then(number::value);
    let article = words.before(start, back).is_some_and(number::is_article);
    match (count, start.checked_sub(back)) {
        (Some(count), Some(place))
            if count > 0 && figures::role(words, place, false) == Role::Counts =>
        {
            words.take(place..start);
            if article {
                Count::Implied
            } else {
                Count::Units(count)
            }
        }
        _none => Count::Open,
    }
}

/// SKUs written out: a number that is a key and not a small quantity, or any key after "sku", "артикул", "№".
pub(super) fn keys(words: &mut Words, lexicon: &Lexicon, wishes: &mut Vec<Wish>) {
    const LABELS: &[&str] = &[
        "sku",
        "article",
        "item",
        "артикул",
        "арт",
        "код",
        "articulo",
        "referencia",
        "ref",
        "codigo",
    ];
    for at in 0..words.list().len() {
        let Some(word) = words.at(at).filter(|word| !word.used) else {
            continue;
        };
        let labelled = words
            .before(at, 1)
            .is_some_and(|before| LABELS.contains(&before.folded.as_str()))
            || word.gap.contains(['#', '№']);
        let found = (1..=4).rev().find_map(|length| {
            let end = at.checked_add(length)?;
            written_key(words, at..end, labelled, lexicon).map(|sku| (sku, end))
        });
        let Some((sku, end)) = found else { continue };
        words.take(at..end);
        let start = if labelled && at > 0 { at - 1 } else { at };
        let mut count = count_before(words, start);
        if count == Count::Open {
            count = count_after(words, end - 1);
        }
        merge(wishes, Wish::new(vec![sku], count));
    }
}

/// The key that these words spell without a space ("P4", "AB-12"), in any case.
fn written_key(
    words: &Words,
    range: std::ops::Range<usize>,
    labelled: bool,
    lexicon: &Lexicon,
) -> Option<Sku> {
    let here = words.list().get(range.clone())?;
    let glued = here
        .iter()
        .skip(1)
        .all(|word| matches!(word.gap.as_str(), "" | "-" | "_" | "/" | "."));
    let text = words.span(&range);
    // "Filters for V60" where V60 is a key and a word of names: other words of the catalogue beside it make it a word.
    let spoken = lexicon.is_name_word(&x8_core::text::fold(text))
        && here.first().is_some_and(|first| {
            let beside = words.list().iter().enumerate().filter(|(at, other)| {
                other.segment == first.segment && !range.contains(at) && !other.used
            });
            let mut known = beside.filter(|(_, other)| {
                number::value(other).is_none() && lexicon.knows(&other.folded)
            });
            known.next().is_some()
        });
    if spoken && !labelled {
        return None;
    }
    let digits = text.chars().any(|one| one.is_ascii_digit());
    let letters = text.chars().any(char::is_alphabetic);
    let telling = digits && (letters || text.chars().count() >= 3);
    if !glued || here.iter().any(|word| word.used) || !(labelled || telling) {
        return None;
    }
    [text.to_owned(), text.to_uppercase(), text.to_lowercase()]
        .into_iter()
        .map(Sku::from)
        .find(|sku| lexicon.row(sku).is_some())
}

/// "201 x 2", "201 x2".
fn count_after(words: &mut Words, at: usize) -> Count {
    let cross = words
        .at(at + 1)
        .is_some_and(|word| ["x", "х"].contains(&word.folded.as_str()));
    let near = words
        .at(at + 1)
        .is_some_and(|word| word.gap.contains(['×', '*']));
    let place = if cross { at + 2 } else { at + 1 };
    match words
        .at(place)
        .filter(|_| cross || near)
        .and_then(Word::digits)
    {
        Some(count) if count > 0 => {
            words.take(place..place + 1);
            Count::Units(count)
        }
        _none => Count::Open,
    }
}
