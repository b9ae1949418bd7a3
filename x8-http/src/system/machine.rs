//! What the machine itself gives: time, waiting and ids.

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::time::Duration;
use uuid::Uuid;
use x8_assistant::pipeline::Timer;
use x8_core::port::{Clock, IdSource};

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The runtime's own timer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sleep;

#[async_trait]
impl Timer for Sleep {
    async fn wait(&self, pause: Duration) {
        tokio::time::sleep(pause).await;
    }
}

/// UUIDs of version 7: random, and sorted by time.
#[derive(Clone, Copy, Debug)]
pub(super) struct RandomIds;

impl IdSource for RandomIds {
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}
