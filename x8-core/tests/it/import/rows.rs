//! K4–K10: rows, their keys, links and places; and what a new version changes.

use serde_json::{Value, json};
use x8_core::{
    Money, Sku,
    catalog::{Kind, Offering},
    import::{ImportOptions, Limits, diff, import},
};

use super::{errors, products, read};

fn partial() -> ImportOptions {
    ImportOptions {
        partial: true,
        ..ImportOptions::new(Kind::Product)
    }
}

#[test]
fn k4_areas_are_a_json_array_or_a_list() {
    for cell in [
        "\"[\"\"Málaga\"\", \"\"León\"\"]\"",
        "Málaga; León",
        "\"Málaga, León\"",
        "\"Málaga\nLeón\"",
        "málaga|León",
    ] {
        let delimiter = if cell.contains('|') { continue } else { "\t" };
        let text = ["name", "description", "sku", "cities"].join(delimiter)
            + "\n"
            + &["A", "a", "1", cell].join(delimiter)
            + "\n";
        let row = &products(&text).unwrap().offerings[0];
        assert_eq!(row.areas.places(), ["Málaga", "León"], "{cell}");
        assert_eq!(row.areas.find("MALAGA"), Some("Málaga"));
        assert!(!row.areas.online());
    }
}

#[test]
fn k4_online_in_any_case_is_remote() {
    for cell in ["Online", "ONLINE", "онлайн", "Онлайн", "[\"online\"]"] {
        let row = &read(
            Kind::Service,
            &format!("name\tdescription\tsku\tlocation\nA\ta\t1\t{cell}\n"),
        )
        .unwrap()
        .offerings[0];
        assert!(row.is_online_only(), "{cell}");
    }
    let anywhere = &products("name,description,sku,cities\nA,a,1,\n")
        .unwrap()
        .offerings[0];
    assert!(anywhere.areas.is_empty());
}

#[test]
fn k4_a_broken_list_is_an_error_of_its_cell() {
    for cell in [
        "[\"Madrid\"",
        "['Madrid']",
        "[1, 2]",
        "{\"city\": \"Madrid\"}",
    ] {
        let text = format!(
            "name\tdescription\tsku\tcities\nA\ta\t1\t\"{}\"\n",
            cell.replace('"', "\"\"")
        );
        assert_eq!(
            errors(&products(&text).unwrap()),
            [("K4", 2, "cities", cell)]
        );
    }
}

#[test]
fn k5_one_bad_row_refuses_the_file_and_partial_takes_the_rest() {
    let text = "name,description,sku,price\nA,a,1,5\nB,b,2,-5\n,c,3,6\nD,d,4,7\n";
    let import_all = products(text).unwrap();
    assert!(
        !import_all.report.ok
            && import_all.offerings.is_empty()
            && import_all.report.rows.is_empty()
    );
    let expected = [("K3", 3, "price_eur", "-5"), ("K1", 4, "product_name", "")];
    assert_eq!(errors(&import_all), expected);
    let good = import(text.as_bytes(), &partial()).unwrap();
    assert!(good.report.ok);
    assert_eq!(errors(&good), expected);
    let skus: Vec<&str> = good.offerings.iter().map(|row| row.sku.as_str()).collect();
    assert_eq!(skus, ["1", "4"]);
    let rows: Vec<u64> = good.report.rows.iter().map(|row| row.row).collect();
    assert_eq!(rows, [2, 5]);
}

#[test]
fn k5_partial_with_no_good_row_is_not_ok() {
    let import = import(b"name,description,sku,price\nA,a,1,-5\n", &partial()).unwrap();
    assert!(!import.report.ok && import.offerings.is_empty());
}

#[test]
fn k5_rows_are_lines_of_the_file_also_after_line_breaks_in_cells() {
    for end in ["\n", "\r\n", "\r"] {
        let text = [
            "name,description,sku,price",
            "A,\"first",
            "second\",1,5",
            "",
            "B,b,2,-1",
            "",
        ]
        .join(end);
        let import = products(&text).unwrap();
        assert_eq!(errors(&import), [("K3", 5, "price_eur", "-1")], "{end:?}");
        let good = products(&text.replace("-1", "1")).unwrap();
        assert_eq!(good.offerings[0].description, "first\nsecond", "{end:?}");
    }
}

#[test]
fn k5_an_issue_is_a_flat_json_object() {
    let report = products("name,description,sku,price\nA,a,1,-5\n")
        .unwrap()
        .report;
    assert_eq!(
        serde_json::to_value(&report.errors).unwrap(),
        json!([{
            "sheet": null, "row": 2, "column": "price_eur", "text": "-5", "rule": "K3",
            "message": "`-5` is negative; an amount of 0 or more is needed",
        }])
    );
    assert_eq!(
        report.errors[0].to_string(),
        "row 2, price_eur (K3): `-5` is negative; an amount of 0 or more is needed"
    );
    assert!(
        report
            .to_string()
            .starts_with("nothing was imported (UTF-8, delimiter ',')\nerror: row 2")
    );
}

#[test]
fn k5_a_flood_of_errors_is_counted_not_kept() {
    let options = ImportOptions {
        limits: Limits {
            issues: 3,
            ..Limits::default()
        },
        ..partial()
    };
    let text = "name,description,sku,price\n".to_owned() + &"A,a,x,-1\n".repeat(10) + "B,b,y,1\n";
    let import = import(text.as_bytes(), &options).unwrap();
    assert_eq!(
        (import.report.errors.len(), import.report.errors_omitted),
        (3, 16),
        "9 doubles and 10 prices"
    );
    assert_eq!(
        import.offerings.len(),
        1,
        "uncounted errors still refuse their rows"
    );
}

#[test]
fn k6_a_doubled_sku_names_both_rows() {
    let import = products("name,description,sku\nA,a,7\nB,b,8\nC,c, 7 \n").unwrap();
    assert_eq!(errors(&import), [("K6", 4, "sku", "7")]);
    assert!(
        import.report.errors[0].message.contains("rows 2 and 4"),
        "{}",
        import.report
    );
}

#[test]
fn k6_missing_skus_follow_the_largest_and_are_reported() {
    let import = products("name,description,sku\nA,a,\nB,b,40\nC,c,\nD,d,5\n").unwrap();
    let skus: Vec<Option<i64>> = import
        .offerings
        .iter()
        .map(|row| row.sku.as_integer())
        .collect();
    assert_eq!(skus, [Some(41), Some(40), Some(42), Some(5)]);
    let report = serde_json::to_value(&import.report.assigned_skus).unwrap();
    assert_eq!(
        report,
        json!([{"row": 2, "sku": "41"}, {"row": 4, "sku": "42"}])
    );
    let without = products("name,description\nA,a\nB,b\n").unwrap();
    let skus: Vec<&str> = without
        .offerings
        .iter()
        .map(|row| row.sku.as_str())
        .collect();
    assert_eq!(skus, ["1", "2"]);
}

#[test]
fn k6_assigned_skus_stay_the_same_when_a_bad_row_is_mended() {
    let text = "name,description,sku,price\nA,a,,-1\nB,b,,2\nC,c,9,-3\n";
    let before = import(text.as_bytes(), &partial()).unwrap();
    let after = products(&text.replace('-', "")).unwrap();
    assert_eq!(before.offerings[0].sku, after.offerings[1].sku);
    assert_eq!(
        before.offerings[0].sku.as_integer(),
        Some(11),
        "9 is taken, 10 is kept for the first row"
    );
    assert_eq!(
        before.report.assigned_skus.len(),
        1,
        "only for rows that were taken"
    );
}

#[test]
fn k6_assigned_skus_step_over_those_of_the_other_table() {
    let options = ImportOptions {
        taken: ["1", "3", "A7"].map(Sku::from).into(),
        ..ImportOptions::new(Kind::Service)
    };
    let import = import(b"name,description\nA,a\nB,b\nC,c\n", &options).unwrap();
    let skus: Vec<&str> = import
        .offerings
        .iter()
        .map(|row| row.sku.as_str())
        .collect();
    assert_eq!(skus, ["2", "4", "5"]);
}

#[test]
fn k6_the_largest_integer_leaves_room() {
    let import = products(&format!(
        "name,description,sku\nA,a,{}\nB,b,\nC,c,1\n",
        i64::MAX
    ))
    .unwrap();
    assert_eq!(import.offerings[1].sku.as_str(), "2");
}

#[test]
fn k6_a_text_sku_imports_with_a_warning() {
    let import = products("name,description,sku,price\nA,a,AB-1,1\nB,b,007,1\nC,c,7,1\n").unwrap();
    assert!(import.report.ok);
    assert_eq!(
        import.offerings[1].sku,
        Sku::from("007"),
        "leading zeros are kept"
    );
    let warned: Vec<(&str, u64)> = import
        .report
        .warnings
        .iter()
        .map(|issue| (issue.rule, issue.row))
        .collect();
    assert_eq!(warned, [("K6", 2), ("K6", 3)]);
}

#[test]
fn k6_a_code_that_a_spreadsheet_rewrote_is_refused() {
    for code in ["8.41235E+12", "8,41E+12", "1E+05"] {
        let import = products(&format!("name;description;sku\nA;a;{code}\n")).unwrap();
        assert_eq!(errors(&import), [("K6", 2, "sku", code)]);
    }
    assert!(
        products("name;description;sku\nA;a;12E5\n")
            .unwrap()
            .report
            .ok,
        "an article may look like that"
    );
}

#[test]
fn k8_only_web_addresses_are_taken() {
    let file = |url: &str| format!("name\tdescription\tsku\twebsite_url\nA\ta\t1\t{url}\n");
    for url in [
        "https://example.com/a?b=c#d",
        "HTTP://example.com",
        "https://пример.example/роза",
        "https://[::1]/",
        "",
    ] {
        let row = &products(&file(url)).unwrap().offerings[0];
        assert_eq!(row.media.website.as_deref().unwrap_or(""), url);
    }
    for url in [
        "example.com",
        "www.example.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///path",
        "https://a b",
        "https://user:pass@example.com",
        "https://a.example https://b.example",
        "//example.com",
        "https://exa<mple.com",
    ] {
        assert_eq!(
            errors(&products(&file(url)).unwrap()),
            [("K8", 2, "website_url", url)]
        );
    }
}

#[test]
fn k9_zero_and_empty_are_free() {
    let import = products("name,description,sku,price\nA,a,1,0\nB,b,2,\nC,c,3,0.01\n").unwrap();
    let free: Vec<bool> = import.offerings.iter().map(Offering::is_free).collect();
    assert_eq!(free, [true, true, false]);
}

#[test]
fn k10_the_owner_sees_stock_and_the_public_view_does_not() {
    let import = products("name,description,sku,price,stock\nA,a,1,5,73\n").unwrap();
    let rows = serde_json::to_value(&import.report.rows).unwrap();
    assert_eq!(rows[0]["stock_units"], 73);
    assert!(
        !serde_json::to_string(&import.offerings[0].public())
            .unwrap()
            .contains("73")
    );
}

#[test]
fn k5_accepted_rows_show_every_typed_column() {
    let text = "name\tdescription\tsku\tprice\tdelivery fee\tcities\tcolour\nA\ta\t201\t29,90\t5\tMadrid; online\tred\n";
    let rows = serde_json::to_value(&products(text).unwrap().report.rows).unwrap();
    let expected = json!([{
        "row": 2, "sku": 201, "kind": "product", "name": "A", "description": "a", "category": null, "tags": [],
        "unit": null, "price_cents": 2990, "currency": "EUR", "areas": ["Madrid"], "online": true,
        "website_url": null, "image_url": null, "video_url": null, "payment_reminder": null, "price_id": null,
        "delivery_id": null, "attributes": {"colour": "red"}, "logistics_price_cents": 500,
        "free_delivery_cents": null, "stock_units": null, "delivery_time_hours": null, "supplier_contact": null,
        "supplier_company_services": null, "warehouse_address": null,
    }]);
    assert_eq!(rows, expected);
}

#[test]
fn k7_the_diff_lists_added_removed_and_changed_rows() {
    let offering = |sku: &str, name: &str, cents: i64| {
        Offering::new(sku, Kind::Product, name, Money::eur(cents))
    };
    let live = [
        offering("1", "A", 100),
        offering("2", "B", 200),
        offering("3", "C", 300),
    ];
    let mut changed = offering("2", "B", 250);
    changed.areas = ["Madrid"].into_iter().collect();
    let next = [offering("4", "D", 400), changed, offering("1", "A", 100)];
    let found = diff(&live, &next);
    assert_eq!(
        serde_json::to_value(&found).unwrap(),
        json!({
            "added": ["4"],
            "removed": ["3"],
            "changed": [{"sku": "2", "columns": [
                {"column": "areas", "old": [], "new": ["Madrid"]},
                {"column": "price_cents", "old": 200, "new": 250},
            ]}],
        })
    );
    assert_eq!(
        found.to_string(),
        "added 4\nremoved 3\nchanged 2: areas [] → [\"Madrid\"], price_cents 200 → 250\n"
    );
    assert!(diff(&live, &live).is_empty());
}

#[test]
fn k7_every_column_shows_in_the_diff() {
    let header = "name,description,sku,unit,price,delivery fee,free delivery,stock,delivery time,cities,website,image,video,\
        payment reminder,supplier,supplier service,warehouse,category,tags,price_id,delivery_id,colour\n";
    let rows = |cells: &str| products(&format!("{header}{cells}\n")).unwrap().offerings;
    let live = rows(
        "A,a,1,u,1,2,3,4,5,x,https://a.example,https://b.example,https://c.example,6,s,t,w,c,g,p,d,red",
    );
    let next = rows(
        "B,b,1,v,2,3,4,5,6,y,https://d.example,https://e.example,https://f.example,7,S,T,W,C,G,P,D,blue",
    );
    let found = diff(&live, &next);
    let changed = &found.changed[0].columns;
    assert_eq!(changed.len(), 21, "22 cells without the SKU: {found}");
    assert!(
        changed
            .iter()
            .all(|column| column.old != Value::Null && column.new != Value::Null)
    );
}

#[test]
fn text_that_begins_like_a_formula_stays_text() {
    let import =
        products("name,description,sku,note\n\"=HYPERLINK(\"\"x\"\")\",@SUM(A1),1,+1\n").unwrap();
    let row = &import.offerings[0];
    assert_eq!(
        (row.name.as_str(), row.description.as_str()),
        ("=HYPERLINK(\"x\")", "@SUM(A1)")
    );
    assert_eq!(row.extra["note"], "+1");
}
