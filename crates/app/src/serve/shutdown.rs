//! Stopping in good order.

use std::sync::Arc;

use actix_web::dev::ServerHandle;
use cardlift_engine::Stopper;

/// Waits for SIGTERM or SIGINT, then lets the requests in flight end, those who work on jobs give
/// them back, and ends the answers that have no end of their own. A second signal does not wait for
/// the requests.
pub(super) async fn stop_when_told(server: ServerHandle, workers: Arc<Stopper>, answers: Stopper) {
    told_to_stop().await;
    tracing::info!("stopping: requests in flight are finished first");
    workers.stop();
    answers.stop();
    let graceful = server.stop(true);
    tokio::select! {
        () = graceful => {}
        () = told_to_stop() => {
            tracing::warn!("told to stop again: not waiting any longer");
            server.stop(false).await;
        }
    }
}

/// Waits for a signal to stop.
pub(crate) async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        let terminated = async {
            match signal(SignalKind::terminate()) {
                Ok(mut signals) => signals.recv().await,
                Err(error) => {
                    tracing::error!(%error, "SIGTERM can't be waited for");
                    std::future::pending().await
                }
            }
        };
        tokio::select! {
            _ = terminated => {}
            _ = tokio::signal::ctrl_c() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _interrupted = tokio::signal::ctrl_c().await;
    }
}
