//! Which connected account a company has.

use async_trait::async_trait;
use x8_core::{Error, Money, Result, port::AccountChange, tenant::Tenant};

use crate::amount;

/// Ten thousandths in a whole.
const WHOLE: i64 = 10_000;

/// A company's own account at Stripe, connected to the platform (P3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripeAccount {
    /// `acct_…`; sent as `Stripe-Account`, so that the company is the merchant of record.
    pub id: String,
    /// The platform's share of each payment in hundredths of a per cent; 0 charges none.
    pub fee_basis_points: u32,
    /// Whether it can be paid to; one that cannot still has links to close and payments to refund.
    pub ready: bool,
}

impl StripeAccount {
    /// An account that is ready, without a fee.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            fee_basis_points: 0,
            ready: true,
        }
    }

    /// The platform's share of a total, rounded down; `None` when there is none, since Stripe refuses a fee of zero.
    pub(super) fn fee(&self, total: Money) -> Result<Option<i64>> {
        let points = i64::from(self.fee_basis_points);
        if points >= WHOLE {
            return Err(Error::invalid(
                "stripe.open",
                "the platform's fee must be less than the whole payment",
            )
            .with("basis_points", points));
        }
        let share = i128::from(total.minor()) * i128::from(points) / i128::from(WHOLE);
        let share = i64::try_from(share).map_err(|error| Error::internal("stripe.open", error))?;
        let fee = amount::to_provider(amount::charged_down(Money::new(share, total.currency())))?;
        Ok((fee > 0).then_some(fee))
    }
}

/// Finds the connected account of a company. Answers are about this company alone.
#[async_trait]
pub trait StripeAccounts: Send + Sync {
    /// The company's account; `None` when it has none, or was disconnected.
    ///
    /// # Errors
    /// Storage failures.
    async fn account(&self, tenant: Tenant) -> Result<Option<StripeAccount>>;

    /// Whether this price id lives on the company's *own* account. Prices of the platform or of another account do not exist
    /// there; such lines are sent with their amount instead.
    ///
    /// - The answer must not change between two tries of one link, since Stripe refuses a key with other content.
    ///
    /// # Errors
    /// Storage failures.
    async fn has_price(&self, tenant: Tenant, price_id: &str) -> Result<bool>;

    /// Whether the account is, or was, the company's.
    ///
    /// # Errors
    /// Storage failures.
    async fn owns(&self, tenant: Tenant, account: &str) -> Result<bool>;

    /// The account changed: looks at it again and remembers where it stands. `None` when it is no company's.
    ///
    /// # Errors
    /// `Unavailable`, storage failures.
    async fn changed(&self, account: &str) -> Result<Option<AccountChange>>;
}
