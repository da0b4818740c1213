//! One call of a port, whichever database it goes to.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use cardlift_core::ports::{StoreError, StoreErrorKind};
use tokio::time::Instant;

/// Runs a call within its time, and records how long it took.
///
/// What was under way when the time was up may still come to be: every port says what calling it
/// again does.
///
/// # Errors
/// The call's own, or [`StoreErrorKind::Unavailable`] when the time is up.
pub async fn bounded<T, E: From<StoreError>>(
    store: &'static str,
    operation: &'static str,
    timeout: Duration,
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let started = Instant::now();
    let result = tokio::time::timeout(timeout, call).await.unwrap_or_else(|elapsed| {
        Err(StoreError::new(StoreErrorKind::Unavailable, elapsed).into())
    });
    let outcome = if result.is_ok() { "ok" } else { "failed" };
    let labels = [("store", store), ("operation", operation), ("outcome", outcome)];
    metrics::histogram!("cardlift_store_seconds", &labels).record(started.elapsed());
    result
}

/// The error for a row that the domain does not understand. `why` holds none of the row's text.
pub fn corrupt(table: &'static str, why: impl Display) -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, format!("a row of {table}: {why}"))
}
