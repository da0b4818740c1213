//! One request and its answer, and once more where a connection of the pool loses it.

use metrics::histogram;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, HeaderName};
use tokio::time::{Instant, timeout_at};

use super::{Client, Tried, count};
use crate::answer::Answer;
use crate::call_error::CallError;
use crate::endpoint::Endpoint;
use crate::request::Read;

const STRIPE_ACCOUNT: HeaderName = HeaderName::from_static("stripe-account");

/// Which connection a request goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// One that was idle, where there is one. The vault may just be ending it, or it is dead and
    /// nobody knows yet.
    Pooled,
    /// One that is made for it.
    Fresh,
}

impl Client {
    /// What gets lost over a connection that may have been idle is sent once more, over a fresh one:
    /// only what a fresh one does tells of the vault.
    pub(super) async fn send(&self, read: Read<'_>, over: Over, deadline: Instant) -> Tried {
        if over == Over::Pooled {
            let tried = self.exchange(&self.transport.pooled, read, deadline).await;
            let Some(lost) = lost(&tried.outcome) else { return tried };
            count(lost);
            if let Some(governors) = &self.governors {
                governors.of(read.account).again(read.endpoint);
            }
        }
        self.exchange(&self.transport.fresh, read, deadline).await
    }

    async fn exchange(
        &self,
        connections: &reqwest::Client,
        read: Read<'_>,
        deadline: Instant,
    ) -> Tried {
        let started = Instant::now();
        let outcome = timeout_at(deadline, self.ask(connections, read)).await;
        let took = started.elapsed();
        histogram!("cardlift_vault_request_seconds").record(took.as_secs_f64());
        Tried { outcome: outcome.unwrap_or(Err(CallError::Deadline)), took }
    }

    async fn ask(
        &self,
        connections: &reqwest::Client,
        read: Read<'_>,
    ) -> Result<Answer, CallError> {
        let request = connections.get(read.url(&self.transport.customers));
        let mut request = request.header(AUTHORIZATION, self.authorization.clone());
        if let Some(account) = read.account {
            request = request.header(STRIPE_ACCOUNT, account);
        }
        let longest = match read.endpoint {
            Endpoint::ReadHolding => self.policy.max_body,
            _ => self.policy.max_list_body,
        };
        Answer::read(request.send().await?, longest).await
    }
}

/// What it is counted as, where the connection may have lost it.
fn lost(outcome: &Result<Answer, CallError>) -> Option<&'static str> {
    match outcome {
        // It is for a connection that brought no request in time.
        Ok(answer) if answer.status == StatusCode::REQUEST_TIMEOUT => Some("unanswered"),
        Err(error @ (CallError::Unanswered(_) | CallError::CutOff(_))) => Some(error.label()),
        _ => None,
    }
}
