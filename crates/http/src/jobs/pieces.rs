//! Answers that come piece by piece, of which the status is told before the end is known.

use actix_web::HttpResponse;
use actix_web::HttpResponseBuilder;
use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};
use tracing::Span;

use crate::error::ApiError;

/// The answer. Where it breaks off, the log says so under the request's id, and the connection ends
/// without the end of the answer.
pub(super) fn answer(
    mut response: HttpResponseBuilder,
    pieces: impl Stream<Item = Result<Bytes, ApiError>> + 'static,
) -> HttpResponse {
    let span = Span::current();
    let pieces = pieces.inspect_err(move |error| span.in_scope(|| error.break_off()));
    response.streaming(pieces)
}
