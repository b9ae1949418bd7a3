//! The conformance suites of the channel ports: every bullet of their documentation, as a check any adapter can run.
//!
//! A check returns an error of kind `Internal` that names the rule it found broken.

use async_trait::async_trait;
use x8_core::{
    Error, ErrorKind, Result,
    channel::ChannelEvent,
    port::{
        ChannelSignal, Connector, InboundParser, OutboundText, SendOutcome, Sender, WebhookVerifier,
    },
};

use super::webhook::SignedWebhook;

fn must(holds: bool, rule: &'static str) -> Result<()> {
    if holds {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Internal, "suite", rule))
}

fn kind<T>(outcome: &Result<T>) -> Option<ErrorKind> {
    outcome.as_ref().err().map(Error::kind)
}

/// Checks a [`WebhookVerifier`] with webhooks signed by every accepted key, and some that must be refused
/// (signed with another algorithm or another key).
///
/// # Errors
/// The broken rule.
pub fn verifier(
    verifier: &dyn WebhookVerifier,
    accepted: &[SignedWebhook],
    refused: &[SignedWebhook],
) -> Result<()> {
    let verdict = |webhook: &SignedWebhook| {
        let outcome = verifier.verify(&|name| webhook.header(name), &webhook.body);
        kind(&outcome)
    };
    for webhook in accepted {
        let fine = verdict(webhook).is_none();
        must(
            fine,
            "a webhook signed with the current or previous key is accepted",
        )?;
        for forged in forgeries(webhook) {
            let no = verdict(&forged) == Some(ErrorKind::Unauthenticated);
            must(no, "one flipped bit or a missing header is refused")?;
        }
    }
    for webhook in refused {
        let no = verdict(webhook) == Some(ErrorKind::Unauthenticated);
        must(no, "another algorithm or key is refused")?;
    }
    Ok(())
}

/// Every single-bit change of the body, and the webhook without its headers.
fn forgeries(webhook: &SignedWebhook) -> impl Iterator<Item = SignedWebhook> + '_ {
    let bits = (0..webhook.body.len()).flat_map(|byte| (0..8).map(move |bit| (byte, bit)));
    let flipped = bits.map(|(byte, bit)| {
        let mut forged = webhook.clone();
        if let Some(byte) = forged.body.get_mut(byte) {
            *byte ^= 1 << bit;
        }
        forged
    });
    let bare = SignedWebhook {
        headers: Vec::new(),
        body: webhook.body.clone(),
    };
    flipped.chain([bare])
}

/// What a parser is checked with, in its platform's own form.
#[derive(Clone, Debug)]
pub struct ParserFixture {
    /// A body with one customer message.
    pub message: Vec<u8>,
    /// The words of that message.
    pub text: String,
    /// A batch of a readable, an unreadable and another readable item.
    pub batch_with_bad_item: Vec<u8>,
    /// A body of a type this adapter does not know.
    pub unknown: Vec<u8>,
}

/// Checks an [`InboundParser`].
///
/// # Errors
/// The broken rule.
pub fn parser(parser: &dyn InboundParser, fixture: &ParserFixture) -> Result<()> {
    let first = parser.parse(&fixture.message)?;
    let again = parser.parse(&fixture.message)?;
    must(first.events == again.events, "the same body reads the same")?;
    let text = first.events.iter().find_map(|event| match &event.signal {
        ChannelSignal::Message(message) => Some(message.text.as_str()),
        ChannelSignal::Echo { .. }
        | ChannelSignal::Status { .. }
        | ChannelSignal::State(_)
        | ChannelSignal::Ignored { .. } => None,
    });
    must(text == Some(&fixture.text), "the words arrive unchanged")?;
    let batch = parser.parse(&fixture.batch_with_bad_item)?;
    let readable = batch.events.len() == 2 && batch.errors.len() == 1;
    must(readable, "a bad item never blocks its neighbours")?;
    let unknown = parser.parse(&fixture.unknown)?;
    let ignored = |signal: &ChannelSignal| matches!(signal, ChannelSignal::Ignored { .. });
    let left = unknown.events.iter().all(|event| ignored(&event.signal));
    must(
        left && unknown.errors.is_empty(),
        "an unknown type is acknowledged and left",
    )?;
    for hostile in [&b""[..], b"\xff\xfe", b"{", b"no", &[b'['; 100_000]] {
        let invalid = kind(&parser.parse(hostile)) == Some(ErrorKind::Invalid);
        must(invalid, "a body the provider does not send is Invalid")?;
    }
    for length in 0..fixture.message.len() {
        let cut = fixture.message.get(..length).unwrap_or_default();
        must(parser.parse(cut).is_err(), "a body cut short is an error")?;
    }
    Ok(())
}

/// What a sender is checked against: the provider's side.
pub trait SendHarness: Send + Sync {
    /// A message this provider can deliver.
    fn message(&self, client_id: &str, text: &str) -> OutboundText;
    /// The texts the provider delivered, in order.
    fn delivered(&self) -> Vec<String>;
    /// The provider takes the next message, and its answer is lost.
    fn lose_next_answer(&self);
    /// The provider refuses the next message for the time being, so that it surely does not go.
    fn refuse_next(&self);
}

/// Checks a [`Sender`].
///
/// # Errors
/// The broken rule, or the sender's own error where none was due.
pub async fn sender(sender: &dyn Sender, harness: &dyn SendHarness) -> Result<()> {
    let before = harness.delivered().len();
    let new = || harness.delivered().len() - before;
    let first = sender.send_text(&harness.message("suite-1", "one")).await?;
    let SendOutcome::Sent { provider_id } = first else {
        return must(false, "a first try is sent, or fails");
    };
    must(
        !provider_id.is_empty() && new() == 1,
        "a text goes once and gets an id",
    )?;

    sender.send_text(&harness.message("suite-2", "one")).await?;
    must(
        new() == 2,
        "two messages with the same words are two messages",
    )?;

    harness.refuse_next();
    let mut refused = harness.message("suite-3", "three");
    let temporary = matches!(
        kind(&sender.send_text(&refused).await),
        Some(ErrorKind::Unavailable | ErrorKind::RateLimited)
    );
    must(
        temporary && new() == 2,
        "what surely did not go may be tried again",
    )?;
    refused.resend = true;
    sender.send_text(&refused).await?;
    must(new() == 3, "a resend of what never went sends it")?;

    harness.lose_next_answer();
    let mut lost = harness.message("suite-4", "four");
    let unknown = kind(&sender.send_text(&lost).await) == Some(ErrorKind::UnknownOutcome);
    must(unknown && new() == 4, "a lost answer is an unknown outcome")?;
    lost.resend = true;
    let found = sender.send_text(&lost).await?;
    must(new() == 4, "a resend of what went does not send twice")?;
    must(
        sender.send_text(&lost).await? == found && new() == 4,
        "every resend gives the same id",
    )
}

/// What a connector is checked against: the provider's side.
#[async_trait]
pub trait LinkHarness: Send + Sync {
    /// Somebody scans the code with a phone.
    async fn scan(&self, session: &str);
    /// Whether the provider still holds credentials for the session.
    async fn has_credentials(&self, session: &str) -> bool;
}

/// Checks a [`Connector`] with a session that the provider does not know yet.
///
/// # Errors
/// The broken rule, or the connector's own error where none was due.
pub async fn connector(
    connector: &dyn Connector,
    harness: &dyn LinkHarness,
    session: &str,
) -> Result<()> {
    let absent = kind(&connector.status(session).await) == Some(ErrorKind::NotFound);
    must(absent, "an unknown session is NotFound")?;
    connector.disconnect(session).await?;

    let waiting =
        |event: &ChannelEvent| matches!(event, ChannelEvent::Starting | ChannelEvent::AwaitingScan);
    must(
        waiting(&connector.connect(session).await?.event),
        "a new session waits for a scan",
    )?;
    let qr = connector.qr(session).await?;
    let shown = !qr.data.is_empty() && qr.expires_in_seconds > 0;
    must(shown, "there is a code to scan, and it expires")?;

    harness.scan(session).await;
    let working = |event: &ChannelEvent| matches!(event, ChannelEvent::Working { .. });
    let linked = connector.status(session).await?;
    must(working(&linked.event), "a scanned session works")?;
    let conflict = kind(&connector.qr(session).await) == Some(ErrorKind::Conflict);
    must(conflict, "a working session has no code")?;
    let again = connector.connect(session).await?;
    must(
        again == linked,
        "connecting what is connected changes nothing",
    )?;

    connector.disconnect(session).await?;
    connector.disconnect(session).await?;
    let kept = harness.has_credentials(session).await;
    must(kept, "disconnecting keeps the credentials")?;
    let stopped = connector.status(session).await?.event == ChannelEvent::Stopped;
    must(stopped, "a disconnected session is stopped")?;
    connector.connect(session).await?;
    let back = connector.status(session).await?;
    must(working(&back.event), "connecting again needs no scan")
}
