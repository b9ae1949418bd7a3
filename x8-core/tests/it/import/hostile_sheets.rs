//! Spreadsheets whose numbers are shown as something else than they are, or whose cells have two readings (K2, K3).

use x8_core::{
    catalog::Kind,
    import::{Import, ImportOptions, import},
};

use super::{
    sheet_cases::{HEADER, book, ods_priced, priced},
    workbooks::{Sheet, archive, formula, number, ods, text, texts, typed, xlsx},
};

fn prices(bytes: &[u8]) -> Result<Vec<i64>, String> {
    let read = import(bytes, &ImportOptions::new(Kind::Product));
    let Import { offerings, report } = read.map_err(|error| error.public().to_owned())?;
    if !report.ok {
        let errors = report.errors.iter().map(ToString::to_string);
        return Err(errors.collect::<Vec<_>>().join("\n"));
    }
    Ok(offerings.iter().map(|row| row.price.minor()).collect())
}

/// A workbook with one price of 12 in a number format.
fn formatted(code: &str) -> Vec<u8> {
    let code = code
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let styles = format!(
        "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"{code}\"/></numFmts>\
         <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"200\"/><xf numFmtId=\"44\"/></cellXfs></styleSheet>"
    );
    let sheet = "<worksheet><sheetData><row><c t=\"str\"><v>name</v></c><c t=\"str\"><v>description</v></c><c t=\"str\">\
        <v>price</v></c></row><row><c t=\"str\"><v>A</v></c><c t=\"str\"><v>b</v></c><c s=\"1\"><v>12</v></c></row>\
        </sheetData></worksheet>";
    let sheet = if code.is_empty() {
        sheet.replace("s=\"1\"", "s=\"2\"")
    } else {
        sheet.to_owned()
    };
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let links = format!(
        "<Relationships><Relationship Id=\"s\" Type=\"{kind}/styles\" Target=\"styles.xml\"/>\
         <Relationship Id=\"r1\" Type=\"{kind}/worksheet\" Target=\"sheet1.xml\"/></Relationships>"
    );
    archive(&[
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"S\" r:id=\"r1\"/></sheets></workbook>",
        ),
        ("xl/_rels/workbook.xml.rels", &links),
        ("xl/styles.xml", &styles),
        ("xl/sheet1.xml", &sheet),
    ])
    .unwrap()
}

#[test]
fn k3_a_number_that_is_shown_as_something_else_is_no_price() {
    for code in [
        "0.00",
        "#,##0.00 \"€\"",
        "[$€-407] 0.00",
        "0.00 EUR",
        "0\".–\"",
        "General",
        "# ?/?",
    ] {
        assert_eq!(prices(&formatted(code)), Ok(vec![1_200]), "{code}");
    }
    for (code, word) in [
        ("0.00\" S/.\"", "shows something else"),
        ("0.00 тг", "shows something else"),
        ("\"от \"0", "shows something else"),
        ("0.00\" €/кг\"", "shows something else"),
        ("#,##0,\" тыс\"", "shows something else"),
        ("0,", "shows something else"),
        ("0\\.00", "shows something else"),
        ("0\"00\"", "shows something else"),
        (";;;", "shows something else"),
        ("0.00 zł", "PLN"),
        ("#,##0.00 USD", "USD"),
        ("0.00 руб", "RUB"),
        ("[<100]0.00\" $\";0.00\" €\"", "USD"),
        ("0\" шт\"", "шт"),
        ("", "¤"),
    ] {
        let why = prices(&formatted(code)).unwrap_err();
        assert!(why.contains(word), "{code}: {why}");
    }
}

#[test]
fn k2_cells_with_two_readings_refuse_the_workbook() {
    for (what, cell) in [
        ("two values", "<c><v>12</v><v>13</v></c>"),
        (
            "a value in an extension",
            "<c><v>12</v><extLst><v>99</v></extLst></c>",
        ),
        (
            "a value and a text",
            "<c t=\"inlineStr\"><v>1</v><is><t>2</t></is></c>",
        ),
        (
            "a text and a value",
            "<c t=\"inlineStr\"><is><t>1</t></is><v>2</v></c>",
        ),
        ("an unknown style", "<c s=\"99\"><v>12</v></c>"),
    ] {
        let why = prices(&book(&[cell.to_owned()])).unwrap_err();
        assert!(why.contains("damaged"), "{what}: {why}");
    }
    let elsewhere = vec![
        texts(&HEADER),
        vec!["<x/><c r=\"A9\"><v>12</v></c>".to_owned()],
    ];
    let why = prices(&xlsx(&[Sheet::new("Elsewhere", elsewhere)], false)).unwrap_err();
    assert!(why.contains("cell A9"), "{why}");
}

#[test]
fn k2_two_parts_of_one_name_refuse_the_archive() {
    let sheet = |price: &str| xlsx(&[Sheet::new("Prices", priced(&[number(price, 0)]))], false);
    assert_eq!(prices(&sheet("12")), Ok(vec![1_200]));
    // The second name differs in case, then is made the same in both directories.
    let twice = archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", "<a/>"),
        ("Content.xml", "<b/>"),
    ])
    .unwrap();
    assert!(prices(&twice).unwrap_err().contains("same name"));
    let mut same = twice;
    while let Some(at) = same.windows(11).position(|own| own == b"Content.xml") {
        same[at] = b'c';
    }
    assert!(prices(&same).unwrap_err().contains("same name"));
}

#[test]
fn k3_codes_longer_than_a_double_keep_their_digits() {
    let mut rows = priced(&[number("5", 0)]);
    rows[1][0] = number("1234567890123456", 0);
    let read = import(
        &xlsx(&[Sheet::new("Codes", rows)], false),
        &ImportOptions::new(Kind::Product),
    )
    .unwrap();
    assert_eq!(read.offerings[0].sku.as_str(), "1234567890123456");
}

fn ods_cell(attributes: &str, shown: &str) -> String {
    format!("<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>")
}

#[test]
fn k3_an_open_document_cell_is_what_it_shows() {
    let float = "office:value-type=\"float\" office:value=\"12\"";
    let price = |cell: &str| prices(&ods(&ods_priced(&[cell.to_owned()])));
    for (attributes, shown) in [
        (float, "12"),
        (float, "12,00 €"),
        (float, ""),
        (
            "office:value-type=\"currency\" office:value=\"12\" office:currency=\"EUR\"",
            "12,00 €",
        ),
        (
            "office:value-type=\"currency\" office:value=\"12\"",
            "12,00 €",
        ),
        ("office:value-type=\"float\"", "12"),
    ] {
        assert_eq!(
            price(&ods_cell(attributes, shown)),
            Ok(vec![1_200]),
            "{attributes} {shown}"
        );
    }
    let empty = "table:formula=\"of:=A1\" office:value-type=\"string\" office:string-value=\"\"";
    for (attributes, shown, word) in [
        (float, "$12.00", "USD"),
        (float, "12,00 руб.", "RUB"),
        (float, "1200%", "percentage"),
        (float, "12 тыс", "shows something else"),
        (float, "#DIV/0!", "shows something else"),
        (
            "office:value-type=\"float\" office:value=\"12000\"",
            "12",
            "shows something else",
        ),
        (
            "office:value-type=\"currency\" office:value=\"12\"",
            "$12.00",
            "USD",
        ),
        (
            "office:value-type=\"float\"",
            "",
            "value is not in the file",
        ),
        (empty, "", "gives nothing"),
    ] {
        let why = price(&ods_cell(attributes, shown)).unwrap_err();
        assert!(why.contains(word), "{attributes} {shown}: {why}");
    }
}

#[test]
fn k2_texts_in_pieces_are_one_text() {
    for cell in [
        "<c t=\"inlineStr\"><is><r><t>12</t></r><r><t>,50</t></r></is></c>",
        "<c t=\"inlineStr\"><is><t>12,50</t><rPh><t>99</t></rPh></is></c>",
        "<c><v><![CDATA[12.5]]></v></c>",
        "<c><v>12<!-- 9 -->.5</v></c>",
        "<c><v>&#49;2.5</v></c>",
    ] {
        assert_eq!(prices(&book(&[cell.to_owned()])), Ok(vec![1_250]), "{cell}");
    }
    let entity = "<!DOCTYPE x [<!ENTITY a \"12\">]><c><v>&a;</v></c>".to_owned();
    assert!(prices(&book(&[entity])).is_err());
    assert!(
        prices(&book(&[
            formula("str", "<v></v>"),
            typed("b", "1"),
            text("free")
        ]))
        .is_err()
    );
}
