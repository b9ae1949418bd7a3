//! Time, as far as a turn needs it: calls of a model that end (A11).

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use async_trait::async_trait;
use x8_core::port::TurnInput;

/// Waits. The runtime's own sleep in production, a paused one in tests.
#[async_trait]
pub trait Timer: Send + Sync + fmt::Debug {
    /// Returns after this pause; dropping the future ends the wait.
    async fn wait(&self, pause: Duration);
}

/// What is kept for the guard, the commit and the way to the customer.
const RESERVE: Duration = Duration::from_secs(3);
/// A turn that comes late, after a crash, still gives its model this much.
const LEAST: Duration = Duration::from_secs(5);
/// Nobody is kept waiting longer, however much time there is.
const MOST: Duration = Duration::from_secs(15);

/// What all calls of a model in this turn may take together.
///
/// It follows from the input alone. A turn that is taken over after a crash has lost the lease of ten seconds: with the
/// least budget it still ends within twenty.
pub(super) fn budget(input: &TurnInput) -> Duration {
    let left = input.limits.answer_by.map_or(MOST, |end| {
        Duration::try_from(input.now.duration_until(end)).unwrap_or_default()
    });
    left.saturating_sub(RESERVE).clamp(LEAST, MOST)
}

/// The budget running out, over several calls.
pub(crate) struct Countdown<'a> {
    timer: &'a dyn Timer,
    end: Pin<Box<dyn Future<Output = ()> + Send + 'a>>,
    over: bool,
}

impl<'a> Countdown<'a> {
    pub(crate) fn start(timer: &'a dyn Timer, budget: Duration) -> Self {
        Self {
            timer,
            end: timer.wait(budget),
            over: false,
        }
    }

    /// Runs `work` until it is done, its share is used up (`None`) or the whole budget is.
    pub(crate) async fn run<T>(
        &mut self,
        work: impl Future<Output = T> + Send,
        share: Option<Duration>,
    ) -> Option<T> {
        if self.over {
            return None;
        }
        let mut work = pin!(work);
        let mut share = share.map(|share| self.timer.wait(share));
        poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(Some(done));
            }
            self.over = self.end.as_mut().poll(context).is_ready();
            let used = share
                .as_mut()
                .is_some_and(|share| share.as_mut().poll(context).is_ready());
            if self.over || used {
                return Poll::Ready(None);
            }
            Poll::Pending
        })
        .await
    }
}
