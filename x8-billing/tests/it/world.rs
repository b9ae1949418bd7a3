//! A sandbox in memory, and a customer in front of it.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use x8_billing::{
    sandbox::{SandboxConfig, SandboxPayments},
    signature,
    testing::{MemoryDocuments, Payer},
};
use x8_core::{
    Error, Money, Result, Secret,
    catalog::Kind,
    id::{CompanyId, OrderId},
    order::{OrderLine, Totals},
    port::{CheckoutRequest, Clock, FixedClock, IdSource, SequentialIds},
    tenant::Tenant,
};

pub(crate) const TENANT: Tenant = Tenant::assume(CompanyId(7));

pub(crate) struct World {
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) documents: Arc<MemoryDocuments>,
    pub(crate) sandbox: SandboxPayments,
}

pub(crate) fn secret() -> Secret {
    Secret::new("whsec_world")
}

fn sandbox(
    documents: &Arc<MemoryDocuments>,
    clock: &Arc<FixedClock>,
    config: SandboxConfig,
) -> SandboxPayments {
    let documents = Arc::<MemoryDocuments>::clone(documents);
    SandboxPayments::new(documents, Arc::<FixedClock>::clone(clock), config)
}

impl World {
    pub(crate) fn new() -> Result<Self> {
        let start = Timestamp::from_second(1_790_000_000)
            .map_err(|error| Error::internal("world.new", error))?;
        let clock = Arc::new(FixedClock::at(start));
        let documents = Arc::new(MemoryDocuments::default());
        let config = SandboxConfig::new("https://shop.example.com/", secret())?;
        let sandbox = sandbox(&documents, &clock, config);
        Ok(Self {
            clock,
            documents,
            sandbox,
        })
    }

    /// The same memory behind a process that was started again.
    pub(crate) fn restarted(&self, config: SandboxConfig) -> SandboxPayments {
        sandbox(&self.documents, &self.clock, config)
    }

    /// The link of version `version`, with an item of this name.
    pub(crate) fn request(&self, version: u32, name: &str) -> CheckoutRequest {
        let order = OrderId(SequentialIds::default().next());
        CheckoutRequest {
            order,
            idempotency_key: format!("{}:{version}", CheckoutRequest::key_for(order)),
            lines: vec![OrderLine {
                sku: "201".into(),
                kind: Kind::Product,
                name: name.to_owned(),
                unit: None,
                price: Money::eur(29_90),
                quantity: 2,
                price_id: None,
            }],
            totals: Totals {
                products: Money::eur(59_80),
                delivery: Money::eur(5_00),
                total: Money::eur(64_80),
                free_delivery: false,
            },
            locale: "es".to_owned(),
            expires_at: self.clock.now() + SignedDuration::from_mins(60),
        }
    }
}

#[async_trait]
impl Payer for World {
    async fn pay(&self, session: &str) -> Result<()> {
        self.sandbox.pay(session).await.map(drop)
    }

    fn sign(&self, body: &[u8], at: Timestamp) -> String {
        signature::sign(&secret(), body, at)
    }

    async fn paid_event(&self, session: &str) -> Result<String> {
        let waiting = self.sandbox.undelivered().await?;
        let own = waiting.into_iter().find(|(id, _)| id == session);
        own.map(|(_, event)| event.body)
            .ok_or_else(|| Error::not_found("world.event", "no event"))
    }
}
