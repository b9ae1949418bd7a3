//! What is tried again, and after which wait.

use std::time::Duration;

/// How often and how patiently a refused or lost call is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries after the first.
    pub retries: u8,
    /// The first wait where the server names none; it doubles each time.
    pub first_wait: Duration,
    /// No wait is longer: a server that asks for more is not waited for, and the caller is told how long it asked.
    pub longest_wait: Duration,
}

impl Default for RetryPolicy {
    /// Two more tries, after about half a second and a second. A customer waits, so nobody waits longer than five.
    fn default() -> Self {
        Self {
            retries: 2,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(5),
        }
    }
}

impl RetryPolicy {
    /// The wait before try `attempt` (1 is the first repetition); `None`: give up.
    ///
    /// `salt` spreads callers that failed together by up to a quarter; it changes nothing else.
    pub(super) fn wait(&self, attempt: u8, asked: Option<Duration>, salt: u32) -> Option<Duration> {
        if attempt == 0 || attempt > self.retries {
            return None;
        }
        if let Some(asked) = asked {
            return (asked <= self.longest_wait).then_some(asked);
        }
        let doublings = u32::from(attempt.saturating_sub(1)).min(16);
        let wait = self.first_wait.saturating_mul(1 << doublings);
        let wait = wait.min(self.longest_wait);
        Some(wait.saturating_sub(wait.saturating_mul(salt % 250) / 1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a11_waits_double_spread_and_end() {
        let policy = RetryPolicy {
            retries: 5,
            ..RetryPolicy::default()
        };
        let waits: Vec<_> = (0..7)
            .map(|attempt| policy.wait(attempt, None, 0))
            .collect();
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(
            waits,
            [None, ms(500), ms(1000), ms(2000), ms(4000), ms(5000), None]
        );
        let spread = policy.wait(1, None, u32::MAX).unwrap();
        assert!(spread < Duration::from_millis(500) && spread >= Duration::from_millis(375));
    }

    #[test]
    fn a11_a_server_is_waited_for_as_it_asks_or_not_at_all() {
        let policy = RetryPolicy::default();
        let asked = |seconds| policy.wait(1, Some(Duration::from_secs(seconds)), 9);
        assert_eq!(asked(0), Some(Duration::ZERO));
        assert_eq!(asked(5), Some(Duration::from_secs(5)));
        assert_eq!(asked(6), None);
    }
}
