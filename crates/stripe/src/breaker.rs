//! A circuit breaker: a vault that is down is not asked by every request that comes in.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use metrics::{Gauge, gauge};

/// Opens after so many failures in a row, and lets one probe through after a while.
#[derive(Debug)]
pub(crate) struct Breaker {
    failures_to_open: u32,
    open_for: Duration,
    standing: Mutex<Standing>,
}

#[derive(Debug)]
struct Standing {
    state: State,
    /// How often it opened.
    opened: u64,
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
    /// How often the breaker had opened.
    opened: u64,
}

impl Breaker {
    pub(crate) fn new(failures_to_open: u32, open_for: Duration) -> Self {
        // Shown before there is any to count.
        open_ones().increment(0.0);
        let standing = Standing { state: State::Closed { failures: 0 }, opened: 0 };
        Self { failures_to_open, open_for, standing: Mutex::new(standing) }
    }

    /// Leave to make a request now, or how long there is none.
    pub(crate) fn admit(&self, now: Instant) -> Result<Permit<'_>, Duration> {
        let mut standing = self.standing();
        let probe = match standing.state {
            State::Closed { .. } => false,
            State::Open { until } if now < until => return Err(until - now),
            State::Open { .. } => {
                standing.state = State::Probing { since: now };
                true
            }
            State::Probing { .. } => return Err(self.open_for),
        };
        Ok(Permit { breaker: self, probe, opened: standing.opened })
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Breaker {
    fn drop(&mut self) {
        if self.standing().is_open() {
            open_ones().decrement(1.0);
        }
    }
}

impl Standing {
    /// Whether requests are turned away.
    const fn is_open(&self) -> bool {
        !matches!(self.state, State::Closed { .. })
    }

    fn open(&mut self, until: Instant) {
        if !self.is_open() {
            self.opened += 1;
            open_ones().increment(1.0);
        }
        self.state = State::Open { until };
    }

    fn close(&mut self) {
        if self.is_open() {
            open_ones().decrement(1.0);
        }
        self.state = State::Closed { failures: 0 };
    }
}

impl Permit<'_> {
    /// Whether it is to find out if the vault is back.
    pub(crate) const fn is_probe(&self) -> bool {
        self.probe
    }

    /// The vault answered. What was sent before the breaker opened last says nothing of now.
    pub(crate) fn succeeded(mut self) {
        let mut standing = self.breaker.standing();
        if self.probe || (!standing.is_open() && self.opened == standing.opened) {
            standing.close();
        }
        drop(standing);
        self.probe = false;
    }

    /// The vault did not answer, or said that it is in trouble. The same holds.
    pub(crate) fn failed(mut self, now: Instant) {
        let breaker = self.breaker;
        let mut standing = breaker.standing();
        let failures = match standing.state {
            State::Closed { failures } if self.opened == standing.opened => failures + 1,
            _ if self.probe => breaker.failures_to_open,
            _ => return,
        };
        if failures >= breaker.failures_to_open {
            standing.open(now + breaker.open_for);
        } else {
            standing.state = State::Closed { failures };
        }
        drop(standing);
        self.probe = false;
    }
}

impl Drop for Permit<'_> {
    /// A probe that was given up leaves its place to the next.
    fn drop(&mut self) {
        if self.probe {
            let mut standing = self.breaker.standing();
            if let State::Probing { since } = standing.state {
                standing.state = State::Open { until: since };
            }
        }
    }
}

/// How many breakers are open: each account's vault has its own.
fn open_ones() -> Gauge {
    gauge!("cardlift_vault_breaker_open")
}

#[cfg(test)]
mod tests {
    use metrics_util::debugging::{DebugValue, DebuggingRecorder};

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
        assert!(breaker.standing().is_open());
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
        assert!(!breaker.standing().is_open());
    }

    #[test]
    fn one_probe_passes_and_its_answer_closes_it() {
        let now = Instant::now();
        let breaker = opened_at(now);
        let probe = breaker.admit(now + OPEN_FOR).expect("a probe");
        assert!(breaker.admit(now + OPEN_FOR).is_err(), "a second one waits");
        probe.succeeded();
        assert!(!breaker.standing().is_open());
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
        assert!(!breaker.standing().is_open());
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

    #[test]
    fn nor_does_one_that_comes_when_the_vault_is_back_open_it_anew() {
        let now = Instant::now();
        let breaker = Breaker::new(1, OPEN_FOR);
        let slow = breaker.admit(now).expect("closed");
        breaker.admit(now).expect("closed").failed(now);
        breaker.admit(now + OPEN_FOR).expect("a probe").succeeded();
        slow.failed(now + 2 * OPEN_FOR);
        assert!(!breaker.standing().is_open());
    }

    #[test]
    fn nor_does_a_late_answer_to_one_hide_that_it_fails_again() {
        let now = Instant::now();
        let breaker = Breaker::new(3, OPEN_FOR);
        let slow = breaker.admit(now).expect("closed");
        for _ in 0..3 {
            breaker.admit(now).expect("closed").failed(now);
        }
        breaker.admit(now + OPEN_FOR).expect("a probe").succeeded();
        breaker.admit(now + OPEN_FOR).expect("closed").failed(now + OPEN_FOR);
        breaker.admit(now + OPEN_FOR).expect("closed").failed(now + OPEN_FOR);
        slow.succeeded();
        breaker.admit(now + OPEN_FOR).expect("closed").failed(now + OPEN_FOR);
        assert!(breaker.standing().is_open());
    }

    #[test]
    fn those_that_are_open_are_counted() {
        let recorder = DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        // A snapshot begins the count anew.
        let check = |more: f64| {
            let rows = snapshotter.snapshot().into_vec();
            let values: Vec<_> = rows.into_iter().map(|(_, _, _, value)| value).collect();
            assert_eq!(values, [DebugValue::Gauge(more.into())]);
        };
        metrics::with_local_recorder(&recorder, || {
            let now = Instant::now();
            let well = Breaker::new(1, OPEN_FOR);
            check(0.0);
            let [back, gone] = [opened_at(now), opened_at(now)];
            well.admit(now).expect("closed").succeeded();
            check(2.0);
            back.admit(now + OPEN_FOR).expect("a probe").failed(now);
            check(0.0);
            back.admit(now + OPEN_FOR).expect("a probe").succeeded();
            check(-1.0);
            drop(gone);
            check(-1.0);
        });
    }
}
