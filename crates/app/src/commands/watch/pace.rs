//! How fast a job goes on, in words.

use std::time::Duration;

use cardlift_core::job::Pace;

/// The pace, and how long so many rows will take: with a comma before it, or nothing where it
/// can't be told.
pub(super) fn told(pace: &Pace, pending: u64) -> String {
    let Some(speed) = pace.speed() else { return String::new() };
    let left = speed.time_for(pending).map(|left| format!(", {} left", duration(left)));
    let left = left.unwrap_or_default();
    format!(", {:.0} rows/s, {:.1} calls/s{left}", speed.rows, speed.calls)
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
    fn a_pace_that_can_t_be_told_is_no_words() {
        assert_eq!(told(&Pace::default(), 10), "");
    }

    #[test]
    fn a_time_is_told_in_two_parts_at_most() {
        for (seconds, told) in [(4, "4 s"), (200, "3 min 20 s"), (7_500, "2 h 5 min")] {
            assert_eq!(duration(Duration::from_secs(seconds)), told);
        }
        assert_eq!(duration(Duration::from_millis(10)), "1 s");
    }
}
