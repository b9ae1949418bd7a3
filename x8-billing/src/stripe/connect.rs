//! Connected accounts at Stripe: Express accounts that the platform opens (P3).

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::StatusCode;
use x8_core::{Error, ErrorKind, Result, Retry, port::AccountChange, tenant::Tenant};

use super::{
    StripeAccount, StripeAccounts,
    answer::read,
    client::{Answer, Api, Change, Form, is_id},
    config::StripeConfig,
    error::{About, fault},
    wire::{Account, Link, List, Movement},
};
use crate::{
    connect::{
        AccountBook, AccountStatus, ConnectedAccounts, NewAccount, OneTimeLink, TransactionPage,
        Transactions,
    },
    web::Lost,
};

/// Accounts are opened, looked at and removed by the platform itself, which is no connected account.
const PLATFORM: &str = "";

/// Companies' Express accounts, opened and owned by the platform.
///
/// One call makes one try. Links are minted per call; nothing of them is kept.
pub struct StripeConnect {
    api: Api,
    refresh_url: String,
    return_url: String,
}

impl fmt::Debug for StripeConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StripeConnect")
            .field("api", &self.api)
            .finish_non_exhaustive()
    }
}

impl StripeConnect {
    /// Accounts under this key. `refresh_url` must lead to a page of ours that asks for another link, `return_url` to one that
    /// looks at the account: whoever comes back there may have told Stripe nothing.
    ///
    /// # Errors
    /// `Invalid` when the configuration could not work.
    pub fn new(
        config: &StripeConfig,
        refresh_url: impl Into<String>,
        return_url: impl Into<String>,
    ) -> Result<Self> {
        let (refresh_url, return_url) = (refresh_url.into(), return_url.into());
        for (field, url) in [("refresh_url", &refresh_url), ("return_url", &return_url)] {
            if !url.starts_with("http://") && !url.starts_with("https://") {
                let why = format!("{field} must start with http:// or https://");
                return Err(Error::invalid("stripe.config", why).with("value", url));
            }
        }
        Ok(Self {
            api: Api::new(config)?,
            refresh_url,
            return_url,
        })
    }
}

#[async_trait]
impl ConnectedAccounts for StripeConnect {
    fn name(&self) -> &'static str {
        "stripe"
    }

    async fn create(&self, tenant: Tenant, wish: &NewAccount, key: &str) -> Result<AccountStatus> {
        let mut form = Form::default();
        // Express: Stripe's own pages and checks, with the platform answering for fees and losses.
        for (field, value) in [
            ("controller[stripe_dashboard][type]", "express"),
            ("controller[fees][payer]", "application"),
            ("controller[losses][payments]", "application"),
            ("controller[requirement_collection]", "stripe"),
            ("capabilities[card_payments][requested]", "true"),
            ("capabilities[transfers][requested]", "true"),
        ] {
            form.set(field, value);
        }
        for (field, value) in [("country", &wish.country), ("email", &wish.email)] {
            if let Some(value) = value {
                form.set(field, value);
            }
        }
        form.set("metadata[company]", &tenant.company());
        let change = Change {
            path: &["v1", "accounts"],
            key: Some(key),
            form,
        };
        let answer = self.api.post(PLATFORM, change).await;
        read::<Account>("stripe.connect", About::Opening, answer).map(AccountStatus::from)
    }

    async fn onboarding_link(&self, account: &str) -> Result<OneTimeLink> {
        let mut form = Form::default();
        form.set("account", known("stripe.onboard", account)?);
        form.set("type", "account_onboarding");
        form.set("refresh_url", &self.refresh_url);
        form.set("return_url", &self.return_url);
        form.set("collection_options[fields]", "eventually_due");
        let change = Change {
            path: &["v1", "account_links"],
            // Every click gets a link of its own: an old one is used up.
            key: None,
            form,
        };
        link("stripe.onboard", self.api.post(PLATFORM, change).await)
    }

    async fn login_link(&self, account: &str) -> Result<OneTimeLink> {
        const OPERATION: &str = "stripe.login";
        let change = Change {
            path: &["v1", "accounts", known(OPERATION, account)?, "login_links"],
            key: None,
            form: Form::default(),
        };
        let answer = self.api.post(PLATFORM, change).await;
        if answer.as_ref().is_ok_and(is_unfinished) {
            let why = "the company has not told Stripe who it is yet; finish onboarding first";
            return Err(Error::conflict(OPERATION, why).retrying(Retry::Never));
        }
        link(OPERATION, answer)
    }

    async fn look(&self, account: &str) -> Result<Option<AccountStatus>> {
        const OPERATION: &str = "stripe.account";
        let path = ["v1", "accounts", known(OPERATION, account)?];
        let answer = self.api.get(PLATFORM, &path).await;
        if answer.as_ref().is_ok_and(is_gone) {
            return Ok(None);
        }
        let found: Account = read(OPERATION, About::Account, answer)?;
        let gone = found.deleted == Some(true);
        Ok((!gone).then(|| found.into()))
    }

    async fn remove(&self, account: &str) -> Result<()> {
        const OPERATION: &str = "stripe.disconnect";
        let path = ["v1", "accounts", known(OPERATION, account)?];
        let answer = self.api.delete(&path).await;
        if answer.as_ref().is_ok_and(is_gone) {
            return Ok(());
        }
        match read::<Account>(OPERATION, About::Account, answer) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::Invalid => {
                let why = "Stripe keeps the account; pay out what is left on it first";
                Err(Error::conflict(OPERATION, why)
                    .retrying(Retry::Never)
                    .caused_by(error))
            }
            Err(error) => Err(error),
        }
    }

    async fn transactions(&self, account: &str, page: &TransactionPage) -> Result<Transactions> {
        const OPERATION: &str = "stripe.transactions";
        if !(1..=100).contains(&page.limit) {
            return Err(Error::invalid(OPERATION, "limit must be between 1 and 100"));
        }
        let mut query = vec![("limit", page.limit.to_string())];
        if let Some(after) = &page.after {
            if !is_id(after) {
                return Err(Error::invalid(
                    OPERATION,
                    "no such transaction to go on from",
                ));
            }
            query.push(("starting_after", after.clone()));
        }
        let path = ["v1", "balance_transactions"];
        let account = known(OPERATION, account)?;
        let answer = self.api.query(account, &path, &query).await;
        let list: List<Movement> = read(OPERATION, About::Opening, answer)?;
        let rows: Result<Vec<_>> = list.data.into_iter().map(TryInto::try_into).collect();
        Ok(Transactions {
            rows: rows?,
            has_more: list.has_more,
        })
    }
}

fn known<'a>(operation: &'static str, account: &'a str) -> Result<&'a str> {
    if is_id(account) {
        return Ok(account);
    }
    Err(Error::new(
        ErrorKind::PaymentRequired,
        operation,
        "no such Stripe account",
    ))
}

fn link(operation: &'static str, answer: Result<Answer, Lost>) -> Result<OneTimeLink> {
    let link: Link = read(operation, About::Account, answer)?;
    let expires_at = link
        .expires_at
        .and_then(|at| Timestamp::from_second(at).ok());
    Ok(OneTimeLink {
        url: link.url,
        expires_at,
    })
}

/// We are shut out, or there is nothing. A key that may not look says nothing about the account.
fn is_gone(answer: &Answer) -> bool {
    let missing = ["account_invalid", "resource_missing"];
    let code = fault(answer).code;
    !answer.status.is_success() && code.is_some_and(|code| missing.contains(&code.as_str()))
}

/// Stripe refuses a login link before onboarding with a plain 400.
fn is_unfinished(answer: &Answer) -> bool {
    answer.status == StatusCode::BAD_REQUEST && !is_gone(answer)
}

/// The companies' accounts as the payment provider needs them: those of the book, with the operator's share of each payment
/// where the book names none of the company's own.
#[derive(Clone, Debug)]
pub struct BookAccounts {
    book: Arc<AccountBook>,
    fee_basis_points: u32,
}

impl BookAccounts {
    /// The accounts of this book; 0 hundredths of a per cent charge no fee.
    #[must_use]
    pub fn new(book: Arc<AccountBook>, fee_basis_points: u32) -> Self {
        Self {
            book,
            fee_basis_points,
        }
    }
}

#[async_trait]
impl StripeAccounts for BookAccounts {
    async fn account(&self, tenant: Tenant) -> Result<Option<StripeAccount>> {
        let known = self.book.known(tenant).await?;
        Ok(known.status.map(|status| StripeAccount {
            ready: status.is_ready(),
            fee_basis_points: known.fee_basis_points.unwrap_or(self.fee_basis_points),
            id: status.id,
        }))
    }

    /// Never: a row's price id comes from a file, and nobody has proved that it lives on the company's own account and costs
    /// what the row says. Lines are sent with their amounts (O5).
    async fn has_price(&self, _tenant: Tenant, _price_id: &str) -> Result<bool> {
        Ok(false)
    }

    async fn owns(&self, tenant: Tenant, account: &str) -> Result<bool> {
        self.book.owns(tenant, account).await
    }

    async fn changed(&self, account: &str) -> Result<Option<AccountChange>> {
        self.book.changed(account).await
    }
}
