//! Exported files: harmless in a spreadsheet, and read back as they were.

use proptest::prelude::*;
use x8_core::{
    Money,
    catalog::{Kind, Offering},
    import::{ImportOptions, export_csv, import},
    money::Currency,
};

use super::{products, read};

fn back(rows: &[Offering], kind: Kind) -> Vec<Offering> {
    let file = export_csv(rows, kind).unwrap();
    let import = import(&file, &ImportOptions::new(kind)).unwrap();
    assert!(import.report.ok, "{}", import.report);
    import.into_offerings()
}

#[test]
fn k2_an_export_is_read_back_as_it_was() {
    let text = "name;description;price;sku;cities;tags;stock;fee note;delivery price;free delivery;site\n\
                Rose;\"Red; \"\"fresh\"\"\";1 299,50;007;Madrid, Online;a,b;3;=x;5;80;https://example.com\n\
                Tulip;Blue;0;12;;;;;;;\n";
    let rows = products(text).unwrap().into_offerings();
    assert_eq!(rows.len(), 2);
    assert_eq!(back(&rows, Kind::Product), rows);
    let text = "service name;description;price;duration;location;included;travel fee\n\
                Massage;Back;49,90;90 min;Online;Oil;10\n";
    let rows = read(Kind::Service, text).unwrap().into_offerings();
    assert_eq!(back(&rows, Kind::Service), rows);
}

#[test]
fn k2_nothing_exported_runs_in_a_spreadsheet() {
    for text in ["=1+1", "+34 600 000 000", "-x", "@SUM(A1)", "'=1", "''=1"] {
        let mut row = Offering::new(text, Kind::Product, text, Money::eur(1));
        row.description = text.into();
        row.extra.insert(text.to_owned(), text.to_owned());
        let rows = [row];
        let file = String::from_utf8(export_csv(&rows, Kind::Product).unwrap()).unwrap();
        for cell in file.split([',', '\n']) {
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell} in {file}");
        }
        assert_eq!(back(&rows, Kind::Product), rows);
    }
}

#[test]
fn k3_amounts_are_numbers_in_one_currency() {
    let dollars = Money::new(1_250, Currency::USD);
    let mut row = Offering::new("1", Kind::Product, "Rose", dollars);
    row.description = "Red".into();
    let options = ImportOptions {
        currency: Currency::USD,
        ..ImportOptions::new(Kind::Product)
    };
    let file = export_csv(&[row.clone()], Kind::Product).unwrap();
    assert_eq!(import(&file, &options).unwrap().offerings[0].price, dollars);
    let euros = Offering::new("2", Kind::Product, "Tulip", Money::eur(1));
    assert!(export_csv(&[row, euros], Kind::Product).is_err());
}

proptest! {
    #[test]
    fn k2_any_text_survives_an_export(name in "[=+@'a-zа-я€\",;\n-]{1,12}", cents in 0_i64..10_000_000) {
        let name = name.trim().to_owned();
        prop_assume!(!name.is_empty());
        let mut row = Offering::new("1", Kind::Product, name.clone(), Money::eur(cents));
        row.description = name.into();
        let rows = [row];
        prop_assert_eq!(back(&rows, Kind::Product), rows);
    }
}
