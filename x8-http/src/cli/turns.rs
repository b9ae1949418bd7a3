//! `x8 turns`: which turns there are, so that one can be looked at with `x8 replay`.

use std::process::ExitCode;

use clap::Args;
use x8_core::{
    Error, Result,
    id::{ConversationId, TurnId},
    port::{Page, Store},
    tenant::Tenant,
};

use super::company_of;
use crate::{config::Config, demo::Transcript, extract::CompanyKey, present::Turn, store};

/// What is read at once.
const PAGE: u32 = 200;

/// What of a company's turns is wanted.
#[derive(Debug, Args)]
pub(super) struct Wanted {
    /// The company, by number or public id (COMP001)
    #[arg(long)]
    company: CompanyKey,
    /// Only this conversation
    #[arg(long)]
    conversation: Option<i64>,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// One JSON object a line instead of text
    #[arg(long)]
    json: bool,
}

/// Lists the newest turns, the newest last.
pub(super) async fn run(config: &Config, wanted: &Wanted) -> Result<ExitCode> {
    let store = store::open(&config.database_url).await?;
    let company = company_of(store.as_ref(), &wanted.company).await?;
    let mut turns = turns(store.as_ref(), company.tenant(), wanted).await?;
    turns.sort_by_key(|turn| (turn.created_at, turn.turn_id));
    let older = turns.len().saturating_sub(wanted.limit);
    let out = Transcript;
    for turn in turns.iter().skip(older) {
        if wanted.json {
            let line = serde_json::to_string(turn);
            out.line(&line.map_err(|error| Error::internal("turn.list", error))?);
        } else {
            out.line(&line(turn));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn turns(store: &dyn Store, tenant: Tenant, wanted: &Wanted) -> Result<Vec<Turn>> {
    let mut found = Vec::new();
    if let Some(one) = wanted.conversation.map(ConversationId) {
        thread(store, tenant, one, &mut found).await?;
        return Ok(found);
    }
    let mut page = Page::first(PAGE);
    loop {
        let threads = store.conversations(tenant, page).await?;
        for one in &threads {
            thread(store, tenant, one.id, &mut found).await?;
        }
        // Conversations come by their last message, so later ones hold nothing newer.
        let enough = found.len() >= wanted.limit;
        match threads.last() {
            Some(last)
                if threads.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX) && !enough =>
            {
                page.after = Some(last.id.0);
            }
            Some(_) | None => return Ok(found),
        }
    }
}

async fn thread(
    store: &dyn Store,
    tenant: Tenant,
    conversation: ConversationId,
    found: &mut Vec<Turn>,
) -> Result<()> {
    let mut page: Page<TurnId> = Page::first(PAGE);
    loop {
        let turns = store.turns_of(tenant, conversation, page).await?;
        found.extend(turns.iter().map(Turn::from));
        match turns.last() {
            Some(last) if turns.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX) => {
                page.after = Some(last.id);
            }
            Some(_) | None => return Ok(()),
        }
    }
}

/// `KEY  TIME  conversation 1  answered  2 findings  guided`.
fn line(turn: &Turn) -> String {
    let models: Vec<String> = turn
        .tries
        .iter()
        .map(|one| {
            let tokens = one.prompt_tokens.zip(one.completion_tokens);
            let tokens = tokens.map_or_else(String::new, |(read, written)| {
                format!(" {read}+{written} tokens")
            });
            let prompt = one
                .prompt
                .as_ref()
                .map_or_else(String::new, |prompt| format!(" {prompt}"));
            let failed = if one.error.is_some() { " failed" } else { "" };
            format!("{}{prompt}{tokens}{failed}", one.model)
        })
        .collect();
    format!(
        "{}  {}  conversation {}  {}  {} findings  {}",
        turn.turn_id,
        turn.created_at,
        turn.conversation_id,
        turn.outcome.as_str(),
        turn.findings,
        models.join(", ")
    )
}
