//! Stopping in good order.

use std::sync::Arc;

use actix_web::dev::ServerHandle;
use cardlift_engine::Stopper;

/// Waits until it is told, then lets the requests in flight end, those who work on jobs give
/// them back, and ends the answers that have no end of their own. A second signal does not wait for
/// the requests.
pub(super) async fn stop_when_told(
    told: impl Future<Output = ()>,
    server: ServerHandle,
    workers: Arc<Stopper>,
    answers: Stopper,
) {
    told.await;
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

/// Ends when there is a signal to stop. From this call on none ends the process by itself, so whoever
/// says that it serves has called it before.
pub(crate) fn told_to_stop() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        let signals = [SignalKind::terminate(), SignalKind::interrupt()].map(|kind| {
            let signals = signal(kind);
            async move {
                match signals {
                    Ok(mut signals) => {
                        signals.recv().await;
                    }
                    Err(error) => {
                        tracing::error!(%error, ?kind, "a signal can't be waited for");
                        std::future::pending::<()>().await;
                    }
                }
            }
        });
        async move {
            let [terminated, interrupted] = signals;
            tokio::select! {
                () = terminated => {}
                () = interrupted => {}
            }
        }
    }
    #[cfg(not(unix))]
    {
        async {
            let _interrupted = tokio::signal::ctrl_c().await;
        }
    }
}
