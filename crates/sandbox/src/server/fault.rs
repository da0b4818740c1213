//! What a fault looks like from outside.

use std::io;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};

use super::answer;
use crate::faults::{Fault, FaultKind};
use crate::objects::{ApiError, Limit};

/// How long a slow answer takes, where nothing is said.
const DELAY_MS: u64 = 30_000;

/// How long the rest of a broken answer is waited for.
const PAUSE: Duration = Duration::from_millis(20);

/// More than anyone should read.
const OVERSIZED: usize = 9 * 1024 * 1024;

/// The answer of a fault; `None` lets the request go on, after a while.
pub(super) async fn response(fault: &Fault) -> Option<HttpResponse> {
    Some(match fault.kind {
        FaultKind::RateLimit => answer::error(&ApiError::RateLimit(Limit::Endpoint)),
        FaultKind::LockTimeout => answer::error(&ApiError::LockTimeout),
        FaultKind::ServerError => answer::error(&ApiError::Server),
        FaultKind::Unauthorized => answer::error(&ApiError::WrongKey),
        FaultKind::Forbidden => answer::error(&ApiError::Permission),
        FaultKind::Slow => {
            let delay = Duration::from_millis(fault.delay_ms.unwrap_or(DELAY_MS));
            tokio::time::sleep(delay).await;
            return None;
        }
        FaultKind::Cut => cut(),
        FaultKind::Malformed => json(Bytes::from_static(b"{\"id\": \"card_")),
        FaultKind::Oversized => json(Bytes::from(vec![b' '; OVERSIZED])),
    })
}

/// Promises more than it sends. The pause lets the beginning out before the connection ends.
fn cut() -> HttpResponse {
    let piece = stream::once(async { Ok(Bytes::from_static(b"{\"id\": \"card_")) });
    let end = stream::once(async {
        tokio::time::sleep(PAUSE).await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    });
    HttpResponse::Ok()
        .insert_header(ContentType::json())
        .no_chunking(500)
        .streaming(Box::pin(piece.chain(end)))
}

fn json(body: Bytes) -> HttpResponse {
    HttpResponse::Ok().insert_header(ContentType::json()).body(body)
}
