//! How fast a job goes on.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::Job;

/// Over how long it is measured.
const SPAN: Duration = Duration::from_secs(15);

/// Over less than this nothing is told: a single batch would make it jump.
const LEAST: Duration = Duration::from_millis(500);

/// The longest time that is told to be left: nobody waits for more, and a `Duration` holds it.
const LONGEST_SECONDS: f64 = 1e9;

/// How fast a job has gone on of late: over the last 15 seconds or so, as it was seen.
#[derive(Debug, Clone, Default)]
pub struct Pace(VecDeque<Moment>);

/// A job as it was seen.
#[derive(Debug, Clone, Copy)]
struct Moment {
    at: Instant,
    settled: u64,
    vault_calls: u64,
}

/// What a job does in a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// How many rows are settled.
    pub rows: f64,
    /// How many calls of the vault are made.
    pub calls: f64,
}

impl Pace {
    /// Notes how a job stands at a moment, not before the last one.
    pub fn note(&mut self, at: Instant, job: &Job) {
        self.0.push_back(Moment { at, settled: job.settled, vault_calls: job.vault_calls });
        while self.0.get(1).is_some_and(|second| at.duration_since(second.at) > SPAN) {
            self.0.pop_front();
        }
    }

    /// How fast it goes on; `None` as long as that can't be told.
    #[must_use]
    pub fn speed(&self) -> Option<Speed> {
        let (first, last) = (self.0.front()?, self.0.back()?);
        let time = last.at.duration_since(first.at);
        // A row whose failure is forgotten is settled no more.
        let rate = |from: u64, to: u64| float(to.saturating_sub(from)) / time.as_secs_f64();
        (time >= LEAST).then(|| Speed {
            rows: rate(first.settled, last.settled),
            calls: rate(first.vault_calls, last.vault_calls),
        })
    }
}

impl Speed {
    /// How long so many rows take at this speed; `None` where nothing goes on.
    #[must_use]
    pub fn time_for(self, rows: u64) -> Option<Duration> {
        let seconds = float(rows) / self.rows;
        (self.rows > 0.0).then(|| Duration::from_secs_f64(seconds.min(LONGEST_SECONDS)))
    }
}

/// A count, as exactly as anybody looks.
fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::account::AccountId;
    use crate::job::{CardChoice, JobId, JobOptions, JobState, ReadingChoice, RunMode, Tally};
    use crate::vault::VaultAccount;

    fn job(settled: u64, vault_calls: u64) -> Job {
        let (cards, reading) = (CardChoice::NamedOrDefault, ReadingChoice::Cheapest);
        let mode = RunMode::Import;
        Job {
            account: AccountId::DEFAULT,
            id: JobId::try_from(1).expect("an id"),
            options: JobOptions { vault: VaultAccount::DEFAULT, cards, mode, reading },
            state: JobState::Running,
            halt: None,
            rows: 10_000,
            settled,
            tally: Tally::default(),
            canary: None,
            vault_calls,
            created_at: Timestamp::UNIX_EPOCH,
            started_at: None,
            finished_at: None,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    /// The pace of a job that was seen at these moments: millisecond, settled rows, calls.
    fn pace(seen: impl IntoIterator<Item = (u64, u64, u64)>) -> Option<Speed> {
        let (start, mut pace) = (Instant::now(), Pace::default());
        for (milliseconds, settled, calls) in seen {
            pace.note(start + Duration::from_millis(milliseconds), &job(settled, calls));
        }
        pace.speed()
    }

    #[test]
    fn it_can_t_be_told_of_a_moment() {
        assert_eq!(pace([]), None);
        assert_eq!(pace([(0, 5, 5)]), None);
        assert_eq!(pace([(0, 5, 5), (0, 9, 9)]), None);
        assert_eq!(pace([(0, 5, 5), (400, 9, 9)]), None);
    }

    #[test]
    fn it_is_that_of_the_last_seconds() {
        let seen = [(0, 0, 0), (10_000, 1_000, 20)];
        assert_eq!(pace(seen), Some(Speed { rows: 100.0, calls: 2.0 }));
        let stands = (11..60).map(|second| (second * 1_000, 1_000, 20));
        assert_eq!(pace(seen.into_iter().chain(stands)), Some(Speed { rows: 0.0, calls: 0.0 }));
    }

    #[test]
    fn one_that_was_seen_rarely_is_that_since_it_was_seen_before() {
        let seen = [(0, 0, 0), (60_000, 600, 0), (120_000, 1_800, 0)];
        assert_eq!(pace(seen).map(|speed| speed.rows), Some(20.0));
    }

    #[test]
    fn rows_that_are_settled_no_more_are_no_pace() {
        assert_eq!(pace([(0, 100, 0), (1_000, 40, 0)]).map(|speed| speed.rows), Some(0.0));
    }

    #[test]
    fn what_is_left_takes_as_long_as_it_takes_at_that() {
        let speed = |rows| Speed { rows, calls: 1.0 };
        assert_eq!(speed(100.0).time_for(500), Some(Duration::from_secs(5)));
        assert_eq!(speed(100.0).time_for(0), Some(Duration::ZERO));
        assert_eq!(speed(0.0).time_for(500), None);
        let longest = Some(Duration::from_secs(1_000_000_000));
        assert_eq!(speed(1e-300).time_for(u64::MAX), longest);
    }
}
