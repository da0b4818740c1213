//! The API's errors, as it words them.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use serde_json::{Value, json};

const RATE_LIMITED_REASON: HeaderName = HeaderName::from_static("stripe-rate-limited-reason");

/// Ids that start with this after their kind are in live mode.
const LIVE: &str = "Live";

/// An error of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ApiError {
    NoKey,
    WrongKey,
    Permission,
    WrongAccount(String),
    NoSuchCustomer(String),
    NoSuchSource(String),
    NoSuchPaymentMethod(String),
    NoSuchUrl,
    Parameter { name: &'static str, message: &'static str },
    RateLimit(Limit),
    LockTimeout,
    Server,
}

/// Which limit there were too many requests for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Of all endpoints together.
    Global,
    /// Of the endpoint.
    Endpoint,
}

impl ApiError {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::NoKey | Self::WrongKey => StatusCode::UNAUTHORIZED,
            Self::Permission | Self::WrongAccount(_) => StatusCode::FORBIDDEN,
            Self::NoSuchCustomer(_)
            | Self::NoSuchSource(_)
            | Self::NoSuchPaymentMethod(_)
            | Self::NoSuchUrl => StatusCode::NOT_FOUND,
            Self::Parameter { .. } => StatusCode::BAD_REQUEST,
            Self::RateLimit(_) | Self::LockTimeout => StatusCode::TOO_MANY_REQUESTS,
            Self::Server => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What comes in its head besides.
    pub(crate) fn headers(&self) -> HeaderMap {
        let (name, value) = match self {
            Self::NoKey | Self::WrongKey => (WWW_AUTHENTICATE, "Bearer realm=\"Stripe\""),
            Self::RateLimit(Limit::Global) => (RATE_LIMITED_REASON, "global-rate"),
            Self::RateLimit(Limit::Endpoint) => (RATE_LIMITED_REASON, "endpoint-rate"),
            Self::LockTimeout => (HeaderName::from_static("stripe-should-retry"), "true"),
            _ => return HeaderMap::new(),
        };
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    pub(crate) fn body(&self) -> Value {
        let kind = if *self == Self::Server { "api_error" } else { "invalid_request_error" };
        let mut error = json!({"type": kind, "message": self.message()});
        if let Some(fields) = error.as_object_mut() {
            let (code, param) = self.code_and_param();
            fields.extend(code.map(|code| ("code".to_owned(), json!(code))));
            fields.extend(param.map(|param| ("param".to_owned(), json!(param))));
        }
        json!({"error": error})
    }

    const fn code_and_param(&self) -> (Option<&'static str>, Option<&'static str>) {
        match self {
            Self::WrongAccount(_) => (Some("account_invalid"), None),
            Self::NoSuchCustomer(_) | Self::NoSuchSource(_) => {
                (Some("resource_missing"), Some("id"))
            }
            Self::NoSuchPaymentMethod(_) => (Some("resource_missing"), Some("payment_method")),
            Self::Parameter { name, .. } => (Some("parameter_invalid"), Some(*name)),
            Self::RateLimit(_) => (Some("rate_limit"), None),
            Self::LockTimeout => (Some("lock_timeout"), None),
            Self::NoKey | Self::WrongKey | Self::Permission | Self::NoSuchUrl | Self::Server => {
                (None, None)
            }
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NoKey => "You did not provide an API key.".to_owned(),
            Self::WrongKey => "Invalid API Key provided: sk_test_****nbox".to_owned(),
            Self::Permission => "The provided key 'rk_test_****nbox' does not have the required \
                                 permissions for this endpoint on account 'acct_sandbox'."
                .to_owned(),
            Self::WrongAccount(account) => format!(
                "The provided key 'sk_test_****nbox' does not have access to account '{account}' \
                 (or that account does not exist)."
            ),
            Self::NoSuchCustomer(id) => format!("No such customer: '{id}'{}", elsewhere(id)),
            Self::NoSuchSource(id) => format!("No such source: '{id}'{}", elsewhere(id)),
            Self::NoSuchPaymentMethod(id) => {
                format!("No such PaymentMethod: '{id}'{}", elsewhere(id))
            }
            Self::NoSuchUrl => "Unrecognized request URL.".to_owned(),
            Self::Parameter { name, message } => format!("Invalid {name}: {message}"),
            Self::RateLimit(_) => "Request rate limit exceeded.".to_owned(),
            Self::LockTimeout => "This object cannot be accessed right now because another API \
                                  request or Stripe process is currently accessing it."
                .to_owned(),
            Self::Server => "Sorry! There was an error in the sandbox, as asked for.".to_owned(),
        }
    }
}

/// What is said besides of an id that is in the other mode.
fn elsewhere(id: &str) -> &'static str {
    if id.split_once('_').is_some_and(|(_, rest)| rest.starts_with(LIVE)) {
        "; a similar object exists in live mode, but a test mode key was used to make this request."
    } else {
        ""
    }
}
