//! Who may ask: any secret or restricted key, for its own account or the connected one.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{AUTHORIZATION, HeaderName};

use crate::data::CONNECTED_ACCOUNT;
use crate::objects::ApiError;

const STRIPE_ACCOUNT: HeaderName = HeaderName::from_static("stripe-account");

pub(super) fn check(request: &ServiceRequest) -> Result<(), ApiError> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let key = header(AUTHORIZATION).ok_or(ApiError::NoKey)?;
    let key = key.strip_prefix("Bearer ").unwrap_or_default();
    if !["sk_", "rk_"].iter().any(|prefix| key.starts_with(prefix)) {
        return Err(ApiError::WrongKey);
    }
    match header(STRIPE_ACCOUNT) {
        None | Some(CONNECTED_ACCOUNT) => Ok(()),
        Some(other) => Err(ApiError::WrongAccount(other.to_owned())),
    }
}
