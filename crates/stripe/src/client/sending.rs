//! One request and its answer, over a connection that can be told from a dead one.

use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, HeaderName};

use super::{Client, count};
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
    pub(super) async fn send(&self, read: Read<'_>, over: Over) -> Result<Answer, CallError> {
        if over == Over::Fresh {
            return self.exchange(&self.transport.fresh, read).await;
        }
        let lost = match self.exchange(&self.transport.pooled, read).await {
            // It is for a connection that brought no request in time.
            Ok(answer) if answer.status == StatusCode::REQUEST_TIMEOUT => "unanswered",
            Err(error @ (CallError::Unanswered(_) | CallError::CutOff(_))) => error.label(),
            settled => return settled,
        };
        count(lost);
        if let Some(governors) = &self.governors {
            governors.of(read.account).live(read.endpoint);
        }
        self.exchange(&self.transport.fresh, read).await
    }

    async fn exchange(
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
