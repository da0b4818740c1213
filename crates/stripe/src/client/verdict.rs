//! What a try says of the vault.

use std::time::Duration;

use crate::answer::Answer;
use crate::call_error::CallError;
use crate::policy::Policy;

/// Whether the vault is down, by a try that took so long; `None` where that says nothing of it.
pub(super) fn is_down(
    outcome: &Result<Answer, CallError>,
    took: Duration,
    policy: &Policy,
) -> Option<bool> {
    // Most of the call's time had gone before, with waiting for the customer's turn.
    let hurried = took < policy.total_timeout.min(policy.read_timeout) / 2;
    match outcome {
        Ok(answer) => Some(answer.is_trouble()),
        Err(CallError::Deadline) if hurried => None,
        Err(error) => Some(error.may_pass()),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    #[track_caller]
    fn check(outcome: &Result<Answer, CallError>, seconds: u64, expected: Option<bool>) {
        let policy = Policy {
            read_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(25),
            ..Policy::default()
        };
        let found = is_down(outcome, Duration::from_secs(seconds), &policy);
        assert_eq!(found, expected, "{outcome:?} after {seconds} s");
    }

    fn answer(status: u16) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status");
        Answer { status, ..Answer::default() }
    }

    #[test]
    fn an_answer_says_that_it_is_there_unless_it_says_otherwise() {
        for fine in [200, 400, 401, 404, 409, 429] {
            check(&Ok(answer(fine)), 0, Some(false));
        }
        for trouble in [408, 500, 503] {
            check(&Ok(answer(trouble)), 0, Some(true));
        }
        check(&Err(CallError::TooLarge { limit: 1 }), 9, Some(false));
    }

    #[test]
    fn a_try_that_was_given_little_time_says_nothing() {
        check(&Err(CallError::Deadline), 4, None);
        check(&Err(CallError::Deadline), 5, Some(true));
    }

    /// Or a vault that is down would never be found to be, with a time below that of a read.
    #[test]
    fn little_is_measured_by_the_whole_call_where_that_is_shorter() {
        let policy = Policy { total_timeout: Duration::from_secs(2), ..Policy::default() };
        let took = Duration::from_millis(1_999);
        assert_eq!(is_down(&Err(CallError::Deadline), took, &policy), Some(true));
    }
}
