//! More requests than can be worked on are refused at once, so that the others are not late.

mod early;
mod whole;

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage as _, HttpRequest};
use futures_util::StreamExt as _;
use metrics::{counter, gauge};
use tokio::time::timeout;

pub use self::early::EarlyRefusal;
pub use self::whole::WholeRequest;
use crate::api::Api;
use crate::error::ApiError;
use crate::request_id;

/// Below these is what can be refused. The rest costs little, or says how the server is: it is busy,
/// not ill.
const LIMITED: [&str; 2] = ["/v1/", "/admin/"];

/// A body that is longer is not read to its end; nor is one that takes longer to come.
const LONGEST_PASSED_OVER: usize = 16 * 1024;
const PATIENCE: Duration = Duration::from_secs(1);

/// How many requests are worked on at once, at most. A clone counts with it.
#[derive(Debug, Clone)]
pub struct ConcurrencyLimit(Arc<Count>);

#[derive(Debug)]
struct Count {
    most: usize,
    now: AtomicUsize,
    started: Instant,
    /// In which second from the start on it was told that requests are refused; the first is 1.
    told: AtomicU64,
}

/// Leave to work on one request. It ends when nobody has it any more.
#[derive(Debug, Clone)]
pub(crate) struct Permit {
    _held: Rc<Held>,
}

#[derive(Debug)]
struct Held(ConcurrencyLimit);

impl ConcurrencyLimit {
    /// So many at once.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let (now, told) = (AtomicUsize::new(0), AtomicU64::new(0));
        Self(Arc::new(Count { most, now, started: Instant::now(), told }))
    }

    fn admit(&self) -> Option<Permit> {
        let more = |now| (now < self.0.most).then_some(now + 1);
        self.0.now.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        gauge!("cardlift_http_requests_in_flight").increment(1);
        Some(Permit { _held: Rc::new(Held(self.clone())) })
    }

    /// Whether nothing more is admitted now.
    fn is_full(&self) -> bool {
        self.0.now.load(Ordering::Relaxed) >= self.0.most
    }

    /// Counts what was refused, and says it in the log once a second at most.
    fn refused(&self) {
        counter!("cardlift_http_refused_total").increment(1);
        let second = self.0.started.elapsed().as_secs() + 1;
        if self.0.told.fetch_max(second, Ordering::Relaxed) < second {
            tracing::warn!(
                at_once = self.0.most,
                "refusing requests: more come than can be served"
            );
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.0.now.fetch_sub(1, Ordering::Relaxed);
        gauge!("cardlift_http_requests_in_flight").decrement(1);
    }
}

/// Refuses what is more than the [limit](Api::concurrency) with 503 and `Retry-After`, before
/// anything else is done with it: `App::wrap(from_fn(shed))`, after every other `wrap`.
///
/// A request counts until its answer begins, and until the work on it ends: a caller who hangs up
/// makes no room. An answer that is streamed is not counted while it lasts.
pub async fn shed(
    api: Data<Api>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    // As it is routed: `%76` is a `v`.
    if !is_limited(request.match_info().as_str()) {
        return next.call(request).await.map(ServiceResponse::map_into_left_body);
    }
    let Some(permit) = api.concurrency.admit() else {
        api.concurrency.refused();
        pass_over(request.take_payload()).await;
        let mut response = ApiError::Overloaded.response();
        if let Ok(id) = request_id::of(request.headers()).as_ref().try_into() {
            response.headers_mut().insert(request_id::HEADER, id);
        }
        return Ok(request.into_response(response.map_into_right_body()));
    };
    request.extensions_mut().insert(permit.clone());
    let response = next.call(request).await.map(ServiceResponse::map_into_left_body);
    drop(permit);
    response
}

/// Whether a request for this path can be refused.
fn is_limited(path: &str) -> bool {
    let below = |place: &str| {
        path.get(..place.len()).is_some_and(|start| start.eq_ignore_ascii_case(place))
    };
    LIMITED.into_iter().any(below)
}

/// Reads a short body to its end, or actix closes the connection: to make a new one would cost both
/// sides more than the answer.
pub(crate) async fn pass_over(mut body: Payload) {
    let mut read = 0;
    let to_end = async {
        while let Some(Ok(piece)) = body.next().await {
            read += piece.len();
            if read > LONGEST_PASSED_OVER {
                break;
            }
        }
    };
    let _given_up = timeout(PATIENCE, to_end).await;
}

/// Leave to work on this request, for work that goes on when nobody waits for its answer.
pub(crate) fn permit(request: &HttpRequest) -> Option<Permit> {
    request.extensions().get::<Permit>().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_is_there_again_when_its_request_ends() {
        let limit = ConcurrencyLimit::new(2);
        let first = limit.admit().expect("the first");
        let _second = limit.clone().admit().expect("the second");
        assert!(limit.admit().is_none(), "a clone counts with it");
        let of_the_work = first.clone();
        drop(first);
        assert!(limit.admit().is_none(), "the work goes on");
        drop(of_the_work);
        assert!(limit.admit().is_some());
    }
}
