//! How fast a job goes on.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Over how long it is measured.
const SPAN: Duration = Duration::from_secs(15);

/// How fast a job has gone on of late.
#[derive(Debug, Default)]
pub(super) struct Pace(VecDeque<Moment>);

#[derive(Debug, Clone, Copy)]
struct Moment {
    at: Instant,
    rows: u64,
    calls: u64,
}

impl Pace {
    /// By now there are so many settled rows and calls of the vault.
    pub(super) fn note(&mut self, at: Instant, rows: u64, calls: u64) {
        self.0.push_back(Moment { at, rows, calls });
        while self.0.get(1).is_some_and(|second| at - second.at > SPAN) {
            self.0.pop_front();
        }
    }

    /// The pace, and how long so many rows will take: with a comma before it, or nothing where it
    /// can't be told.
    pub(super) fn told(&self, pending: u64) -> String {
        let Some((rows, calls)) = self.rates() else { return String::new() };
        let left = match rows {
            rows if rows > 0.0 => {
                let left = Duration::from_secs_f64((float(pending) / rows).min(1e9));
                format!(", {} left", duration(left))
            }
            _ => String::new(),
        };
        format!(", {rows:.0} rows/s, {calls:.1} calls/s{left}")
    }

    /// Rows and calls a second.
    fn rates(&self) -> Option<(f64, f64)> {
        let (first, last) = (self.0.front()?, self.0.back()?);
        let seconds = (last.at - first.at).as_secs_f64();
        let rate = |from: u64, to: u64| float(to.saturating_sub(from)) / seconds;
        (seconds > 0.5).then(|| (rate(first.rows, last.rows), rate(first.calls, last.calls)))
    }
}

/// A count, as exactly as anybody looks.
fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A time to read: `2 h 5 min`, `3 min 20 s`, `4 s`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_that_of_the_last_seconds() {
        let (start, mut pace) = (Instant::now(), Pace::default());
        let after = |seconds| start + Duration::from_secs(seconds);
        pace.note(start, 0, 0);
        assert_eq!(pace.told(10), "");
        pace.note(after(10), 1_000, 20);
        assert_eq!(pace.told(500), ", 100 rows/s, 2.0 calls/s, 5 s left");
        for second in 11..60 {
            pace.note(after(second), 1_000, 20);
        }
        assert_eq!(pace.told(500), ", 0 rows/s, 0.0 calls/s");
    }

    #[test]
    fn a_time_is_told_in_two_parts_at_most() {
        for (seconds, told) in [(4, "4 s"), (200, "3 min 20 s"), (7_500, "2 h 5 min")] {
            assert_eq!(duration(Duration::from_secs(seconds)), told);
        }
        assert_eq!(duration(Duration::from_millis(10)), "1 s");
    }
}
