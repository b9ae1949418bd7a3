//! Makes spreadsheets part by part, so that tests hold cells that no program would write.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A zip archive of these parts.
pub(crate) fn archive(parts: &[(&str, &str)]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, text) in parts {
        zip.start_file(*name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// One sheet of a workbook: its name, its state and its rows of cells as XML.
pub(crate) struct Sheet<'a> {
    pub(crate) name: &'a str,
    pub(crate) state: &'a str,
    pub(crate) rows: Vec<Vec<String>>,
    pub(crate) merged: &'a [&'a str],
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(name: &'a str, rows: Vec<Vec<String>>) -> Self {
        Self {
            name,
            state: "visible",
            rows,
            merged: &[],
        }
    }

    fn xml(&self) -> String {
        let mut xml = "<worksheet><sheetData>".to_owned();
        for (row, cells) in (1..).zip(&self.rows) {
            write!(xml, "<row r=\"{row}\">").unwrap();
            for (letter, cell) in ('A'..='Z').zip(cells) {
                xml += &cell.replacen("<c", &format!("<c r=\"{letter}{row}\""), 1);
            }
            xml += "</row>";
        }
        xml += "</sheetData><mergeCells>";
        for area in self.merged {
            write!(xml, "<mergeCell ref=\"{area}\"/>").unwrap();
        }
        xml + "</mergeCells></worksheet>"
    }
}

/// Formats by style number: 0 plain, 1 percent, 2 date, 3 euro, 4 dollars, 5 roubles, 6 date and time, 7 two decimals.
const STYLES: &str = r##"<styleSheet><numFmts>
<numFmt numFmtId="164" formatCode="#,##0.00\ &quot;€&quot;"/>
<numFmt numFmtId="165" formatCode="[$$-409]#,##0.00"/>
<numFmt numFmtId="166" formatCode="#,##0.00\ [$₽-419]"/>
<numFmt numFmtId="167" formatCode="dd/mm/yyyy\ hh:mm"/></numFmts>
<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
<cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/>
<xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="4"/></cellXfs></styleSheet>"##;

/// The first shared text is an article without its last mark, the second has two runs and a reading aid.
const STRINGS: &str = "<sst><si><t>007</t></si><si><r><t>Red </t></r><r><t xml:space=\"preserve\">rose &amp; co</t></r>\
    <rPh><t>hidden</t></rPh></si></sst>";

/// An XLSX of these sheets.
pub(crate) fn xlsx(sheets: &[Sheet<'_>], from_1904: bool) -> Vec<u8> {
    const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut book = format!("<workbook><workbookPr date1904=\"{from_1904}\"/><sheets>");
    let mut links = format!(
        "<Relationships><Relationship Id=\"s\" Type=\"{KIND}/styles\" Target=\"styles.xml\"/>\
         <Relationship Id=\"t\" Type=\"{KIND}/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
    );
    let mut parts: Vec<(String, String)> = Vec::new();
    for (number, sheet) in (1..).zip(sheets) {
        let (name, state) = (sheet.name, sheet.state);
        write!(
            book,
            "<sheet name=\"{name}\" sheetId=\"{number}\" state=\"{state}\" r:id=\"r{number}\"/>"
        )
        .unwrap();
        write!(links, "<Relationship Id=\"r{number}\" Type=\"{KIND}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>")
            .unwrap();
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet.xml()));
    }
    book += "</sheets></workbook>";
    links += "</Relationships>";
    let root = format!(
        "<Relationships><Relationship Id=\"b\" Type=\"{KIND}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let mut all = vec![
        ("_rels/.rels", root.as_str()),
        ("xl/workbook.xml", book.as_str()),
        ("xl/_rels/workbook.xml.rels", links.as_str()),
        ("xl/styles.xml", STYLES),
        ("xl/sharedStrings.xml", STRINGS),
    ];
    all.extend(
        parts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str())),
    );
    archive(&all).unwrap()
}

/// An ODS with these tables as XML.
pub(crate) fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles><style:style style:name=\"gone\">\
         <style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    archive(&[("mimetype", kind), ("content.xml", &content)]).unwrap()
}

/// Cells of text.
pub(crate) fn texts(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| text(cell)).collect()
}

/// A cell of text.
pub(crate) fn text(cell: &str) -> String {
    format!("<c t=\"inlineStr\"><is><t>{cell}</t></is></c>")
}

/// A cell with a number in one of the styles.
pub(crate) fn number(value: &str, style: usize) -> String {
    format!("<c s=\"{style}\"><v>{value}</v></c>")
}

/// A cell of another type.
pub(crate) fn typed(kind: &str, value: &str) -> String {
    format!("<c t=\"{kind}\"><v>{value}</v></c>")
}

/// A cell with a formula, whose value may be missing.
pub(crate) fn formula(kind: &str, value: &str) -> String {
    format!("<c t=\"{kind}\"><f>A1&amp;\"=x\"</f>{value}</c>")
}
