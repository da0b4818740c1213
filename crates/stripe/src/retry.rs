//! Whether a try is followed by another, and after how long. Pure: the dice are thrown elsewhere.

use std::time::Duration;

use crate::answer::Answer;
use crate::call_error::CallError;
use crate::policy::Policy;

/// Whether trying again may help. `Stripe-Should-Retry` decides where it is given; else what
/// Stripe's own clients retry, and 408 and 429 besides.
pub(crate) fn may_help(outcome: &Result<Answer, CallError>) -> bool {
    match outcome {
        Ok(answer) if answer.status.is_success() => false,
        Ok(answer) => answer
            .should_retry
            .unwrap_or_else(|| answer.is_trouble() || matches!(answer.status.as_u16(), 409 | 429)),
        Err(error) => error.may_pass(),
    }
}

/// The wait before retry number `retry` (the first is 1): min(base x 2^(n-1), cap) x U(0.5, 1),
/// or what the vault asks for where that is longer. `dice` is from 0 to 1.
pub(crate) fn wait(policy: &Policy, retry: u32, dice: f64, asked: Option<Duration>) -> Duration {
    let doubled = 2_u32.saturating_pow(retry.saturating_sub(1));
    let longest = policy.backoff_base.saturating_mul(doubled).min(policy.backoff_cap);
    let wait = longest.mul_f64(0.5 + dice.clamp(0.0, 1.0) / 2.0);
    asked.map_or(wait, |asked| asked.max(wait))
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    #[track_caller]
    fn check(status: u16, should_retry: Option<bool>, expected: bool) {
        let status = StatusCode::from_u16(status).expect("a status");
        let answer = Answer { status, should_retry, ..Answer::default() };
        assert_eq!(may_help(&Ok(answer)), expected, "{status} {should_retry:?}");
    }

    #[test]
    fn what_stripe_says_decides_first() {
        check(500, Some(false), false);
        check(400, Some(true), true);
        check(200, Some(true), false);
    }

    #[test]
    fn conflicts_throttling_and_server_errors_may_pass() {
        for status in [408, 409, 429, 500, 502, 503, 504] {
            check(status, None, true);
        }
        for status in [200, 302, 400, 401, 402, 403, 404] {
            check(status, None, false);
        }
    }

    #[test]
    fn lost_connections_may_pass_and_bodies_without_end_do_not() {
        assert!(may_help(&Err(CallError::Deadline)));
        assert!(!may_help(&Err(CallError::TooLarge { limit: 1 })));
    }

    #[test]
    fn the_wait_doubles_up_to_its_cap_and_is_cut_by_up_to_half() {
        let policy = Policy::default();
        let millis = |retry, dice| wait(&policy, retry, dice, None).as_millis();
        assert_eq!([millis(1, 1.0), millis(2, 1.0), millis(4, 1.0)], [500, 1_000, 4_000]);
        assert_eq!([millis(5, 1.0), millis(99, 1.0)], [5_000, 5_000]);
        assert_eq!([millis(1, 0.0), millis(1, 0.5)], [250, 375]);
    }

    #[test]
    fn a_longer_wait_that_is_asked_for_is_kept() {
        let asked = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(wait(&Policy::default(), 1, 0.0, asked(7)), Duration::from_secs(7));
        assert_eq!(wait(&Policy::default(), 1, 0.0, asked(0)), Duration::from_millis(250));
    }
}
