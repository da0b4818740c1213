//! One limit of the vault's: how fast we go, and who may go. Pure: the time is handed in.

use std::time::{Duration, Instant};

use super::slots::Slots;

/// What is left of the rate after a 429.
const SLOWED_TO: f64 = 0.7;

/// The part of the limit that comes back in a second without a 429.
const RECOVERED: f64 = 0.05;

/// The slowest rate, a second.
const SLOWEST: f64 = 1.0;

/// How long a slowing down is left to show.
const BETWEEN_SLOWINGS: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Lane {
    /// Requests a second, as are all rates here.
    limit: f64,
    /// The rate after the last 429.
    rate: f64,
    /// When that was.
    throttled: Instant,
    /// When it was slowed down last.
    slowed: Option<Instant>,
    /// Of all requests.
    all: Slots,
    /// Of those of jobs, which may have to leave a part to others.
    bulk: Slots,
}

impl Lane {
    pub(super) fn new(limit: f64, now: Instant) -> Self {
        let limit = limit.max(SLOWEST);
        let slots = || Slots::new(now);
        Self { limit, rate: limit, throttled: now, slowed: None, all: slots(), bulk: slots() }
    }

    /// The rate now: the limit, unless there was a 429 lately.
    pub(super) fn rate(&self, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(self.throttled).as_secs_f64().floor();
        (self.rate + self.limit * RECOVERED * seconds).min(self.limit)
    }

    /// There was a 429.
    pub(super) fn throttled(&mut self, now: Instant) {
        let rate = self.rate(now);
        let lately = |slowed: Instant| now.saturating_duration_since(slowed) < BETWEEN_SLOWINGS;
        self.rate = if self.slowed.is_some_and(lately) {
            rate
        } else {
            self.slowed = Some(now);
            (rate * SLOWED_TO).max(SLOWEST)
        };
        self.throttled = now;
    }

    /// When a job may ask again, where it may not make a request now.
    pub(super) fn due(&mut self, now: Instant) -> Option<Instant> {
        // Both are asked, so that both know that somebody waits.
        let (all, bulk) = (self.all.due(now), self.bulk.due(now));
        all.max(bulk)
    }

    /// A job, which may use this part of the limit, makes a request.
    pub(super) fn take(&mut self, now: Instant, part: f64) {
        let rate = self.rate(now);
        self.all.take(now, interval(rate));
        self.bulk.take(now, interval(rate * part));
    }

    /// Somebody makes a request who does not wait.
    pub(super) fn unasked(&mut self, now: Instant) {
        self.all.take_ahead(now, interval(self.rate(now)));
    }
}

/// Between two requests.
fn interval(rate: f64) -> Duration {
    Duration::try_from_secs_f64(rate.recip()).unwrap_or(BETWEEN_SLOWINGS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[track_caller]
    fn check(lane: &Lane, now: Instant, expected: f64) {
        let rate = lane.rate(now);
        assert!((rate - expected).abs() < 1e-9, "{rate}");
    }

    #[test]
    fn a_429_slows_it_to_seven_tenths_and_a_twentieth_of_the_limit_comes_back_each_second() {
        let now = Instant::now();
        let mut lane = Lane::new(100.0, now);
        lane.throttled(now);
        check(&lane, now, 70.0);
        check(&lane, now + Duration::from_millis(999), 70.0);
        check(&lane, now + SECOND, 75.0);
        check(&lane, now + 3 * SECOND, 85.0);
        check(&lane, now + 6 * SECOND, 100.0);
        check(&lane, now + 600 * SECOND, 100.0);
    }

    #[test]
    fn many_at_once_slow_it_once_and_hold_back_what_comes_back() {
        let now = Instant::now();
        let mut lane = Lane::new(100.0, now);
        for millis in [0, 1, 500, 999] {
            lane.throttled(now + Duration::from_millis(millis));
        }
        check(&lane, now + Duration::from_millis(1_998), 70.0);
        check(&lane, now + Duration::from_millis(1_999), 75.0);
        lane.throttled(now + Duration::from_millis(1_999));
        check(&lane, now + 2 * SECOND, 75.0 * 0.7);
    }

    #[test]
    fn it_never_goes_below_one_a_second() {
        let mut now = Instant::now();
        let mut lane = Lane::new(20.0, now);
        for _ in 0..50 {
            lane.throttled(now);
            now += Duration::from_millis(1_001);
        }
        assert!(lane.rate(now) >= 1.0);
        for _ in 0..50 {
            lane.throttled(now);
        }
        check(&Lane::new(0.0, now), now, 1.0);
        check(&Lane::new(f64::NAN, now), now, 1.0);
    }
}
