//! Files of more rows than are split at once, and what rows share.

use std::{fmt::Write as _, sync::Arc};

use x8_core::{
    catalog::{Catalog, Kind},
    import::{ImportOptions, import},
};

#[test]
fn k5_rows_far_down_are_read_and_refused_like_the_first() {
    let mut file = "sku,name,description,price,cities\n".to_owned();
    for number in 1..=2_000 {
        let _infallible = match number {
            700 => writeln!(file, "700,\"Rose \"700,Red,1.50,Madrid"),
            1_100 => writeln!(file, "3,Rose,Red,1.50,Madrid"),
            1_500 => writeln!(file, "1500,Rose,Red,minus one,Madrid"),
            _ if number % 3 == 0 => {
                writeln!(
                    file,
                    "{number},\"Rose, \"\"{number}\"\"\",\"Red\nand tall\",{number}.25,\"Madrid, León\""
                )
            }
            _ if number % 7 == 0 => {
                writeln!(file, ",,,,\n{number},Rose {number},Red,{number}.25,Madrid")
            }
            _ => writeln!(file, "{number},Rose {number},Red,{number}.25,Madrid"),
        };
    }
    let options = ImportOptions {
        partial: true,
        ..ImportOptions::new(Kind::Product)
    };
    let read = import(file.as_bytes(), &options).unwrap();
    let line = |wanted: &str| {
        let before = file.split(wanted).next().unwrap();
        u64::try_from(before.matches('\n').count()).unwrap() + 1
    };
    let refused: Vec<(u64, &str)> = read
        .report
        .errors
        .iter()
        .map(|issue| (issue.row, issue.rule))
        .collect();
    assert_eq!(
        refused,
        [
            (line("700,\"Rose \"700"), "K2"),
            (line("3,Rose,Red"), "K6"),
            (line("1500,Rose"), "K3"),
        ]
    );
    assert_eq!(read.offerings.len(), 1_997);
    for row in read.report.rows.iter() {
        let offering = row.offering;
        let number = offering.sku.as_integer().unwrap();
        let name = match number % 3 {
            0 => format!("Rose, \"{number}\""),
            _ => format!("Rose {number}"),
        };
        assert_eq!(offering.name, name);
        assert_eq!(offering.price.minor(), number * 100 + 25);
        assert_eq!(row.row, line(&format!("\n{number},")) + 1, "{number}");
    }
    let money = read.report.money.iter();
    let told: Vec<(u64, i64)> = money.map(|own| (own.row, own.amount.minor())).collect();
    let rows = read.report.rows.iter();
    let rows: Vec<(u64, i64)> = rows
        .map(|row| (row.row, row.offering.price.minor()))
        .collect();
    assert!(rows.iter().all(|row| told.contains(row)));
}

#[test]
fn k11_rows_share_what_they_have_in_common_and_change_alone() {
    let file = "name,description,unit,cities\nRose,Red,piece,Madrid\nTulip,Red,piece,Madrid\nLily,White,bunch,Madrid\n";
    let read = import(file.as_bytes(), &ImportOptions::new(Kind::Product)).unwrap();
    let [rose, tulip, lily] = read.offerings.as_slice() else {
        panic!("three rows");
    };
    assert!(Arc::ptr_eq(&rose.common, &tulip.common));
    assert_eq!(
        (rose.unit.as_deref(), lily.unit.as_deref()),
        (Some("piece"), Some("bunch"))
    );
    let mut changed = rose.clone();
    changed.unit = Some("stem".to_owned());
    assert_eq!(tulip.unit.as_deref(), Some("piece"));
    assert_eq!(rose.unit.as_deref(), Some("piece"));

    // Rows that come from elsewhere are packed when they become a catalogue.
    let stored = serde_json::to_string(read.offerings.as_ref()).unwrap();
    let catalog = Catalog::detached(serde_json::from_str(&stored).unwrap());
    assert_eq!(catalog.offerings(), read.offerings.as_slice());
    let [rose, tulip, _] = catalog.offerings() else {
        panic!("three rows");
    };
    assert!(Arc::ptr_eq(&rose.common, &tulip.common));
}

#[test]
fn k5_equal_cells_are_refused_and_doubted_in_every_row() {
    let areas = "name,description,cities\nRose,Red,[Madrid\nTulip,Red,[Madrid\n";
    let read = import(areas.as_bytes(), &ImportOptions::new(Kind::Product)).unwrap();
    let rows: Vec<u64> = read.report.errors.iter().map(|issue| issue.row).collect();
    assert_eq!(rows, [2, 3]);
    let times = "name,description,duration\nMassage,Back,a while\nSauna,Hot,a while\n";
    let read = import(times.as_bytes(), &ImportOptions::new(Kind::Service)).unwrap();
    let doubts = read.report.warnings.iter();
    let doubts: Vec<u64> = doubts
        .filter(|issue| issue.column.as_deref() == Some("duration"))
        .map(|issue| issue.row)
        .collect();
    assert_eq!(doubts, [2, 3]);
}
