//! From an object's nodes to [`Claims`]: types are mended, twins compared, extra keys dropped (G1).

use x8_core::Sku;

use super::{ClaimedItem, Claims, Mend, ParseRefusal, claims::shorten, node::Node, parse};
use crate::bytes;

type Object = Vec<(String, Node)>;

/// A key without case and separators, so that `sendPaymentLink` is `send_payment_link`.
pub(super) fn plain(key: &str) -> String {
    key.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

pub(super) fn claims(object: Object, mends: &mut Vec<Mend>) -> Result<Claims, ParseRefusal> {
    let mut keys = Keys { object, mends };
    let claims = Claims {
        response: keys.response()?,
        sender: keys.text("sender")?,
        token: keys.text("token")?,
        instance_id: keys.text("instance_id")?,
        imageurl: keys.text("imageurl")?,
        send_payment_link: keys.flag("send_payment_link", true)?,
        city: keys.text("city")?,
        units_to_buy: keys.text("units_to_buy")?,
        total_sum: keys.text("total_sum")?,
        products_sum: keys.text("products_sum")?,
        delivery_sum: keys.text("delivery_sum")?,
        free_delivery: keys.flag("free_delivery", false)?,
        items: keys.items()?,
        recipient_phone_number: keys.text("recipient_phone_number")?,
        client_name: keys.text("client_name")?,
        order_description: keys.text("order_description")?,
        payment_reminder_hours: keys.text("payment_reminder_hours")?,
        language: keys.text("language")?,
        remind: keys.flag("remind", true)?,
        stripe_lang: keys.text("stripe_lang")?,
        videourl: keys.text("videourl")?,
        change_payment_status: keys.flag("change_payment_status", false)?,
    };
    for (key, _) in keys.object.into_iter().filter(|(key, _)| !key.is_empty()) {
        mends.push(Mend {
            key: shorten(&key),
            what: "key outside the contract",
        });
    }
    Ok(claims)
}

struct Keys<'a> {
    object: Object,
    mends: &'a mut Vec<Mend>,
}

impl Keys<'_> {
    fn mend(&mut self, key: &str, what: &'static str) {
        self.mends.push(Mend {
            key: key.to_owned(),
            what,
        });
    }

    /// Takes a key out of the object; twins must agree.
    fn take(&mut self, key: &str) -> Result<Node, ParseRefusal> {
        let wanted = plain(key);
        let mut taken: Option<Node> = None;
        let mut rest = Vec::with_capacity(self.object.len());
        for (name, node) in std::mem::take(&mut self.object) {
            if plain(&name) != wanted {
                rest.push((name, node));
                continue;
            }
            if name != key {
                self.mend(key, "key spelled differently");
            }
            match &taken {
                Some(first) if *first != node => {
                    return Err(ParseRefusal::Ambiguous {
                        key: key.to_owned(),
                        first: shorten(&written(first)),
                        second: shorten(&written(&node)),
                    });
                }
                Some(_) => self.mend(key, "key given twice"),
                None => taken = Some(node),
            }
        }
        self.object = rest;
        Ok(taken.unwrap_or(Node::Null))
    }

    fn response(&mut self) -> Result<String, ParseRefusal> {
        let text = match self.take("response")? {
            Node::Text(text) => text,
            Node::Cut(text) => {
                self.mend("response", "cut off; kept up to its last whole sentence");
                whole_sentences(&text)
            }
            Node::Number(text) => {
                self.mend("response", "number read as text");
                text
            }
            Node::Null => String::new(),
            other @ (Node::Bool(_) | Node::List(_) | Node::Object(_)) => {
                return Err(unreadable("response", "a text", &other));
            }
        };
        let text = if text.contains("\\n") && !text.contains('\n') {
            self.mend("response", "line breaks encoded twice");
            text.replace("\\n", "\n")
        } else {
            text
        };
        let clean = clean(&text);
        if clean.is_empty() {
            return Err(ParseRefusal::NoResponse);
        }
        Ok(clean)
    }

    fn text(&mut self, key: &str) -> Result<Option<String>, ParseRefusal> {
        let text = match self.take(key)? {
            Node::Text(text) => clean(&text),
            Node::Number(text) => text,
            Node::Null => return Ok(None),
            Node::Cut(_) => {
                self.mend(key, "cut off; dropped");
                return Ok(None);
            }
            Node::Bool(_) | Node::List(_) | Node::Object(_) => {
                self.mend(key, "not a text; dropped");
                return Ok(None);
            }
        };
        let none = text.is_empty() || matches!(text.as_str(), "null" | "None" | "N/A" | "n/a");
        Ok((!none).then_some(text))
    }

    /// A flag. One that decides something must be readable; one that code computes is dropped when it is not.
    fn flag(&mut self, key: &str, decisive: bool) -> Result<Option<bool>, ParseRefusal> {
        let node = self.take(key)?;
        let word = match &node {
            Node::Bool(flag) => return Ok(Some(*flag)),
            Node::Null | Node::Cut(_) => return Ok(None),
            Node::Text(word) | Node::Number(word) => word.trim().to_lowercase(),
            Node::List(_) | Node::Object(_) => "?".to_owned(),
        };
        let flag = match word.as_str() {
            "" | "null" | "none" => None,
            "true" | "yes" | "1" | "да" | "sí" | "si" => Some(true),
            "false" | "no" | "0" | "нет" => Some(false),
            _other if decisive => return Err(unreadable(key, "true or false", &node)),
            _other => None,
        };
        self.mend(key, "flag written as text or number");
        Ok(flag)
    }

    fn items(&mut self) -> Result<Option<Vec<ClaimedItem>>, ParseRefusal> {
        let node = match self.take("items")? {
            Node::Text(text) if matches!(text.trim(), "" | "null" | "None" | "none") => Node::Null,
            Node::Text(text) => {
                self.mend("items", "encoded twice");
                parse::value(&text)
                    .ok_or_else(|| unreadable("items", "a list", &Node::Text(text)))?
            }
            other @ (Node::Null
            | Node::Bool(_)
            | Node::Number(_)
            | Node::List(_)
            | Node::Object(_)
            | Node::Cut(_)) => other,
        };
        let mut lines = Vec::new();
        self.basket(&node, 4, &mut lines)?;
        Ok((!lines.is_empty()).then_some(lines))
    }

    /// Collects the lines of a basket, of a list of baskets, or of bare lines.
    fn basket(
        &mut self,
        node: &Node,
        levels: u8,
        lines: &mut Vec<ClaimedItem>,
    ) -> Result<(), ParseRefusal> {
        match node {
            Node::Null => Ok(()),
            Node::List(nodes) if levels > 0 => {
                for inner in nodes {
                    self.basket(inner, levels - 1, lines)?;
                }
                Ok(())
            }
            Node::Object(entries) if levels > 0 => {
                let nested = entries.iter().find(|(key, _)| plain(key) == "lineitems");
                match nested {
                    Some((_, inner)) => self.basket(inner, levels - 1, lines),
                    None if entries.is_empty() => Ok(()),
                    None => {
                        lines.push(item(entries)?);
                        Ok(())
                    }
                }
            }
            Node::Cut(_)
            | Node::Bool(_)
            | Node::Number(_)
            | Node::Text(_)
            | Node::List(_)
            | Node::Object(_) => Err(unreadable("items", "a list of lines", node)),
        }
    }
}

fn item(entries: &Object) -> Result<ClaimedItem, ParseRefusal> {
    if entries.iter().any(|(key, _)| key.is_empty()) {
        return Err(unreadable("items", "a whole list", &Node::Null));
    }
    let one = |wanted: &'static str| -> Result<Option<&Node>, ParseRefusal> {
        let mut twins = entries
            .iter()
            .filter(|(key, _)| plain(key) == plain(wanted))
            .map(|(_, node)| node);
        let first = twins.next();
        match (first, twins.find(|twin| Some(*twin) != first)) {
            (Some(first), Some(other)) => Err(ParseRefusal::Ambiguous {
                key: wanted.to_owned(),
                first: shorten(&written(first)),
                second: shorten(&written(other)),
            }),
            _same => Ok(first),
        }
    };
    let scalar = |node: Option<&Node>| match node {
        Some(Node::Text(text) | Node::Number(text)) => Some(text.trim().to_owned()),
        _other => None,
    };
    let sku = one("SKU")?;
    let key = scalar(sku).filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| unreadable("SKU", "an article key", sku.unwrap_or(&Node::Null)))?;
    let quantity = one("quantity")?.unwrap_or(&Node::Null);
    Ok(ClaimedItem {
        sku: Sku::from(
            whole_number(&key).map_or(key.clone(), |number| match number {
                // `201.0` is the integer 201; `007` stays text.
                number if key.contains(['.', ',']) => number.to_string(),
                _ => key.clone(),
            }),
        ),
        quantity: scalar(Some(quantity))
            .and_then(|text| whole_number(&text))
            .ok_or_else(|| unreadable("quantity", "a whole number", quantity))?,
        price: scalar(one("price")?),
        shipping_rate: scalar(one("shippingRate")?),
    })
}

/// A whole number, also as `2.0` or `2,00`; three digits behind the mark could be thousands and are refused.
fn whole_number(text: &str) -> Option<u32> {
    let text = text.trim();
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    (part.len() < 3 && part.bytes().all(|byte| byte == b'0'))
        .then(|| whole.parse().ok())
        .flatten()
}

fn unreadable(key: &str, wanted: &'static str, node: &Node) -> ParseRefusal {
    ParseRefusal::Unreadable {
        key: key.to_owned(),
        wanted,
        value: shorten(&written(node)),
    }
}

fn written(node: &Node) -> String {
    match node {
        Node::Null => "null".to_owned(),
        Node::Bool(flag) => flag.to_string(),
        Node::Number(text) | Node::Text(text) | Node::Cut(text) => text.clone(),
        Node::List(items) => format!("a list of {}", items.len()),
        Node::Object(entries) => format!("an object of {}", entries.len()),
    }
}

/// Drops control and invisible direction characters, and the edges.
pub(super) fn clean(text: &str) -> String {
    let dropped = |c: char| {
        (matches!(c, ..'\u{a0}') && c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    // How they begin; the letters of most texts begin otherwise.
    let begins = |byte: u8| {
        ((byte < 0x20) & (byte != b'\n') & (byte != b'\t'))
            | (byte == 0x7f)
            | (byte == 0xc2)
            | (byte == 0xe2)
            | (byte == 0xef)
    };
    let (mut holds, mut rest) = (false, text);
    while let Some(at) = bytes::find(rest.as_bytes(), begins).filter(|_| !holds) {
        let mut letters = rest.get(at..).unwrap_or_default().chars();
        holds = letters.next().is_some_and(dropped);
        rest = letters.as_str();
    }
    if holds {
        let kept: String = text.chars().filter(|c| !dropped(*c)).collect();
        return kept.trim().to_owned();
    }
    text.trim().to_owned()
}

/// A text up to its last sentence end.
fn whole_sentences(text: &str) -> String {
    let mut kept = String::new();
    let mut pending = String::new();
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        pending.push(c);
        let ends = matches!(c, '.' | '!' | '?' | '…' | '。' | '\n')
            && letters.peek().is_some_and(|next| next.is_whitespace());
        if ends || c == '\n' {
            kept.push_str(&pending);
            pending.clear();
        }
    }
    kept
}
