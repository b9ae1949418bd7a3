//! K12: finding offerings by what customers write.

use proptest::prelude::*;
use x8_core::{
    Money,
    catalog::{
        Catalog, Common, Group, Kind, Offering, Stock,
        search::{Hit, Query, Search, Why},
    },
    order::Area,
};

fn row(sku: &str, name: &str, description: &str) -> Offering {
    Offering {
        description: description.into(),
        ..Offering::new(sku, Kind::Product, name, Money::eur(10_00))
    }
}

fn in_places(places: &[&str], offering: Offering) -> Offering {
    Offering {
        common: Common {
            group: Group {
                areas: places.iter().copied().collect(),
                ..Group::clone(&offering)
            }
            .into(),
            ..Common::clone(&offering)
        }
        .into(),
        ..offering
    }
}

fn left(units: u32, offering: Offering) -> Offering {
    Offering {
        stock: Some(Stock::new(units)),
        ..offering
    }
}

fn shop() -> Search {
    let section = |category: &str, tags: &[&str], offering: Offering| Offering {
        common: Common {
            group: Group {
                category: Some(category.to_owned()),
                tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
                ..Group::clone(&offering)
            }
            .into(),
            ..Common::clone(&offering)
        }
        .into(),
        ..offering
    };
    Search::new(&Catalog::detached(vec![
        in_places(
            &["Madrid", "Málaga"],
            row("201", "Bouquet of 10 roses", "Red and white"),
        ),
        in_places(&["Valencia"], row("202", "Bouquet of 25 roses", "Red only")),
        left(
            0,
            section(
                "Spring flowers",
                &["gift"],
                row("T-9", "Dutch tulips", "Fresh from Holland"),
            ),
        ),
        left(3, row("203", "Букет из 15 пионов", "Нежные розовые пионы")),
        in_places(
            &["online"],
            row("300", "Habitaciones con vistas al mar", "Desayuno incluido"),
        ),
        section(
            "Weddings",
            &[],
            row("301", "Photo session", "One hour; roses as decoration"),
        ),
    ]))
}

fn ask(search: &Search, text: &str) -> Vec<(String, Why)> {
    let query = Query {
        text,
        limit: 10,
        ..Query::default()
    };
    let hits = search.find(&query).into_iter();
    hits.map(|hit| (hit.sku.to_string(), hit.why)).collect()
}

#[track_caller]
fn finds(text: &str, wanted: &[(&str, Why)]) {
    let found = ask(&shop(), text);
    let found: Vec<(&str, Why)> = found
        .iter()
        .map(|(sku, why)| (sku.as_str(), *why))
        .collect();
    assert_eq!(found, wanted, "{text}");
}

#[test]
fn k12_a_sku_is_found_exactly_alone_and_in_a_question() {
    finds("202", &[("202", Why::Sku)]);
    finds(" t-9 ", &[("T-9", Why::Sku)]);
    finds("how much is 301?", &[("301", Why::Sku)]);
    // A bare "10" may count something: it is a word of a name, not a key.
    finds("10", &[("201", Why::PartOfName)]);
}

#[test]
fn k12_a_whole_name_comes_before_a_part_of_it() {
    finds(
        "bouquet OF 25 Roses",
        &[("202", Why::Name), ("201", Why::Words), ("301", Why::Words)],
    );
    finds("photo session", &[("301", Why::Name)]);
    finds(
        "roses bouquet",
        &[
            ("201", Why::PartOfName),
            ("202", Why::PartOfName),
            ("301", Why::Words),
        ],
    );
}

#[test]
fn k12_word_forms_of_three_languages() {
    finds("tulip", &[("T-9", Why::PartOfName)]);
    finds("пион", &[("203", Why::PartOfName)]);
    finds("букеты пионов", &[("203", Why::PartOfName)]);
    finds("habitación", &[("300", Why::PartOfName)]);
    finds("una habitacion con vista", &[("300", Why::PartOfName)]);
    finds("wedding", &[("301", Why::Words)]);
    finds("desayunos", &[("300", Why::Words)]);
}

#[test]
fn k12_unfinished_and_misspelt_words_still_find_the_name() {
    finds("tul", &[("T-9", Why::PartOfName)]);
    finds("tulps", &[("T-9", Why::SimilarName)]);
    finds("habitaziones", &[("300", Why::SimilarName)]);
    finds("пеонов", &[("203", Why::SimilarName)]);
    finds("cat", &[]);
}

#[test]
fn k12_case_and_accents_do_not_matter() {
    finds("DÉSÁYUNO", &[("300", Why::Words)]);
    finds("ПИОНОВ", &[("203", Why::PartOfName)]);
}

#[test]
fn k12_text_counts_less_than_sections_and_sections_less_than_names() {
    let named = |name: &str, category: &str, description: &str, sku: &str| Offering {
        common: Common {
            group: Group {
                category: Some(category.to_owned()),
                ..Group::default()
            }
            .into(),
            ..Common::default()
        }
        .into(),
        ..row(sku, name, description)
    };
    let search = Search::new(&Catalog::detached(vec![
        named("Vase", "Glass", "Goes with a candle", "1"),
        named("Holder", "Candle", "Brass", "2"),
        named("Candle of wax", "Light", "White", "3"),
    ]));
    let order: Vec<String> = ask(&search, "a candle please")
        .into_iter()
        .map(|(sku, _)| sku)
        .collect();
    assert_eq!(order, ["3", "2", "1"]);
}

#[test]
fn k12_more_of_the_question_beats_a_rarer_word() {
    let search = Search::new(&Catalog::detached(vec![
        row("1", "Edelweiss", "Rare"),
        row("2", "White lilies", "For a funeral"),
        row("3", "White roses", "For a wedding"),
    ]));
    let found = ask(&search, "white flowers for a wedding, not edelweiss");
    assert_eq!(found.first().map(|(sku, _)| sku.as_str()), Some("3"));
}

#[test]
fn k12_area_and_availability_filter() {
    let search = shop();
    let find = |area: Option<Area>, available_only| {
        let query = Query {
            area,
            available_only,
            limit: 10,
            ..Query::default()
        };
        let hits = search.find(&query).into_iter();
        hits.map(|hit| hit.sku.to_string()).collect::<Vec<_>>()
    };
    let place = |name: &str| Some(Area::Place(name.to_owned()));
    assert_eq!(
        find(place("malaga"), false),
        ["201", "T-9", "203", "301"],
        "rows without areas are available everywhere"
    );
    assert_eq!(find(place("MADRID"), true), ["201", "203", "301"]);
    assert_eq!(find(place("Oslo"), true), ["203", "301"]);
    assert_eq!(find(Some(Area::Online), true), ["203", "300", "301"]);
    assert_eq!(find(None, true).len(), 5);
    assert_eq!(find(None, false).len(), 6);
}

#[test]
fn k12_ties_keep_the_order_of_the_file_and_the_limit_cuts_the_worst() {
    let rows = (0..50).map(|at| row(&format!("A{at}"), "Same rose", "Same"));
    let search = Search::new(&Catalog::detached(rows.collect()));
    let query = Query {
        text: "rose",
        limit: 7,
        ..Query::default()
    };
    let found: Vec<String> = search
        .find(&query)
        .into_iter()
        .map(|hit| hit.sku.to_string())
        .collect();
    assert_eq!(found, ["A0", "A1", "A2", "A3", "A4", "A5", "A6"]);
    assert_eq!(
        ask(&search, "?!"),
        [],
        "a question without words finds nothing"
    );
}

#[test]
fn k12_an_empty_catalogue_answers() {
    let search = Search::new(&Catalog::detached(Vec::new()));
    assert!(search.is_empty() && ask(&search, "rose").is_empty() && ask(&search, "").is_empty());
    assert!(search.approx_bytes() < 1_000);
}

#[test]
fn k12_the_memory_of_an_index_grows_with_its_text() {
    let index = |count: usize| {
        let rows = (0..count).map(|at| {
            row(
                &at.to_string(),
                &format!("Rose number {at}"),
                "A red rose from the garden behind the house",
            )
        });
        Search::new(&Catalog::detached(rows.collect())).approx_bytes()
    };
    let (small, large) = (index(100), index(1_000));
    assert!(large > 5 * small && large < 20 * small, "{small} {large}");
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zа-яёñáéíóú]{1,12}",
        "(розы?|букет(ов)?|rose(s)?|ramos?|10|201|habitaci[oó]n(es)?)",
        "\\PC{0,6}",
        "(ющ|ся|ость|ейш|ing|ed|ation|mente|amente){1,4}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(word(), 0..6).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn k12_any_catalogue_and_question_give_the_same_answer_twice(
        rows in proptest::collection::vec((text(), text(), text()), 0..12),
        asked in text(),
        limit in 0_usize..15,
    ) {
        let rows = rows.iter().zip(1_u32..).map(|((name, about, category), at)| Offering {
common: Common {group: Group {category: Some(category.clone()), ..Group::default()}.into(), ..Common::default()}.into(),
..row(&at.to_string(), name, about)
});
        let catalog = Catalog::detached(rows.collect());
        let query = Query { text: &asked, limit, ..Query::default() };
        let hits = Search::new(&catalog).find(&query);
        prop_assert!(hits.len() <= limit);
        prop_assert!(hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
        prop_assert!(hits.windows(2).all(|pair| pair[0].why >= pair[1].why));
        let mut keys: Vec<_> = hits.iter().map(|hit| hit.sku.clone()).collect();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), hits.len(), "a row is found once");
        prop_assert_eq!(&Search::new(&catalog).find(&query), &hits);
    }

    #[test]
    fn k12_every_name_finds_its_own_row(names in proptest::collection::vec(text(), 1..12)) {
        let rows = names.iter().zip(1_000_000_u32..);
        let rows = rows.map(|(name, at)| row(&at.to_string(), name, "")).collect();
        let search = Search::new(&Catalog::detached(rows));
        for (name, at) in names.iter().zip(1_000_000_u32..) {
            if !name.chars().any(char::is_alphanumeric) {
                continue;
            }
            let query = Query { text: name, limit: 20, ..Query::default() };
            let own = |hit: &&Hit| hit.sku.as_str() == at.to_string();
            let found = search.find(&query);
            let found = found.iter().find(own);
            prop_assert_eq!(found.map(|hit| hit.why), Some(Why::Name), "{}", name);
        }
    }
}
