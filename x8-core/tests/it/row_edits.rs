//! K11: rows added, changed and taken out one by one, under the rules of a file.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use x8_core::{
    Money,
    catalog::{Common, Contacts, DetailField, Fee, Group, Kind, Media, Offering, Stock},
    import::{self, Edit, Edited, ImportOptions, Refused, RowIssue, edit},
};

fn map(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn read(kind: Kind, columns: &Value) -> Result<Offering, Vec<RowIssue>> {
    import::row(kind, &map(columns)).map(|read| read.offering)
}

/// Rule and column of the only error.
#[track_caller]
fn refused(kind: Kind, columns: &Value) -> (&'static str, Option<String>) {
    let errors = read(kind, columns).unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    (errors[0].rule, errors[0].column.clone())
}

#[test]
fn k11_a_row_is_read_like_the_row_of_a_file() {
    let columns = json!({
        "Product Name": "Rose, red", "SKU": 201, "description": "Red\n\"deep\"", "цена, €": "3,50",
        "logistics_price_eur": "5", "free_delivery": 70.5, "stock_units": 12, "cities": ["Madrid", "Online"],
        "tags": "gift; love", "website_url": "https://example.com", "colour": "red",
    });
    let row = read(Kind::Product, &columns).unwrap();
    let file = "Product Name;SKU;description;цена, €;logistics_price_eur;free_delivery;stock_units;cities;tags;website_url;colour\n\
        Rose, red;201;\"Red\n\"\"deep\"\"\";3,50;5;70,50;12;Madrid, Online;gift, love;https://example.com;red\n";
    let import = import::import(file.as_bytes(), &ImportOptions::new(Kind::Product)).unwrap();
    assert_eq!(*import.offerings, [row]);
}

#[test]
fn k11_every_rule_of_a_file_holds_for_a_row() {
    let with = |name: &str, value: Value| {
        let mut columns = map(&json!({"name": "Rose", "description": "Red"}));
        columns.insert(name.to_owned(), value);
        Value::Object(columns)
    };
    for (name, value, rule, column) in [
        ("price_eur", json!("1,299"), "K3", "price_eur"),
        ("price_eur", json!(1.299), "K3", "price_eur"),
        ("price_eur", json!(-1), "K3", "price_eur"),
        ("price_eur", json!("12 USD"), "K3", "price_eur"),
        ("price_eur", json!(true), "K2", "price_eur"),
        ("price_eur", json!([3]), "K2", "price_eur"),
        ("cities", json!("[1]"), "K4", "cities"),
        ("cities", json!([1]), "K2", "cities"),
        ("stock_units", json!(2.5), "K3", "stock_units"),
        (
            "website_url",
            json!("javascript:alert(1)"),
            "K8",
            "website_url",
        ),
        ("sku", json!("8,41235E+12"), "K6", "sku"),
        ("prise", json!("12"), "K1", "prise"),
        ("Name", json!("Tulip"), "K1", "product_name"),
        ("colour", json!({"red": true}), "K2", "colour"),
    ] {
        let found = refused(Kind::Product, &with(name, value.clone()));
        assert_eq!(found, (rule, Some(column.to_owned())), "{name} = {value}");
    }
    let empty = read(Kind::Service, &json!({})).unwrap_err();
    let columns: Vec<_> = empty
        .iter()
        .filter_map(|error| error.column.clone())
        .collect();
    assert!(!columns.is_empty(), "{empty:?}");
}

#[test]
fn k3_a_json_number_is_exact() {
    for (number, cents) in [
        (json!(12.5), 12_50),
        (json!(1299), 129_900),
        (json!(0), 0),
        (json!(1299.05), 129_905),
    ] {
        let row = read(
            Kind::Product,
            &json!({"name": "A", "description": "a", "price": number}),
        );
        assert_eq!(row.unwrap().price.minor(), cents);
    }
}

#[test]
fn k11_add_gives_the_next_free_key_and_never_a_taken_one() {
    let columns = map(&json!({"name": "Rose", "description": "Red", "price": "3"}));
    let Edited {
        rows, row: first, ..
    } = edit(&[], Edit::Add(Kind::Product, &columns)).unwrap();
    assert_eq!(first.sku.as_str(), "1");
    let mut kept = Offering::new("41", Kind::Product, "Kept", Money::eur(1));
    kept.description = "Kept".into();
    let rows = [rows, vec![kept]].concat();
    let Edited {
        rows, row: next, ..
    } = edit(&rows, Edit::Add(Kind::Product, &columns)).unwrap();
    assert_eq!((next.sku.as_str(), rows.len()), ("42", 3));
    let taken = map(&json!({"name": "Rose", "description": "Red", "sku": "41"}));
    let Err(Refused::Row(errors)) = edit(&rows, Edit::Add(Kind::Product, &taken)) else {
        panic!("a taken key was given twice");
    };
    assert_eq!(errors[0].rule, "K6");
    assert!(errors[0].message.contains("Kept"), "{}", errors[0].message);
}

#[test]
fn k11_patch_changes_the_named_columns_only() {
    let rows = rich();
    for row in &rows {
        let changes = map(&json!({"price": "7.25", "unit": null, "colour": "blue"}));
        let Edited {
            rows: next,
            row: changed,
            ..
        } = edit(&rows, Edit::Patch(&row.sku, &changes)).unwrap();
        let mut wanted = row.clone();
        wanted.price = Money::eur(7_25);
        wanted.unit = None;
        wanted.extra.insert("colour".to_owned(), "blue".to_owned());
        assert_eq!(changed, wanted);
        let others = |rows: &[Offering]| -> Vec<Offering> {
            rows.iter()
                .filter(|other| other.sku != row.sku)
                .cloned()
                .collect()
        };
        assert_eq!(others(&next), others(&rows), "other rows stay as they are");
        let same = edit(&rows, Edit::Patch(&row.sku, &Map::new())).unwrap();
        assert_eq!(same.rows, rows, "nothing changed");
    }
}

#[test]
fn k11_patch_revalidates_and_keeps_keys_unique() {
    let rows = rich();
    let change = |columns: Value| edit(&rows, Edit::Patch(&"1".into(), &map(&columns)));
    for columns in [
        json!({"name": ""}),
        json!({"sku": "2"}),
        json!({"sku": null}),
        json!({"price": "1.299"}),
        json!({"price": 1, "price_eur": 2}),
    ] {
        assert!(
            matches!(change(columns.clone()), Err(Refused::Row(_))),
            "{columns}"
        );
    }
    let renamed = change(json!({"sku": "NEW-1"})).unwrap();
    assert_eq!(renamed.row.sku.as_str(), "NEW-1");
}

#[test]
fn k11_what_is_not_there_is_neither_changed_nor_taken_out() {
    let rows = rich();
    let absent = "nowhere".into();
    assert_eq!(edit(&rows, Edit::Remove(&absent)), Err(Refused::Absent));
    assert_eq!(
        edit(&rows, Edit::Patch(&absent, &Map::new())),
        Err(Refused::Absent)
    );
    let left = edit(&rows, Edit::Remove(&"1".into())).unwrap();
    assert_eq!(
        (left.rows.len(), left.row.sku.as_str()),
        (rows.len() - 1, "1")
    );
    assert!(left.warnings.is_empty());
}

#[test]
fn k11_what_is_worth_a_look_is_told_as_for_a_file() {
    let columns = json!({"name": "Rose", "description": "Red", "price": 3, "sku": "A-7", "delivry price": "soon"});
    let told = |warnings: &[RowIssue]| -> Vec<(&'static str, Option<String>)> {
        let warnings = warnings.iter();
        warnings
            .map(|issue| (issue.rule, issue.column.clone()))
            .collect()
    };
    let read = import::row(Kind::Product, &map(&columns)).unwrap();
    assert_eq!(
        told(&read.warnings),
        [
            ("K1", Some("delivry price".to_owned())),
            ("K6", Some("sku".to_owned()))
        ]
    );
    let added = edit(&[], Edit::Add(Kind::Product, &map(&columns))).unwrap();
    assert_eq!(added.warnings, read.warnings);
    let renamed = map(&json!({"sku": "B-8", "delivry price": null}));
    let changed = edit(&added.rows, Edit::Patch(&"A-7".into(), &renamed)).unwrap();
    assert_eq!(
        changed
            .warnings
            .iter()
            .map(|issue| issue.text.as_str())
            .next_back(),
        Some("B-8")
    );
    let plain = json!({"name": "Rose", "description": "Red", "price": 3, "sku": 7});
    let read = import::row(Kind::Product, &map(&plain)).unwrap();
    assert_eq!(told(&read.warnings), []);
}

/// What both rows have in common.
fn shared() -> Common {
    Common {
        group: Group {
            category: Some("Flowers".to_owned()),
            tags: vec!["gift, big".to_owned(), "love".to_owned()],
            unit: Some("piece".to_owned()),
            areas: ["Madrid, centre", "Cádiz", "online"].into_iter().collect(),
            ..Group::default()
        }
        .into(),
        price_id: Some("price_1".into()),
        delivery_id: Some("shr_1".into()),
        contacts: Contacts {
            contact: Some("+34600111222".into()),
            service: Some("Care".into()),
            address: Some("Calle Mayor 1".into()),
        },
        extra: [("Florist\u{2019}s note".to_owned(), "=1+1".to_owned())].into(),
        ..Common::default()
    }
}

/// One row of each kind with every column filled.
fn rich() -> Vec<Offering> {
    let fill = |row: Offering| Offering {
        description: "Deep, \"red\"; [really]\nsecond line\tand tab".into(),
        fee: Some(Fee {
            amount: Money::eur(5_00),
            free_from: Some(Money::eur(100_000)),
        }),
        media: Media {
            website: Some("https://example.com/a?b=1,2".into()),
            image: Some("http://example.com/i.png".into()),
            video: None,
        },
        stock: Some(Stock::new(1_000)),
        reminder_hours: Some(12),
        common: shared().into(),
        ..row
    };
    let product = Offering {
        delivery_hours: Some(48),
        ..fill(Offering::new(
            "1",
            Kind::Product,
            "Rose",
            Money::eur(129_950),
        ))
    };
    let filled = fill(Offering::new("2", Kind::Service, "Massage", Money::eur(0)));
    let service = Offering {
        common: Common {
            group: Group {
                duration: Some("90".to_owned()),
                duration_minutes: Some(90),
                ..Group::clone(&filled)
            }
            .into(),
            details: [
                (DetailField::ServiceCategory, "Beauty".to_owned()),
                (DetailField::Included, "Tea".to_owned()),
                (DetailField::Details, "Long".to_owned()),
            ]
            .into(),
            ..Common::clone(&filled)
        }
        .into(),
        ..filled
    };
    vec![product, service]
}

fn text() -> impl Strategy<Value = String> {
    "[ -~а-яñ€\n\t]{1,30}"
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("empty cells are left out", |text| !text.is_empty())
}

proptest! {
    #[test]
    fn k11_a_stored_row_reads_back_from_its_columns(
        (name, about, unit, tag, place, extra) in (text(), text(), text(), text(), text(), text()),
        cents in 0_i64..10_000_000,
        stock in 0_u32..100_000,
    ) {
        for row in rich() {
            let row = Offering {
name: name.as_str().into(),
description: about.clone().into(),
price: Money::eur(cents),
stock: Some(Stock::new(stock)),
common: Common {group: Group {unit: Some(unit.clone()), tags: vec![tag.clone()], areas: std::iter::once(place.as_str()).collect(), duration: None, duration_minutes: None, ..Group::clone(&row)}.into(), extra: [("remark of ours".to_owned(), extra.clone())].into(), ..Common::clone(&row)}.into(),
..row
};
            prop_assert_eq!(import::row(row.kind, &import::columns(&row)).map(|read| read.offering), Ok(row.clone()));
            // A header may have become known since the row was imported.
            let mut row = row;
            row.extra = [("price".to_owned(), extra.clone())].into();
            prop_assert_eq!(import::patch(&row, &Map::new()).map(|read| read.offering), Ok(row.clone()));
        }
    }

    #[test]
    fn k11_whatever_is_sent_is_read_or_refused_with_a_reason(
        columns in proptest::collection::vec(("\\PC{0,12}|price|sku|name|cities|description", "\\PC{0,20}"), 0..6),
    ) {
        let columns: Map<String, Value> = columns.into_iter().map(|(name, text)| (name, json!(text))).collect();
        match import::row(Kind::Product, &columns) {
            Ok(read) => prop_assert!(!read.offering.name.is_empty()),
            Err(errors) => prop_assert!(errors.iter().all(|error| !error.message.is_empty()) && !errors.is_empty()),
        }
    }
}
