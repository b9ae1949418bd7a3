//! The sandbox passes the suites of the ports it implements.

use std::sync::Arc;

use pollster::block_on;
use x8_billing::{
    connect::ConnectedAccounts,
    sandbox::{SandboxCalendar, SandboxConfig, SandboxConnect},
    testing::{self, MemoryDocuments, Onboarder},
};
use x8_core::port::Clock;

use crate::world::{World, secret};

#[test]
fn p11_the_sandbox_is_a_payment_provider() {
    let world = World::new().unwrap();
    block_on(testing::payment(&world.sandbox, &world, world.clock.now())).unwrap();
}

#[test]
fn p11_the_sandbox_is_a_calendar() {
    let calendar = SandboxCalendar::new(Arc::new(MemoryDocuments::default()));
    let start = "2026-05-01T10:00:00Z".parse().unwrap();
    block_on(testing::calendar(&calendar, start)).unwrap();
}

/// Presses the button of the simulated account's page, and leaves by removing it.
struct Button(SandboxConnect);

#[async_trait::async_trait]
impl Onboarder for Button {
    async fn finish(&self, account: &str) -> x8_core::Result<()> {
        assert!(self.0.page(account).await?.contains("<button>"));
        self.0.finish(account).await?;
        assert!(!self.0.page(account).await?.contains("<button>"));
        Ok(())
    }

    async fn leave(&self, account: &str) -> x8_core::Result<()> {
        self.0.remove(account).await
    }
}

#[test]
fn p11_the_sandbox_is_a_provider_of_connected_accounts() {
    let world = World::new().unwrap();
    let config = SandboxConfig::new("https://shop.example.com/", secret()).unwrap();
    let documents = Arc::new(MemoryDocuments::default());
    let clock = Arc::<x8_core::port::FixedClock>::clone(&world.clock);
    let connect = SandboxConnect::new(documents, clock, config);
    block_on(testing::connect(&connect, &Button(connect.clone()))).unwrap();
}
