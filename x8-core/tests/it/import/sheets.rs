//! K2, K3: spreadsheets: what each type of cell is read as, which sheet, and limits against hostile files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::Value;
use x8_core::{
    Result,
    catalog::Kind,
    error::ErrorKind,
    import::{Import, ImportOptions, Limits, import},
};

use super::{
    errors,
    workbooks::{Sheet, archive, formula, number, ods, text, texts, typed, xlsx},
};

const HEADER: [&str; 5] = ["sku", "name", "description", "price", "stock"];

/// A sheet of products with these prices.
fn priced(prices: &[String]) -> Vec<Vec<String>> {
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

fn book(prices: &[String]) -> Vec<u8> {
    xlsx(&[Sheet::new("Prices", priced(prices))], false)
}

fn read(bytes: &[u8]) -> Result<Import> {
    import(bytes, &ImportOptions::new(Kind::Product))
}

fn refusal(bytes: &[u8]) -> (ErrorKind, String) {
    let error = read(bytes).unwrap_err();
    (error.kind(), error.public().to_owned())
}

fn ods_row(cells: &str) -> String {
    format!("<table:table-row>{cells}</table:table-row>")
}

fn ods_texts(cells: &[&str]) -> String {
    cells
        .iter()
        .map(|cell| {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>")
        })
        .collect()
}

fn ods_number(kind: &str, attributes: &str, value: &str) -> String {
    format!(
        "<table:table-cell office:value-type=\"{kind}\" office:value=\"{value}\" {attributes}><text:p>shown</text:p>\
         </table:table-cell>"
    )
}

fn ods_priced(prices: &[String]) -> String {
    let mut rows = ods_row(&ods_texts(&HEADER));
    for (sku, price) in (1..).zip(prices) {
        let cells = ods_texts(&[&sku.to_string(), "Rose", "Red"]);
        rows += &ods_row(&format!("{cells}{price}{}", ods_number("float", "", "3")));
    }
    format!("<table:table table:name=\"Prices\">{rows}</table:table>")
}

/// Spreadsheets with every type of cell, by name; their reports are beside the other golden files.
fn golden() -> Vec<(&'static str, Vec<u8>, ImportOptions)> {
    let product = || ImportOptions::new(Kind::Product);
    let partial = || ImportOptions {
        partial: true,
        ..product()
    };
    let numbers = [
        "12.1",
        "8.1999999999999993",
        "1299.5",
        "0",
        "1.2E2",
        "0.30000000000000004",
    ];
    let numbers: Vec<String> = numbers.iter().map(|value| number(value, 7)).collect();
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
    let services = vec![
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
    ];
    vec![
        ("sheet-numbers", book(&numbers), product()),
        ("sheet-euro-format", book(&[number("12.1", 3), number("1234567.89", 3)]), product()),
        (
            "sheet-texts-and-numbers",
            book(&[text("1 299,50"), number("1.234", 0), number("12.5", 0), text("7,5 €")]),
            partial(),
        ),
        ("sheet-codes", xlsx(&[Sheet::new("Codes", codes)], false), product()),
        ("sheet-percent", book(&[number("0.12", 1), number("5", 0)]), partial()),
        ("sheet-foreign", book(&[number("12.1", 4), number("900", 5), number("5", 3)]), partial()),
        ("sheet-dates", book(&[number("45424", 2), number("0.5", 6), typed("d", "2024-05-12")]), product()),
        (
            "sheet-formulas",
            book(&[formula("n", "<v>24.200000000000003</v>"), formula("str", "<v>7,50</v>"), formula("b", "<v>1</v>"), formula("str", "<v></v>")]),
            partial(),
        ),
        ("sheet-uncomputed", book(&[formula("n", ""), formula("n", "<v></v>"), number("5", 0)]), partial()),
        ("sheet-errors", book(&[typed("e", "#REF!"), typed("e", "#DIV/0!"), number("5", 0)]), partial()),
        (
            "sheet-merged",
            xlsx(
                &[Sheet {
                    merged: &["D2:D3"],
                    ..Sheet::new("Merged", priced(&[number("5", 0), "<c/>".to_owned(), number("7", 0)]))
                }],
                false,
            ),
            partial(),
        ),
        ("sheet-gaps", xlsx(&[Sheet::new("Gaps", gaps)], false), product()),
        ("sheet-hidden", xlsx(&[hidden, Sheet::new("New", priced(&[number("2", 0)]))], false), product()),
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
        ("sheet-booleans", book(&[typed("b", "1"), number("5", 0)]), partial()),
        ("sheet-dates-in-text", xlsx(&[Sheet::new("Dates", dates.clone())], false), product()),
        ("sheet-dates-1904", xlsx(&[Sheet::new("Dates", dates)], true), product()),
        ("sheet-bad-numbers", book(&[number("-5", 0), number("1.005", 7), number("34600000000000", 0)]), product()),
        ("sheet-service", xlsx(&[Sheet::new("Услуги", services)], false), ImportOptions::new(Kind::Service)),
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
        ),
    ]
}

/// Old workbooks, which no library here writes.
fn old() -> std::io::Result<Vec<(&'static str, Vec<u8>, ImportOptions)>> {
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

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/import/golden")
}

#[test]
fn k2_k3_every_type_of_cell_gives_its_report() {
    let folder = folder();
    for (name, bytes, options) in golden().into_iter().chain(old().unwrap()) {
        let found = import(&bytes, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = serde_json::to_value(&found.report).unwrap();
        let expected = fs::read(folder.join(format!("{name}.json"))).unwrap_or_default();
        let expected: Value = serde_json::from_slice(&expected)
            .unwrap_or_else(|error| panic!("{name}: {error}; the report is now\n{found:#}"));
        assert_eq!(found, expected, "{name}: the report is now\n{found:#}");
    }
}

#[test]
fn k3_numbers_are_exact_cents() {
    let values = [
        "12.1",
        "8.1999999999999993",
        "0.30000000000000004",
        "999999999.99",
        "1E-2",
    ];
    let cells: Vec<String> = values.iter().map(|value| number(value, 0)).collect();
    let import = read(&book(&cells)).unwrap();
    let cents: Vec<i64> = import
        .offerings
        .iter()
        .map(|row| row.price.minor())
        .collect();
    assert_eq!(cents, [1_210, 820, 30, 99_999_999_999, 1]);
}

#[test]
fn k3_what_no_price_can_be_is_named() {
    let cells = [
        number("0.12", 1),
        number("12.1", 4),
        number("45424", 2),
        typed("e", "#REF!"),
        formula("n", ""),
    ];
    let import = read(&book(&cells)).unwrap();
    let found: Vec<(&str, u64, &str)> = errors(&import)
        .iter()
        .map(|own| (own.2, own.1, own.3))
        .collect();
    assert_eq!(
        found,
        [
            ("price_eur", 2, "12%"),
            ("price_eur", 3, "12.1 USD"),
            ("price_eur", 4, "2024-05-12"),
            ("price_eur", 5, "#REF!"),
            ("price_eur", 6, ""),
        ]
    );
    for (issue, word) in
        import
            .report
            .errors
            .iter()
            .zip(["percentage", "USD", "date", "#REF!", "formula"])
    {
        assert!(issue.message.contains(word), "{issue}");
        assert_eq!(issue.sheet.as_deref(), Some("Prices"));
    }
}

#[test]
fn k2_sheets_are_chosen_by_name_or_the_first_visible() {
    let hidden = || Sheet {
        state: "veryHidden",
        ..Sheet::new("Secret", priced(&[number("1", 0)]))
    };
    let bytes = xlsx(
        &[hidden(), Sheet::new("Open", priced(&[number("2", 0)]))],
        false,
    );
    assert_eq!(read(&bytes).unwrap().offerings[0].price.minor(), 200);
    let named = |name: &str| ImportOptions {
        sheet: Some(name.to_owned()),
        ..ImportOptions::new(Kind::Product)
    };
    let secret = import(&bytes, &named("SECRET")).unwrap();
    assert_eq!(secret.offerings[0].price.minor(), 100);
    let unread = &secret.report.warnings[0].message;
    assert_eq!(
        unread,
        "only the sheet `Secret` was read; the file also has `Open`"
    );
    let missing = import(&bytes, &named("Prices")).unwrap_err();
    assert!(
        missing.public().contains("its sheets are `Secret`, `Open`"),
        "{missing}"
    );
    let (kind, message) = refusal(&xlsx(&[hidden()], false));
    assert!(
        kind == ErrorKind::Invalid && message.contains("no visible sheet"),
        "{message}"
    );
}

/// A workbook as a well-kept program writes it.
fn written() -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let euro = Format::new().set_num_format("#,##0.00 [$€-407]");
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["Артикул", "Название товара", "Описание", "Цена", "Города"])
    {
        sheet.write(0, column, name)?;
    }
    for row in 1..=3_u32 {
        sheet.write(row, 0, 200 + row)?;
        sheet.write(row, 1, "Роза")?.write(row, 2, "Красная")?;
        sheet.write_with_format(row, 3, f64::from(row) * 0.1, &euro)?;
        sheet.write(row, 4, "Madrid; Онлайн")?;
    }
    book.save_to_buffer()
}

#[test]
fn k1_k3_a_workbook_of_another_program_is_read() {
    let import = read(&written().unwrap()).unwrap();
    assert!(
        import.report.ok && import.report.warnings.is_empty(),
        "{}",
        import.report
    );
    assert_eq!(
        (import.report.encoding, import.report.delimiter),
        ("XLSX", None)
    );
    let cents: Vec<i64> = import
        .offerings
        .iter()
        .map(|row| row.price.minor())
        .collect();
    assert_eq!(cents, [10, 20, 30]);
    assert_eq!(import.offerings[2].sku.as_integer(), Some(203));
    assert!(import.offerings[0].areas.online());
}

#[test]
fn k2_hostile_archives_are_refused_before_they_are_unpacked() {
    let bomb = archive(&[("xl/workbook.xml", &"<a/>".repeat(2_000_000))]).unwrap();
    let (kind, message) = refusal(&bomb);
    assert!(
        kind == ErrorKind::TooLarge && message.contains("200 times"),
        "{message}"
    );
    let nested = archive(&[
        ("xl/workbook.xml", "<workbook/>"),
        ("xl/embeddings/more.zip", "x"),
    ])
    .unwrap();
    let (kind, message) = refusal(&nested);
    assert!(
        kind == ErrorKind::Invalid && message.contains("more.zip"),
        "{message}"
    );
    let (kind, message) = refusal(&archive(&[("table.csv", "name")]).unwrap());
    assert!(
        kind == ErrorKind::Unsupported && message.contains("zip archive"),
        "{message}"
    );
    let strict = |limits: Limits| {
        let options = ImportOptions {
            limits,
            ..ImportOptions::new(Kind::Product)
        };
        import(&book(&[number("1", 0), number("2", 0)]), &options).unwrap_err()
    };
    let all = Limits::default;
    for (limits, word) in [
        (
            Limits {
                unpacked: 500,
                ..all()
            },
            "unpacked",
        ),
        (Limits { parts: 3, ..all() }, "parts"),
        (Limits { rows: 1, ..all() }, "rows"),
        (
            Limits {
                columns: 4,
                ..all()
            },
            "columns",
        ),
        (Limits { cell: 10, ..all() }, "characters"),
    ] {
        let error = strict(limits);
        assert!(
            error.kind() == ErrorKind::TooLarge && error.public().contains(word),
            "{error}"
        );
    }
}

#[test]
fn k2_a_part_that_lies_about_its_size_is_refused() {
    let mut bytes = book(&[number("1", 0)]);
    // The size of the workbook's part, as the directory at the end declares it.
    let name = b"xl/workbook.xml";
    let at = bytes
        .windows(name.len())
        .rposition(|window| window == name)
        .unwrap();
    bytes[at - 22..at - 18].copy_from_slice(&10_u32.to_le_bytes());
    let (kind, message) = refusal(&bytes);
    assert!(
        kind == ErrorKind::Invalid && message.contains("larger than"),
        "{message}"
    );
}

#[test]
fn k2_damaged_spreadsheets_are_refused() {
    let whole = book(&[number("1", 0)]);
    for cut in (4..whole.len()).step_by(97) {
        assert!(read(&whole[..cut]).is_err(), "cut at {cut}");
    }
    let shifted = vec![
        texts(&HEADER),
        vec![format!("{}{}", number("1", 0), "<c r=\"A2\"><v>2</v></c>")],
    ];
    let (_, message) = refusal(&xlsx(&[Sheet::new("Shifted", shifted)], false));
    assert!(message.contains("not in order"), "{message}");
    let unknown = vec![texts(&HEADER), vec![typed("s", "99")]];
    assert!(
        refusal(&xlsx(&[Sheet::new("Unknown", unknown)], false))
            .1
            .contains("damaged")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn k2_no_damage_makes_the_reader_panic_or_a_price_wrong(at in 0_usize..4_000, byte in any::<u8>()) {
        let mut bytes = book(&[number("12.1", 0)]);
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(import) = read(&bytes) {
            for row in import.offerings.iter() {
                prop_assert_eq!(row.price.minor(), 1_210);
            }
        }
    }

    #[test]
    fn k3_any_amount_in_a_number_cell_is_read_exactly(cents in 0_i64..99_999_999_999) {
        let value = format!("{}.{:02}", cents / 100, cents % 100);
        let noisy: f64 = value.parse().unwrap();
        let import = read(&book(&[number(&value, 0), number(&format!("{noisy:.16e}"), 7)])).unwrap();
        for row in import.offerings.iter() {
            prop_assert_eq!(row.price.minor(), cents);
        }
    }

    #[test]
    fn k2_any_xml_is_read_or_refused(cells in "(<c( t=\"[a-z]{1,3}\")?( s=\"[0-9]\")?>(<v>[0-9.eE-]{0,9}</v>|<f>x</f>)?</c>){0,6}") {
        let row = vec![texts(&HEADER), vec![cells]];
        let found = read(&xlsx(&[Sheet::new("Any", row)], false));
        prop_assert!(found.is_err() || found.is_ok_and(|import| import.report.ok != import.offerings.is_empty()));
    }
}
#[test]
fn zz_write() {
    for (name, bytes, options) in golden().into_iter().chain(old().unwrap()) {
        let found = import(&bytes, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
        fs::write(
            folder().join(format!("{name}.json")),
            serde_json::to_string_pretty(&found.report).unwrap() + "\n",
        )
        .unwrap();
    }
}
