//! Clauses of a sentence, so that a "no" behind a comma does not deny what was promised before it.

use super::{cues::Cues, page::Sentence};

/// Words thrown in between commas that belong to the clause around them.
const REGRETS: [&str; 16] = [
    "unfortunately",
    "sadly",
    "sorry",
    "к сожалению",
    "увы",
    "пока",
    "lamentablemente",
    "por desgracia",
    "desgraciadamente",
    "leider",
    "malheureusement",
    "helas",
    "purtroppo",
    "infelizmente",
    "of course",
    "конечно",
];

/// The clauses of a folded sentence: between commas, semicolons, colons, dashes and brackets.
pub(super) fn clauses(folded: &str) -> Vec<String> {
    let mut clauses: Vec<String> = Vec::new();
    let mut inserted = false;
    let pieces = folded.split([',', ';', ':', '(', ')', '—', '–', '!', '?', '¡', '¿']);
    for piece in pieces.map(str::trim).filter(|piece| !piece.is_empty()) {
        if REGRETS.contains(&piece) {
            inserted = true;
            continue;
        }
        match clauses.last_mut() {
            Some(last) if inserted => {
                last.push(' ');
                last.push_str(piece);
            }
            Some(_) | None => clauses.push(piece.to_owned()),
        }
        inserted = false;
    }
    clauses
}

/// Words that make what a sentence says depend on something.
pub(super) const DEPENDING: [&str; 30] = [
    "if",
    "once",
    "after",
    "when",
    "unless",
    "as soon as",
    "provided",
    "если",
    "когда",
    "после",
    "как только",
    "при условии",
    "cuando",
    "una vez",
    "tras",
    "despues",
    "en cuanto",
    "siempre que",
    "sobald",
    "wenn",
    "nachdem",
    "des que",
    "apres",
    "une fois",
    "quando",
    "dopo",
    "appena",
    "apos",
    "assim que",
    "depois",
];

/// Whether a sentence of these clauses makes what it says depend on something.
pub(super) fn is_conditional(sentence: &Sentence<'_>, clauses: &[String]) -> bool {
    // "Si" and "se" are also pronouns; they begin a clause when they mean "if".
    sentence.says(Cues::DEPENDING)
        || clauses
            .iter()
            .any(|clause| clause.starts_with("si ") || clause.starts_with("se "))
}
