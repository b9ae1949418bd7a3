//! The provider of customer payments (P3–P7). SaaS subscriptions are another world and another port (P1).

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    id::OrderId,
    money::Money,
    order::{OrderLine, Totals},
    tenant::Tenant,
};

/// A link to be opened. Amounts come from O5 only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutRequest {
    /// The order it is for; goes into the provider's metadata.
    pub order: OrderId,
    /// From intent ([`key_for`](Self::key_for)), never random: the same key opens the same link (P4).
    pub idempotency_key: String,
    /// What is paid for.
    pub lines: Vec<OrderLine>,
    /// O5; delivery is charged once.
    pub totals: Totals,
    /// One of `stripe_lang` of the reply contract.
    pub locale: String,
    /// When the link must stop working; stored before the call, so a retry repeats it exactly.
    pub expires_at: Timestamp,
}

impl CheckoutRequest {
    /// The key of opening an order's link, the same for every try. A changed cart is another order with its own link (O9).
    ///
    /// ```
    /// use x8_core::{id::OrderId, port::CheckoutRequest};
    /// let order = OrderId("6f9619ff-8b86-d011-b42d-00cf4fc964ff".parse()?);
    /// assert_eq!(CheckoutRequest::key_for(order), "checkout:6f9619ff-8b86-d011-b42d-00cf4fc964ff");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn key_for(order: OrderId) -> String {
        format!("checkout:{order}")
    }

    /// The key of an order's link that replaces `renewals` earlier ones; the first is [`key_for`](Self::key_for).
    #[must_use]
    pub fn renewal_key_for(order: OrderId, renewals: u32) -> String {
        match renewals {
            0 => Self::key_for(order),
            later => format!("{}:{later}", Self::key_for(order)),
        }
    }

    /// The key of sending an order's money back, the same for every try.
    #[must_use]
    pub fn refund_key_for(order: OrderId) -> String {
        format!("refund:{order}")
    }
}

/// A link as the provider has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderCheckout {
    /// Session id at the provider.
    pub session: String,
    /// Where the customer pays; absent once it is not open.
    pub url: Option<String>,
    /// Where it stands.
    pub state: CheckoutState,
}

/// Where a link stands at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckoutState {
    /// Can be paid.
    Open,
    /// Paid.
    Paid {
        /// Provider's payment id.
        reference: String,
        /// What was charged.
        amount: Money,
    },
    /// The customer is done and the money is on its way, as with bank debits: neither payable nor paid.
    Processing,
    /// Can no longer be paid.
    Expired,
}

/// A provider's event, verified and read; its meaning for an order is `fact`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderEvent {
    /// The provider's event id; unique together with `account`.
    pub id: String,
    /// The connected account it is about; empty for the platform's own.
    pub account: String,
    /// The provider's type word, for the log.
    pub kind: String,
    /// When the provider says it happened.
    pub created_at: Timestamp,
    /// What it says about an order; `None`: stored and otherwise ignored.
    pub fact: Option<PaymentFact>,
}

/// What a provider event says, in x8's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentFact {
    /// The money came.
    Paid {
        /// Session id of the link.
        session: String,
        /// Provider's payment id.
        reference: String,
        /// What was charged.
        amount: Money,
    },
    /// The link ran out.
    Expired {
        /// Session id of the link.
        session: String,
    },
    /// Money went back, in full.
    Refunded {
        /// Provider's payment id.
        reference: String,
    },
    /// The customer is done with the page; the money is on its way.
    Processing {
        /// Session id of the link.
        session: String,
    },
    /// The money that was on its way did not come.
    Failed {
        /// Session id of the link.
        session: String,
    },
    /// A part of the money went back.
    PartlyRefunded {
        /// Provider's payment id.
        reference: String,
        /// What went back so far, earlier parts included.
        returned: Money,
    },
    /// The customer's bank disputes the payment.
    Disputed {
        /// Provider's payment id.
        reference: String,
        /// Provider's dispute id.
        dispute: String,
        /// Only a question so far: the money is still there.
        inquiry: bool,
    },
    /// A dispute is over.
    DisputeClosed {
        /// Provider's payment id.
        reference: String,
        /// Provider's dispute id.
        dispute: String,
        /// Whether the company keeps the money.
        won: bool,
    },
    /// A connected account changed, or left us; about no order.
    AccountChanged {
        /// The account.
        account: String,
    },
}

impl PaymentFact {
    /// The key by which the order is found: the link's session id, or the payment id of a refund.
    ///
    /// That of an account finds none: accounts belong to companies, not to orders.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Paid { session, .. }
            | Self::Expired { session }
            | Self::Processing { session }
            | Self::Failed { session } => session,
            Self::Refunded { reference }
            | Self::PartlyRefunded { reference, .. }
            | Self::Disputed { reference, .. }
            | Self::DisputeClosed { reference, .. } => reference,
            Self::AccountChanged { account } => account,
        }
    }
}

/// What became of a company's account at the provider (P3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountChange {
    /// Whose account it is.
    pub tenant: Tenant,
    /// Whether it could take payments when it was last looked at.
    pub was_ready: bool,
    /// Whether it can now.
    pub is_ready: bool,
    /// Whether we still have access to it.
    pub connected: bool,
}

/// A provider of payment links on behalf of a company.
#[async_trait]
pub trait PaymentProvider: Send + Sync {
    /// A short name for logs and receipts; a simulated one says so (`sandbox`).
    fn name(&self) -> &'static str;

    /// Opens a link.
    ///
    /// - The same `idempotency_key` with the same content returns the same session.
    ///
    /// # Errors
    /// `Unavailable` (retry with the same key), `Invalid` (amount too small, currency), `PaymentRequired` when the company
    /// has no connected account.
    async fn open(&self, tenant: Tenant, request: &CheckoutRequest) -> Result<ProviderCheckout>;

    /// Makes a link unpayable and says where it stands afterwards.
    ///
    /// - Expiring what is expired succeeds.
    /// - Expiring what was paid in the meantime does not fail: it answers [`CheckoutState::Paid`], and the caller treats it
    ///   as paid. The same goes for [`CheckoutState::Processing`].
    ///
    /// # Errors
    /// `Unavailable` (retry), `NotFound`.
    async fn expire(&self, tenant: Tenant, session: &str) -> Result<ProviderCheckout>;

    /// Where a link stands (return page, reconciliation).
    ///
    /// # Errors
    /// `Unavailable` (retry), `NotFound`.
    async fn status(&self, tenant: Tenant, session: &str) -> Result<ProviderCheckout>;

    /// Sends the whole amount back.
    ///
    /// - The same `idempotency_key` refunds once.
    ///
    /// # Errors
    /// `Unavailable` (retry), `NotFound`.
    async fn refund(&self, tenant: Tenant, reference: &str, idempotency_key: &str) -> Result<()>;

    /// Verifies a webhook on its raw bytes and reads it. No I/O, constant-time comparison, several secrets, tolerance
    /// around `now` (P5).
    ///
    /// # Errors
    /// `Unauthenticated` for a bad signature, `Invalid` for a body that cannot be read.
    fn read_event(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<ProviderEvent>;

    /// Whether events of this account may speak of this company's orders: it is, or was, the company's own (P5).
    ///
    /// # Errors
    /// Storage failures.
    async fn owns(&self, tenant: Tenant, account: &str) -> Result<bool>;

    /// The provider says that a connected account changed: looks at it again and remembers where it stands (P3). `None` when
    /// it is no company's. The order and the number of such calls do not matter.
    ///
    /// # Errors
    /// `Unavailable` (retry), storage failures.
    async fn account_changed(&self, account: &str) -> Result<Option<AccountChange>>;
}
