//! Which provider takes the customers' money: Stripe when there is a key, the sandbox otherwise.

use std::sync::Arc;

use x8_billing::{
    connect::AccountBook,
    sandbox::{SandboxConfig, SandboxConnect, SandboxPayments},
    stripe::{BookAccounts, StripeConfig, StripeConnect, StripePayments},
};
use x8_core::{
    Result, Secret,
    port::{Clock, Documents, PaymentProvider},
};

use crate::{
    Config,
    config::{Stripe, derive},
};

/// The adapters of money.
pub(super) struct Money {
    pub(super) payments: Arc<dyn PaymentProvider>,
    pub(super) accounts: Arc<AccountBook>,
    pub(super) sandbox: Option<Arc<SandboxPayments>>,
    pub(super) sandbox_accounts: Option<SandboxConnect>,
}

impl Money {
    pub(super) fn new(
        config: &Config,
        key: &Secret,
        clock: &Arc<dyn Clock>,
        documents: Arc<dyn Documents>,
    ) -> Result<Self> {
        match &config.stripe {
            Some(stripe) => real(stripe, clock, documents),
            None => simulated(config, key, clock, &documents),
        }
    }
}

fn real(stripe: &Stripe, clock: &Arc<dyn Clock>, documents: Arc<dyn Documents>) -> Result<Money> {
    let config = client(stripe);
    let connect = StripeConnect::new(&config, &stripe.refresh_url, &stripe.return_url)?;
    let accounts = Arc::new(AccountBook::new(documents, Arc::new(connect)));
    let found = BookAccounts::new(Arc::clone(&accounts), stripe.fee_basis_points);
    let payments = StripePayments::new(config, Arc::new(found), Arc::clone(clock))?;
    Ok(Money {
        payments: Arc::new(payments),
        accounts,
        sandbox: None,
        sandbox_accounts: None,
    })
}

fn client(stripe: &Stripe) -> StripeConfig {
    let (success, cancel) = (stripe.success_url.clone(), stripe.cancel_url.clone());
    let mut config = StripeConfig::new(stripe.key.clone(), Secret::new(""), success, cancel);
    config.webhook_secrets.clone_from(&stripe.connect_secrets);
    match &stripe.base_url {
        Some(url) => config.with_base_url(url),
        None => config,
    }
}

fn simulated(
    config: &Config,
    key: &Secret,
    clock: &Arc<dyn Clock>,
    documents: &Arc<dyn Documents>,
) -> Result<Money> {
    let sandbox = SandboxConfig::new(&config.public_url, derive(key, "sandbox webhook"))?;
    let connect = SandboxConnect::new(Arc::clone(documents), Arc::clone(clock), sandbox.clone());
    let payments = SandboxPayments::new(Arc::clone(documents), Arc::clone(clock), sandbox);
    let payments = Arc::new(payments);
    let accounts = AccountBook::new(Arc::clone(documents), Arc::new(connect.clone()));
    Ok(Money {
        payments: Arc::<SandboxPayments>::clone(&payments),
        accounts: Arc::new(accounts),
        sandbox: Some(payments),
        sandbox_accounts: Some(connect),
    })
}
