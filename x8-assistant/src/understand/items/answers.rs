//! Numbers that stand for themselves: answers, corrections, company, places in a list (O1).

use super::super::{
    intent, number,
    search::is_of,
    words::{Word, Words, matches},
};

/// A number on its own, for the answer to "how many?"; "no, 3 not 2" means three.
pub(in crate::understand) fn lone_count(words: &Words) -> Option<u32> {
    let denied = |at: usize| {
        words
            .before(at, 1)
            .is_some_and(|before| ["not", "no", "не"].contains(&before.folded.as_str()))
    };
    let numbers: Vec<(usize, u32)> = (0..words.list().len())
        .filter_map(|at| {
            let word = words.at(at).filter(|word| !word.used)?;
            let count = number::value(word).filter(|count| (1..=10_000).contains(count))?;
            // "A este número": a preposition is no count.
            let preposed = ["a", "an"].contains(&word.folded.as_str());
            let alone = stands_alone(words, at) && !preposed;
            let counts = !number::is_article(word) || alone || is_seat(words, at);
            (counts && !is_pronoun(words, at)).then_some((at, count))
        })
        .collect();
    let only = numbers.iter().find(|(at, _)| is_only(words, *at));
    let meant = only.or_else(|| numbers.iter().find(|(at, _)| !denied(*at)));
    meant.or(numbers.first()).map(|(_, count)| *count)
}

/// "So just 2": what remains of more.
fn is_only(words: &Words, at: usize) -> bool {
    const ONLY: &[&str] = &[
        "just",
        "only",
        "solo",
        "только",
        "всего",
        "solamente",
        "seremos",
    ];
    let led = words
        .before(at, 1)
        .is_some_and(|word| ONLY.contains(&word.folded.as_str()));
    let ends = words.at(at + 1).is_none_or(|next| {
        words
            .at(at)
            .is_some_and(|word| word.segment != next.segment)
    });
    led && ends
}

/// "Of 10", "no de 20, de 10": a size of pack without what it holds; the last one that is not denied.
pub(in crate::understand) fn sized(words: &Words) -> Option<u32> {
    let denies = |word: Option<&Word>| {
        word.is_some_and(|word| ["no", "not", "не", "нет"].contains(&word.folded.as_str()))
    };
    (1..words.list().len()).rev().find_map(|at| {
        let word = words.at(at).filter(|word| !word.used)?;
        let size = number::value(word).filter(|_| !number::is_article(word))?;
        let led = words
            .before(at, 1)
            .is_some_and(|before| is_of(&before.folded));
        let here = |other: Option<&Word>| other.is_some_and(|other| other.segment == word.segment);
        let (behind, before) = (words.at(at + 1), words.before(at, 2));
        let denied = (denies(behind) && here(behind)) || (denies(before) && here(before));
        (led && !denied).then_some(size)
    })
}

/// "One each", "dos de cada", "по одной": so many of everything.
pub(in crate::understand) fn each(words: &Words) -> Option<u32> {
    let is = |at: Option<usize>, form: &str| {
        at.and_then(|at| words.at(at))
            .is_some_and(|word| word.folded == form)
    };
    (0..words.list().len()).find_map(|at| {
        let count = words.at(at).and_then(number::value)?;
        let each = is(Some(at + 1), "each")
            || (is(Some(at + 1), "of") && is(Some(at + 2), "each"))
            || (is(Some(at + 1), "de") && is(Some(at + 2), "cada"))
            || (is(at.checked_sub(1), "по")
                && words.at(at).is_some_and(|word| word.digits().is_none()));
        each.then_some(count)
    })
}

/// "Una plaza": an article in front of what is counted anyway.
fn is_seat(words: &Words, at: usize) -> bool {
    words.at(at + 1).is_some_and(|next| {
        [
            "plaza", "entrada", "persona", "unidad", "seat", "ticket", "person",
        ]
        .contains(&next.folded.as_str())
    })
}

/// "The second one", "this one", "the wine one": one of those, not so many.
fn is_pronoun(words: &Words, at: usize) -> bool {
    const COUNTED: &[&str] = &[
        "just", "only", "want", "need", "take", "get", "have", "order", "book", "give", "me",
        "yes", "ok", "okay", "please", "for", "make", "it", "just", "x", "only", "then",
    ];
    let one = words.at(at).is_some_and(|word| word.folded == "one");
    let last = words.at(at + 1).is_none_or(|next| {
        words
            .at(at)
            .is_some_and(|word| next.segment != word.segment)
    }) || words.at(at + 1).is_some_and(|next| {
        ["please", "pls", "thanks", "to", "then", "x"].contains(&next.folded.as_str())
    });
    let led = words.before(at, 1).is_some_and(|before| {
        words
            .at(at)
            .is_some_and(|word| word.segment == before.segment)
            && !COUNTED.contains(&before.folded.as_str())
    });
    let plain = words
        .before(at, 2)
        .is_some_and(|word| ["just", "only"].contains(&word.folded.as_str()));
    one && last && led && !plain
}

/// Whether everything else in its part of the message is everyday speech: "una" counts alone, not as the article of
/// something, and a number inside an address is no quantity.
pub(in crate::understand) fn stands_alone(words: &Words, at: usize) -> bool {
    let segment = words.at(at).map(|word| word.segment);
    (0..words.list().len()).all(|place| {
        words.at(place).is_some_and(|word| {
            place == at
                || Some(word.segment) != segment
                || word.used
                || number::value(word).is_some()
                || intent::is_common_word(&word.folded)
        })
    })
}

/// Whether the message says little else than a number: a correction rather than part of something longer.
pub(in crate::understand) fn is_bare_count(words: &Words) -> bool {
    (0..words.list().len()).any(|at| {
        words.at(at).is_some_and(|word| {
            let preposed = ["a", "an"].contains(&word.folded.as_str());
            !word.used && !preposed && number::value(word).is_some()
        }) && stands_alone(words, at)
    })
}

/// A number in front of one of these counts.
const UNITS: &[&str] = &[
    "pc",
    "pcs",
    "piece*",
    "unit",
    "units",
    "ud",
    "uds",
    "unidad*",
    "шт",
    "штук*",
    "pieza*",
    "seat*",
    "place*",
    "ticket*",
    "plaza*",
    "entrada*",
    "место",
    "места",
    "мест",
    "билет*",
    "of",
];

/// "The same but two".
const SAME: &[&str] = &[
    "same",
    "identical",
    "igual",
    "lo mismo",
    "la misma",
    "то же",
    "такой же",
    "такую же",
    "такое же",
    "тоже самое",
    "так же",
    "make it",
    "make that",
    "que sean",
    "сделайте",
    "пусть будет",
];

/// What comes between "the same" and the number.
const BUT: &[&str] = &[
    "but",
    "pero",
    "но",
    "only",
    "solo",
    "только",
    "make it",
    "make that",
    "que sean",
    "пусть будет",
    "сделайте",
];

/// Whether a number stands with a unit ("3 pcs") or after a denial ("no, 3"), so that it changes what was said before.
pub(in crate::understand) fn is_recount(words: &Words) -> bool {
    const DENIALS: &[&str] = &["no", "not", "нет", "не"];
    let counts = |at: usize| {
        words.at(at).is_some_and(|word| {
            !word.used && number::value(word).is_some() && !number::is_article(word)
        })
    };
    let unit = |at: usize| {
        words
            .at(at)
            .is_some_and(|word| UNITS.iter().any(|unit| matches(&word.folded, unit)))
    };
    // "No, 3", "а нет, одну", "oh no, 3".
    let denied = (0..2).any(|at| {
        words
            .at(at)
            .is_some_and(|word| DENIALS.contains(&word.folded.as_str()))
    });
    let same = words.has(SAME) && words.has(BUT);
    (0..words.list().len()).any(|at| {
        counts(at)
            && (unit(at + 1) || same || is_only(words, at) || (denied && stands_alone(words, at)))
    })
}
