//! Answers that come piece by piece, as server-sent events.

use reqwest::Response;
use serde_json::{Map, Value, json};

use super::{
    client::{Failure, Lost, Refusal, silent},
    error::Fault,
};

/// All pieces of an answer together; more is a fault, not data.
const MAX_STREAM: usize = 4 * 1024 * 1024;

/// Reads a stream to its end into the form of a whole answer.
pub(super) async fn whole(mut response: Response) -> Result<Value, Failure> {
    let mut lines = Lines::default();
    let mut answer = Pieces::default();
    let mut size = 0_usize;
    while let Some(chunk) = response.chunk().await.map_err(silent)? {
        size = size.saturating_add(chunk.len());
        if size > MAX_STREAM {
            return Err(Lost::Oversize.into());
        }
        for line in lines.push(&chunk) {
            answer.line(&line).map_err(broken)?;
        }
        if answer.done {
            break;
        }
    }
    if let Some(line) = lines.rest() {
        answer.line(&line).map_err(broken)?;
    }
    answer.finish().map_err(broken)
}

fn broken(fault: Fault) -> Failure {
    Failure::Refused(Box::new(Refusal::inside(fault)))
}

/// Bytes into lines. A letter may be cut in two between chunks, so only whole lines become text.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    /// The lines that this chunk completes, without their ends.
    pub(super) fn push(&mut self, chunk: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        for piece in chunk.split_inclusive(|byte| *byte == b'\n') {
            self.rest.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                lines.extend(self.rest());
            }
        }
        lines
    }

    /// What is left when the stream ends without a line's end.
    pub(super) fn rest(&mut self) -> Option<String> {
        let bytes = std::mem::take(&mut self.rest);
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_end_matches(['\r', '\n']);
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// A call in the making.
#[derive(Debug, Default)]
struct Call {
    id: String,
    name: String,
    arguments: String,
}

/// An answer in the making.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    text: String,
    refusal: String,
    calls: Vec<(u64, Call)>,
    finish: Option<String>,
    usage: Option<Value>,
    model: Option<Value>,
    done: bool,
}

impl Pieces {
    /// Takes one line of the stream.
    ///
    /// # Errors
    /// The fault, when the line holds one: the status was sent long before.
    pub(super) fn line(&mut self, line: &str) -> Result<(), Fault> {
        let Some((field, value)) = line.split_once(':') else {
            return Ok(());
        };
        match field {
            "data" if value.trim() == "[DONE]" => self.done = true,
            // A piece that is no JSON says nothing; if it was the last one, `finish` notices.
            "data" => {
                if let Ok(piece) = serde_json::from_str(value) {
                    return self.piece(&piece);
                }
            }
            // Older llama.cpp.
            "error" => {
                let fault = serde_json::from_str(value).map(|body| Fault::read(&body));
                return Err(fault.unwrap_or_else(|_| Fault::plain(value)));
            }
            // Comments (an empty field: pings) and fields that carry no text.
            _ => {}
        }
        Ok(())
    }

    fn piece(&mut self, piece: &Value) -> Result<(), Fault> {
        let has = |name: &str| piece.get(name).filter(|value| !value.is_null());
        if has("error").is_some() || piece.get("object").and_then(Value::as_str) == Some("error") {
            return Err(Fault::read(piece));
        }
        if let Some(usage) = has("usage") {
            self.usage = Some(usage.clone());
        }
        if let Some(model) = has("model") {
            self.model = Some(model.clone());
        }
        let Some(choice) = piece.pointer("/choices/0") else {
            return Ok(());
        };
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.finish = Some(reason.to_owned());
        }
        let Some(delta) = choice.get("delta").or_else(|| choice.get("message")) else {
            return Ok(());
        };
        let text = |name: &str| delta.get(name).and_then(Value::as_str).unwrap_or_default();
        self.text.push_str(text("content"));
        self.refusal.push_str(text("refusal"));
        let calls = delta.get("tool_calls").and_then(Value::as_array);
        for call in calls.into_iter().flatten() {
            self.call(call);
        }
        Ok(())
    }

    /// Adds a piece of a call. Id and name come with the first piece only, or with every one; Ollama sends whole calls that
    /// all say index 0, so another id is another call.
    fn call(&mut self, piece: &Value) {
        let text = |path: &str| piece.pointer(path).and_then(Value::as_str);
        let id = text("/id").unwrap_or_default();
        let index = piece.get("index").and_then(Value::as_u64);
        let index = index.unwrap_or_else(|| self.calls.last().map_or(0, |(last, _)| *last));
        let same = |(at, call): &&mut (u64, Call)| {
            *at == index && (id.is_empty() || call.id.is_empty() || call.id == id)
        };
        let found = self.calls.iter_mut().rev().find(same);
        let call = match found {
            Some((_, call)) => call,
            None => {
                self.calls.push((index, Call::default()));
                let Some((_, call)) = self.calls.last_mut() else {
                    return;
                };
                call
            }
        };
        if call.id.is_empty() {
            call.id.push_str(id);
        }
        if call.name.is_empty() {
            call.name
                .push_str(text("/function/name").unwrap_or_default());
        }
        match piece.pointer("/function/arguments") {
            Some(Value::String(part)) => call.arguments.push_str(part),
            Some(Value::Null) | None => {}
            Some(object) => call.arguments = object.to_string(),
        }
    }

    /// The answer in the form of a whole one.
    ///
    /// # Errors
    /// A fault when the stream was cut before the answer ended.
    pub(super) fn finish(self) -> Result<Value, Fault> {
        if !self.done && self.finish.is_none() {
            return Err(Fault::plain("the stream ended before the answer did"));
        }
        let mut message = Map::new();
        message.insert("role".to_owned(), "assistant".into());
        message.insert("content".to_owned(), self.text.into());
        if !self.refusal.is_empty() {
            message.insert("refusal".to_owned(), self.refusal.into());
        }
        if !self.calls.is_empty() {
            let call = |(_, call): (u64, Call)| {
                json!({
                    "id": call.id,
                    "function": { "name": call.name, "arguments": call.arguments },
                })
            };
            let calls: Vec<Value> = self.calls.into_iter().map(call).collect();
            message.insert("tool_calls".to_owned(), calls.into());
        }
        Ok(json!({
            "model": self.model,
            "choices": [{ "message": message, "finish_reason": self.finish }],
            "usage": self.usage,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a11_letters_cut_between_chunks_are_whole_again() {
        let bytes = "data: {\"a\":\"Привет 🌹\"}\r\n\n: ping\ndata: x".as_bytes();
        for size in 1..bytes.len() {
            let mut lines = Lines::default();
            let mut found: Vec<String> = bytes
                .chunks(size)
                .flat_map(|chunk| lines.push(chunk))
                .collect();
            found.extend(lines.rest());
            assert_eq!(
                found,
                ["data: {\"a\":\"Привет 🌹\"}", ": ping", "data: x"],
                "chunks of {size}"
            );
        }
    }
}
