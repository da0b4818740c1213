//! Calls of the API: one at a time for each customer, bounded in time, size and tries.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use metrics::{counter, gauge, histogram};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Response, StatusCode, Url, redirect};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout_at};

use crate::breaker::Breaker;
use crate::budget::RetryBudget;
use crate::builder::{InvalidStripeSettings, is_loopback};
use crate::call_error::CallError;
use crate::plain::is_plain;
use crate::policy::Policy;
use crate::turns::Turns;
use crate::{retry, tls};

/// The version of the API that is asked for, whatever the account's own is.
pub const API_VERSION: &str = "2026-03-25.dahlia";

const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");
const STRIPE_ACCOUNT: HeaderName = HeaderName::from_static("stripe-account");

/// The longest `Retry-After` that is believed.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    policy: Policy,
    turns: Turns,
    budget: RetryBudget,
    breaker: Breaker,
}

/// What the API answered.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) should_retry: Option<bool>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) request_id: Option<String>,
    pub(crate) body: Bytes,
}

/// What is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Read<'a> {
    /// The connected account; the key's own where there is none.
    pub(crate) account: Option<&'a str>,
    /// The customer it is about.
    pub(crate) customer: &'a str,
    /// The path below `/v1/customers/{customer}`.
    pub(crate) below: &'a [&'a str],
}

/// A call that brought nothing, and how long to leave the vault alone where it is known.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error: CallError,
    pub(crate) retry_after: Option<Duration>,
}

impl From<CallError> for Failed {
    fn from(error: CallError) -> Self {
        Self { error, retry_after: None }
    }
}

impl Client {
    pub(crate) fn new(
        base: Url,
        api_key: &SecretString,
        policy: Policy,
    ) -> Result<Self, InvalidStripeSettings> {
        let local = is_loopback(&base);
        let tls = if base.scheme() == "https" { tls::config()? } else { tls::none()? };
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .default_headers(headers(api_key)?)
            .user_agent(concat!("cardlift/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(policy.connect_timeout)
            .read_timeout(policy.read_timeout)
            .gzip(true);
        if local {
            http = http.no_proxy();
        }
        Ok(Self {
            http: http.build().map_err(InvalidStripeSettings::Client)?,
            base,
            turns: Turns::default(),
            budget: RetryBudget::full(),
            breaker: Breaker::new(policy.breaker_failures, policy.breaker_open_for),
            policy,
        })
    }

    /// Reads, and tries again what may pass. An answer of any status is an answer.
    pub(crate) async fn read(&self, read: Read<'_>) -> Result<Answer, Failed> {
        let deadline = Instant::now() + self.policy.total_timeout;
        let url = self.url(read);
        let mut retries = 0;
        loop {
            let outcome = self.try_once(&url, read, deadline).await?;
            if !retry::may_help(&outcome) {
                if outcome.is_ok() {
                    self.budget.earn();
                }
                return Ok(outcome?);
            }
            retries += 1;
            let asked = outcome.as_ref().ok().and_then(|answer| answer.retry_after);
            let wait = retry::wait(&self.policy, retries, dice(), asked);
            let in_time = Instant::now() + wait < deadline;
            if retries > self.policy.retries || !in_time || !self.budget.spend() {
                return Ok(outcome?);
            }
            counter!("cardlift_vault_retries_total").increment(1);
            tracing::debug!(retry = retries, wait_ms = wait.as_millis(), "asking the vault again");
            tokio::time::sleep(wait).await;
        }
    }

    /// One try, where the breaker lets it through. The outer error is the breaker's.
    async fn try_once(
        &self,
        url: &Url,
        read: Read<'_>,
        deadline: Instant,
    ) -> Result<Result<Answer, CallError>, Failed> {
        let Ok(_turn) = timeout_at(deadline, self.turns.take(read.customer)).await else {
            return Ok(Err(CallError::Deadline));
        };
        let permit = self.breaker.admit(std::time::Instant::now()).map_err(|retry_after| {
            count("breaker_open");
            Failed { error: CallError::BreakerOpen, retry_after: Some(retry_after) }
        })?;
        let started = Instant::now();
        let outcome = timeout_at(deadline, self.send(url, read.account)).await;
        let outcome = outcome.unwrap_or(Err(CallError::Deadline));
        histogram!("cardlift_vault_request_seconds").record(started.elapsed().as_secs_f64());
        let down = match &outcome {
            Ok(answer) => {
                count(class(answer.status));
                answer.status.is_server_error()
            }
            Err(error) => {
                count(error.label());
                error.may_pass()
            }
        };
        if down {
            permit.failed(std::time::Instant::now());
        } else {
            permit.succeeded();
        }
        gauge!("cardlift_vault_breaker_open").set(f64::from(u8::from(self.breaker.is_open())));
        Ok(outcome)
    }

    async fn send(&self, url: &Url, account: Option<&str>) -> Result<Answer, CallError> {
        let mut request = self.http.get(url.clone());
        if let Some(account) = account {
            request = request.header(STRIPE_ACCOUNT, account);
        }
        let response = request.send().await?;
        let headers = response.headers();
        Ok(Answer {
            status: response.status(),
            should_retry: text(headers, "stripe-should-retry").and_then(|text| text.parse().ok()),
            retry_after: text(headers, RETRY_AFTER.as_str()).and_then(seconds),
            request_id: text(headers, "request-id").filter(|id| is_plain(id)).map(str::to_owned),
            body: bounded(response, self.policy.max_body).await?,
        })
    }

    fn url(&self, read: Read<'_>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["v1", "customers", read.customer]).extend(read.below);
        }
        url
    }
}

fn headers(api_key: &SecretString) -> Result<HeaderMap, InvalidStripeSettings> {
    let bearer = HeaderValue::try_from(format!("Bearer {}", api_key.expose_secret()));
    let mut bearer = bearer.map_err(|_| InvalidStripeSettings::ApiKey)?;
    bearer.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(STRIPE_VERSION, HeaderValue::from_static(API_VERSION));
    Ok(headers)
}

/// The body, which is counted after decompression.
async fn bounded(mut response: Response, limit: usize) -> Result<Bytes, CallError> {
    let mut body = BytesMut::new();
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

/// What an answer is counted as.
fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        200..=299 => "ok",
        401 | 403 => "refused",
        404 => "not_found",
        429 => "throttled",
        500..=599 => "server_error",
        _ => "other",
    }
}

fn count(outcome: &'static str) {
    counter!("cardlift_vault_requests_total", "outcome" => outcome).increment(1);
}

/// A number from 0 to 1, for the backoff. Without randomness every wait is its longest.
fn dice() -> f64 {
    getrandom::u32().map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX))
}
