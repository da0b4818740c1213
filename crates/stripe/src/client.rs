//! Calls of the API: one at a time for each customer, bounded in time, size and tries.

mod sending;
mod verdict;

use std::time::Duration;

use metrics::counter;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout_at};

use crate::answer::Answer;
use crate::breaker::Breaker;
use crate::budget::RetryBudget;
use crate::builder::InvalidStripeSettings;
use crate::call_error::CallError;
use crate::governor::{Governors, Reason};
use crate::policy::Policy;
use crate::request::{Priority, Read};
use crate::retry;
use crate::transport::Transport;
use crate::turns::{Turn, Turns};

use self::sending::Over;
use self::verdict::{Tried, Verdict};

pub(crate) struct Client {
    transport: Transport,
    authorization: HeaderValue,
    policy: Policy,
    turns: Turns,
    budget: RetryBudget,
    breaker: Breaker,
    governors: Option<Governors>,
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
        transport: Transport,
        api_key: &SecretString,
        policy: Policy,
    ) -> Result<Self, InvalidStripeSettings> {
        Ok(Self {
            transport,
            authorization: authorization(api_key)?,
            turns: Turns::default(),
            budget: RetryBudget::full(),
            governors: policy.rates.map(Governors::new),
            breaker: Breaker::new(policy.breaker_failures, policy.breaker_open_for),
            policy,
        })
    }

    /// Reads, and tries again what may pass. An answer of any status is an answer.
    pub(crate) async fn read(&self, read: Read<'_>, priority: Priority) -> Result<Answer, Failed> {
        let mut deadline = Instant::now() + self.policy.total_timeout;
        let mut retries = 0;
        let mut over = Over::Pooled;
        loop {
            // To wait for a slot is no fault of the vault's.
            deadline += self.slot(read, priority).await;
            let outcome = self.try_once(read, deadline, over).await?;
            if !retry::may_help(&outcome) {
                if outcome.is_ok() {
                    self.budget.earn();
                }
                return Ok(outcome?);
            }
            // What was lost may be lost over the next idle connection, too.
            if outcome.as_ref().map_or(true, Answer::is_trouble) {
                over = Over::Fresh;
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

    /// Waits until a request may be made, and says how long that took.
    async fn slot(&self, read: Read<'_>, priority: Priority) -> Duration {
        let Some(governors) = &self.governors else { return Duration::ZERO };
        let governor = governors.of(read.account);
        match priority {
            Priority::Bulk => governor.wait(read.endpoint).await,
            Priority::Live => {
                governor.live(read.endpoint);
                Duration::ZERO
            }
        }
    }

    /// One try, where the breaker lets it through. The outer error is the breaker's.
    async fn try_once(
        &self,
        read: Read<'_>,
        deadline: Instant,
        over: Over,
    ) -> Result<Result<Answer, CallError>, Failed> {
        let Ok(_turn) = timeout_at(deadline, self.turn(read.customer)).await else {
            count(CallError::NoTurn.label());
            return Ok(Err(CallError::NoTurn));
        };
        let permit = self.breaker.admit(std::time::Instant::now()).map_err(|retry_after| {
            count(CallError::BreakerOpen.label());
            Failed { error: CallError::BreakerOpen, retry_after: Some(retry_after) }
        })?;
        let over = if permit.is_probe() { Over::Fresh } else { over };
        let tried = self.send(read, over, deadline).await;
        match &tried.outcome {
            Ok(answer) => {
                count(answer.class());
                answer.throttled.into_iter().for_each(|reason| self.throttled(read, reason));
            }
            Err(error) => count(error.label()),
        }
        match tried.says(&self.policy) {
            Verdict::Well => permit.succeeded(),
            Verdict::Down => permit.failed(std::time::Instant::now()),
            Verdict::Nothing => drop(permit),
        }
        Ok(tried.outcome)
    }

    fn throttled(&self, read: Read<'_>, reason: Reason) {
        counter!("cardlift_vault_throttled_total", "reason" => reason.label()).increment(1);
        if let Some(governors) = &self.governors {
            governors.of(read.account).throttled(read.endpoint, reason);
        }
    }

    /// The turn of a customer; what is about none needs none.
    async fn turn<'a>(&'a self, customer: Option<&'a str>) -> Option<Turn<'a>> {
        Some(self.turns.take(customer?).await)
    }
}

fn authorization(api_key: &SecretString) -> Result<HeaderValue, InvalidStripeSettings> {
    let bearer = HeaderValue::try_from(format!("Bearer {}", api_key.expose_secret()));
    let mut bearer = bearer.map_err(|_| InvalidStripeSettings::ApiKey)?;
    bearer.set_sensitive(true);
    Ok(bearer)
}

fn count(outcome: &'static str) {
    counter!("cardlift_vault_requests_total", "outcome" => outcome).increment(1);
}

/// A number from 0 to 1, for the backoff. Without randomness every wait is its longest.
fn dice() -> f64 {
    getrandom::u32().map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX))
}
