//! What a try says of the vault.

use std::time::Duration;

use crate::answer::Answer;
use crate::call_error::CallError;
use crate::policy::Policy;

/// What came of the last request of a try, and how long that took.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) outcome: Result<Answer, CallError>,
    pub(super) took: Duration,
}

/// What that says of the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It answers.
    Well,
    /// It does not, or is in trouble.
    Down,
    Nothing,
}

impl Tried {
    pub(super) fn says(&self, policy: &Policy) -> Verdict {
        // Most of the call's time had gone before: for the customer's turn, say, or another try.
        let hurried = self.took < policy.total_timeout.min(policy.read_timeout) / 2;
        let down = match &self.outcome {
            Ok(answer) => answer.is_trouble(),
            Err(CallError::Deadline) if hurried => return Verdict::Nothing,
            Err(error) => error.may_pass(),
        };
        if down { Verdict::Down } else { Verdict::Well }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    #[track_caller]
    fn check(outcome: Result<Answer, CallError>, seconds: u64, expected: Verdict) {
        let policy = Policy {
            read_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(25),
            ..Policy::default()
        };
        let tried = Tried { outcome, took: Duration::from_secs(seconds) };
        assert_eq!(tried.says(&policy), expected, "{tried:?}");
    }

    fn answer(status: u16) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status");
        Answer { status, ..Answer::default() }
    }

    #[test]
    fn an_answer_says_that_it_is_there_unless_it_says_otherwise() {
        for fine in [200, 400, 401, 404, 409, 429] {
            check(Ok(answer(fine)), 0, Verdict::Well);
        }
        for trouble in [408, 500, 503] {
            check(Ok(answer(trouble)), 0, Verdict::Down);
        }
        check(Err(CallError::TooLarge { limit: 1 }), 9, Verdict::Well);
    }

    #[test]
    fn a_try_that_was_given_little_time_says_nothing() {
        check(Err(CallError::Deadline), 4, Verdict::Nothing);
        check(Err(CallError::Deadline), 5, Verdict::Down);
    }

    /// Or a vault that is down would never be found to be, with a time below that of a read.
    #[test]
    fn little_is_measured_by_the_whole_call_where_that_is_shorter() {
        let policy = Policy { total_timeout: Duration::from_secs(2), ..Policy::default() };
        let took = Duration::from_millis(1_999);
        let tried = Tried { outcome: Err(CallError::Deadline), took };
        assert_eq!(tried.says(&policy), Verdict::Down);
    }
}
