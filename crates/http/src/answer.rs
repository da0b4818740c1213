//! The answer to a caller with a key.

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};

use crate::error::ApiError;
use crate::rate_limit::Standing;

/// The answer, with where the caller's key stands in it, once that is known.
pub(crate) fn answer<T: Into<HttpResponse>>(
    request: &HttpRequest,
    result: Result<T, ApiError>,
) -> HttpResponse {
    let mut response = result.map_or_else(|error| error.response(), Into::into);
    if let Some(standing) = request.extensions().get::<Standing>() {
        standing.tell(&mut response);
    }
    response
}
