//! Until when keys are good, as operators write it.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, SubsecRound as _, TimeDelta};
use thiserror::Error;

use crate::Timestamp;

/// The last year that RFC 3339 can write.
const LAST_YEAR: i32 = 9999;

/// A text that is no day and no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be a day, 2027-01-31, or a time, 2027-01-31T12:00:00Z")]
pub struct InvalidKeyEnd;

/// From when on a key is good no more: the end of a day in UTC, or a time as RFC 3339 has it.
pub fn end_of_key(text: &str) -> Result<Timestamp, InvalidKeyEnd> {
    let end = match DateTime::parse_from_rfc3339(text) {
        // No store keeps more.
        Ok(at) => Some(at.to_utc().trunc_subsecs(6)),
        Err(_) => end_of_day(text),
    };
    end.filter(|end| end.year() <= LAST_YEAR).ok_or(InvalidKeyEnd)
}

fn end_of_day(text: &str) -> Option<Timestamp> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    day.and_time(NaiveTime::MIN).and_utc().checked_add_signed(TimeDelta::days(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let end = end_of_key(text).ok().map(|at| at.to_rfc3339());
        assert_eq!(end.as_deref(), expected, "{text}");
    }

    #[test]
    fn a_day_is_good_to_its_end_and_a_time_is_itself() {
        check("2027-01-31", Some("2027-02-01T00:00:00+00:00"));
        check("2027-01-31T12:00:00Z", Some("2027-01-31T12:00:00+00:00"));
        check("2027-01-31T12:00:00.0000019+02:00", Some("2027-01-31T10:00:00.000001+00:00"));
        for wrong in ["", "2027-02-30", "2027-01-31T12:00:00", "90d", "tomorrow"] {
            check(wrong, None);
        }
    }

    #[test]
    fn what_no_answer_could_write_is_no_end() {
        check("9999-12-30", Some("9999-12-31T00:00:00+00:00"));
        for wrong in ["9999-12-31", "9999-12-31T23:59:59-01:00", "+12345-01-01", "-0001-01-01x"] {
            check(wrong, None);
        }
    }
}
