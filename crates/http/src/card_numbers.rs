//! No request that carries a card number gets anywhere: it is refused before anything of it is
//! kept, wherever it stands. Bodies are looked at where they are read: JSON by
//! [`Members`](crate::body::Members), files by `cardlift-rows`.

mod head;
mod place;

use actix_web::body::BoxBody;
use actix_web::dev::{Payload, RequestHead, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse};

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use self::head::place as place_in_head;
pub(crate) use self::place::{Place, name_to_tell};
use crate::error::ApiError;
use crate::shedding::pass_over;

/// Refuses a request whose verb, path, query or headers hold one. It is wrapped around each resource.
pub(crate) async fn refuse(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let Some(place) = head::place(request.head()) else { return next.call(request).await };
    let refusal = refusal(place, request.take_payload()).await;
    Ok(request.into_response(refusal))
}

/// The refusal of a request that belongs to no resource, where it has to be refused.
pub(crate) async fn refused(head: &RequestHead, body: Payload) -> Option<HttpResponse> {
    Some(refusal(head::place(head)?, body).await)
}

/// The answer, which a caller who is still sending would not get to see.
async fn refusal(place: Place, body: Payload) -> HttpResponse {
    pass_over(body).await;
    ApiError::CardNumber(place).response()
}
