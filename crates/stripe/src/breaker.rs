//! A circuit breaker: a vault that is down is not asked by every request that comes in.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Opens after so many failures in a row, and lets one probe through after a while.
#[derive(Debug)]
pub(crate) struct Breaker {
    failures_to_open: u32,
    open_for: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Requests pass; so many failed in a row.
    Closed { failures: u32 },
    /// Requests are turned away until then.
    Open { until: Instant },
    /// One request is on its way to find out.
    Probing { since: Instant },
}

/// Leave to make one request. Dropped without a word, it says nothing about the vault.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    breaker: &'a Breaker,
    probe: bool,
}

impl Breaker {
    pub(crate) const fn new(failures_to_open: u32, open_for: Duration) -> Self {
        Self { failures_to_open, open_for, state: Mutex::new(State::Closed { failures: 0 }) }
    }

    /// Leave to make a request now, or how long there is none.
    pub(crate) fn admit(&self, now: Instant) -> Result<Permit<'_>, Duration> {
        let mut state = self.state();
        match *state {
            State::Closed { .. } => Ok(Permit { breaker: self, probe: false }),
            State::Open { until } if now < until => Err(until - now),
            State::Open { .. } => {
                *state = State::Probing { since: now };
                Ok(Permit { breaker: self, probe: true })
            }
            State::Probing { .. } => Err(self.open_for),
        }
    }

    /// Whether requests are turned away.
    pub(crate) fn is_open(&self) -> bool {
        !matches!(*self.state(), State::Closed { .. })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// The vault answered.
    pub(crate) fn succeeded(mut self) {
        let mut state = self.breaker.state();
        if self.probe || matches!(*state, State::Closed { .. }) {
            *state = State::Closed { failures: 0 };
        }
        drop(state);
        self.probe = false;
    }

    /// The vault did not answer, or said that it is in trouble.
    pub(crate) fn failed(mut self, now: Instant) {
        let breaker = self.breaker;
        let mut state = breaker.state();
        let failures = match *state {
            State::Closed { failures } => failures + 1,
            _ if self.probe => breaker.failures_to_open,
            _ => 0,
        };
        if failures >= breaker.failures_to_open {
            *state = State::Open { until: now + breaker.open_for };
        } else if let State::Closed { .. } = *state {
            *state = State::Closed { failures };
        }
        drop(state);
        self.probe = false;
    }
}

impl Drop for Permit<'_> {
    /// A probe that was given up leaves its place to the next.
    fn drop(&mut self) {
        if self.probe {
            let mut state = self.breaker.state();
            if let State::Probing { since } = *state {
                *state = State::Open { until: since };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN_FOR: Duration = Duration::from_secs(10);

    fn opened_at(now: Instant) -> Breaker {
        let breaker = Breaker::new(3, OPEN_FOR);
        for _ in 0..3 {
            breaker.admit(now).expect("closed").failed(now);
        }
        breaker
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_says_for_how_long() {
        let now = Instant::now();
        let breaker = opened_at(now);
        assert!(breaker.is_open());
        let later = now + Duration::from_secs(4);
        assert_eq!(breaker.admit(later).expect_err("open"), Duration::from_secs(6));
    }

    #[test]
    fn an_answer_in_between_starts_the_count_again() {
        let now = Instant::now();
        let breaker = Breaker::new(3, OPEN_FOR);
        for _ in 0..5 {
            breaker.admit(now).expect("closed").failed(now);
            breaker.admit(now).expect("closed").failed(now);
            breaker.admit(now).expect("closed").succeeded();
        }
        assert!(!breaker.is_open());
    }

    #[test]
    fn one_probe_passes_and_its_answer_closes_it() {
        let now = Instant::now();
        let breaker = opened_at(now);
        let probe = breaker.admit(now + OPEN_FOR).expect("a probe");
        assert!(breaker.admit(now + OPEN_FOR).is_err(), "a second one waits");
        probe.succeeded();
        assert!(!breaker.is_open());
    }

    #[test]
    fn a_probe_that_fails_opens_it_again() {
        let now = Instant::now();
        let breaker = opened_at(now);
        breaker.admit(now + OPEN_FOR).expect("a probe").failed(now + OPEN_FOR);
        assert_eq!(breaker.admit(now + OPEN_FOR).expect_err("open"), OPEN_FOR);
    }

    #[test]
    fn a_probe_that_is_dropped_leaves_its_place_to_the_next() {
        let now = Instant::now();
        let breaker = opened_at(now);
        drop(breaker.admit(now + OPEN_FOR).expect("a probe"));
        breaker.admit(now + OPEN_FOR).expect("the next probe").succeeded();
        assert!(!breaker.is_open());
    }

    #[test]
    fn a_late_failure_of_an_earlier_request_does_not_hold_it_open_longer() {
        let now = Instant::now();
        let breaker = Breaker::new(1, OPEN_FOR);
        let slow = breaker.admit(now).expect("closed");
        breaker.admit(now).expect("closed").failed(now);
        slow.failed(now + Duration::from_secs(9));
        assert!(breaker.admit(now + OPEN_FOR).is_ok());
    }
}
