//! The workbook of an XLSX: its sheets and where their parts are.

use super::{
    archive::Archive,
    damaged,
    xml::{Node, attribute, is_true, next},
};
use crate::error::Result;

/// What the workbook says.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    pub(super) sheets: Vec<Entry>,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
    pub(super) strings: Option<String>,
    pub(super) styles: Option<String>,
}

/// A sheet of cells.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) visible: bool,
    pub(super) part: String,
}

/// One part's reference to another.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

/// The name of the workbook's part; `None` when the archive is no XLSX.
pub(super) fn find(archive: &mut Archive<'_>) -> Result<Option<String>> {
    const USUAL: &str = "xl/workbook.xml";
    let main = relations(archive, "_rels/.rels", "")?
        .into_iter()
        .find(|relation| relation.kind.ends_with("/officeDocument"));
    let name = main.map_or_else(|| USUAL.to_owned(), |relation| relation.target);
    let is_xml = name.to_lowercase().ends_with(".xml");
    Ok((is_xml && archive.has(&name) && !name.ends_with("document.xml")).then_some(name))
}

/// Reads the workbook's part.
pub(super) fn read(archive: &mut Archive<'_>, name: &str) -> Result<Workbook> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let beside = if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    };
    let relations = relations(archive, &format!("{beside}_rels/{file}.rels"), &beside)?;
    let part_of = |ending: &str| {
        let found = relations
            .iter()
            .find(|relation| relation.kind.ends_with(ending));
        found.map(|relation| relation.target.clone())
    };
    let mut book = Workbook {
        strings: part_of("/sharedStrings"),
        styles: part_of("/styles"),
        ..Workbook::default()
    };
    let mut part = archive.part(name)?.ok_or_else(|| damaged("no workbook"))?;
    let mut buffer = Vec::new();
    loop {
        match next(&mut part, &mut buffer)? {
            Node::Start(element) if element.local_name().as_ref() == "workbookPr" => {
                book.from_1904 = is_true(attribute(&element, "date1904")?.as_deref());
            }
            Node::Start(element) if element.local_name().as_ref() == "sheet" => {
                let id = attribute(&element, "id")?.unwrap_or_default();
                let found = relations.iter().find(|relation| relation.id == id);
                // Charts and macros are sheets without cells.
                let Some(relation) = found.filter(|own| own.kind.ends_with("/worksheet")) else {
                    continue;
                };
                book.sheets.push(Entry {
                    name: attribute(&element, "name")?.unwrap_or_default(),
                    visible: attribute(&element, "state")?.is_none_or(|state| state == "visible"),
                    part: relation.target.clone(),
                });
            }
            Node::Over => return Ok(book),
            Node::Start(_) | Node::End(_) | Node::Other(_) => {}
        }
    }
}

fn relations(archive: &mut Archive<'_>, name: &str, folder: &str) -> Result<Vec<Relation>> {
    let mut relations = Vec::new();
    let Some(mut part) = archive.part(name)? else {
        return Ok(relations);
    };
    let mut buffer = Vec::new();
    loop {
        match next(&mut part, &mut buffer)? {
            Node::Start(element) if element.local_name().as_ref() == "Relationship" => {
                let target = attribute(&element, "Target")?.unwrap_or_default();
                let target = target
                    .strip_prefix('/')
                    .map_or_else(|| format!("{folder}{target}"), str::to_owned);
                relations.push(Relation {
                    id: attribute(&element, "Id")?.unwrap_or_default(),
                    kind: attribute(&element, "Type")?.unwrap_or_default(),
                    target,
                });
            }
            Node::Over => return Ok(relations),
            Node::Start(_) | Node::End(_) | Node::Other(_) => {}
        }
    }
}
