//! Text files with one true reading that tempt a reader into another: exact or refused, never wrong (K1–K3, K9).

use proptest::prelude::*;
use x8_core::{Result, catalog::Kind, import::Import};

use super::{products, read};

/// The prices in cents, or why the file was refused.
fn prices(read: Result<Import>) -> std::result::Result<Vec<i64>, String> {
    let import = read.map_err(|error| error.public().to_owned())?;
    if !import.report.ok {
        assert!(import.offerings.is_empty(), "K5: nothing half-loads");
        let errors = import.report.errors.iter().map(ToString::to_string);
        return Err(errors.collect::<Vec<_>>().join("\n"));
    }
    let rows = import.offerings.iter();
    Ok(rows.map(|row| row.price.minor()).collect())
}

fn refusal(text: &str) -> String {
    match prices(products(text)) {
        Ok(read) => panic!("{text:?} was read as {read:?}"),
        Err(why) => why,
    }
}

#[test]
fn k9_a_price_under_a_name_that_is_not_known_is_not_free_of_charge() {
    for header in [
        "Cena",
        "Fiyat",
        "Prijs",
        "Сума",
        "Hinta",
        "价格",
        "السعر",
        "Amount",
        "Betrag",
        "MSRP",
        "Total",
    ] {
        for cell in ["12,50", "1 299", "12 €", "$12", "1.299"] {
            let why = refusal(&format!("name;description;{header}\nA;b;{cell}\nC;d;\n"));
            assert!(
                why.contains("K1") && why.contains(header) && why.contains("price_eur"),
                "{why}"
            );
        }
    }
    for (free, file) in [
        ("without other columns", "name;description\nA;b\n"),
        ("with words", "name;description;colour\nA;b;red 7\nC;d;\n"),
        (
            "by an empty price",
            "name;description;Persons;price\nA;b;4;\n",
        ),
    ] {
        assert_eq!(
            prices(products(file)).map(|read| read[0]),
            Ok(0),
            "free {free}"
        );
    }
}

#[test]
fn k1_a_fee_under_a_name_that_is_not_known_is_not_dropped() {
    let why = refusal("name;description;price;Shipping per km\nA;b;12;5,50\n");
    assert!(why.contains("logistics_price_eur"), "{why}");
    let words = "name;description;price;Shipping method\nA;b;12;by van\n";
    assert_eq!(prices(products(words)), Ok(vec![1_200]));
}

#[test]
fn k2_cells_pushed_behind_the_last_header_refuse_the_row() {
    for file in [
        "name,description,price,\nRose,red,12,50\n",
        "name,description,price,,,\nRose,red,12,50,,\nB,c,3,,,\n",
        "name;description;price;\nRose;red; 5;12,50\n",
        "name\tdescription\tprice\t\nRose\tred\t5\t12,50\n",
    ] {
        assert!(refusal(file).contains("under 3 headers"), "{file}");
    }
    let padded = "name,description,price,,\nRose,red,12.50,,\nB,c,3,,\n";
    assert_eq!(prices(products(padded)), Ok(vec![1_250, 300]));
    let nameless_first = ",name,description,price\n0,Rose,red,12.50\n";
    assert_eq!(prices(products(nameless_first)), Ok(vec![1_250]));
}

#[test]
fn k2_the_declared_delimiter_is_found_however_it_is_written() {
    for first in ["sep=;", "SEP=;\r", "\"sep=;\"", "sep=;;;", "Sep=;;\r"] {
        let file = format!("{first}\nname;description;price\nA;b, c;12,50\n");
        assert_eq!(prices(products(&file)), Ok(vec![1_250]), "{first:?}");
    }
    refusal("sep=,\nname;description;price\nA;b;12,50\n");
}

#[test]
fn k3_a_dash_for_no_cents_is_a_whole_amount() {
    for (cell, expected) in [
        ("12.-", 1_200),
        ("12,-", 1_200),
        ("12,—", 1_200),
        ("12.–", 1_200),
        ("12.--", 1_200),
        ("1 299,- €", 129_900),
        ("EUR 12.-", 1_200),
    ] {
        let file = format!("name\tdescription\tprice\nA\tb\t{cell}\n");
        assert_eq!(prices(products(&file)), Ok(vec![expected]), "{cell}");
    }
}

#[test]
fn k2_the_euro_of_the_newer_iso_code_is_not_the_sign_of_the_older() {
    let text = "Bezeichnung;Beschreibung;Preis (€)\nRose;schöne Blüte für Mädchen;1.299,50 €\n";
    let bytes: Vec<u8> = text
        .chars()
        .map(|letter| {
            if letter == '€' {
                0xa4
            } else {
                u8::try_from(u32::from(letter)).unwrap()
            }
        })
        .collect();
    let import =
        x8_core::import::import(&bytes, &x8_core::import::ImportOptions::new(Kind::Product));
    let encoding = import.as_ref().map(|import| import.report.encoding);
    assert_eq!(encoding.ok(), Some("ISO-8859-15"));
    assert_eq!(prices(import), Ok(vec![129_950]));
}

#[test]
fn k3_minus_signs_and_digits_of_any_script_are_no_silent_price() {
    let minus = [
        "-", "−", "–", "—", "‑", "‒", "―", "﹣", "－", "⁻", "\u{ad}", "➖", "˗",
    ];
    for sign in minus {
        for cell in [
            format!("{sign}12"),
            format!("12{sign}"),
            format!("€ {sign}12"),
            format!("{sign} 12 €"),
        ] {
            refusal(&format!("name\tdescription\tprice\nA\tb\t{cell}\n"));
        }
    }
    for cell in [
        "１２",
        "１２．５０",
        "1２",
        "١٢",
        "١٢٫٥٠",
        "१२",
        "12²",
        "12½",
        "½",
        "Ⅻ",
        "12·50",
        "12٬345",
        "12，50",
        "12⁵⁰",
        "①",
    ] {
        refusal(&format!("name\tdescription\tprice\nA\tb\t{cell}\n"));
    }
}

/// The only amount that the specification lets a cell be: digits in groups of three by one kind of separator, then at most
/// two decimals behind another kind. Written apart from the reader, by trying out every way to write every amount.
fn written(cents: i64) -> Vec<String> {
    let (whole, rest) = (cents / 100, cents % 100);
    let grouped = |mark: &str| {
        let digits = whole.to_string();
        let mut parts = Vec::new();
        let mut end = digits.len();
        while end > 0 {
            let start = end.saturating_sub(3);
            parts.insert(0, digits.get(start..end).unwrap_or_default().to_owned());
            end = start;
        }
        parts.join(mark)
    };
    let mut all = Vec::new();
    for (groups, decimal) in [
        ("", "."),
        ("", ","),
        (",", "."),
        (".", ","),
        (" ", "."),
        (" ", ","),
        ("\u{a0}", ","),
        ("\u{202f}", ","),
        ("'", "."),
        ("'", ","),
        ("’", "."),
    ] {
        all.push(format!("{}{decimal}{rest:02}", grouped(groups)));
        if rest % 10 == 0 {
            all.push(format!("{}{decimal}{}", grouped(groups), rest / 10));
        }
        if rest == 0 {
            all.push(grouped(groups));
        }
    }
    all.sort();
    all.dedup();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn k3_every_way_to_write_an_amount_gives_it_or_is_refused_as_ambiguous(
        cents in prop_oneof![0_i64..1_000, 0_i64..1_000_000, 0_i64..99_999_999_999],
        sign in prop_oneof![Just(""), Just(" €"), Just("€"), Just(" EUR")],
    ) {
        for way in written(cents) {
            let file = format!("name\tdescription\tprice\nA\tb\t{way}{sign}\n");
            match prices(products(&file)) {
                Ok(read) => prop_assert_eq!(read, vec![cents], "{}", way),
                Err(why) => prop_assert!(why.contains("no other cell") , "{}: {}", way, why),
            }
        }
    }

    #[test]
    fn k3_evidence_never_turns_an_amount_into_another(
        cents in prop::collection::vec(0_i64..10_000_000, 1..6),
        comma in any::<bool>(),
        groups in any::<bool>(),
    ) {
        // All cells of one column are written in one style; whatever is read is what was meant.
        let mut file = "name\tdescription\tprice\n".to_owned();
        for amount in &cents {
            let (group, mark) = if comma { (".", ",") } else { (",", ".") };
            let group = if groups { group } else { "" };
            let whole = (amount / 100).to_string();
            let mut text = String::new();
            for (at, digit) in whole.chars().enumerate() {
                if at > 0 && (whole.len() - at) % 3 == 0 {
                    text.push_str(group);
                }
                text.push(digit);
            }
            if amount % 100 != 0 {
                text.push_str(&format!("{mark}{:02}", amount % 100));
            }
            file.push_str(&format!("A\tb\t{text}\n"));
        }
        match prices(products(&file)) {
            Ok(read) => prop_assert_eq!(read, cents),
            Err(why) => prop_assert!(why.contains("no other cell"), "{}", why),
        }
    }

    #[test]
    fn k2_any_bytes_are_read_whole_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), headed in any::<bool>()) {
        let mut file = if headed { b"name;description;price\nA;b;".to_vec() } else { Vec::new() };
        file.extend(bytes);
        for kind in [Kind::Product, Kind::Service] {
            let options = x8_core::import::ImportOptions::new(kind);
            if let Ok(import) = x8_core::import::import(&file, &options) {
                prop_assert_eq!(import.report.ok, !import.offerings.is_empty());
                prop_assert_eq!(import.offerings.len(), import.report.rows.len());
            }
        }
    }
}

#[test]
fn k3_services_are_read_with_the_same_care() {
    let file = "service_name;description;price;travel fee\nM;d;49,90;$5\n";
    assert!(prices(read(Kind::Service, file)).is_err_and(|why| why.contains("USD")));
}
