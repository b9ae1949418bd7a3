//! Which company has which account.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use x8_core::{
    Error, ErrorKind, Result,
    id::CompanyId,
    port::{AccountChange, Documents},
    tenant::Tenant,
};

use super::{
    AccountStatus, ConnectedAccounts, NewAccount, OneTimeLink, Standing, TransactionPage,
    Transactions,
};

/// One entry per company.
const COMPANIES: &str = "connect.companies";
/// Whose an account is; written once.
const OWNERS: &str = "connect.owners";
/// Lost races before a call gives up; every lost race means that somebody else's change was stored.
const TRIES: u32 = 64;

/// What is remembered of a company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Entry {
    /// The present account as it was when it was last looked at.
    status: Option<AccountStatus>,
    /// Accounts it had before; events about their payments may still come.
    former: Vec<String>,
    /// The platform's share of each payment, where it differs from the operator's.
    fee_basis_points: Option<u32>,
}

/// What the book knows of a company's account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The account as it was when it was last looked at; `None`: the company has none.
    pub status: Option<AccountStatus>,
    /// The platform's share of each payment in hundredths of a per cent, where it differs from the operator's.
    pub fee_basis_points: Option<u32>,
}

impl Known {
    /// In one word.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.status
            .as_ref()
            .map_or(Standing::NotConnected, AccountStatus::standing)
    }
}

/// The accounts of all companies. Cheap to clone; every call is about one company, named by its tenant (T6).
#[derive(Clone)]
pub struct AccountBook {
    documents: Arc<dyn Documents>,
    provider: Arc<dyn ConnectedAccounts>,
}

impl fmt::Debug for AccountBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountBook")
            .field("provider", &self.provider.name())
            .finish_non_exhaustive()
    }
}

impl AccountBook {
    /// A book in these documents, over this provider.
    #[must_use]
    pub fn new(documents: Arc<dyn Documents>, provider: Arc<dyn ConnectedAccounts>) -> Self {
        Self {
            documents,
            provider,
        }
    }

    /// A fresh link for the company to tell the provider about itself; its account is opened first if it has none.
    ///
    /// *Idempotency*: however often it is asked, and whatever crashes in between, the company has one account.
    ///
    /// # Errors
    /// As [`ConnectedAccounts::create`] and [`ConnectedAccounts::onboarding_link`]; storage failures.
    pub async fn onboard(&self, tenant: Tenant, wish: &NewAccount) -> Result<OneTimeLink> {
        let (entry, _) = self.load(tenant.company()).await?;
        let account = match entry.status {
            Some(status) => status.id,
            None => self.open(tenant, &entry.former, wish).await?,
        };
        self.provider.onboarding_link(&account).await
    }

    async fn open(&self, tenant: Tenant, former: &[String], wish: &NewAccount) -> Result<String> {
        // From intent: a crash before the account is remembered finds the same one again.
        let key = format!("connect:{}:{}", tenant.company(), former.len());
        let status = self.provider.create(tenant, wish, &key).await?;
        if status.id.is_empty() {
            return Err(Error::internal(
                "connect.onboard",
                "the new account has no id",
            ));
        }
        self.claim(tenant, &status.id).await?;
        let id = status.id.clone();
        let kept = self
            .change(tenant.company(), move |entry| {
                // Somebody else's call was faster, with the same account.
                if entry.status.is_none() && !entry.former.contains(&status.id) {
                    entry.status = Some(status.clone());
                }
            })
            .await?;
        Ok(kept.status.map_or(id, |status| status.id))
    }

    /// An account belongs to one company for ever.
    async fn claim(&self, tenant: Tenant, account: &str) -> Result<()> {
        let company = serde_json::json!(tenant.company().0);
        match self
            .documents
            .put_document(OWNERS, account, &company, 0)
            .await
        {
            Err(error) if error.kind() == ErrorKind::Conflict => {}
            written => return written,
        }
        if self.owner(account).await? == Some(tenant.company()) {
            return Ok(());
        }
        Err(
            Error::conflict("connect.onboard", "the account belongs to another company")
                .retrying(x8_core::Retry::Never),
        )
    }

    /// What is remembered, without asking the provider.
    ///
    /// # Errors
    /// Storage failures.
    pub async fn known(&self, tenant: Tenant) -> Result<Known> {
        let (entry, _) = self.load(tenant.company()).await?;
        Ok(Known {
            status: entry.status,
            fee_basis_points: entry.fee_basis_points,
        })
    }

    /// Where the company's account stands now; what is found is remembered. Reaching the provider's return address proves
    /// nothing, so this is what it shows.
    ///
    /// # Errors
    /// `Unavailable`, storage failures.
    pub async fn look(&self, tenant: Tenant) -> Result<Known> {
        if let Some(status) = self.known(tenant).await?.status {
            self.refresh(tenant.company(), &status.id).await?;
        }
        self.known(tenant).await
    }

    /// Where the company sees its money; works once.
    ///
    /// # Errors
    /// `PaymentRequired` when it has no account; as [`ConnectedAccounts::login_link`].
    pub async fn login_link(&self, tenant: Tenant) -> Result<OneTimeLink> {
        let account = self.account(tenant).await?;
        self.provider.login_link(&account).await
    }

    /// What moved on the company's account, newest first.
    ///
    /// # Errors
    /// `PaymentRequired` when it has no account; as [`ConnectedAccounts::transactions`].
    pub async fn transactions(
        &self,
        tenant: Tenant,
        page: &TransactionPage,
    ) -> Result<Transactions> {
        let account = self.account(tenant).await?;
        self.provider.transactions(&account, page).await
    }

    async fn account(&self, tenant: Tenant) -> Result<String> {
        let status = self.known(tenant).await?.status;
        status.map(|status| status.id).ok_or_else(|| {
            let why = "the company has no connected payment account";
            Error::new(ErrorKind::PaymentRequired, "connect.account", why)
        })
    }

    /// Takes the account away on both sides: at the provider first, then here. Close the company's links before.
    ///
    /// *Idempotency*: disconnecting what is not connected succeeds.
    ///
    /// # Errors
    /// As [`ConnectedAccounts::remove`]; storage failures.
    pub async fn disconnect(&self, tenant: Tenant) -> Result<()> {
        let Some(status) = self.known(tenant).await?.status else {
            return Ok(());
        };
        self.provider.remove(&status.id).await?;
        self.forget(tenant.company(), &status.id).await.map(drop)
    }

    /// Whether an account is, or was, the company's: what its events say may be about the company's orders.
    ///
    /// # Errors
    /// Storage failures.
    pub async fn owns(&self, tenant: Tenant, account: &str) -> Result<bool> {
        Ok(self.owner(account).await? == Some(tenant.company()))
    }

    /// The provider says that an account changed: looks at it again and remembers where it stands. `None` when it is no
    /// company's. The order and number of such calls do not matter.
    ///
    /// # Errors
    /// `Unavailable`, storage failures.
    pub async fn changed(&self, account: &str) -> Result<Option<AccountChange>> {
        let Some(company) = self.owner(account).await? else {
            return Ok(None);
        };
        let (before, after) = self.refresh(company, account).await?;
        let ready = |status: &Option<AccountStatus>| {
            status
                .as_ref()
                .is_some_and(|status| status.id == account && status.is_ready())
        };
        Ok(Some(AccountChange {
            tenant: Tenant::assume(company),
            was_ready: ready(&before),
            is_ready: ready(&after),
            connected: after.is_some_and(|status| status.id == account),
        }))
    }

    /// The entry's status before and after a look at the account.
    async fn refresh(
        &self,
        company: CompanyId,
        account: &str,
    ) -> Result<(Option<AccountStatus>, Option<AccountStatus>)> {
        let (before, _) = self.load(company).await?;
        let after = match self.provider.look(account).await? {
            Some(status) => {
                self.change(company, |entry| {
                    if let Some(known) = entry.status.as_mut().filter(|known| known.id == account) {
                        *known = status.clone();
                    }
                })
                .await?
            }
            None => self.forget(company, account).await?,
        };
        Ok((before.status, after.status))
    }

    async fn forget(&self, company: CompanyId, account: &str) -> Result<Entry> {
        self.change(company, |entry| {
            if entry
                .status
                .as_ref()
                .is_some_and(|known| known.id == account)
            {
                entry.status = None;
                entry.former.push(account.to_owned());
            }
        })
        .await
    }

    async fn owner(&self, account: &str) -> Result<Option<CompanyId>> {
        let found = self.documents.document(OWNERS, account).await?;
        Ok(found.and_then(|(value, _)| value.as_i64()).map(CompanyId))
    }

    async fn load(&self, company: CompanyId) -> Result<(Entry, u32)> {
        let found = self
            .documents
            .document(COMPANIES, &company.to_string())
            .await?;
        match found {
            Some((value, version)) => Ok((read(value)?, version)),
            None => Ok((Entry::default(), 0)),
        }
    }

    /// Changes an entry until no other writer comes between; a change that changes nothing writes nothing.
    async fn change(
        &self,
        company: CompanyId,
        step: impl Fn(&mut Entry) + Send + Sync,
    ) -> Result<Entry> {
        for _ in 0..TRIES {
            let (before, version) = self.load(company).await?;
            let mut after = before.clone();
            step(&mut after);
            if after == before {
                return Ok(after);
            }
            let value = serde_json::to_value(&after)
                .map_err(|error| Error::internal("connect.store", error))?;
            let written = self
                .documents
                .put_document(COMPANIES, &company.to_string(), &value, version)
                .await;
            match written {
                Ok(()) => return Ok(after),
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::unavailable(
            "connect.store",
            "the payment account is busy; try again",
        ))
    }
}

fn read(value: serde_json::Value) -> Result<Entry> {
    serde_json::from_value(value).map_err(|error| Error::internal("connect.load", error))
}
