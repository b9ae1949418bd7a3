//! K2, K3: spreadsheets: which sheet is read, exact numbers, and limits against hostile files.

use std::fs;

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
    sheet_cases::{HEADER, book, cases, folder, priced},
    workbooks::{Sheet, archive, formula, number, texts, typed, xlsx},
};

fn read(bytes: &[u8]) -> Result<Import> {
    import(bytes, &ImportOptions::new(Kind::Product))
}

fn refusal(bytes: &[u8]) -> (ErrorKind, String) {
    let error = read(bytes).unwrap_err();
    (error.kind(), error.public().to_owned())
}

#[test]
fn k2_k3_every_type_of_cell_gives_its_report() {
    let folder = folder();
    assert!(cases().unwrap().len() >= 20);
    for (name, bytes, options) in cases().unwrap() {
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
    for (row, price) in (1_u32..).zip([0.1, 0.2, 0.300_000_000_000_000_04]) {
        sheet.write(row, 0, 200 + row)?;
        sheet.write(row, 1, "Роза")?.write(row, 2, "Красная")?;
        sheet.write_with_format(row, 3, price, &euro)?;
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
        let noisy = format!("{value}00000000000001");
        let import = read(&book(&[number(&value, 0), number(&noisy, 7)])).unwrap();
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
