//! Bodies that are not read.

use std::time::Duration;

use actix_web::http::StatusCode;
use thiserror::Error;

use super::lenient::MOST_BRACKETS;
use super::read::{LONGEST, PATIENCE};
use crate::card_numbers::Place;

/// How long nothing may come of a body that has no bounds.
pub(crate) const SILENCE: Duration = Duration::from_secs(30);

/// How many KiB of such a body have to come in each minute of waiting: a KiB a second, some 25 rows. It
/// holds one of the places for requests all the while, and a byte now and then would hold that for ever.
/// Whoever has a file sends it much faster; whoever has yet to make it makes it first.
pub(crate) const MINIMUM_KIB: usize = 60;

/// A body that is not read. No text repeats anything of it.
#[derive(Debug, Error)]
pub(crate) enum BodyError {
    #[error("The request body is longer than {LONGEST} bytes.")]
    TooLong,
    #[error("The Content-Type must be application/json.")]
    ContentType,
    #[error("The Content-Type must be text/csv or application/x-ndjson.")]
    RowsType,
    #[error("The request body must not be compressed: leave out Content-Encoding.")]
    Encoded,
    #[error("The request body broke off.")]
    CutOff,
    #[error("The request body did not arrive within {} seconds.", PATIENCE.as_secs())]
    TooSlow,
    #[error("Nothing of the request body arrived for {} seconds.", SILENCE.as_secs())]
    Silent,
    #[error("Less than {MINIMUM_KIB} KiB of the request body arrived in a minute.")]
    BelowMinimumRate,
    #[error("The request body is not UTF-8.")]
    NotUtf8,
    #[error("The request body holds more than {MOST_BRACKETS} objects and lists.")]
    TooDeep,
    #[error("The request body must be a JSON object.")]
    NotAnObject,
    #[error("The request body is not JSON: it is empty, or ends too early.")]
    Unfinished,
    #[error("The request body is not JSON: it can't be read at line {line}, column {column}.")]
    Syntax { line: usize, column: usize },
    #[error("{0} holds what looks like a card number.")]
    CardNumber(Place),
}

impl BodyError {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::ContentType | Self::RowsType | Self::Encoded => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Self::TooSlow | Self::Silent | Self::BelowMinimumRate => StatusCode::REQUEST_TIMEOUT,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}
