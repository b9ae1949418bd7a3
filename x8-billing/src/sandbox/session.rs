//! One stored checkout session and its moves; pure.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use x8_core::{
    Error, Money, Result,
    id::{CompanyId, OrderId},
    order::{OrderLine, Totals},
    port::{CheckoutRequest, CheckoutState, ProviderCheckout},
    tenant::Tenant,
};

use super::{
    SandboxConfig,
    events::{self, Outgoing},
};
use crate::{amount, checkout};

/// The provider's limit on the life of a link.
const LONGEST_LIFE: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// Where a session stands, as its page shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Can be paid.
    Open,
    /// Paid.
    Paid,
    /// Paid, and sent back.
    Refunded,
    /// Its time is up, or the company took it back.
    Expired,
    /// The customer called it off on the page.
    Cancelled,
}

/// A checkout session with the events it still owes the webhook, in one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) company: CompanyId,
    pub(super) order: OrderId,
    pub(super) lines: Vec<OrderLine>,
    pub(super) totals: Totals,
    pub(super) locale: String,
    pub(super) expires_at: Timestamp,
    pub(super) stage: Stage,
    pub(super) outbox: Vec<Outgoing>,
}

impl Session {
    /// A new open session.
    pub(super) fn open(
        id: String,
        tenant: Tenant,
        request: &CheckoutRequest,
        now: Timestamp,
    ) -> Result<Self> {
        check_amounts(request)?;
        check_expiry(request.expires_at, now)?;
        Ok(Self {
            id,
            company: tenant.company(),
            order: request.order,
            lines: request.lines.clone(),
            totals: request.totals,
            locale: request.locale.clone(),
            expires_at: request.expires_at,
            stage: Stage::Open,
            outbox: Vec::new(),
        })
    }

    /// Whether a repeated request asks for this very link.
    pub(super) fn answers(&self, request: &CheckoutRequest) -> bool {
        self.order == request.order
            && self.lines == request.lines
            && self.totals == request.totals
            && self.locale == request.locale
            && self.expires_at == request.expires_at
    }

    fn is_overdue(&self, now: Timestamp) -> bool {
        self.stage == Stage::Open && now >= self.expires_at
    }

    /// The stage with the clock taken into account.
    pub(super) fn stage_at(&self, now: Timestamp) -> Stage {
        if self.is_overdue(now) {
            Stage::Expired
        } else {
            self.stage
        }
    }

    /// The payment id that belongs to this session.
    pub(super) fn reference(&self) -> String {
        self.id.replacen("cs_", "pi_", 1)
    }

    pub(super) fn amount(&self) -> Money {
        self.totals.total
    }

    pub(super) fn checkout(&self, config: &SandboxConfig, now: Timestamp) -> ProviderCheckout {
        let (url, state) = match self.stage_at(now) {
            Stage::Open => (Some(config.page_url(&self.id)), CheckoutState::Open),
            Stage::Paid | Stage::Refunded => (
                None,
                CheckoutState::Paid {
                    reference: self.reference(),
                    amount: self.amount(),
                },
            ),
            Stage::Expired | Stage::Cancelled => (None, CheckoutState::Expired),
        };
        ProviderCheckout {
            session: self.id.clone(),
            url,
            state,
        }
    }

    /// Lets a session whose time is up expire, as the provider would by itself.
    pub(super) fn tick(&mut self, now: Timestamp) -> Result<()> {
        if self.is_overdue(now) {
            self.stage = Stage::Expired;
            self.outbox.push(events::expired(self, self.expires_at)?);
        }
        Ok(())
    }

    pub(super) fn pay(&mut self, now: Timestamp) -> Result<()> {
        self.tick(now)?;
        if self.stage == Stage::Open {
            self.stage = Stage::Paid;
            self.outbox.push(events::completed(self, now)?);
        }
        Ok(())
    }

    /// Makes an open session unpayable, for the reason named by `stage`.
    pub(super) fn close(&mut self, stage: Stage, now: Timestamp) -> Result<()> {
        self.tick(now)?;
        if self.stage == Stage::Open {
            self.stage = stage;
            self.outbox.push(events::expired(self, now)?);
        }
        Ok(())
    }

    pub(super) fn refund(&mut self, now: Timestamp) -> Result<()> {
        match self.stage {
            Stage::Paid => {
                self.stage = Stage::Refunded;
                self.outbox.push(events::refunded(self, now)?);
                Ok(())
            }
            Stage::Refunded => Ok(()),
            Stage::Open | Stage::Expired | Stage::Cancelled => Err(no_payment(&self.reference())),
        }
    }
}

/// The session that a payment id belongs to.
pub(super) fn session_of(reference: &str) -> Option<String> {
    let rest = reference.strip_prefix("pi_")?;
    Some(format!("cs_{rest}"))
}

pub(super) fn no_payment(reference: &str) -> Error {
    Error::not_found("sandbox.refund", "no such payment").with("reference", reference)
}

/// P4: the sums hold, and there is something to pay.
fn check_amounts(request: &CheckoutRequest) -> Result<()> {
    checkout::adds_up("sandbox.open", request)?;
    let total = request.totals.total;
    let smallest = amount::smallest(total.currency());
    if !total.at_least(smallest)? {
        return Err(refused(format!(
            "{total} is too small to be charged; the smallest amount is {smallest}"
        )));
    }
    Ok(())
}

fn check_expiry(expires_at: Timestamp, now: Timestamp) -> Result<()> {
    let life = now.duration_until(expires_at);
    if life.is_positive() && life <= LONGEST_LIFE {
        return Ok(());
    }
    Err(refused(format!(
        "a link cannot expire at {expires_at}; it must within 24 hours from now, {now}"
    )))
}

fn refused(message: String) -> Error {
    Error::invalid("sandbox.open", message)
}
