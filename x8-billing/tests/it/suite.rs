//! The sandbox passes the suites of the ports it implements.

use std::sync::Arc;

use pollster::block_on;
use x8_billing::{
    sandbox::SandboxCalendar,
    testing::{self, MemoryDocuments},
};
use x8_core::port::Clock;

use crate::world::World;

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
