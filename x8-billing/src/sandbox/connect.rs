//! Simulated connected accounts with a page of their own (P11).

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use x8_core::{
    Error, ErrorKind, Result, Retry,
    id::CompanyId,
    port::{Clock, Documents},
    tenant::Tenant,
};

use super::{SandboxConfig, events::account_of};
use crate::connect::{
    AccountStatus, ConnectedAccounts, NewAccount, OneTimeLink, TransactionPage, Transactions,
};

/// Where accounts are kept.
const SPACE: &str = "sandbox.connect";
/// Lost races before a call gives up.
const TRIES: u32 = 64;
/// As long as the real provider's.
const LINK_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// A simulated account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    country: Option<String>,
    told: bool,
    gone: bool,
}

/// Simulated accounts: one per company, ready once somebody pressed the button on its page.
///
/// Payments of the sandbox do not ask for them: the embedded system takes orders from the first minute.
#[derive(Clone)]
pub struct SandboxConnect {
    documents: Arc<dyn Documents>,
    clock: Arc<dyn Clock>,
    config: SandboxConfig,
}

impl fmt::Debug for SandboxConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxConnect")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl SandboxConnect {
    /// Accounts in this memory.
    #[must_use]
    pub fn new(
        documents: Arc<dyn Documents>,
        clock: Arc<dyn Clock>,
        config: SandboxConfig,
    ) -> Self {
        Self {
            documents,
            clock,
            config,
        }
    }

    /// The page on which a company would tell the provider about itself: one button.
    ///
    /// # Errors
    /// `NotFound`; storage failures.
    pub async fn page(&self, account: &str) -> Result<String> {
        let (stored, _) = self.load(account).await?.ok_or_else(|| absent(account))?;
        let told = if stored.told {
            "<p>This simulated account is ready.</p>".to_owned()
        } else {
            format!(
                "<form method=\"post\" action=\"{}/finish\"><button>Finish the simulated onboarding</button></form>",
                self.config.connect_url(account)
            )
        };
        Ok(format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"robots\" content=\"noindex\">\
<title>Sandbox account</title></head>\n<body>\n<p><strong>Sandbox.</strong> Nothing real is connected.</p>\n{told}\n</body></html>\n"
        ))
    }

    /// What the page's button does. Pressing it twice changes nothing.
    ///
    /// # Errors
    /// `NotFound`; storage failures.
    pub async fn finish(&self, account: &str) -> Result<()> {
        self.change(account, |stored| stored.told = true).await
    }

    async fn load(&self, account: &str) -> Result<Option<(Stored, u32)>> {
        let Some((value, version)) = self.documents.document(SPACE, account).await? else {
            return Ok(None);
        };
        let stored: Stored = serde_json::from_value(value)
            .map_err(|error| Error::internal("sandbox.connect", error))?;
        Ok((!stored.gone).then_some((stored, version)))
    }

    async fn change(&self, account: &str, step: impl Fn(&mut Stored) + Send + Sync) -> Result<()> {
        for _ in 0..TRIES {
            let (mut stored, version) = self.load(account).await?.ok_or_else(|| absent(account))?;
            step(&mut stored);
            if self.store(account, &stored, version).await? {
                return Ok(());
            }
        }
        Err(Error::unavailable(
            "sandbox.connect",
            "the account is busy; try again",
        ))
    }

    /// `false` when another writer was faster.
    async fn store(&self, account: &str, stored: &Stored, expected: u32) -> Result<bool> {
        let value = serde_json::to_value(stored)
            .map_err(|error| Error::internal("sandbox.connect", error))?;
        let written = self
            .documents
            .put_document(SPACE, account, &value, expected)
            .await;
        match written {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn link(&self, url: String) -> OneTimeLink {
        OneTimeLink {
            url,
            expires_at: Some(self.clock.now() + LINK_LIFE),
        }
    }
}

#[async_trait]
impl ConnectedAccounts for SandboxConnect {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    async fn create(&self, tenant: Tenant, wish: &NewAccount, key: &str) -> Result<AccountStatus> {
        // The account from which the sandbox's payments come; one that follows another has a name of its own.
        let id = name(tenant.company(), key);
        let fresh = Stored {
            country: wish.country.clone(),
            ..Stored::default()
        };
        // Losing this race is fine: it is the same account.
        self.store(&id, &fresh, 0).await?;
        self.look(&id).await?.ok_or_else(|| absent(&id))
    }

    async fn onboarding_link(&self, account: &str) -> Result<OneTimeLink> {
        self.load(account).await?.ok_or_else(|| absent(account))?;
        Ok(self.link(self.config.connect_url(account)))
    }

    async fn login_link(&self, account: &str) -> Result<OneTimeLink> {
        let (stored, _) = self.load(account).await?.ok_or_else(|| absent(account))?;
        if !stored.told {
            let why = "finish onboarding first";
            return Err(Error::conflict("sandbox.connect", why).retrying(Retry::Never));
        }
        Ok(self.link(self.config.connect_url(account)))
    }

    async fn look(&self, account: &str) -> Result<Option<AccountStatus>> {
        let found = self.load(account).await?;
        Ok(found.map(|(stored, _)| status(account, stored)))
    }

    async fn remove(&self, account: &str) -> Result<()> {
        match self.change(account, |stored| stored.gone = true).await {
            Err(error) if error.kind() == ErrorKind::PaymentRequired => Ok(()),
            done => done,
        }
    }

    /// No money moves, so there is never anything to list.
    async fn transactions(&self, account: &str, page: &TransactionPage) -> Result<Transactions> {
        const OPERATION: &str = "sandbox.transactions";
        if !(1..=100).contains(&page.limit) {
            return Err(Error::invalid(OPERATION, "limit must be between 1 and 100"));
        }
        if page.after.is_some() {
            return Err(Error::invalid(
                OPERATION,
                "no such transaction to go on from",
            ));
        }
        self.load(account).await?.ok_or_else(|| absent(account))?;
        Ok(Transactions::default())
    }
}

/// `acct_sandbox_7` for a company's first account, `acct_sandbox_7_1` for its next.
fn name(company: CompanyId, key: &str) -> String {
    let first = account_of(company);
    match key.rsplit(':').next() {
        Some("0") | None => first,
        Some(later) => format!("{first}_{later}"),
    }
}

fn status(account: &str, stored: Stored) -> AccountStatus {
    let told = stored.told;
    let due = if told {
        Vec::new()
    } else {
        vec!["sandbox.button".to_owned()]
    };
    AccountStatus {
        id: account.to_owned(),
        country: stored.country,
        charges_enabled: told,
        payouts_enabled: told,
        details_submitted: told,
        card_payments: told.then(|| "active".to_owned()),
        currently_due: due.clone(),
        eventually_due: due,
        ..AccountStatus::default()
    }
}

fn absent(account: &str) -> Error {
    let account: String = account.chars().take(80).collect();
    Error::new(
        ErrorKind::PaymentRequired,
        "sandbox.connect",
        "no such sandbox account",
    )
    .with("account", account)
}
