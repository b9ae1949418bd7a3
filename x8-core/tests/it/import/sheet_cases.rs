//! Spreadsheets with every type of cell; their reports are beside the other golden files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use x8_core::{catalog::Kind, import::ImportOptions};

use super::workbooks::{Sheet, formula, number, ods, text, texts, typed, xlsx};

/// A file's name, its bytes and how it is read.
type Case = (&'static str, Vec<u8>, ImportOptions);

pub(crate) const HEADER: [&str; 5] = ["sku", "name", "description", "price", "stock"];

/// A sheet of products with these prices.
pub(crate) fn priced(prices: &[String]) -> Vec<Vec<String>> {
    let mut rows = vec![texts(&HEADER)];
    for (sku, price) in (1..).zip(prices) {
        rows.push(vec![
            number(&sku.to_string(), 0),
            text("Rose"),
            text("Red"),
            price.clone(),
            number("3.0", 7),
        ]);
    }
    rows
}

pub(crate) fn book(prices: &[String]) -> Vec<u8> {
    xlsx(&[Sheet::new("Prices", priced(prices))], false)
}

pub(crate) fn ods_row(cells: &str) -> String {
    format!("<table:table-row>{cells}</table:table-row>")
}

pub(crate) fn ods_texts(cells: &[&str]) -> String {
    cells
        .iter()
        .map(|cell| {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>")
        })
        .collect()
}

fn ods_number(kind: &str, attributes: &str, value: &str) -> String {
    format!(
        "<table:table-cell office:value-type=\"{kind}\" office:value=\"{value}\" {attributes}><text:p>{value}</text:p>\
         </table:table-cell>"
    )
}

pub(crate) fn ods_priced(prices: &[String]) -> String {
    let mut rows = ods_row(&ods_texts(&HEADER));
    for (sku, price) in (1..).zip(prices) {
        let cells = ods_texts(&[&sku.to_string(), "Rose", "Red"]);
        rows += &ods_row(&format!("{cells}{price}{}", ods_number("float", "", "3")));
    }
    format!("<table:table table:name=\"Prices\">{rows}</table:table>")
}

fn product() -> ImportOptions {
    ImportOptions::new(Kind::Product)
}

fn partial() -> ImportOptions {
    ImportOptions {
        partial: true,
        ..product()
    }
}

/// Prices that are read.
fn numbers() -> Vec<Case> {
    let numbers = [
        "12.1",
        "8.1999999999999993",
        "1299.5",
        "0",
        "1.2E2",
        "0.30000000000000004",
    ];
    let numbers: Vec<String> = numbers.iter().map(|value| number(value, 7)).collect();
    vec![
        ("sheet-numbers", book(&numbers), product()),
        (
            "sheet-euro-format",
            book(&[number("12.1", 3), number("1234567.89", 3)]),
            product(),
        ),
        (
            "sheet-texts-and-numbers",
            book(&[
                text("1 299,50"),
                number("1.234", 0),
                number("12.5", 0),
                text("7,5 €"),
            ]),
            partial(),
        ),
        (
            "sheet-formulas",
            book(&[
                formula("n", "<v>24.200000000000003</v>"),
                formula("str", "<v>7,50</v>"),
                formula("b", "<v>1</v>"),
                formula("str", "<v></v>"),
            ]),
            partial(),
        ),
        (
            "sheet-bad-numbers",
            book(&[
                number("-5", 0),
                number("1.005", 7),
                number("34600000000000", 0),
            ]),
            product(),
        ),
    ]
}

/// Cells that no price can be.
fn refusals() -> Vec<Case> {
    vec![
        (
            "sheet-percent",
            book(&[number("0.12", 1), number("5", 0)]),
            partial(),
        ),
        (
            "sheet-foreign",
            book(&[number("12.1", 4), number("900", 5), number("5", 3)]),
            partial(),
        ),
        (
            "sheet-dates",
            book(&[
                number("45424", 2),
                number("0.5", 6),
                typed("d", "2024-05-12"),
            ]),
            product(),
        ),
        (
            "sheet-uncomputed",
            book(&[formula("n", ""), formula("n", "<v></v>"), number("5", 0)]),
            partial(),
        ),
        (
            "sheet-errors",
            book(&[typed("e", "#REF!"), typed("e", "#DIV/0!"), number("5", 0)]),
            partial(),
        ),
        (
            "sheet-booleans",
            book(&[typed("b", "1"), number("5", 0)]),
            partial(),
        ),
    ]
}

/// A sheet of services.
fn services() -> Vec<Vec<String>> {
    vec![
        texts(&[
            "Название услуги",
            "Описание",
            "Цена, €",
            "Длительность, мин",
            "Город",
        ]),
        vec![
            text("Массаж"),
            text("Спина"),
            number("49.9", 3),
            number("90", 0),
            text("Онлайн"),
        ],
        vec![
            text("Стрижка"),
            text("Волосы"),
            text("1 299,50 €"),
            number("45", 0),
            text("Madrid; Valencia"),
        ],
    ]
}

/// Cells of other columns.
fn texts_and_dates() -> Vec<Case> {
    let codes = {
        let mut rows = priced(&[number("5", 0), number("6", 0), number("7", 0)]);
        rows[1][0] = typed("s", "0");
        rows[2][0] = number("4006381333931", 0);
        rows[2][1] = typed("s", "1");
        rows[3][1] = text("A_x000D__x000A_B &lt;1&gt; &#8364;");
        rows
    };
    let dates = {
        let mut rows = priced(&[number("5", 0)]);
        rows[0].push(text("Season"));
        rows[0].push(text("Discount"));
        rows[1].push(number("45424.5", 6));
        rows[1].push(number("0.155", 1));
        rows
    };
    vec![
        (
            "sheet-codes",
            xlsx(&[Sheet::new("Codes", codes)], false),
            product(),
        ),
        (
            "sheet-dates-in-text",
            xlsx(&[Sheet::new("Dates", dates.clone())], false),
            product(),
        ),
        (
            "sheet-dates-1904",
            xlsx(&[Sheet::new("Dates", dates)], true),
            product(),
        ),
        (
            "sheet-service",
            xlsx(&[Sheet::new("Услуги", services())], false),
            ImportOptions::new(Kind::Service),
        ),
    ]
}

/// Sheets, rows and merged cells.
fn layouts() -> Vec<Case> {
    let hidden = Sheet {
        state: "hidden",
        ..Sheet::new("Old", priced(&[number("1", 0)]))
    };
    let gaps = {
        let mut rows = priced(&[number("5", 0), number("6", 0)]);
        rows.insert(0, vec![]);
        rows.insert(2, vec![text(" "), text("\u{a0}")]);
        rows.insert(3, vec![]);
        rows
    };
    vec![
        (
            "sheet-merged",
            xlsx(
                &[Sheet {
                    merged: &["D2:D3"],
                    ..Sheet::new(
                        "Merged",
                        priced(&[number("5", 0), "<c/>".to_owned(), number("7", 0)]),
                    )
                }],
                false,
            ),
            partial(),
        ),
        (
            "sheet-gaps",
            xlsx(&[Sheet::new("Gaps", gaps)], false),
            product(),
        ),
        (
            "sheet-hidden",
            xlsx(
                &[hidden, Sheet::new("New", priced(&[number("2", 0)]))],
                false,
            ),
            product(),
        ),
        (
            "sheet-named",
            xlsx(
                &[
                    Sheet::new("Notes", vec![texts(&["Hello"])]),
                    Sheet::new("Prix 2024", priced(&[number("2", 0)])),
                ],
                false,
            ),
            ImportOptions {
                sheet: Some("prix 2024".to_owned()),
                ..product()
            },
        ),
    ]
}

/// ODS.
fn open_documents() -> Vec<Case> {
    vec![
(
            "ods-numbers",
            ods(&ods_priced(&[
                ods_number("float", "", "12.1"),
                ods_number("currency", "office:currency=\"EUR\"", "1299.5"),
                ods_texts(&["7,50"]),
            ])),
            product(),
        ),
(
            "ods-refused",
            ods(&ods_priced(&[
                ods_number("percentage", "", "0.12"),
                ods_number("currency", "office:currency=\"USD\"", "12.1"),
                "<table:table-cell office:value-type=\"date\" office:date-value=\"2024-05-12\"/>".to_owned(),
                "<table:table-cell table:formula=\"of:=1/0\" office:value-type=\"string\" calcext:value-type=\"error\">\
                 <text:p>#DIV/0!</text:p></table:table-cell>"
                    .to_owned(),
                "<table:table-cell table:formula=\"of:=A1\"/>".to_owned(),
                "<table:covered-table-cell/>".to_owned(),
                ods_number("float", "", "5"),
            ])),
            partial(),
        ),
(
            "ods-repeated",
            ods(&format!(
                "<table:table table:name=\"Old\" table:style-name=\"gone\"/><table:table table:name=\"New\">\
                 <table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"9\"/>\
                 </table:table-row>{}<table:table-row table:number-rows-repeated=\"2\">{}<table:table-cell \
                 table:number-columns-repeated=\"16000\"/></table:table-row><table:table-row \
                 table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/>\
                 </table:table-row></table:table>",
                ods_row(&ods_texts(&["name", "description", "price"])),
                ods_texts(&["Rose<text:s text:c=\"2\"/>tea", "Red<office:annotation><text:p>note</text:p></office:annotation>"])
                    + &ods_number("float", "", "5"),
            )),
            product(),
        )
    ]
}

/// Old workbooks, which no library here writes.
fn old() -> std::io::Result<Vec<Case>> {
    ["xls-numbers", "xls-refused"]
        .into_iter()
        .map(|name| {
            let options = ImportOptions {
                partial: true,
                ..ImportOptions::new(Kind::Product)
            };
            Ok((
                name,
                fs::read(folder().join(format!("{name}.xls")))?,
                options,
            ))
        })
        .collect()
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/import/golden")
}

/// Every case.
pub(crate) fn cases() -> std::io::Result<Vec<Case>> {
    let made = [
        numbers(),
        refusals(),
        texts_and_dates(),
        layouts(),
        open_documents(),
    ];
    Ok(made.into_iter().flatten().chain(old()?).collect())
}
