//! Appointments that nobody made: "see you on Friday at six", and hours that no row offers: "we have 16:00 free".

use x8_core::text::fold;

use crate::guard::{
    amounts::numerals::value,
    clauses::{clauses, is_conditional},
    facts::Facts,
    g04_amounts::texts,
    letter::is_alphanumeric,
    lexicon::{List, hits},
    page::Sentence,
    text::denies,
};

/// Whether a sentence tells of an appointment that nobody made. A free order needs no money for its own.
pub(super) fn made(facts: &Facts, sentence: &Sentence<'_>, free: bool) -> bool {
    if !sentence
        .hits()
        .any(&[List::AWAITED, List::VACANT, List::DAY])
    {
        return false;
    }
    let folded = sentence.folded();
    if folded.ends_with('?') {
        return false;
    }
    // A colon stands inside hours.
    let pieces = folded
        .split([',', ';', '(', ')', '—', '!', '¡'])
        .map(str::trim);
    let pieces: Vec<&str> = pieces.collect();
    if pieces.iter().any(|piece| offers(facts, piece)) {
        return true;
    }
    let timed = sentence.hits().has(List::DAY) || !clocks(folded, true).is_empty();
    !free
        && timed
        && pieces.iter().any(|piece| expects(piece))
        && !is_conditional(sentence, &clauses(folded))
}

/// Whether a clause expects the customer, or takes leave until a day.
fn expects(clause: &str) -> bool {
    !denies(clause) && (hits(clause).has(List::AWAITED) || is_farewell(clause))
}

/// "À samedi", "bis Freitag": a clause of its own.
fn is_farewell(clause: &str) -> bool {
    const UNTIL: [&str; 7] = ["a ", "bis ", "ate ", "hasta ", "до ", "until ", "till "];
    UNTIL.iter().any(|word| clause.starts_with(word))
        && clause.split(' ').count() < 4
        && hits(clause).has(List::DAY)
}

/// Whether a clause offers an hour that stands in no row. A stretch of hours is an opening, not an appointment.
fn offers(facts: &Facts, clause: &str) -> bool {
    if !hits(clause).has(List::VACANT) || denies(clause) || is_asked(clause) {
        return false;
    }
    let clocks = clocks(clause, false);
    !clocks.is_empty()
        && !is_stretch(clause, &clocks)
        && clocks.iter().any(|clock| !is_told(facts, clause, clock))
}

/// "If 16:00 is free", "whether …".
fn is_asked(clause: &str) -> bool {
    const WHETHER: [&str; 9] = [
        "if ",
        "whether ",
        "если ",
        "si ",
        "ob ",
        "wenn ",
        "falls ",
        "se ",
        "caso ",
    ];
    WHETHER.iter().any(|word| clause.starts_with(word))
}

/// An hour of a clause: where it begins and ends.
type Clock = (usize, usize);

/// Whether some row tells the same hour.
fn is_told(facts: &Facts, clause: &str, (start, end): &Clock) -> bool {
    let clock = clause.get(*start..*end).unwrap_or_default();
    let rows = facts.catalog.offerings().iter();
    rows.flat_map(texts).any(|text| fold(text).contains(clock))
}

/// "From 9:00 to 18:30", "9:00–18:30".
fn is_stretch(clause: &str, clocks: &[Clock]) -> bool {
    const FROM: [&str; 14] = [
        "from", "between", "с", "от", "de", "desde", "von", "ab", "des", "dalle", "dalla", "das",
        "da", "entre",
    ];
    let Some((start, _)) = clocks.first() else {
        return false;
    };
    let before = clause.get(..*start).unwrap_or_default().trim_end();
    let from = before.rsplit(' ').take(2).any(|word| FROM.contains(&word));
    let dashed = clocks.windows(2).any(|pair| {
        let [(_, end), (start, _)] = pair else {
            return false;
        };
        let between = clause.get(*end..*start).unwrap_or_default().trim();
        matches!(between, "-" | "–" | "—")
    });
    (from && clocks.len() > 1) || dashed
}

/// Words behind a figure that make it an hour.
const HOURS: [&str; 16] = [
    "h",
    "uhr",
    "am",
    "pm",
    "a.m",
    "p.m",
    "o'clock",
    "o’clock",
    "часов",
    "часа",
    "утра",
    "вечера",
    "дня",
    "heures",
    "horas",
    "ore",
];
/// Words before a figure that make it an hour, where something is vacant.
const AT: [&str; 9] = ["at", "a las", "a la", "um", "alle", "as", "as", "в", "vers"];

/// The hours of a clause: `16:00`, `16 Uhr`, `16h`, `at 4`, and `a las cinco`.
fn clocks(clause: &str, in_words: bool) -> Vec<Clock> {
    let words = words(clause);
    let mut found = Vec::new();
    for (place, (start, word)) in words.iter().enumerate() {
        let next = words.get(place + 1).map_or("", |(_, next)| *next);
        let before = place
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .map_or("", |(_, before)| *before);
        let two = place
            .checked_sub(2)
            .and_then(|before| words.get(before))
            .map_or_else(|| before.to_owned(), |(_, two)| format!("{two} {before}"));
        let at = AT.contains(&before) || AT.contains(&two.as_str());
        let spoken = in_words && value(word).is_some_and(|hour| hour <= 24);
        if is_clock(word) || (is_hour(word) && (HOURS.contains(&next) || at)) || (spoken && at) {
            found.push((*start, start + word.len()));
        }
    }
    found
}

/// `16:00`, `16.30`, `16h`, `16h30`.
fn is_clock(word: &str) -> bool {
    let parts = word.split_once([':', 'h']).or_else(|| word.split_once('.'));
    let Some((hour, minute)) = parts else {
        return false;
    };
    let short = minute.is_empty() && word.ends_with('h');
    is_hour(hour)
        && (short || (minute.len() == 2 && minute.parse::<u32>().is_ok_and(|minute| minute < 60)))
}

fn is_hour(word: &str) -> bool {
    word.len() < 3 && word.parse::<u32>().is_ok_and(|hour| hour < 25)
}

/// Words with where they begin.
fn words(clause: &str) -> Vec<(usize, &str)> {
    let outside = |c: char| !(is_alphanumeric(c) || matches!(c, ':' | '.' | '\'' | '’'));
    let mut found = Vec::new();
    let mut at = 0;
    for piece in clause.split(outside) {
        let word = piece.trim_matches(['.', ':', '\'']);
        if !word.is_empty() {
            let lead = piece.len() - piece.trim_start_matches(['.', ':', '\'']).len();
            found.push((at + lead, word));
        }
        at += piece.len();
        at += clause
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{clocks, expects, is_asked};

    #[test]
    fn g14_hours_are_found_in_every_spelling() {
        for clause in [
            "at 16:00",
            "um 16 uhr",
            "as 16h",
            "at 4 pm",
            "в 10 утра",
            "a las cinco",
            "16h30",
        ] {
            assert_eq!(clocks(clause, true).len(), 1, "{clause}");
        }
        for clause in ["2 bouquets", "29.90", "90 minutes", "16 gb"] {
            assert!(clocks(clause, true).is_empty(), "{clause}");
        }
    }

    #[test]
    fn g14_who_is_expected_on_a_day_has_an_appointment() {
        assert!(expects("la espero el viernes a las cinco"));
        assert!(!is_asked("16:00 is free if you hurry") && is_asked("if 16:00 is free"));
        assert!(expects("a samedi"));
        assert!(!expects("a samedi et dimanche nous fermons a midi"));
    }
}
