//! The provider of connected accounts.

use async_trait::async_trait;
use jiff::Timestamp;
use x8_core::{Money, Result, tenant::Tenant};

use super::{AccountStatus, NewAccount, OneTimeLink};

/// A movement on an account, in the currency it is paid out in (not always that of the payment).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The provider's id; a cursor, too.
    pub id: String,
    /// What moved; negative for what went away.
    pub amount: Money,
    /// What the provider and the platform kept of it.
    pub fee: Money,
    /// What is left: `amount` less `fee`.
    pub net: Money,
    /// The provider's word for what it is: `charge`, `refund`, `payout`, …
    pub kind: String,
    /// The provider's word for where it stands: `pending`, `available`.
    pub status: String,
    /// What it came from: a charge, a refund, a payout.
    pub source: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// When it happened.
    pub created_at: Timestamp,
    /// When it can be paid out.
    pub available_on: Timestamp,
}

/// Which transactions are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionPage {
    /// Rows, 1 to 100.
    pub limit: u32,
    /// The id of the last one seen; what happened before it follows.
    pub after: Option<String>,
}

/// Transactions, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transactions {
    /// The rows.
    pub rows: Vec<Transaction>,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// What a provider can do about companies' own accounts (P3). Accounts are named by the provider's id; which company has which
/// is the business of the [`AccountBook`](super::AccountBook).
#[async_trait]
pub trait ConnectedAccounts: Send + Sync {
    /// A short name for logs; a simulated one says so (`sandbox`).
    fn name(&self) -> &'static str;

    /// Opens an account for a company.
    ///
    /// - The same key opens one account.
    ///
    /// # Errors
    /// `Unavailable` (retry with the same key), `Invalid` for a country or address the provider does not take.
    async fn create(&self, tenant: Tenant, wish: &NewAccount, key: &str) -> Result<AccountStatus>;

    /// Where the company tells the provider about itself; works once, for minutes.
    ///
    /// # Errors
    /// `PaymentRequired` when the account is gone, `Unavailable`.
    async fn onboarding_link(&self, account: &str) -> Result<OneTimeLink>;

    /// Where the company sees its money; works once.
    ///
    /// # Errors
    /// `PaymentRequired` when the account is gone, `Conflict` before the company has told who it is, `Unavailable`.
    async fn login_link(&self, account: &str) -> Result<OneTimeLink>;

    /// The account as it is now; `None` when it is gone, or we are shut out of it.
    ///
    /// # Errors
    /// `Unavailable`; `Forbidden` when our own key may not look, which says nothing about the account.
    async fn look(&self, account: &str) -> Result<Option<AccountStatus>>;

    /// Takes the account away at the provider.
    ///
    /// - Removing what is gone succeeds.
    ///
    /// # Errors
    /// `Conflict` while the provider keeps it, as with money that was not paid out; `Unavailable`.
    async fn remove(&self, account: &str) -> Result<()>;

    /// What moved on the account.
    ///
    /// # Errors
    /// `Invalid` for a limit outside 1–100 or an unknown cursor, `PaymentRequired` when the account is gone, `Unavailable`.
    async fn transactions(&self, account: &str, page: &TransactionPage) -> Result<Transactions>;
}
