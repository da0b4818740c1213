//! Every error that the API answers, and how: the one place that maps errors to HTTP.

mod admin;
mod envelope;
mod ports;

use std::error::Error;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use cardlift_core::card_number::INSTEAD;
use cardlift_core::ports::StoreError;
use cardlift_core::use_cases::{
    AccessEnded, AuthenticateError, CustomerError, ImportCardError, ImportJobError, MissingScope,
    PaymentMethodError, PlanImportError,
};
use cardlift_rows::NotRows;
use metrics::counter;
use thiserror::Error;

pub(crate) use self::admin::AdminError;
pub(crate) use self::envelope::Envelope;
use self::ports::{of_store, of_vault, said_of_store, said_of_store_failure, said_of_vault};
use crate::body::{BodyError, FieldProblem};
use crate::card_numbers::Place;
use crate::reply::Reply;

/// Why a request was not carried out.
#[derive(Debug, Error)]
pub(crate) enum ApiError {
    #[error("Authorization key is not in the correct format.")]
    KeyFormat,
    #[error("An API key is required: send the header Authorization: Basic <API key>.")]
    KeyMissing,
    #[error(transparent)]
    Authenticate(#[from] AuthenticateError),
    #[error(transparent)]
    Scope(#[from] MissingScope),
    #[error(transparent)]
    AccessEnded(#[from] AccessEnded),
    #[error("Too many wrong API keys came from this address. Try again later.")]
    WrongKeys { retry_after: u64 },
    #[error(transparent)]
    Body(BodyError),
    #[error("{0} holds what looks like a card number. {INSTEAD}.")]
    CardNumber(Place),
    #[error("The API key has made all the requests it may for now. Try again later.")]
    Exhausted { retry_after: u64 },
    #[error("The request has {} fields that can't be used.", .0.len())]
    Fields(Vec<FieldProblem>),
    #[error("There is nothing at this path.")]
    UnknownRoute,
    #[error("This path does not take this HTTP method.")]
    WrongVerb,
    #[error("The header Idempotency-Key must be 1 to 255 visible ASCII characters.")]
    IdempotencyKey,
    #[error("This Idempotency-Key was sent before, with another request. Use a new key.")]
    OtherRequest,
    #[error("A request with this Idempotency-Key is being carried out. Send it again later.")]
    InProgress,
    #[error(transparent)]
    Import(#[from] ImportCardError),
    #[error(transparent)]
    Customer(#[from] CustomerError),
    #[error(transparent)]
    PaymentMethod(#[from] PaymentMethodError),
    #[error("The request body can't be used: {0}.")]
    Rows(NotRows),
    #[error(transparent)]
    Job(#[from] ImportJobError),
    #[error(transparent)]
    Plan(#[from] PlanImportError),
    #[error(transparent)]
    Admin(#[from] AdminError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("The server has as many requests as it can work on. Try again later.")]
    Overloaded,
    #[error("the work on the request broke off")]
    Interrupted,
}

impl ApiError {
    /// The answer. What is our fault, or the vault's, is logged here, once, and so is that somebody
    /// sends card numbers; who refuses what is too much says so by itself, and not of each.
    pub(crate) fn reply(&self) -> Reply {
        let (status, retry_after) = self.status();
        if status.is_server_error() && !matches!(self, Self::Overloaded) {
            self.log(status);
        }
        if let Self::CardNumber(place) = self {
            let place = place.kind();
            counter!("cardlift_http_card_numbers_total", "place" => place).increment(1);
            tracing::warn!(place, "refused a request: it holds what looks like a card number");
        }
        let mut reply = Reply::json(status, &Envelope::new(status, &self.values()));
        reply.retry_after = retry_after;
        reply
    }

    /// The answer, as actix takes it.
    pub(crate) fn response(&self) -> HttpResponse {
        self.reply().into()
    }

    /// Says in the log that it broke off an answer whose status was told already.
    pub(crate) fn break_off(&self) {
        match self {
            Self::AccessEnded(why) => tracing::info!(%why, "broke off an answer"),
            _ => self.log(self.status().0),
        }
    }

    /// The status, and in how many seconds to come again.
    fn status(&self) -> (StatusCode, Option<u64>) {
        let status = match self {
            Self::KeyFormat
            | Self::CardNumber(_)
            | Self::Fields(_)
            | Self::IdempotencyKey
            | Self::Import(ImportCardError::NotConnected)
            | Self::Rows(_)
            | Self::Job(ImportJobError::NotConnected)
            | Self::PaymentMethod(PaymentMethodError::Default) => StatusCode::BAD_REQUEST,
            Self::KeyMissing
            | Self::Authenticate(AuthenticateError::UnknownKey)
            | Self::AccessEnded(AccessEnded::UnknownKey) => StatusCode::UNAUTHORIZED,
            Self::Scope(_) | Self::AccessEnded(AccessEnded::Scope(_)) => StatusCode::FORBIDDEN,
            Self::Body(error) => error.status(),
            Self::UnknownRoute
            | Self::Import(ImportCardError::CustomerNotFound(_))
            | Self::Customer(CustomerError::NotFound(_) | CustomerError::NoParent(_))
            | Self::PaymentMethod(
                PaymentMethodError::CustomerNotFound(_) | PaymentMethodError::NotFound(_),
            )
            | Self::Job(ImportJobError::NotFound(_)) => StatusCode::NOT_FOUND,
            Self::WrongVerb => StatusCode::METHOD_NOT_ALLOWED,
            Self::Exhausted { retry_after } | Self::WrongKeys { retry_after } => {
                return (StatusCode::TOO_MANY_REQUESTS, Some(*retry_after));
            }
            Self::OtherRequest => StatusCode::UNPROCESSABLE_ENTITY,
            Self::InProgress => return (StatusCode::CONFLICT, Some(1)),
            Self::Job(ImportJobError::NotNow(_)) => StatusCode::CONFLICT,
            Self::Import(ImportCardError::Vault(error))
            | Self::Plan(PlanImportError::Vault(error)) => return of_vault(error),
            Self::Import(ImportCardError::Store(error))
            | Self::Authenticate(AuthenticateError::Store(error))
            | Self::Customer(CustomerError::Store(error))
            | Self::PaymentMethod(PaymentMethodError::Store(error))
            | Self::Job(ImportJobError::Store(error))
            | Self::Plan(PlanImportError::Store(error))
            | Self::Store(error) => return of_store(error),
            Self::Admin(error) => match error.store() {
                Some(error) => return of_store(error),
                None => error.status(),
            },
            Self::Overloaded => return (StatusCode::SERVICE_UNAVAILABLE, Some(1)),
            Self::Interrupted => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, None)
    }

    /// What is said to the caller, an entry each. Nothing of our insides.
    fn values(&self) -> Vec<String> {
        match self {
            Self::Fields(problems) => problems.iter().map(ToString::to_string).collect(),
            Self::Import(ImportCardError::Vault(error))
            | Self::Plan(PlanImportError::Vault(error)) => vec![said_of_vault(error)],
            Self::Import(ImportCardError::Store(error))
            | Self::Authenticate(AuthenticateError::Store(error))
            | Self::Customer(CustomerError::Store(error))
            | Self::PaymentMethod(PaymentMethodError::Store(error))
            | Self::Job(ImportJobError::Store(error))
            | Self::Plan(PlanImportError::Store(error))
            | Self::Store(error) => vec![said_of_store(error).to_owned()],
            Self::Admin(error) => vec![error.value()],
            Self::Interrupted => vec![said_of_store_failure().to_owned()],
            _ => vec![self.to_string()],
        }
    }

    fn log(&self, status: StatusCode) {
        let mut causes = Vec::new();
        let mut cause = self.source();
        while let Some(error) = cause {
            causes.push(error.to_string());
            cause = error.source();
        }
        let (status, causes) = (status.as_u16(), causes.join(": "));
        tracing::error!(status, error = %self, causes, "a request failed");
    }
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::CardNumber(place) => Self::CardNumber(place),
            error => Self::Body(error),
        }
    }
}

impl From<NotRows> for ApiError {
    fn from(error: NotRows) -> Self {
        match error {
            NotRows::CardNumber { line } => Self::CardNumber(Place::Line(line)),
            error => Self::Rows(error),
        }
    }
}

#[cfg(test)]
mod tests;
