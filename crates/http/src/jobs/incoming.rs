//! A file as it comes: neither silence nor a drip is waited for long.

use std::time::Duration;

use actix_web::web::Payload;
use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::time::{Instant, timeout};

use crate::body::{BodyError, MINIMUM_KIB, SILENCE};

/// How long a file is waited for, until it is seen whether enough of it came.
const MINUTE: Duration = Duration::from_secs(60);

/// A file that comes.
///
/// The time in which it is waited for counts, and no other: while rows are written nothing is taken of
/// it, and its sender can't help that.
pub(super) struct Incoming {
    payload: Payload,
    /// For how long it was waited for in this minute of waiting, and how many bytes came.
    waited: Duration,
    came: usize,
}

impl Incoming {
    pub(super) fn new(payload: Payload) -> Self {
        Self { payload, waited: Duration::ZERO, came: 0 }
    }

    /// The next piece, or nothing after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, BodyError> {
        let began = Instant::now();
        let next = timeout(SILENCE, self.payload.next()).await.map_err(|_| BodyError::Silent)?;
        let Some(piece) = next else { return Ok(None) };
        let piece = piece.map_err(|_| BodyError::CutOff)?;
        self.count(began.elapsed(), piece.len())?;
        Ok(Some(piece))
    }

    /// Counts what came after a wait. A minute ends with the piece that comes when it is over.
    fn count(&mut self, waited: Duration, bytes: usize) -> Result<(), BodyError> {
        self.waited += waited;
        self.came += bytes;
        if self.waited < MINUTE {
            return Ok(());
        }
        if self.came < MINIMUM_KIB * 1024 {
            return Err(BodyError::BelowMinimumRate);
        }
        (self.waited, self.came) = (Duration::ZERO, 0);
        Ok(())
    }
}
