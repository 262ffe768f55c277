//! When a provider is left alone because it failed repeatedly. Pure: the time is passed in.

use std::time::{Duration, Instant};

use serde::Serialize;
use utoipa::ToSchema;

/// Failures in a row after which it is left alone.
const TOO_MANY: u32 = 5;
/// For how long.
const REST: Duration = Duration::from_secs(20);
/// The longest it is left alone at its own word.
const LONGEST_REST: Duration = Duration::from_secs(120);

/// Whether a provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// It is.
    Closed,
    /// It is left alone.
    Open,
    /// One request sees whether it is well again.
    HalfOpen,
}

/// The circuit breaker of one provider.
#[derive(Debug, Default)]
pub struct Breaker {
    failures: u32,
    /// Until when nobody asks; `None` while all do.
    until: Option<Instant>,
    /// Whether the one that sees is under way.
    is_trying: bool,
}

impl Breaker {
    /// Whether a request may go out now. Each that may must be followed by one of the three below.
    pub fn admit(&mut self, now: Instant) -> bool {
        match self.until {
            None => true,
            Some(until) if now < until || self.is_trying => false,
            Some(_) => {
                self.is_trying = true;
                true
            }
        }
    }

    pub fn succeeded(&mut self) {
        *self = Breaker::default();
    }

    /// It failed, and wants to be left alone for `rest` if it said so. True when that opens the breaker.
    pub fn failed(&mut self, now: Instant, rest: Option<Duration>) -> bool {
        self.failures = self.failures.saturating_add(1);
        let was_open = self.until.is_some();
        let is_enough = self.failures >= TOO_MANY || rest.is_some() || self.is_trying;
        self.is_trying = false;
        if is_enough {
            let rest = rest.map_or(REST, |rest| rest.min(LONGEST_REST));
            self.until = self.until.max(Some(now + rest));
        }
        is_enough && !was_open
    }

    /// The request ended and tells nothing about the provider.
    pub fn abandoned(&mut self) {
        self.is_trying = false;
    }

    pub fn state(&self, now: Instant) -> BreakerState {
        match self.until {
            None => BreakerState::Closed,
            Some(until) if now < until => BreakerState::Open,
            Some(_) => BreakerState::HalfOpen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_after_failures_in_a_row_and_lets_one_see() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        for _ in 1..TOO_MANY {
            assert!(breaker.admit(start) && !breaker.failed(start, None));
        }
        breaker.succeeded();
        for _ in 1..TOO_MANY {
            assert!(breaker.admit(start) && !breaker.failed(start, None));
        }
        assert!(breaker.admit(start) && breaker.failed(start, None));
        assert_eq!(breaker.state(start), BreakerState::Open);
        assert!(!breaker.admit(start + REST / 2));

        let later = start + REST;
        assert_eq!(breaker.state(later), BreakerState::HalfOpen);
        assert!(breaker.admit(later) && !breaker.admit(later), "one at a time");
        assert!(!breaker.failed(later, None), "it was open");
        assert!(!breaker.admit(later + REST / 2));
        let later = later + REST;
        assert!(breaker.admit(later));
        breaker.abandoned();
        assert!(breaker.admit(later), "whoever left is followed by another");
        breaker.succeeded();
        assert!(breaker.admit(later) && breaker.admit(later));
    }

    #[test]
    fn rests_as_long_as_the_provider_asks() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        assert!(breaker.admit(start) && breaker.failed(start, Some(Duration::from_secs(3))));
        assert!(!breaker.admit(start + Duration::from_secs(2)) && breaker.admit(start + Duration::from_secs(3)));
        breaker.failed(start, Some(Duration::MAX));
        assert!(breaker.admit(start + LONGEST_REST));
    }
}
