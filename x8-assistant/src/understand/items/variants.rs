//! Rows that differ in a number, a measure or how they are sold: "the 3000", "3 seats", "both of 6", "18 kg" (O1).

use x8_core::Sku;

use super::{
    super::{
        lexicon::{Entry, Lexicon},
        number, resized,
        search::is_of,
        size::{Measure, measured},
        terms::{alike, term},
        words::{Word, Words},
    },
    Count, Wish, counts,
    told::tells_as,
};

/// "The Nube sofa, 3 seats": a part that only tells a number of the names of the rows just named; takes the words.
pub(super) fn by_figure(
    words: &mut Words,
    part: &[usize],
    wishes: &mut [Wish],
    lexicon: &Lexicon,
) -> bool {
    let Some(last) = wishes.last_mut().filter(|last| last.skus.len() > 1) else {
        return false;
    };
    let rows: Vec<&Entry> = last
        .skus
        .iter()
        .filter_map(|sku| lexicon.row(sku))
        .collect();
    let own = |word: &Word| {
        let asked = term(&word.folded);
        let named = |row: &&Entry| {
            let mut name = row.name.iter().filter_map(|word| term(word));
            name.any(|own| asked.as_ref().is_some_and(|asked| alike(asked, &own)))
        };
        rows.iter().any(named)
    };
    let plain = part
        .iter()
        .filter_map(|at| words.at(*at))
        .all(|word| number::value(word).is_some() || !lexicon.knows(&word.folded) || own(word));
    if !plain || rows.iter().any(|row| row.pack.is_some()) {
        return false;
    }
    let told = part.iter().find_map(|at| {
        let number = words.at(*at)?.digits()?;
        let tells = |row: &&&Entry| tells_as(row, number, words.at(at + 1));
        let fits: Vec<Sku> = rows
            .iter()
            .filter(tells)
            .map(|row| row.sku.clone())
            .collect();
        (!fits.is_empty() && fits.len() < rows.len()).then_some((*at, fits))
    });
    let Some((at, fits)) = told else { return false };
    last.skus = fits;
    words.take(at..at + 2);
    true
}

/// "My dog weighs 18 kg" where rows are for ranges: of rows that may be meant the one whose range holds what was said.
pub(super) fn by_range(wishes: &mut [Wish], words: &Words, lexicon: &Lexicon) {
    let said = words.list().iter().find_map(|word| measured(&word.folded));
    let Some((amount, kind)) = said else { return };
    for wish in wishes.iter_mut().filter(|wish| wish.skus.len() > 1) {
        let holds = |sku: &&Sku| {
            let range = lexicon.row(sku).and_then(|row| range(row, kind));
            range.is_some_and(|(least, most)| least <= amount && amount <= most)
        };
        let fits: Vec<Sku> = wish.skus.iter().filter(holds).cloned().collect();
        if fits.len() == 1 {
            wish.skus = fits;
        }
    }
}

/// "Up to 10 kg", "10 to 25 kg", "over 25 kg": the range of a name, in the smallest part of its measure.
fn range(row: &Entry, kind: Measure) -> Option<(u64, u64)> {
    const OVER: &[&str] = &[
        "over",
        "above",
        "from",
        "свыше",
        "более",
        "от",
        "mas",
        "desde",
    ];
    const UNDER: &[&str] = &["to", "under", "below", "до", "hasta", "menos"];
    let (at, most) = row.name.iter().enumerate().find_map(|(at, word)| {
        let (amount, own) = measured(word)?;
        (own == kind).then_some((at, amount))
    })?;
    let back = |far: usize| at.checked_sub(far).and_then(|at| row.name.get(at));
    let is =
        |far: usize, forms: &[&str]| back(far).is_some_and(|word| forms.contains(&word.as_str()));
    let unit = row
        .name
        .get(at)?
        .trim_start_matches(|letter: char| !letter.is_alphabetic());
    let least = back(2)
        .filter(|_| is(1, &["to", "до", "a", "hasta"]))
        .and_then(|word| measured(&format!("{word}{unit}")));
    match least {
        Some((least, _)) => Some((least, most)),
        None if is(1, UNDER) => Some((0, most)),
        None if (1..=2).any(|far| is(far, OVER)) => Some((most, u64::MAX)),
        None => None,
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
