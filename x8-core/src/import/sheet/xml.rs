//! Small helpers around the XML reader.

use std::borrow::Cow;

use quick_xml::{
    escape::{resolve_predefined_entity, unescape},
    events::{BytesEnd, BytesRef, BytesStart, Event},
};

use super::{archive::Part, damaged};
use crate::error::Result;

/// What the reader meets next.
#[derive(Debug)]
pub(super) enum Node<'e> {
    Start(BytesStart<'e>),
    End(BytesEnd<'e>),
    /// Text, and what else stands between elements.
    Other(Event<'e>),
    Over,
}

/// The next event.
pub(super) fn next<'e>(part: &mut Part<'_, '_>, buffer: &'e mut Vec<u8>) -> Result<Node<'e>> {
    buffer.clear();
    Ok(match part.read_event_into(buffer).map_err(damaged)? {
        Event::Start(element) | Event::Empty(element) => Node::Start(element),
        Event::End(element) => Node::End(element),
        Event::Eof => Node::Over,
        other @ (Event::Text(_)
        | Event::CData(_)
        | Event::Comment(_)
        | Event::Decl(_)
        | Event::PI(_)
        | Event::DocType(_)
        | Event::GeneralRef(_)) => Node::Other(other),
    })
}

/// An attribute by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(damaged)?;
        if attribute.key.local_name().as_ref() == name {
            let value = unescape(&attribute.value).map_err(damaged)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Whether an attribute of yes or no says yes.
pub(super) fn is_true(value: Option<&str>) -> bool {
    matches!(value, Some("1" | "true" | "on"))
}

/// Adds what a piece of text, or an entity, stands for; other events add nothing.
pub(super) fn collect(event: &Event<'_>, text: &mut String) -> Result<()> {
    let piece: Cow<'_, str> = match event {
        Event::Text(piece) => piece.xml10_content(),
        Event::CData(piece) => piece.xml10_content(),
        Event::GeneralRef(entity) => return resolve(entity, text),
        Event::Start(_)
        | Event::End(_)
        | Event::Empty(_)
        | Event::Comment(_)
        | Event::Decl(_)
        | Event::PI(_)
        | Event::DocType(_)
        | Event::Eof => return Ok(()),
    };
    text.push_str(&piece);
    Ok(())
}

fn resolve(entity: &BytesRef<'_>, text: &mut String) -> Result<()> {
    if let Some(known) = resolve_predefined_entity(entity.as_ref()) {
        text.push_str(known);
    } else if let Some(letter) = entity.resolve_char_ref().map_err(damaged)? {
        text.push(letter);
    } else {
        return Err(damaged(format!("unknown entity &{};", entity.as_ref())));
    }
    Ok(())
}
