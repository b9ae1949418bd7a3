//! From a model's output to one reply object: fences, preambles, envelopes, texts encoded twice (G1).

use super::{
    Claims, Mend, ParseRefusal,
    claims::shorten,
    node::{Fault, MAX_DEPTH, Node, Reader},
    read, strict,
};

/// More than any reply needs; larger output is not read at all.
const MAX_BYTES: usize = 1 << 20;
/// Braces in prose that are tried as the start of an object.
const MAX_STARTS: usize = 16;
/// Encodings and envelopes around the object.
const MAX_WRAPS: usize = 4;

type Object = Vec<(String, Node)>;

/// Reads a model's output (G1): tolerant where one reading exists, refusing where two do.
///
/// Code fences, prose around the object, `{"output": …}` envelopes, texts encoded twice, trailing commas, single and
/// typographic quotes, unquoted keys, Python words, numbers and flags as text, and tails that were cut off are mended and
/// reported; so is a reply in plain words, without any brace, which then orders nothing. Figures that code recomputes anyway never cause a refusal.
///
/// ```
/// use x8_assistant::contract::parse;
/// let (claims, mends) = parse("Sure!\n```json\n{'response': 'We are open.', 'remind': 'true',}\n```")?;
/// assert_eq!(claims.response, "We are open.");
/// assert_eq!(claims.remind, Some(true));
/// assert!(!mends.is_empty());
/// # Ok::<(), x8_assistant::contract::ParseRefusal>(())
/// ```
///
/// # Errors
/// [`ParseRefusal`] when there is no reply in it or more than one reading of it.
pub fn parse(raw: &str) -> Result<(Claims, Vec<Mend>), ParseRefusal> {
    if raw.trim().is_empty() {
        return Err(ParseRefusal::Empty);
    }
    if raw.len() > MAX_BYTES {
        return Err(ParseRefusal::TooLarge {
            bytes: raw.len(),
            limit: MAX_BYTES,
        });
    }
    if let Some(claims) = strict::claims(raw) {
        return Ok((claims, Vec::new()));
    }
    read_any(raw)
}

/// Reads an output that may need mending.
pub(super) fn read_any(raw: &str) -> Result<(Claims, Vec<Mend>), ParseRefusal> {
    let mut mends = Vec::new();
    let raw = behind_thoughts(raw, &mut mends);
    let claims = match find(raw, MAX_WRAPS, &mut mends)? {
        Some(object) => read::claims(object, &mut mends)?,
        None => prose(raw, &mut mends).ok_or(ParseRefusal::NoObject)?,
    };
    mends.sort();
    mends.dedup();
    Ok((claims, mends))
}

/// What a model wrote behind the thoughts it began with: they are no reading of the reply.
fn behind_thoughts<'r>(raw: &'r str, mends: &mut Vec<Mend>) -> &'r str {
    const TAGS: [(&str, &str); 4] = [
        ("<think>", "</think>"),
        ("<thinking>", "</thinking>"),
        ("<thought>", "</thought>"),
        ("<reasoning>", "</reasoning>"),
    ];
    let text = raw.trim_start().trim_start_matches('\u{feff}').trim_start();
    let behind = TAGS.iter().find_map(|(open, close)| {
        let (_, behind) = text.strip_prefix(open)?.split_once(close)?;
        Some(behind)
    });
    if behind.is_some() {
        note(mends, "thoughts before the object");
    }
    behind.unwrap_or(raw)
}

/// A reply in plain words: no brace at all, and nothing that looks like a piece of a broken object.
fn prose(raw: &str, mends: &mut Vec<Mend>) -> Option<Claims> {
    let text = raw
        .trim()
        .trim_start_matches('\u{feff}')
        .trim_matches('`')
        .trim();
    let broken = text.contains(['{', '}']) || text.contains("\":") || text.starts_with(['[', '"']);
    let literal = ["null", "true", "false", "none", "undefined", "nan"]
        .contains(&text.to_lowercase().as_str());
    if broken || literal || !text.contains(char::is_alphabetic) {
        return None;
    }
    note(mends, "plain text");
    Some(Claims {
        response: text.to_owned(),
        ..Claims::default()
    })
}

/// Reads a value that was written as text, for keys whose value was encoded twice.
pub(super) fn value(text: &str) -> Option<Node> {
    let chars: Vec<char> = text.chars().collect();
    Reader::new(&chars, 0).outermost().ok()
}

/// The one reply object in a text, if any.
fn find(raw: &str, wraps: usize, mends: &mut Vec<Mend>) -> Result<Option<Object>, ParseRefusal> {
    let chars: Vec<char> = raw.trim().trim_start_matches('\u{feff}').chars().collect();
    if let Some(inner) = encoded_twice(&chars) {
        if wraps == 0 {
            return Ok(None);
        }
        note(mends, "encoded twice");
        return find(&inner, wraps - 1, mends);
    }
    let found = objects(&chars, wraps, mends)?;
    if found.is_none() && wraps > 0 && raw.contains("\\\"") {
        note(mends, "encoded twice");
        return find(&raw.replace("\\\"", "\""), 0, mends);
    }
    Ok(found)
}

/// The content of an output that is one quoted text.
fn encoded_twice(chars: &[char]) -> Option<String> {
    if chars.first() != Some(&'"') {
        return None;
    }
    let mut reader = Reader::new(chars, 0);
    match reader.outermost() {
        Ok(Node::Text(inner)) if reader.position() == chars.len() => Some(inner),
        Ok(_) | Err(_) => None,
    }
}

/// Tries every brace as a start; several different replies are an ambiguity.
fn objects(
    chars: &[char],
    wraps: usize,
    mends: &mut Vec<Mend>,
) -> Result<Option<Object>, ParseRefusal> {
    let mut at = 0;
    let mut starts = 0;
    let mut found: Option<Object> = None;
    let mut around = String::new();
    while let Some(start) = next_brace(chars, at).filter(|_| starts < MAX_STARTS) {
        starts += 1;
        let mut reader = Reader::new(chars, start);
        let read = reader.outermost();
        let reply = match read {
            Ok(node) => unwrap(node, wraps, mends)?,
            Err(Fault::TooDeep) => return Err(ParseRefusal::TooDeep { limit: MAX_DEPTH }),
            Err(Fault::Syntax) => None,
        };
        let end = if reply.is_some() {
            reader.position()
        } else {
            start + 1
        };
        let before = if reply.is_some() { start } else { end };
        around.extend(chars.get(at..before).unwrap_or_default());
        at = end;
        let Some(reply) = reply else { continue };
        for what in &reader.mends {
            note(mends, what);
        }
        match &found {
            Some(first) if *first != reply => return Err(two_replies(first, &reply)),
            Some(_) => note(mends, "given more than once"),
            None => found = Some(reply),
        }
    }
    around.extend(chars.get(at..).unwrap_or_default());
    if found.is_some() {
        note_around(&around, mends);
    }
    Ok(found)
}

fn next_brace(chars: &[char], from: usize) -> Option<usize> {
    let rest = chars.get(from..)?;
    rest.iter()
        .position(|c| *c == '{')
        .map(|offset| from + offset)
}

/// The object that holds the contract's keys, out of its envelopes.
fn unwrap(node: Node, wraps: usize, mends: &mut Vec<Mend>) -> Result<Option<Object>, ParseRefusal> {
    const ENVELOPES: [&str; 8] = [
        "output",
        "json",
        "result",
        "data",
        "reply",
        "message",
        "content",
        "arguments",
    ];
    match node {
        Node::Object(mut entries) => {
            let response = entries
                .iter()
                .position(|(key, _)| read::plain(key) == "response");
            if let Some(index) = response {
                return match entries.get(index) {
                    Some((_, Node::Object(_))) if wraps > 0 => {
                        note(mends, "wrapped in an envelope");
                        unwrap(entries.swap_remove(index).1, wraps - 1, mends)
                    }
                    Some((_, Node::Text(text))) if wraps > 0 && text.trim().starts_with('{') => {
                        // Words may begin with a brace, too: without a reply inside they are words.
                        let inner = find(text, wraps - 1, mends)?;
                        if inner.is_some() {
                            note(mends, "encoded twice");
                        }
                        Ok(inner.or(Some(entries)))
                    }
                    Some(_) | None => Ok(Some(entries)),
                };
            }
            let envelope = entries
                .iter()
                .position(|(key, _)| ENVELOPES.contains(&read::plain(key).as_str()));
            match envelope {
                Some(index) if wraps > 0 => {
                    let inner = unwrap(entries.swap_remove(index).1, wraps - 1, mends)?;
                    if inner.is_some() {
                        note(mends, "wrapped in an envelope");
                    }
                    Ok(inner)
                }
                Some(_) | None => Ok(None),
            }
        }
        Node::Text(text) if wraps > 0 && text.contains('{') => find(&text, wraps - 1, mends),
        Node::List(mut items) if items.len() == 1 && wraps > 0 => match items.pop() {
            Some(item) => unwrap(item, wraps - 1, mends),
            None => Ok(None),
        },
        Node::Null
        | Node::Bool(_)
        | Node::Number(_)
        | Node::Text(_)
        | Node::List(_)
        | Node::Cut(_) => Ok(None),
    }
}

fn two_replies(first: &Object, second: &Object) -> ParseRefusal {
    let words = |object: &Object| {
        let text = object
            .iter()
            .find(|(key, _)| read::plain(key) == "response");
        shorten(
            &text
                .map(|(_, node)| format!("{node:?}"))
                .unwrap_or_default(),
        )
    };
    ParseRefusal::Ambiguous {
        key: "reply".to_owned(),
        first: words(first),
        second: words(second),
    }
}

fn note_around(around: &str, mends: &mut Vec<Mend>) {
    if around.contains("```") {
        note(mends, "code fence");
    }
    let words = around.replace("```json", "").replace("```", "");
    if words.chars().any(char::is_alphanumeric) {
        note(mends, "prose around the object");
    }
}

fn note(mends: &mut Vec<Mend>, what: &'static str) {
    mends.push(Mend {
        key: String::new(),
        what,
    });
}
