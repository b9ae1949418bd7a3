//! Speech into text (A6), at the same servers.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{
    Response,
    multipart::{Form, Part},
};
use serde_json::Value;
use x8_core::{Error, ErrorKind, Result};

use super::{
    client::{Api, Failure, body},
    config::OpenAiConfig,
};
use crate::transcribe::{Recording, Transcriber};

const OPERATION: &str = "transcribe.call";

/// What the service takes at most.
const MOST_BYTES: usize = 25 * 1024 * 1024;
/// Shorter than any word; models hear words in such clicks.
const SHORTEST: Duration = Duration::from_millis(400);

/// What the service takes, by the extension that a file must have there: what channels call it, and its media type.
const FORMATS: [(&str, &[&str], &str); 6] = [
    ("ogg", &["ogg", "oga", "opus"], "audio/ogg"),
    ("mp3", &["mp3", "mpga", "mpeg"], "audio/mpeg"),
    ("m4a", &["m4a", "mp4"], "audio/mp4"),
    ("wav", &["wav"], "audio/wav"),
    ("webm", &["webm"], "audio/webm"),
    ("flac", &["flac"], "audio/flac"),
];

/// A transcription model behind an OpenAI-compatible server. See the [module documentation](super).
#[derive(Debug)]
pub struct OpenAiTranscriber {
    api: Api,
    model: String,
}

impl OpenAiTranscriber {
    /// A transcriber behind this server; of the configuration it uses address, key, model, timeouts, retries and reach.
    ///
    /// # Errors
    /// `Invalid` when the configuration could not work or leads where it may not.
    pub fn new(config: &OpenAiConfig) -> Result<Self> {
        Ok(Self {
            api: Api::new(config)?,
            model: config.model.clone(),
        })
    }

    fn form(&self, recording: Recording<'_>, extension: &str, media: &str) -> Result<Form> {
        // The service reads the format from this name.
        let file = Part::bytes(recording.bytes.to_vec())
            .file_name(format!("voice.{extension}"))
            .mime_str(media)
            .map_err(|error| Error::internal(OPERATION, error))?;
        let form = Form::new()
            .part("file", file)
            .text("model", self.model.clone())
            .text("response_format", "json");
        let language = recording.language.filter(|code| code.len() == 2);
        Ok(match language {
            Some(code) => form.text("language", code.to_owned()),
            None => form,
        })
    }
}

#[async_trait]
impl Transcriber for OpenAiTranscriber {
    async fn transcribe(&self, recording: Recording<'_>) -> Result<Option<String>> {
        let short = recording.length.is_some_and(|length| length < SHORTEST);
        if recording.bytes.is_empty() || short {
            return Ok(None);
        }
        if recording.bytes.len() > MOST_BYTES {
            return Err(Error::new(
                ErrorKind::TooLarge,
                OPERATION,
                "a recording may have 25 MB at most",
            )
            .with("bytes", recording.bytes.len()));
        }
        let (extension, media) = format(recording).ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                OPERATION,
                "this kind of recording cannot be transcribed",
            )
        })?;
        let build = |http: reqwest::RequestBuilder| {
            Ok(http.multipart(self.form(recording, extension, media)?))
        };
        let answer = self
            .api
            .call(["audio", "transcriptions"], 0, build, read)
            .await?;
        match answer {
            Ok(words) => Ok(Some(words).filter(|words| says_something(words))),
            Err(refusal) => Err(self.api.error(OPERATION, &refusal)),
        }
    }
}

/// `{"text": …}`, or the bare text of servers that know no other form.
async fn read(response: Response) -> Result<String, Failure> {
    let bytes = body(response).await?;
    let bare = || String::from_utf8_lossy(&bytes).trim().to_owned();
    Ok(match serde_json::from_slice::<Value>(&bytes) {
        Ok(Value::Object(answer)) => answer
            .get("text")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
            .to_owned(),
        Ok(Value::String(text)) => text.trim().to_owned(),
        Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_)) | Err(_) => bare(),
    })
}

/// The extension and media type the service wants: by the file's name, else by its first bytes.
fn format(recording: Recording<'_>) -> Option<(&'static str, &'static str)> {
    let named = recording.file_name.rsplit_once('.');
    let named = named.map(|(_, extension)| extension.to_ascii_lowercase());
    let of = |wanted: &str| {
        let fits = |(_, names, _): &&(&str, &[&str], &str)| names.contains(&wanted);
        FORMATS
            .iter()
            .find(fits)
            .map(|(name, _, media)| (*name, *media))
    };
    named
        .as_deref()
        .and_then(of)
        .or_else(|| of(sniff(recording.bytes)?))
}

fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let marks: [(&[u8], &str); 5] = [
        (b"OggS", "ogg"),
        (b"RIFF", "wav"),
        (b"ID3", "mp3"),
        (b"fLaC", "flac"),
        (b"\x1a\x45\xdf\xa3", "webm"),
    ];
    let found = marks.iter().find(|(mark, _)| bytes.starts_with(mark));
    found.map(|(_, name)| *name)
}

/// Silence becomes nothing, a dot, or a note such as `[BLANK_AUDIO]` or `(music)`: none of it was said.
fn says_something(words: &str) -> bool {
    let words = words.trim();
    let note = [('[', ']'), ('(', ')'), ('*', '*')]
        .into_iter()
        .any(|(open, close)| {
            let inner = words
                .strip_prefix(open)
                .and_then(|rest| rest.strip_suffix(close));
            inner.is_some_and(|inner| !inner.contains([open, close]))
        });
    !note && words.contains(char::is_alphanumeric)
}
