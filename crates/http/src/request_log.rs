//! One line in the log, one span and one count for each request. No id of a path, body, key or name.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::HeaderValue;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};
use metrics::{counter, histogram};
use tracing::Instrument as _;

use crate::authorization::Caller;
use crate::request_id::{self, RequestId};

/// Logs and counts a request, and gives it an id: `App::wrap(from_fn(request_log))`.
///
/// The id is the caller's `X-Request-Id` where that is fit for a log; it goes out with the answer.
pub async fn request_log(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = request_id::of(request.headers());
    let method = method(request.method());
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", request_id = %id);
    async move {
        let mut response = next.call(request).await?;
        let seconds = started.elapsed().as_secs_f64();
        let status = response.status().as_u16();
        let route = response.request().match_name().unwrap_or("none");
        let principal = response.request().extensions().get::<Caller>().map(|it| it.principal);
        let account = principal.map(|principal| principal.account.get());
        let key = principal.map(|principal| principal.key.get());
        tracing::info!(method, route, status, seconds, account, key, "answered");
        count(route, method, status, seconds);
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(request_id::HEADER, id);
        }
        Ok(response)
    }
    .instrument(span)
    .await
}

/// The route is shared, since the recorder copies labels that are not.
fn count(route: &str, method: &'static str, status: u16, seconds: f64) {
    let route: Arc<str> = route.into();
    histogram!("cardlift_http_request_seconds", "route" => route.clone(), "method" => method)
        .record(seconds);
    let status = status.to_string();
    counter!(
        "cardlift_http_requests_total",
        "route" => route, "method" => method, "status" => status
    )
    .increment(1);
}

/// The verb. One that somebody made up is not counted under its name.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::PATCH => "PATCH",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
