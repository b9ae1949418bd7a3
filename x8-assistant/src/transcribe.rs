//! The port to whatever turns speech into text (A6).
//!
//! A voice note becomes the text of an ordinary message before it is stored: the turn, the guard and the customer never
//! learn that it was spoken. A note in which nothing was said becomes nothing.

use std::time::Duration;

use async_trait::async_trait;
use x8_core::Result;

/// A recording as a channel received it.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// Its name, with an extension; some channels make one up (`voice.oga`).
    pub file_name: &'a str,
    /// How long it is, when the channel says so.
    pub length: Option<Duration>,
    /// The conversation's language as ISO 639-1, when it is known (A5); it helps the model.
    pub language: Option<&'a str>,
}

/// Turns speech into text.
#[async_trait]
pub trait Transcriber: Send + Sync {
    /// The words of a recording; `None` when nothing was said in it.
    ///
    /// - Dropping the future ends the call.
    /// - Changes nothing anywhere, so it may be called again. Two calls may hear different words.
    ///
    /// *Tenancy*: the words may be anything a customer says; they go to nobody but the caller.
    ///
    /// # Errors
    /// `Unsupported` for a format the service does not take, `TooLarge`; `Unavailable`, `RateLimited` (try later);
    /// `PaymentRequired`, `Unauthenticated`, `NotFound`, `Invalid` (mend the configuration).
    async fn transcribe(&self, recording: Recording<'_>) -> Result<Option<String>>;
}
