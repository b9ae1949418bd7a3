//! What every provider of connected accounts must do.

use async_trait::async_trait;
use x8_core::{ErrorKind, Result, id::CompanyId, tenant::Tenant};

use super::{refuses, rule, works};
use crate::connect::{ConnectedAccounts, NewAccount, Standing, TransactionPage};

const SUITE: &str = "suite.connect";
const OWN: Tenant = Tenant::assume(CompanyId(900_001));
const OTHER: Tenant = Tenant::assume(CompanyId(900_002));

/// A company in front of the provider's pages.
#[async_trait]
pub trait Onboarder: Send + Sync {
    /// Tells the provider everything it wants to know.
    ///
    /// # Errors
    /// Whatever keeps the company from it.
    async fn finish(&self, account: &str) -> Result<()>;

    /// Takes the platform's access away at the provider.
    ///
    /// # Errors
    /// Whatever keeps the company from it.
    async fn leave(&self, account: &str) -> Result<()>;
}

/// Runs the suite.
///
/// # Errors
/// The first broken rule, as the message.
pub async fn connect(provider: &dyn ConnectedAccounts, company: &dyn Onboarder) -> Result<()> {
    let account = opening(provider).await?;
    onboarding(provider, company, &account).await?;
    listing(provider, &account).await?;
    leaving(provider, company, &account).await
}

fn wish() -> NewAccount {
    NewAccount {
        country: Some("ES".to_owned()),
        email: Some("owner@example.com".to_owned()),
    }
}

async fn opening(provider: &dyn ConnectedAccounts) -> Result<String> {
    let first = works(
        provider.create(OWN, &wish(), "connect:900001:0").await,
        SUITE,
        "an account can be opened",
    )?;
    let again = works(
        provider.create(OWN, &wish(), "connect:900001:0").await,
        SUITE,
        "opening may be repeated",
    )?;
    rule(
        !first.id.is_empty() && first.id == again.id,
        SUITE,
        "the same key opens one account",
    )?;
    let other = works(
        provider.create(OTHER, &wish(), "connect:900002:0").await,
        SUITE,
        "every company can have an account",
    )?;
    rule(
        other.id != first.id,
        SUITE,
        "two companies never share an account",
    )?;
    rule(
        first.standing() == Standing::Onboarding && !first.currently_due.is_empty(),
        SUITE,
        "a fresh account cannot be paid to and says what is wanted",
    )?;
    Ok(first.id)
}

async fn onboarding(
    provider: &dyn ConnectedAccounts,
    company: &dyn Onboarder,
    account: &str,
) -> Result<()> {
    refuses(
        provider.login_link(account).await,
        ErrorKind::Conflict,
        SUITE,
        "before onboarding there is nothing to sign in to",
    )?;
    let link = works(
        provider.onboarding_link(account).await,
        SUITE,
        "a link can be made",
    )?;
    works(
        provider.onboarding_link(account).await,
        SUITE,
        "every click gets a link",
    )?;
    rule(
        link.url.starts_with("http") && link.expires_at.is_some(),
        SUITE,
        "an onboarding link has an http(s) address and an end",
    )?;
    works(company.finish(account).await, SUITE, "a company can finish")?;
    let ready = works(
        provider.look(account).await,
        SUITE,
        "an account can be looked at",
    )?;
    rule(
        ready.is_some_and(|status| status.is_ready() && status.currently_due.is_empty()),
        SUITE,
        "an account that told everything can be paid to",
    )?;
    let login = works(
        provider.login_link(account).await,
        SUITE,
        "a company that told everything can sign in",
    )?;
    rule(
        login.url.starts_with("http"),
        SUITE,
        "a login link has an http(s) address",
    )
}

async fn listing(provider: &dyn ConnectedAccounts, account: &str) -> Result<()> {
    let page = |limit, after: Option<&str>| TransactionPage {
        limit,
        after: after.map(str::to_owned),
    };
    let first = works(
        provider.transactions(account, &page(10, None)).await,
        SUITE,
        "transactions can be listed",
    )?;
    rule(
        first.rows.len() <= 10,
        SUITE,
        "a page is not longer than its limit",
    )?;
    for (limit, after) in [
        (0, None),
        (101, None),
        (10, Some("../x")),
        (10, Some("txn_nobodys")),
    ] {
        refuses(
            provider.transactions(account, &page(limit, after)).await,
            ErrorKind::Invalid,
            SUITE,
            "a limit outside 1 to 100 and an unknown cursor are refused",
        )?;
    }
    Ok(())
}

async fn leaving(
    provider: &dyn ConnectedAccounts,
    company: &dyn Onboarder,
    account: &str,
) -> Result<()> {
    for _ in 0..2 {
        works(
            provider.remove(account).await,
            SUITE,
            "an account can be removed, also twice",
        )?;
    }
    let gone = works(
        provider.look(account).await,
        SUITE,
        "a removed account can be looked for",
    )?;
    rule(gone.is_none(), SUITE, "a removed account is not there")?;
    refuses(
        provider.onboarding_link(account).await,
        ErrorKind::PaymentRequired,
        SUITE,
        "a removed account gets no links",
    )?;
    let next = works(
        provider.create(OWN, &wish(), "connect:900001:1").await,
        SUITE,
        "another account can be opened",
    )?;
    rule(next.id != account, SUITE, "a later account is another one")?;
    works(company.leave(&next.id).await, SUITE, "a company can leave")?;
    let left = works(
        provider.look(&next.id).await,
        SUITE,
        "an account that left can be looked for",
    )?;
    rule(left.is_none(), SUITE, "being shut out is not an error")
}
