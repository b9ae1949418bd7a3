//! Words that name one row alone: "the headphones" for "Wireless headphones", "la tarte" for "Tarte aux pommes".

use std::collections::HashMap;

use x8_core::{catalog::Offering, text::fold};

use super::{g06_stock::stem, letter::is_alphanumeric};

/// Shorter words are small words of some language.
const SHORTEST: usize = 4;
/// How many letters the forms of a word differ by at most.
const ENDING: usize = 3;
/// Words of names that speak of other things as well, folded.
const GENERAL: &str = "with from your para avec della dello delle sans sopra over under plus first second third primera primero primer segunda premier premiere erste erster erstes prima primo primeira primeiro первый первая первичный пробный second deuxieme zweite large grande grandes gross grosse grosser klein kleine kleiner small medium piccolo pequeno pequena petit petite маленький маленькая большой большая средний each full whole half night nacht nuit noche notte noite home haus maison casa house pack paket paquete pacote pacchetto paquet price preis prix precio prezzo preco цена free gratis special extra gift regalo geschenk cadeau подарок online total delivery lieferung livraison entrega envio consegna доставка payment hour hours stunde stunden heure hora horas euro euros session sesion seance service servicio servizio servico услуга course curso kurs cours corso курс class clase classe aula lesson leccion lezione lecon урок room zimmer chambre habitacion camera quarto номер person personas personen personnes persone pessoas";

/// The rows that such words name.
#[derive(Debug, Default)]
pub(super) struct Nicknames {
    /// By how they begin: the word, and the row's place.
    words: HashMap<String, Vec<(String, usize)>>,
}

impl Nicknames {
    pub(super) fn of(rows: &[Offering]) -> Self {
        let mut rows_of: HashMap<String, Vec<usize>> = HashMap::new();
        let mut note = |word: &str, at: usize| {
            let places = rows_of.entry(stem(word).into_owned()).or_default();
            if places.last() != Some(&at) {
                places.push(at);
            }
        };
        for (at, row) in rows.iter().enumerate() {
            for text in texts(row) {
                words(&fold(text)).for_each(|word| note(word, at));
            }
        }
        let mut found = Self::default();
        for (at, row) in rows.iter().enumerate() {
            let name = fold(&row.name);
            for word in words(&name).filter(|word| !is_general(word)) {
                let alone = rows_of
                    .get(stem(word).as_ref())
                    .is_some_and(|rows| *rows == [at]);
                let unit = rows.iter().any(|row| counts_by(row, word));
                if alone && !unit {
                    let kin = found.words.entry(stem(word).into_owned()).or_default();
                    kin.push((word.to_owned(), at));
                }
            }
        }
        found
    }

    pub(super) fn approx_bytes(&self) -> usize {
        let words = self.words.values().flatten();
        words
            .map(|(word, _)| 2 * (word.len() + size_of::<String>()))
            .sum()
    }

    /// The words of a folded text that name one row alone, with its place, in order.
    pub(super) fn found<'t>(&self, folded: &'t str) -> Vec<(&'t str, usize)> {
        if self.words.is_empty() {
            return Vec::new();
        }
        let named = |word: &'t str| {
            let kin = self.words.get(stem(word).as_ref())?;
            let (_, row) = kin.iter().find(|(own, _)| is_form(own, word))?;
            Some((word, *row))
        };
        words(folded).filter_map(named).collect()
    }

    /// The places of rows that such words name, alone or as the end of a compound: "Schloss" of a "Fahrradschloss".
    pub(super) fn found_in_compounds(&self, folded: &str) -> Vec<usize> {
        let ends = |own: &str, word: &str| own.ends_with(word) || is_form(own, word);
        let mut found = Vec::new();
        for word in words(folded).filter(|word| word.len() > SHORTEST) {
            let kin = self.words.values().flatten();
            let mut rows = kin.filter(|(own, _)| ends(own, word)).map(|(_, at)| *at);
            if let (Some(only), None) = (rows.next(), rows.next()) {
                found.push(only);
            }
        }
        found
    }
}

/// Words of letters alone; a figure or a hyphen makes another word.
fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !is_alphanumeric(c))
        .filter(|word| word.chars().count() >= SHORTEST && word.chars().all(char::is_alphabetic))
}

fn texts(row: &Offering) -> impl Iterator<Item = &str> {
    [row.name.as_str(), row.description.as_str()]
        .into_iter()
        .chain(row.details.values().map(String::as_str))
}

fn is_general(word: &str) -> bool {
    GENERAL.split(' ').any(|general| general == word)
}

fn counts_by(row: &Offering, word: &str) -> bool {
    let unit = row.unit.as_deref().map(fold).unwrap_or_default();
    unit.split(' ').any(|unit| is_form(unit, word))
}

/// Whether two words are forms of one: they differ in their last letters.
fn is_form(one: &str, other: &str) -> bool {
    let letters = one.chars().count();
    let kept = letters.saturating_sub(2).max(SHORTEST).min(letters);
    let root: String = one.chars().take(kept).collect();
    letters >= SHORTEST
        && other.starts_with(&root)
        && other.chars().count().abs_diff(letters) <= ENDING
}

#[cfg(test)]
mod tests {
    use x8_core::{
        Money,
        catalog::{Kind, Offering},
    };

    use super::Nicknames;

    #[test]
    fn g4_a_word_that_one_row_alone_has_names_it_in_all_its_forms() {
        let row = |name: &str| Offering::new(name, Kind::Product, name, Money::eur(1_00));
        let rows = [
            row("Bouquet of 10 roses"),
            row("Bouquet of 25 roses"),
            row("Tarte aux pommes"),
            row("Торт «Медовик»"),
        ];
        let names = Nicknames::of(&rows);
        assert_eq!(names.found("deux tartes, un bouquet"), [("tartes", 2)]);
        assert_eq!(names.found("без медовика"), [("медовика", 3)]);
        assert!(names.found("the roses").is_empty());
    }
}
