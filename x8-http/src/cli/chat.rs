//! `x8 chat`: the terminal as a customer's phone.

use jiff::Timestamp;
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use uuid::Uuid;
use x8_core::{
    Error, Result,
    channel::Platform,
    conversation::{Flow, Identity, IdentityKind, Inbound},
    id::ConversationId,
    port::Page,
    tenant::Tenant,
    usecase::Engine,
};

use super::company_of;
use crate::{config::Config, demo::Transcript, extract::CompanyKey, system::System};

/// Talks until the input ends. `/pay` pays the newest sandbox link, `/quit` ends.
pub(super) async fn run(config: &Config, company: &CompanyKey, phone: &str) -> Result<()> {
    let system = System::open(config).await?;
    let company = company_of(system.store().as_ref(), company).await?;
    let work = system.spawn_workers();
    let mut talk = Talk {
        system: &system,
        tenant: company.tenant(),
        phone,
        thread: None,
        shown: 0,
        link: None,
    };
    let out = Transcript;
    out.heading(&format!(
        "you are a customer of {}; /pay pays the newest link (sandbox), /quit ends",
        company.name
    ));
    let mut lines = BufReader::new(stdin()).split(b'\n');
    while let Some(line) = lines
        .next_segment()
        .await
        .map_err(|error| Error::internal("chat.read", error))?
    {
        // A pasted line in another encoding is still something somebody said; it must not end the talk.
        let line = String::from_utf8_lossy(&line);
        match line.trim() {
            "" => {}
            "/quit" => break,
            "/pay" => talk.pay().await?,
            text => talk.say(text).await?,
        }
        talk.listen(&out, &company.name).await?;
    }
    work.stop().await;
    Ok(())
}

struct Talk<'a> {
    system: &'a System,
    tenant: Tenant,
    phone: &'a str,
    thread: Option<ConversationId>,
    shown: i64,
    link: Option<String>,
}

impl Talk<'_> {
    fn engine(&self) -> &Engine {
        self.system.engine()
    }

    async fn say(&mut self, text: &str) -> Result<()> {
        let message = Inbound {
            provider_id: Uuid::now_v7().to_string(),
            address: self.phone.to_owned(),
            sender: Identity::new(IdentityKind::Phone, self.phone),
            aliases: Vec::new(),
            sender_name: None,
            text: text.to_owned(),
            sent_at: Timestamp::now(),
        };
        let (thread, answer) = self
            .engine()
            .converse(self.tenant, Platform::Whatsapp, &message)
            .await?;
        self.thread = Some(thread);
        self.system.wake();
        if answer.is_none() {
            Transcript.note("nobody may answer: the company is inactive, its plan is over, or a human has taken over");
        }
        Ok(())
    }

    async fn pay(&mut self) -> Result<()> {
        match self
            .link
            .take()
            .as_deref()
            .and_then(|url| url.rsplit('/').next())
        {
            Some(session) => self.system.pay_in_sandbox(session).await,
            None => {
                Transcript.note("there is no open link");
                Ok(())
            }
        }
    }

    /// Prints what came since, until it has been quiet for a moment.
    async fn listen(&mut self, out: &Transcript, company: &str) -> Result<()> {
        let Some(thread) = self.thread else {
            return Ok(());
        };
        let mut quiet = 0;
        while quiet < 12 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            let page = Page {
                limit: 200,
                after: (self.shown > 0).then_some(self.shown),
            };
            let messages = self
                .system
                .store()
                .messages(self.tenant, thread, page)
                .await?;
            let new: Vec<_> = messages
                .into_iter()
                .filter(|one| one.flow == Flow::Outbound && one.id.0 > self.shown)
                .collect();
            quiet = if new.is_empty() { quiet + 1 } else { 0 };
            for message in new {
                self.shown = self.shown.max(message.id.0);
                let link = message
                    .text
                    .split_whitespace()
                    .rfind(|word| word.contains("/sandbox/pay/"));
                self.link = link.map(str::to_owned).or(self.link.take());
                out.says(company, &message.text);
            }
        }
        Ok(())
    }
}
