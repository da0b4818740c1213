//! What the API answers.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};

use crate::call_error::CallError;
use crate::governor::Reason;
use crate::plain::is_plain;
use crate::wire::{ApiError, ErrorBody};

/// What tells why a 429 is one.
const REASON: &str = "stripe-rate-limited-reason";

/// The longest `Retry-After` that is believed.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// What the API answered.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) should_retry: Option<bool>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) request_id: Option<String>,
    /// Why it is a 429, where it is one.
    pub(crate) throttled: Option<Reason>,
    pub(crate) body: Bytes,
}

impl Answer {
    /// Reads a response, whose body may be so long.
    pub(crate) async fn read(mut response: Response, longest: usize) -> Result<Self, CallError> {
        let body = bounded(&mut response, longest).await?;
        Ok(Self::new(response.status(), response.headers(), body))
    }

    /// What came.
    pub(crate) fn new(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Self {
        let mut answer = Self {
            status,
            should_retry: text(headers, "stripe-should-retry").and_then(|text| text.parse().ok()),
            retry_after: text(headers, RETRY_AFTER.as_str()).and_then(seconds),
            request_id: text(headers, "request-id").filter(|id| is_plain(id)).map(str::to_owned),
            throttled: None,
            body,
        };
        if status == StatusCode::TOO_MANY_REQUESTS {
            let code = answer.error().code;
            answer.throttled = Some(Reason::of(text(headers, REASON), code.as_deref()));
        }
        answer
    }

    /// What it says is wrong; nothing where it does not say.
    pub(crate) fn error(&self) -> ApiError {
        serde_json::from_slice::<ErrorBody>(&self.body).unwrap_or_default().error
    }

    /// Whether it tells that the vault is in trouble.
    pub(crate) fn is_trouble(&self) -> bool {
        self.status.is_server_error() || self.status == StatusCode::REQUEST_TIMEOUT
    }

    /// What it is counted as.
    pub(crate) fn class(&self) -> &'static str {
        match self.status.as_u16() {
            200..=299 => "ok",
            401 | 403 => "refused",
            404 => "not_found",
            429 => "throttled",
            500..=599 => "server_error",
            _ => "other",
        }
    }
}

/// The body, which is counted after decompression.
async fn bounded(response: &mut Response, limit: usize) -> Result<Bytes, CallError> {
    let promised = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut body = BytesMut::with_capacity(promised.unwrap_or_default().min(limit));
    while let Some(piece) = response.chunk().await? {
        if body.len() + piece.len() > limit {
            return Err(CallError::TooLarge { limit });
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// `Retry-After` in seconds; the form with a date is not used by the API.
fn seconds(text: &str) -> Option<Duration> {
    let seconds = text.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}
