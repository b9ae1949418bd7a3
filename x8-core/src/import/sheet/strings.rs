//! The shared texts of an XLSX, held in one piece.

use super::{
    archive::Archive,
    damaged,
    xml::{Node, collect, next},
};
use crate::error::Result;

/// Texts that cells refer to by number.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    pub(super) fn read(archive: &mut Archive<'_>, name: Option<&str>) -> Result<Self> {
        let mut strings = Self::default();
        let Some(mut part) = name.map(|name| archive.part(name)).transpose()?.flatten() else {
            return Ok(strings);
        };
        let mut buffer = Vec::new();
        let (mut inside, mut phonetic) = (false, false);
        loop {
            match next(&mut part, &mut buffer)? {
                Node::Start(element) => match element.local_name().as_ref() {
                    "t" => inside = !phonetic,
                    "rPh" => phonetic = true,
                    _other => {}
                },
                Node::End(element) => match element.local_name().as_ref() {
                    "t" => inside = false,
                    "rPh" => phonetic = false,
                    "si" => strings.ends.push(strings.text.len()),
                    _other => {}
                },
                Node::Over => return Ok(strings),
                Node::Other(event) if inside => collect(&event, &mut strings.text)?,
                Node::Other(_) => {}
            }
        }
    }

    /// The text with this number, as written in a cell.
    pub(super) fn get(&self, number: &str) -> Result<&str> {
        let unknown = || damaged(format!("no shared text {number}"));
        let at: usize = number.trim().parse().map_err(|_| unknown())?;
        let end = *self.ends.get(at).ok_or_else(unknown)?;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before));
        self.text
            .get(start.copied().unwrap_or(0)..end)
            .ok_or_else(unknown)
    }
}

/// Undoes `_x000D_`, which stands for a character that XML cannot hold.
pub(super) fn unescape(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("_x") {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("_x") {
        plain.push_str(before);
        let code = after.get(..5).and_then(|code| code.strip_suffix('_'));
        let letter = code
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        if let Some(letter) = letter {
            plain.push(letter);
            rest = after.get(5..).unwrap_or_default();
        } else {
            plain.push_str("_x");
            rest = after;
        }
    }
    plain.push_str(rest);
    plain.into()
}
