//! The number formats of an XLSX: which kind of number each style shows.

use std::collections::HashMap;

use super::{
    archive::Archive,
    format::{Shown, built_in, shown},
    xml::{Node, attribute, next},
};
use crate::{error::Result, money::Currency};

/// What each style shows, by its number.
pub(super) fn read(
    archive: &mut Archive<'_>,
    name: Option<&str>,
    currency: Currency,
) -> Result<Vec<Shown>> {
    let mut styles = Vec::new();
    let Some(mut part) = name.map(|name| archive.part(name)).transpose()?.flatten() else {
        return Ok(styles);
    };
    let mut codes: HashMap<u32, String> = HashMap::new();
    let mut buffer = Vec::new();
    let mut cells = false;
    loop {
        match next(&mut part, &mut buffer)? {
            Node::Start(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&element, "numFmtId")?.and_then(|id| id.parse().ok());
                    let code = attribute(&element, "formatCode")?;
                    codes.extend(id.zip(code));
                }
                "cellXfs" => cells = true,
                "xf" if cells => {
                    let id = attribute(&element, "numFmtId")?;
                    let id: u32 = id.and_then(|id| id.parse().ok()).unwrap_or(0);
                    let own = codes.get(&id).map(|code| shown(code, currency));
                    styles.push(own.unwrap_or_else(|| built_in(id)));
                }
                _other => {}
            },
            Node::End(element) if element.local_name().as_ref() == "cellXfs" => cells = false,
            Node::Over => return Ok(styles),
            Node::End(_) | Node::Other(_) => {}
        }
    }
}
