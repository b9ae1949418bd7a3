//! Words as search terms: concepts shared by three languages, and stems.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use x8_core::text::fold;

use super::sound::Sound;

/// `(pattern, whole word, concept)`, longest pattern first, by first letter.
type Concepts = BTreeMap<char, Vec<(String, bool, &'static str)>>;

static CONCEPTS: LazyLock<Concepts> = LazyLock::new(|| {
    let mut all = Concepts::new();
    for line in include_str!("synonyms.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let mut words = line.split_whitespace();
        let Some(concept) = words.next() else {
            continue;
        };
        for word in words {
            let start = word.trim_end_matches('!');
            let pattern = fold(start);
            let Some(first) = pattern.chars().next() else {
                continue;
            };
            all.entry(first)
                .or_default()
                .push((pattern, start.len() != word.len(), concept));
        }
    }
    for patterns in all.values_mut() {
        patterns.sort_by_key(|(pattern, ..)| std::cmp::Reverse(pattern.chars().count()));
    }
    all
});

/// What a pattern stands for: whether only the whole word does, and the concept.
type Meaning = (bool, &'static str);

/// The meanings of each pattern, in the order of [`CONCEPTS`].
static PATTERNS: LazyLock<HashMap<&'static str, Vec<Meaning>>> = LazyLock::new(|| {
    let mut meanings: HashMap<&str, Vec<Meaning>> = HashMap::new();
    for (pattern, whole, concept) in CONCEPTS.values().flatten() {
        let known = meanings.entry(pattern).or_default();
        known.push((*whole, concept));
    }
    meanings
});

/// Concepts by which another goes where nobody sells it.
static RELATED: LazyLock<Vec<(&'static str, Vec<&'static str>)>> = LazyLock::new(|| {
    let lines = include_str!("related.txt").lines();
    let told = lines.filter(|line| !line.starts_with('#'));
    told.filter_map(|line| line.split_once(' '))
        .map(|(own, others)| (own, others.split_whitespace().collect()))
        .collect()
});

/// The concepts that name this one together; none when it has no such name.
pub(super) fn related(concept: &str) -> &'static [&'static str] {
    let found = RELATED.iter().find(|(own, _)| *own == concept);
    found.map_or(&[], |(_, others)| others.as_slice())
}

/// Words that say nothing about which offering is meant.
const EMPTY: &[&str] = &[
    "photo",
    "photos",
    "picture",
    "pictures",
    "foto",
    "fotos",
    "фото",
    "video",
    "videos",
    "видео",
    "image",
    "the",
    "and",
    "for",
    "with",
    "from",
    "into",
    "over",
    "your",
    "our",
    "one",
    "please",
    "want",
    "order",
    "book",
    "buy",
    "like",
    "have",
    "для",
    "или",
    "под",
    "над",
    "при",
    "это",
    "что",
    "как",
    "хочу",
    "заказ",
    "заказать",
    "купить",
    "можно",
    "пожалуйста",
    "нужен",
    "нужна",
    "ручной",
    "los",
    "las",
    "del",
    "con",
    "por",
    "para",
    "una",
    "uno",
    "quiero",
    "favor",
    "que",
    "more",
    "about",
    "details",
    "service",
    "services",
    "product",
    "person",
    "people",
    "persons",
    "adults",
    "человек",
    "человека",
    "персон",
    "personas",
    "unit",
    "units",
    "piece",
    "pieces",
    "штук",
    "штуки",
    "you",
    "available",
    "deliver",
    "delivery",
    "доставка",
    "доставить",
    "доставьте",
    "entrega",
    "envio",
    "free",
    "sin",
    "без",
    "without",
];

/// A word as a term: its concept, or its stem; `None` for words without meaning of their own.
pub(super) fn term(folded: &str) -> Option<String> {
    if let Some(concept) = concept(folded) {
        return Some(concept.to_owned());
    }
    // A measure ("2kg") or a code ("r16") tells one row from another.
    if is_measured(folded) {
        return Some(folded.to_owned());
    }
    let long = folded.chars().count() >= 3 && folded.chars().all(char::is_alphabetic);
    (long && !EMPTY.contains(&folded)).then(|| folded.to_owned())
}

/// Whether digits stand beside letters or a stroke, so that only the same word means the same.
fn is_measured(folded: &str) -> bool {
    folded.chars().any(|letter| letter.is_ascii_digit())
        && folded.contains(|letter: char| letter.is_alphabetic() || letter == '/')
}

/// The concept a word stands for.
pub(super) fn concept(folded: &str) -> Option<&'static str> {
    // "Boys' haircut".
    let folded = folded.trim_end_matches('\'');
    let meaning = |pattern: &str, may: fn(bool, bool) -> bool| {
        let known = PATTERNS.get(pattern)?.iter();
        let own = pattern.len() == folded.len();
        known
            .filter(|(whole, _)| may(*whole, own))
            .map(|(_, concept)| *concept)
            .next()
    };
    // Longer patterns first.
    let starts = folded.char_indices().rev().map(|(at, _)| at);
    let mut heads = std::iter::once(folded.len())
        .chain(starts)
        .filter_map(|end| folded.get(..end));
    let fits = heads.find_map(|head| meaning(head, |whole, own| own || !whole));
    // "Panes" of "pan": a whole word in the plural.
    let plural = |ending: &str| {
        let pattern = folded.strip_suffix(ending)?;
        meaning(pattern, |whole, _| whole).filter(|_| pattern.len() >= 3)
    };
    fits.or_else(|| plural("s")).or_else(|| plural("es"))
}

/// The concept of a longer word with one slip in its beginning: "букэт".
pub(super) fn near_concept(folded: &str) -> Option<&'static str> {
    let long = folded.chars().count();
    if long < 5 {
        return None;
    }
    let patterns = CONCEPTS.get(&folded.chars().next()?)?;
    let near = |(pattern, ..): &&(String, bool, &'static str)| {
        let wide = pattern.chars().count();
        let fits = wide >= 5 && long + 1 >= wide && long <= wide + 1;
        let head = || folded.chars().take(wide).collect::<String>();
        fits && strsim::damerau_levenshtein(&head(), pattern) <= 1
    };
    patterns.iter().find(near).map(|(.., concept)| *concept)
}

/// Whether two short words are forms of one: "mug" and "mugs", "чай" and "чаев". `common` letters begin both.
fn is_inflected(asked: &str, own: &str, common: usize) -> bool {
    const LATIN: [&[&str]; 4] = [
        &["", "s", "es"],
        &["y", "ies"],
        &["f", "fe", "ves"],
        &["z", "ces"],
    ];
    const CYRILLIC: [&[&str]; 4] = [
        &[
            "ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие", "ого", "его", "ому", "ему", "ую",
            "юю", "ым", "им", "ых", "их", "ыми", "ими",
        ],
        &[
            "", "а", "я", "ы", "и", "у", "ю", "е", "о", "ь", "й", "ов", "ев", "ей", "ом", "ем",
            "ой", "ам", "ям", "ами", "ями", "ах", "ях",
        ],
        &["ка", "ки", "ку", "ке", "кой", "кам", "ек", "ок"],
        &["ец", "ца", "цы", "цу", "цев", "ок", "ка", "ки", "ков"],
    ];
    let tail = |word: &str| word.chars().skip(common).collect::<String>();
    let forms = |tables: &[&[&str]], back: usize, least: usize| {
        let tails = [asked, own].map(|word| {
            let stem: String = word
                .chars()
                .take(common)
                .skip(common.saturating_sub(back))
                .collect();
            stem + &tail(word)
        });
        common >= back + least
            && tables
                .iter()
                .any(|table| tails.iter().all(|tail| table.contains(&tail.as_str())))
    };
    let cyrillic = asked.starts_with(|letter: char| letter > '\u{3ff}');
    if cyrillic {
        // "Чай", "чаю": two letters and an ending that is a letter of its own.
        let short = common == 2 && (asked.ends_with('й') || own.ends_with('й'));
        (0..=1).any(|back| forms(&CYRILLIC, back, 3)) || (short && forms(&CYRILLIC, 0, 2))
    } else {
        (0..=1).any(|back| forms(&LATIN, back, 2 + usize::from(back == 0)))
    }
}

/// Whether a term is another made small: "стаканчики" of "стаканы", "botellitas" of "botella".
fn is_diminutive(asked: &str, own: &str) -> bool {
    const ENDINGS: [&str; 18] = [
        "чики",
        "чика",
        "чиков",
        "чик",
        "очки",
        "очку",
        "очка",
        "очек",
        "ики",
        "иков",
        "ика",
        "itas",
        "itos",
        "ita",
        "ito",
        "illas",
        "illos",
        "illo",
    ];
    const LEAST: usize = 4;
    let mut roots = ENDINGS
        .iter()
        .filter_map(|ending| asked.strip_suffix(ending));
    roots.any(|root| {
        let tail = own.strip_prefix(root);
        root.chars().count() >= LEAST && tail.is_some_and(|tail| tail.chars().count() <= 2)
    })
}

/// Whether two terms are one word, whatever its ending.
pub(super) fn is_form(asked: &str, own: &str) -> bool {
    const ENDING: usize = 2;
    let common = asked
        .chars()
        .zip(own.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let (long, wide) = (asked.chars().count(), own.chars().count());
    let near = common >= 4 && common + ENDING >= long && common + ENDING >= wide;
    asked == own || near || is_inflected(asked, own, common)
}

/// Whether two terms mean the same: equal, same stem with another ending, or one slip in a long word.
pub(super) fn alike(asked: &str, own: &str) -> bool {
    if asked == own {
        return true;
    }
    if is_measured(asked) || is_measured(own) {
        return false;
    }
    let cyrillic = |term: &str| term.starts_with(|letter: char| letter > '\u{3ff}');
    if cyrillic(asked) != cyrillic(own) {
        return asked.chars().count() >= 4 && Sound::of(asked).may_be(&Sound::of(own));
    }
    let (long, wide) = (asked.chars().count(), own.chars().count());
    let common = asked
        .chars()
        .zip(own.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let whole = common == long.min(wide);
    if is_inflected(asked, own, common) {
        return true;
    }
    if is_diminutive(asked, own) {
        return true;
    }
    // "Esterilizar", "esterilización".
    if common >= 8 && common + 5 >= long && common + 5 >= wide {
        return true;
    }
    let stem = (common >= 5 || (common >= 4 && whole)) && common + 3 >= long && common + 3 >= wide;
    let slip = long >= 6
        && wide >= 6
        && strsim::damerau_levenshtein(asked, own) <= 1 + usize::from(long >= 9);
    stem || slip
}

#[cfg(test)]
mod tests {
    use super::{CONCEPTS, concept};

    /// Every pattern is tried.
    fn walked(folded: &str) -> Option<&'static str> {
        let folded = folded.trim_end_matches('\'');
        let patterns = CONCEPTS.get(&folded.chars().next()?)?;
        let found = patterns.iter().find(|(pattern, whole, _)| {
            folded == pattern || (!whole && folded.starts_with(pattern.as_str()))
        });
        let plural = || {
            patterns.iter().find(|(pattern, whole, _)| {
                let tail = folded.strip_prefix(pattern.as_str());
                *whole && pattern.len() >= 3 && matches!(tail, Some("s" | "es"))
            })
        };
        found.or_else(plural).map(|(.., concept)| *concept)
    }

    #[test]
    fn k12_a_concept_is_the_one_that_a_walk_over_all_patterns_finds() {
        let texts = [
            include_str!("synonyms.txt"),
            include_str!("intents.txt"),
            "boys' men'' ' '' s es as",
        ];
        let split = |letter: char| !letter.is_alphanumeric() && letter != '\'';
        let words = texts.iter().flat_map(|text| text.split(split));
        let mut found = 0;
        for word in words.map(x8_core::text::fold) {
            for ending in ["", "s", "es", "'", "а", "ами", "ly"] {
                let word = format!("{word}{ending}");
                assert_eq!(concept(&word), walked(&word), "{word}");
                found += usize::from(concept(&word).is_some());
            }
        }
        assert!(found > 5_000, "only {found}");
    }
}
