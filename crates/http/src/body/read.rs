//! Reads a body, as far as it may go.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::web::Payload;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};

use super::{BodyError, media_type};

/// The longest body, in bytes.
pub(super) const LONGEST: usize = 16 * 1024;

/// How long a body may take to arrive.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// The body of a request that says it is JSON, or says nothing.
pub(crate) async fn read(request: &HttpRequest, payload: Payload) -> Result<Bytes, BodyError> {
    if !is_json(request) {
        return Err(BodyError::ContentType);
    }
    let read = tokio::time::timeout(PATIENCE, collect(payload)).await;
    read.unwrap_or(Err(BodyError::TooSlow))
}

pub(super) async fn collect<E>(
    mut pieces: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<Bytes, BodyError> {
    let mut body = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| BodyError::CutOff)?;
        if body.len() + piece.len() > LONGEST {
            return Err(BodyError::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

fn is_json(request: &HttpRequest) -> bool {
    matches!(media_type(request).as_str(), "" | "application/json" | "text/json")
}
