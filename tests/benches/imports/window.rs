//! The time that is measured, within the time that there is load.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::usage::{Meter, Spent};

/// From when to when is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) from: Instant,
    pub(crate) to: Instant,
}

impl Window {
    /// Begins when load that starts now is warm.
    pub(crate) fn after(warm: Duration, lasting: Duration) -> Self {
        let from = Instant::now() + warm;
        Self { from, to: from + lasting }
    }

    pub(crate) fn holds(&self, at: Instant) -> bool {
        self.from <= at && at < self.to
    }

    pub(crate) fn seconds(&self) -> f64 {
        (self.to - self.from).as_secs_f64()
    }

    /// The same by the clock on the wall, in microseconds of the Unix epoch.
    pub(crate) fn on_the_wall(&self) -> (u128, u128) {
        let (here, there) = (Instant::now(), SystemTime::now());
        let there = there.duration_since(UNIX_EPOCH).expect("a clock past 1970");
        let at = |instant: Instant| {
            let ahead = instant.saturating_duration_since(here);
            (there + ahead).saturating_sub(here.saturating_duration_since(instant)).as_micros()
        };
        (at(self.from), at(self.to))
    }

    /// Waits for its end; gives what was spent in it.
    pub(crate) async fn pass(&self, meter: Meter) -> Spent {
        tokio::time::sleep_until(self.from.into()).await;
        let before = meter.read();
        tokio::time::sleep_until(self.to.into()).await;
        meter.read().since(before)
    }
}
