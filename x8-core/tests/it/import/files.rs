//! K2: files as a whole: encodings, delimiters, damage and limits.

use encoding_rs::{KOI8_R, WINDOWS_1251, WINDOWS_1252};
use proptest::prelude::*;
use x8_core::{
    Error, ErrorKind,
    catalog::Kind,
    import::{ImportOptions, Limits, import},
};

use super::{errors, products};

fn refused(bytes: &[u8]) -> Error {
    import(bytes, &ImportOptions::new(Kind::Product)).unwrap_err()
}

fn encoding_of(bytes: &[u8]) -> (&'static str, String) {
    let import = import(bytes, &ImportOptions::new(Kind::Product)).unwrap();
    (import.report.encoding, import.offerings[0].name.to_string())
}

#[test]
fn k2_encodings_are_detected_and_reported() {
    let text = "Название товара;Описание;Цена\nРоза;Красная роза;5\n";
    assert_eq!(encoding_of(text.as_bytes()), ("UTF-8", "Роза".to_owned()));
    assert_eq!(
        encoding_of(&[b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("UTF-8", "Роза".to_owned())
    );
    assert_eq!(
        encoding_of(&WINDOWS_1251.encode(text).0),
        ("windows-1251", "Роза".to_owned())
    );
    assert_eq!(
        encoding_of(&KOI8_R.encode(text).0),
        ("KOI8-R", "Роза".to_owned())
    );
    let spanish = "Nombre;Descripción;Precio\nPiña;Fruta fresca de la región;5\n";
    assert_eq!(
        encoding_of(&WINDOWS_1252.encode(spanish).0),
        ("windows-1252", "Piña".to_owned())
    );
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(
        encoding_of(&[b"\xff\xfe", little.as_slice()].concat()),
        ("UTF-16LE", "Роза".to_owned())
    );
    assert_eq!(
        encoding_of(&[b"\xfe\xff", big.as_slice()].concat()),
        ("UTF-16BE", "Роза".to_owned())
    );
    assert_eq!(encoding_of(&little), ("UTF-16LE", "Роза".to_owned()));
    assert_eq!(encoding_of(&big), ("UTF-16BE", "Роза".to_owned()));
}

#[test]
fn k2_an_encoding_that_nothing_confirms_is_a_warning() {
    let bytes = WINDOWS_1252
        .encode("name;description;price;sku\nPiña;Fruta de la región;5;1\n")
        .0
        .into_owned();
    let report = import(&bytes, &ImportOptions::new(Kind::Product))
        .unwrap()
        .report;
    assert_eq!(report.warnings.len(), 1, "{report}");
    assert!(
        report.warnings[0].message.contains(report.encoding) && report.warnings[0].rule == "K2"
    );
}

#[test]
fn k2_delimiters_are_detected_despite_quotes() {
    for delimiter in [',', ';', '\t', '|'] {
        let header =
            ["\"name\"", "description", "\"price, €\"", "sku"].join(&delimiter.to_string());
        let row = ["\"a,b;c\td|e\"", "\"x \"\"y\"\"\"", "5", "1"].join(&delimiter.to_string());
        let import = products(&format!("{header}\n{row}\n")).unwrap();
        assert_eq!(import.report.delimiter, Some(delimiter));
        assert_eq!(import.offerings[0].name, "a,b;c\td|e");
        assert_eq!(import.offerings[0].description, "x \"y\"");
        let declared = products(&format!("sep={delimiter}\n{header}\n{row}\n")).unwrap();
        assert_eq!(
            (
                declared.report.delimiter,
                declared.report.rows.iter().next().map(|row| row.row)
            ),
            (Some(delimiter), Some(3))
        );
    }
}

#[test]
fn k2_a_cell_keeps_its_inside_and_loses_invisible_edges() {
    let import =
        products("name;description;sku\n\u{200b} A\u{a0}b \u{feff};\" a  b \";1\u{a0}\n").unwrap();
    let row = &import.offerings[0];
    assert_eq!(
        (
            row.name.as_str(),
            row.description.as_str(),
            row.sku.as_str()
        ),
        ("A\u{a0}b", "a  b", "1")
    );
}

#[test]
fn k2_empty_rows_are_skipped() {
    let import = products("\n\nname;description;sku\n;;\n\n\nA;a;1\n\n ; ;\nB;b;2").unwrap();
    let rows: Vec<u64> = import.report.rows.iter().map(|row| row.row).collect();
    assert_eq!(rows, [7, 10]);
}

#[test]
fn k2_a_row_that_does_not_fit_its_header_is_refused() {
    let import = products("name,description,price,sku\nA,a,29,90,\nB,b\nC,c,5,3\n").unwrap();
    let found: Vec<(&str, u64)> = import
        .report
        .errors
        .iter()
        .map(|issue| (issue.rule, issue.row))
        .collect();
    assert_eq!(
        found,
        [("K2", 2), ("K2", 3)],
        "an unquoted decimal comma, and a row without its price"
    );
    let short = products("name;description;price;sku;colour\nA;a;5;1\nB;b;5;2;red;\n").unwrap();
    assert!(
        short.report.ok,
        "empty cells at the end may be left out, or be too many: {}",
        short.report
    );
    let long = products("name;description;price;sku\nA;a;5;1;surplus\n").unwrap();
    assert_eq!(errors(&long), [("K2", 2, "", "surplus")]);
}

#[test]
fn k2_quotes_that_do_not_balance_are_found() {
    let error = products("name,description,sku\nA,\"never closed,1\nB,b,2\n").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(
        error
            .public()
            .contains("the quote opened in line 2 is never closed"),
        "{error}"
    );
    let swallowed =
        products("name,description,sku\nA,\"never closed,1\nB,\"b\",2\nC,c,3\n").unwrap();
    assert_eq!(
        swallowed.report.errors[0].rule, "K2",
        "{}",
        swallowed.report
    );
    assert!(!swallowed.report.ok);
    let inch = products("name,description,sku\n5\" nail,a 5\" nail,1\n").unwrap();
    assert_eq!(
        inch.offerings[0].name, "5\" nail",
        "a quote inside a bare cell is a character"
    );
    let spaced = products("name,description,sku\nA, \"b, c\",1\n").unwrap();
    assert!(
        !spaced.report.ok,
        "a quote after a space does not quote: {}",
        spaced.report
    );
    assert!(products("name,\"descrip\"tion,sku\nA,a,1\n").is_err());
}

#[test]
fn k2_documents_are_told_to_become_csv() {
    for (bytes, what) in [
        (b"{\\rtf1".as_slice(), "RTF"),
        (b"\x1f\x8b\x08".as_slice(), "gzip"),
        (b"%PDF-1.7".as_slice(), "PDF"),
    ] {
        let error = refused(bytes);
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(
            error.public().contains(what) && error.public().contains("save as CSV"),
            "{error}"
        );
    }
}

#[test]
fn k2_what_is_not_text_is_refused() {
    let noise: Vec<u8> = (0..=255_u8).cycle().take(4_096).collect();
    for bytes in [
        noise.as_slice(),
        b"name,description\nA\0B,x\n",
        b"\xff\xfe\0\0n\0\0\0",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xef\xbb\xbfname,description\nA,\xff\xff\n",
        "name,description\nМосква и Тверь,Рязань\n"
            .as_bytes()
            .split_at(31)
            .0,
        b"\x01\x02\x03\x04\x05",
    ] {
        assert_eq!(
            refused(bytes).kind(),
            ErrorKind::Invalid,
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn k2_a_file_without_header_or_rows_is_refused() {
    for text in ["", "\n\n", " ", "\u{feff}", ";;;\n"] {
        assert!(
            refused(text.as_bytes()).public().contains("no header"),
            "{text:?}"
        );
    }
    assert!(
        refused(b"just one cell")
            .public()
            .contains("no column product_name")
    );
    assert!(
        refused(b"A;a;5\nB;b;6\n")
            .public()
            .contains("`A`, `a`, `5`")
    );
    let import = products("name;description;price\n").unwrap();
    assert!(
        !import.report.ok,
        "an empty table must not replace a catalogue"
    );
    assert_eq!(errors(&import), [("K2", 1, "", "")]);
}

#[test]
fn k2_limits_are_refused_with_their_numbers() {
    let limits = Limits {
        bytes: 200,
        rows: 2,
        columns: 4,
        cell: 20,
        issues: 10,
        ..Limits::default()
    };
    let options = ImportOptions {
        limits,
        ..ImportOptions::new(Kind::Product)
    };
    let read = |text: &str| import(text.as_bytes(), &options);
    assert!(
        read("name,description,sku,price\nA,a,1,5\nB,b,2,6\n")
            .unwrap()
            .report
            .ok,
        "at the limits"
    );
    for (text, numbers) in [
        (
            "name,description\n".to_owned() + &"A,a\n".repeat(60),
            ["257 bytes", "200"],
        ),
        (
            "name,description\n".to_owned() + &"A,a\n".repeat(3),
            ["3 rows", "2"],
        ),
        (
            "name,description,a,b,c\nA,a\n".to_owned(),
            ["5 columns", "4"],
        ),
        (
            format!("name,description\nA,{}\n", "ж".repeat(21)),
            ["21 characters in one cell", "20"],
        ),
    ] {
        let error = read(&text).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert!(
            numbers.iter().all(|number| error.public().contains(number)),
            "{error}"
        );
    }
}

proptest! {
    #[test]
    fn k2_no_bytes_make_the_import_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let found = import(&bytes, &ImportOptions::new(Kind::Product));
        prop_assert!(found.is_err() || found.is_ok_and(|import| import.report.ok != import.offerings.is_empty()));
    }

    #[test]
    fn k2_no_text_under_a_good_header_is_half_loaded(body in "[a-z0-9,;\"\n\r |\t.€=-]{0,200}") {
        if let Ok(import) = products(&format!("name,description,price,sku\n{body}")) {
            let sound = import.report.errors.is_empty();
            prop_assert_eq!(import.report.ok, sound);
            prop_assert_eq!(import.offerings.is_empty(), !sound);
            prop_assert_eq!(import.offerings.len(), import.report.rows.len());
        }
    }
}

#[test]
fn k2_the_caller_may_fix_the_encoding() {
    let fixed = |bytes: &[u8], encoding: &str| {
        let options = ImportOptions {
            encoding: Some(encoding.to_owned()),
            ..ImportOptions::new(Kind::Product)
        };
        import(bytes, &options)
    };
    // 0xA4 is the euro sign in ISO-8859-15 and the currency sign in Windows-1252.
    let file = b"name;description;price\nRos\xe9;Red;12,50 \xa4\n";
    let latin9 = fixed(file, "ISO-8859-15").unwrap();
    assert!(
        latin9.report.ok && latin9.report.warnings.is_empty(),
        "{}",
        latin9.report
    );
    assert_eq!(
        (latin9.report.encoding, latin9.offerings[0].price.minor()),
        ("ISO-8859-15", 1_250)
    );
    assert!(
        !fixed(file, "windows-1252").unwrap().report.ok,
        "the sign is no euro there"
    );
    assert_eq!(
        fixed("name,description\nЖ,ж\n".as_bytes(), "utf-8")
            .unwrap()
            .offerings[0]
            .name,
        "Ж"
    );
    assert!(
        fixed(file, "utf-8")
            .unwrap_err()
            .public()
            .contains("as the import was told")
    );
    assert!(
        fixed(file, "klingon")
            .unwrap_err()
            .public()
            .contains("no encoding")
    );
    let marked: Vec<u8> = [0xfe_u8, 0xff]
        .into_iter()
        .chain(
            "name,description\nA,b\n"
                .encode_utf16()
                .flat_map(u16::to_be_bytes),
        )
        .collect();
    assert_eq!(fixed(&marked, "utf-16").unwrap().offerings[0].name, "A");
}
