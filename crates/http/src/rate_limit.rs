//! How many requests a key may still make.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use cardlift_core::Timestamp;
use cardlift_core::account::RateLimits;
use cardlift_core::api_key::ApiKeyId;

pub(crate) const MINUTE: i64 = 60;
const DAY: i64 = 86_400;

/// What says the limit, what remains of it, and when the window ends.
const OF_MINUTE: [HeaderName; 3] = [
    HeaderName::from_static("x-rate-limit-limit-minute"),
    HeaderName::from_static("x-rate-limit-remaining-minute"),
    HeaderName::from_static("x-rate-limit-reset-minute"),
];
const OF_DAY: [HeaderName; 3] = [
    HeaderName::from_static("x-rate-limit-limit-day"),
    HeaderName::from_static("x-rate-limit-remaining-day"),
    HeaderName::from_static("x-rate-limit-reset-day"),
];

/// Counts the requests of each key, in this process. A clone counts with it.
///
/// Windows are those of the clock: a minute begins with its second 0, a day at midnight UTC.
#[derive(Debug, Clone, Default)]
pub struct RateLimiter(Arc<Mutex<HashMap<ApiKeyId, Counts>>>);

/// A key's requests in the present windows.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    minute: Count,
    day: Count,
}

/// The requests in one window, which is the one of this number since the epoch.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    window: i64,
    requests: u32,
}

/// Where a key stands, this request counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    minute: Option<Quota>,
    day: Option<Quota>,
}

/// Where a key stands in one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Quota {
    limit: u32,
    remaining: u32,
    /// In how many seconds the window ends.
    reset: u64,
}

/// A key that has made all the requests it may. This one was not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exhausted {
    pub(crate) standing: Standing,
    /// In how many seconds to come again.
    pub(crate) retry_after: u64,
}

impl RateLimiter {
    /// Counts a request, where the key may still make it.
    pub(crate) fn admit(
        &self,
        key: ApiKeyId,
        limits: RateLimits,
        now: Timestamp,
    ) -> Result<Standing, Exhausted> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = all.entry(key).or_default();
        let (minute, day) = (counts.minute.at(now, MINUTE), counts.day.at(now, DAY));
        let full =
            |count: Count, limit: Option<u32>| limit.is_some_and(|limit| count.requests >= limit);
        let (minute_full, day_full) = (full(minute, limits.per_minute), full(day, limits.per_day));
        if minute_full || day_full {
            let standing = standing(minute, day, limits, now);
            let window = if day_full { DAY } else { MINUTE };
            return Err(Exhausted { standing, retry_after: until_end(now, window) });
        }
        *counts = Counts { minute: minute.and_one(), day: day.and_one() };
        Ok(standing(counts.minute, counts.day, limits, now))
    }
}

impl Count {
    /// What counts now: nothing of a window that is over.
    fn at(self, now: Timestamp, length: i64) -> Self {
        let window = now.timestamp().div_euclid(length);
        if self.window == window { self } else { Self { window, requests: 0 } }
    }

    const fn and_one(self) -> Self {
        Self { requests: self.requests.saturating_add(1), ..self }
    }
}

impl Standing {
    /// Says it in the headers of an answer. A limit that is off has none.
    pub(crate) fn tell(self, response: &mut HttpResponse) {
        for (quota, names) in [(self.minute, OF_MINUTE), (self.day, OF_DAY)] {
            let Some(Quota { limit, remaining, reset }) = quota else { continue };
            let values: [HeaderValue; 3] = [limit.into(), remaining.into(), reset.into()];
            for (name, value) in names.into_iter().zip(values) {
                response.headers_mut().insert(name, value);
            }
        }
    }
}

fn standing(minute: Count, day: Count, limits: RateLimits, now: Timestamp) -> Standing {
    let quota = |count: Count, limit: Option<u32>, length| {
        limit.map(|limit| Quota {
            limit,
            remaining: limit.saturating_sub(count.requests),
            reset: until_end(now, length),
        })
    };
    Standing {
        minute: quota(minute, limits.per_minute, MINUTE),
        day: quota(day, limits.per_day, DAY),
    }
}

/// The seconds to the end of a window: 1 to its length.
pub(crate) fn until_end(now: Timestamp, length: i64) -> u64 {
    u64::try_from(length - now.timestamp().rem_euclid(length)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMITS: RateLimits = RateLimits { per_minute: Some(2), per_day: Some(3) };

    fn key(id: i64) -> ApiKeyId {
        ApiKeyId::try_from(id).expect("an id")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds, 0).expect("a time")
    }

    /// What a request is told: what remains of the minute and the day, or when to come again.
    fn ask(limiter: &RateLimiter, id: i64, seconds: i64) -> Result<(u32, u32), u64> {
        let standing = limiter.admit(key(id), LIMITS, at(seconds));
        let standing = standing.map_err(|exhausted| exhausted.retry_after)?;
        let remaining = |quota: Option<Quota>| quota.expect("a limit").remaining;
        Ok((remaining(standing.minute), remaining(standing.day)))
    }

    #[test]
    fn a_key_may_make_so_many_requests_in_a_minute_and_in_a_day() {
        let limiter = RateLimiter::default();
        assert_eq!(ask(&limiter, 1, 0), Ok((1, 2)));
        assert_eq!(ask(&limiter, 1, 10), Ok((0, 1)));
        assert_eq!(ask(&limiter, 1, 59), Err(1), "until the minute is over");
        assert_eq!(ask(&limiter, 2, 59), Ok((1, 2)), "another key has its own");
        assert_eq!(ask(&limiter, 1, 60), Ok((1, 0)), "what was refused did not count");
        assert_eq!(ask(&limiter, 1, 61), Err(86_339), "until the day is over");
        assert_eq!(ask(&limiter, 1, 86_400), Ok((1, 2)));
    }

    #[test]
    fn a_limit_that_is_off_is_not_told_of() {
        let off = RateLimits { per_minute: None, per_day: None };
        let limiter = RateLimiter::default();
        for _ in 0..10 {
            let standing = limiter.admit(key(1), off, at(0)).expect("admitted");
            assert_eq!(standing, Standing { minute: None, day: None });
        }
    }

    proptest! {
        #[test]
        fn no_window_admits_more_than_its_limit(mut times in prop::collection::vec(0..200_000_i64, 0..60)) {
            times.sort_unstable();
            let limiter = RateLimiter::default();
            let admitted: Vec<_> =
                times.into_iter().filter(|time| ask(&limiter, 1, *time).is_ok()).collect();
            for (length, limit) in [(MINUTE, 2), (DAY, 3)] {
                for time in &admitted {
                    let same = |other: &&i64| *other / length == time / length;
                    prop_assert!(admitted.iter().filter(same).count() <= limit);
                }
            }
        }
    }
}
