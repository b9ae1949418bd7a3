//! Rows told apart by the numbers and units beside them: "winter tyres, 16", "4 wheels" (O1).

use std::{cell::RefCell, collections::HashMap};

use x8_core::Sku;

use super::{
    super::{
        code,
        lexicon::{Entry, Lexicon, SECTION},
        number, resized,
        search::is_of,
        terms::{alike, term},
        words::{Word, Words},
    },
    Count, Wish, counts,
};

/// What stands beside the number of a code.
const SIZES: &[&str] = &[
    "на",
    "r",
    "р",
    "размер",
    "радиус",
    "size",
    "radius",
    "de",
    "for",
    "inch",
    "inches",
    "дюймов",
    "talla",
    "радиуса",
    "размера",
    "размером",
];

/// Of the rows found those whose codes end with a number that a size is told by; takes the number out of the list and
/// returns where in the message it stands.
pub(super) fn by_code_number(
    found: &mut Vec<&Entry>,
    list: &mut Vec<(usize, Word)>,
    lexicon: &Lexicon,
) -> Option<usize> {
    let is_size = |place: Option<usize>, list: &[(usize, Word)]| {
        place
            .and_then(|place| list.get(place))
            .is_some_and(|(_, word)| SIZES.contains(&word.folded.as_str()))
    };
    // "The set of 100 pieces" where names tell their number.
    let named = list.iter().position(|(_, word)| {
        let carries = |entry: &&Entry| entry.name.contains(&word.folded);
        word.digits().is_some_and(|number| number >= 10)
            && found.iter().any(carries)
            && found.iter().all(|entry| entry.pack.is_none())
    });
    if let Some(place) = named {
        let (at, word) = list.remove(place);
        found.retain(|entry| entry.name.contains(&word.folded));
        return Some(at);
    }
    let sized = list.iter().enumerate().find_map(|(place, (_, word))| {
        let number = word
            .digits()
            .filter(|number| lexicon.is_code_number(*number))?;
        let told = is_size(place.checked_sub(1), list) || is_size(Some(place + 1), list);
        (told || number >= 10).then_some((place, number))
    });
    let (place, number) = sized?;
    let fits = |entry: &&Entry| {
        let mut numbers = entry.name.iter().filter_map(|word| code::number_of(word));
        numbers.any(|own| own == number)
    };
    if !found.iter().any(fits) {
        return None;
    }
    found.retain(fits);
    Some(list.remove(place).0)
}

/// "Change 4 wheels" where something is sold by the wheel: of the rows that the other words mean those sold so; without
/// other words the rows sold so as well as those of that name.
pub(super) fn by_unit<'l>(
    found: &mut Vec<&'l Entry>,
    terms: &[String],
    list: &[(usize, Word)],
    lexicon: &'l Lexicon,
) {
    let pairs = list.iter().zip(list.iter().skip(1));
    let counted = pairs
        .filter(|((_, one), _)| number::value(one).is_some() && !number::is_article(one))
        .map(|(_, (_, two))| &two.folded)
        .find(|folded| lexicon.is_unit(folded) && lexicon.knows(folded));
    let Some(unit) = counted else { return };
    if found.iter().any(|entry| entry.is_unit(unit)) {
        return;
    }
    let own = term(unit);
    let rest: Vec<String> = terms
        .iter()
        .filter(|term| Some(*term) != own.as_ref())
        .cloned()
        .collect();
    let (score, rows) = lexicon.best(&rest);
    let sold: Vec<&Entry> = rows
        .into_iter()
        .filter(|row| score >= SECTION && row.is_unit(unit))
        .collect();
    if !sold.is_empty() {
        *found = sold;
    } else if score == 0 {
        found.extend(lexicon.rows.iter().filter(|row| row.is_unit(unit)));
    }
}

/// "Filters for V60": of rows that fit as well, those that are named before "for".
pub(super) fn by_head(found: &mut Vec<&Entry>, list: &[(usize, Word)], lexicon: &Lexicon) {
    const LEADS: &[&str] = &["for", "для", "para", "к", "под", "на"];
    let lead = list
        .iter()
        .position(|(_, word)| LEADS.contains(&word.folded.as_str()));
    let Some(head) = lead.and_then(|lead| list.get(..lead)) else {
        return;
    };
    let terms: Vec<String> = head
        .iter()
        .filter(|(_, word)| number::value(word).is_none())
        .filter_map(|(_, word)| term(&word.folded))
        .collect();
    let (score, rows) = lexicon.best(&terms);
    // "An apostille for the diploma" in languages whose "for" leads to places as well: what the name begins with.
    let begins = |entry: &Entry| {
        let own = entry.name.first().and_then(|word| term(word));
        own.is_some_and(|own| terms.iter().any(|asked| alike(asked, &own)))
    };
    let vague = lead
        .and_then(|lead| list.get(lead))
        .is_some_and(|(_, word)| word.folded == "на");
    let named =
        |entry: &&Entry| rows.iter().any(|row| row.sku == entry.sku) && (!vague || begins(entry));
    if score >= SECTION && found.len() > 1 && found.iter().any(named) {
        found.retain(named);
    }
}

/// Of rows that fit as well, those that carry the words as they were said: "курицу" is a chicken, not an egg of one.
pub(super) fn by_word<'l>(found: &mut Vec<&'l Entry>, list: &[(usize, Word)]) {
    const LEAST: usize = 4;
    if found.len() < 2 {
        return;
    }
    let terms: Vec<String> = list
        .iter()
        .filter_map(|(_, word)| term(&word.folded))
        .collect();
    let said = list.iter().map(|(_, word)| word.folded.as_str());
    let said: Vec<&str> = said.filter(|word| word.chars().count() >= LEAST).collect();
    // Names of a large catalogue share their words: each word is compared once.
    let (is_said, is_named) = (Once::default(), Once::default());
    let said = |entry: &&'l Entry| {
        let entry: &'l Entry = entry;
        let is = |own: &str| said.iter().any(|word| alike(word, own));
        entry.name.iter().any(|own| is_said.ask(own, is))
    };
    // What its section or description speaks for stays in question.
    let named = |entry: &&'l Entry| {
        let entry: &'l Entry = entry;
        let is =
            |own: &str| term(own).is_some_and(|own| terms.iter().any(|asked| alike(asked, &own)));
        entry.name.iter().any(|own| is_named.ask(own, is))
    };
    if found.iter().any(said) {
        found.retain(|entry| said(entry) || !named(entry));
    }
}

/// Answers about words, each found out once.
#[derive(Debug, Default)]
struct Once<'w>(RefCell<HashMap<&'w str, bool>>);

impl<'w> Once<'w> {
    fn ask(&self, word: &'w str, answer: impl Fn(&str) -> bool) -> bool {
        let mut known = self.0.borrow_mut();
        *known.entry(word).or_insert_with(|| answer(word))
    }
}

/// "A manual lesson" beside a pack of lessons: of rows that fit as well those sold by just that.
pub(super) fn by_exact_unit(found: &mut Vec<&Entry>, list: &[(usize, Word)]) {
    let sold = |entry: &&Entry| {
        list.iter()
            .any(|(_, word)| entry.is_called_unit(&word.folded))
    };
    let packed = found.iter().any(|entry| entry.pack.is_some());
    if found.len() > 1 && packed && found.iter().any(sold) {
        found.retain(sold);
    }
}

/// "One bouquet of 20 and two of 10": so many of another size of what was just named; takes the words.
pub(super) fn by_size_again(
    words: &mut Words,
    part: &[usize],
    wishes: &[Wish],
    lexicon: &Lexicon,
) -> Option<Wish> {
    let last = wishes.iter().rev().find(|wish| wish.skus.len() == 1)?;
    let own = last.skus.first()?;
    let plain = part.iter().all(|at| {
        words
            .at(*at)
            .is_some_and(|word| number::value(word).is_some() || term(&word.folded).is_none())
    });
    if !plain {
        return None;
    }
    let (sku, count, at) = part.iter().find_map(|at| {
        let (count, of, size) = (words.at(*at)?, words.at(at + 1)?, words.at(at + 2)?);
        let count = number::value(count).filter(|count| *count > 0)?;
        let size = size.digits().filter(|_| is_of(&of.folded) && !size.used)?;
        Some((resized(lexicon, own, size)?, count, *at))
    })?;
    words.take(at..at + 3);
    Some(Wish::new(vec![sku], Count::Units(count)))
}

/// "One of verdejo and one of crianza, both of 6": the packs of that size of all that was named; takes the words.
pub(super) fn all_of_size(
    words: &mut Words,
    part: &[usize],
    wishes: &mut [Wish],
    lexicon: &Lexicon,
) -> bool {
    const ALL: &[&str] = &[
        "both", "all", "each", "dos", "ambas", "ambos", "todas", "todos", "оба", "обе", "все",
    ];
    let sized = part.iter().find_map(|at| {
        let (all, of, size) = (words.at(*at)?, words.at(at + 1)?, words.at(at + 2)?);
        let fits = ALL.contains(&all.folded.as_str()) && (is_of(&of.folded) || of.folded == "на");
        Some((*at, size.digits().filter(|_| fits)?))
    });
    let Some((at, size)) = sized.filter(|_| wishes.len() > 1) else {
        return false;
    };
    let fits = |sku: &Sku| {
        let pack = lexicon.row(sku).and_then(|row| row.pack.as_ref());
        pack.is_some_and(|pack| pack.pieces == size)
    };
    for wish in wishes.iter_mut().filter(|wish| wish.skus.iter().any(fits)) {
        wish.skus.retain(fits);
        if let Count::Pieces(count) = wish.count {
            wish.count = Count::Units(count);
        }
    }
    words.take(at..at + 3);
    true
}

/// "Not the 3000, the 4000", "2 of 300": what is held, with another number in its name; takes the words.
pub(super) fn by_variant(
    words: &mut Words,
    part: &[usize],
    held: &[&Entry],
    lexicon: &Lexicon,
) -> Option<Wish> {
    const LEAST: u32 = 10;
    let plain = part.iter().all(|at| {
        words.at(*at).is_some_and(|word| {
            number::value(word).is_some()
                || word.used
                || held.iter().any(|row| row.is_unit(&word.folded))
                || !lexicon.knows(&word.folded)
        })
    });
    let (at, sku) = part.iter().filter(|_| plain).find_map(|at| {
        let word = words.at(*at).filter(|word| !word.used)?;
        let number = word.digits().filter(|number| *number >= LEAST)?;
        let denied = (1..=2).any(|back| {
            words.before(*at, back).is_some_and(|before| {
                before.segment == word.segment
                    && ["not", "no", "не"].contains(&before.folded.as_str())
            })
        });
        let single = held.iter().filter(|row| row.pack.is_none());
        let rows = single.flat_map(|row| lexicon.variants(row));
        let mut fits = rows.filter(|row| row.tells(number) && !denied);
        let row = fits.next()?;
        fits.all(|other| other.sku == row.sku)
            .then(|| (*at, row.sku.clone()))
    })?;
    let count = part
        .iter()
        .filter(|other| **other != at)
        .filter_map(|other| words.at(*other))
        .find_map(|word| number::value(word).filter(|_| !number::is_article(word)));
    let range = part.first().copied()?..part.last().copied()? + 1;
    words.take(range);
    Some(Wish::new(
        vec![sku],
        count.map_or(Count::Open, Count::Units),
    ))
}

/// A number that only one name carries, where nothing else is named: "the 3000 one".
pub(super) fn by_number(words: &mut Words, lexicon: &Lexicon) -> Option<Wish> {
    const LEAST: u32 = 100;
    let (at, sku) = (0..words.list().len()).find_map(|at| {
        let word = words.at(at).filter(|word| !word.used)?;
        word.digits().filter(|number| *number >= LEAST)?;
        let mut rows = lexicon
            .rows
            .iter()
            .filter(|row| row.name.contains(&word.folded));
        let row = rows.next().filter(|row| row.pack.is_none())?;
        rows.next().is_none().then(|| (at, row.sku.clone()))
    })?;
    words.take(at..at + 1);
    Some(Wish::new(vec![sku], Count::Open))
}

/// "The crianza, a loose bottle": a part that only tells how things are sold keeps those of the rows just named that are sold
/// so.
pub(super) fn by_kind(
    wishes: &mut [Wish],
    wish: &Wish,
    words: &[&Word],
    lexicon: &Lexicon,
) -> bool {
    let plain = words.iter().all(|word| {
        number::value(word).is_some()
            || lexicon.is_unit(&word.folded)
            || counts::is_single_word(word)
            || !lexicon.knows(&word.folded)
    });
    let open = |last: &&mut Wish| last.count == Count::Open && last.skus.len() > 1;
    let Some(last) = wishes.last_mut().filter(|last| plain && open(last)) else {
        return false;
    };
    let both = |sku: &Sku| wish.skus.contains(sku);
    let fewer = last.skus.iter().filter(|sku| both(sku)).count();
    if fewer == 0 || fewer == last.skus.len() {
        return false;
    }
    last.skus.retain(both);
    if last.count == Count::Open {
        last.count = wish.count;
    }
    true
}

/// "Drawing, one lesson": the only one of the rows just named that is sold by the unit a part counts; how many, and where.
pub(super) fn by_unit_count(
    words: &Words,
    part: &[usize],
    skus: &[Sku],
    lexicon: &Lexicon,
) -> Option<(Sku, u32, usize)> {
    if skus.len() < 2 || part.len() > 4 {
        return None;
    }
    part.iter().find_map(|at| {
        let (one, unit) = (words.at(*at)?, words.at(at + 1)?);
        let count = number::value(one).filter(|count| *count > 0)?;
        let sold = |sku: &&Sku| {
            let row = lexicon.row(sku);
            row.is_some_and(|row| row.is_unit(&unit.folded))
        };
        let mut rows = skus.iter().filter(sold);
        match (rows.next(), rows.next()) {
            (Some(sku), None) if !unit.used => Some((sku.clone(), count, *at)),
            _unclear => None,
        }
    })
}
