//! How a body ends.

use std::future::poll_fn;
use std::pin::pin;

use actix_web::body::MessageBody;

/// How a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Whole,
    /// The connection ends before it.
    Broken,
}

/// A body as far as it comes. This happens once its first piece has come.
pub(super) async fn read(
    body: impl MessageBody,
    happens: impl Future<Output = ()>,
) -> (Vec<u8>, Ending) {
    let mut body = pin!(body);
    let mut happens = Some(happens);
    let mut read = Vec::new();
    while let Some(piece) = poll_fn(|context| body.as_mut().poll_next(context)).await {
        let Ok(piece) = piece else { return (read, Ending::Broken) };
        read.extend_from_slice(&piece);
        if let Some(happens) = happens.take() {
            happens.await;
        }
    }
    (read, Ending::Whole)
}
