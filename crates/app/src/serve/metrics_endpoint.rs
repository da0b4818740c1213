//! GET /metrics, for Prometheus, on an address of its own: it asks for no key.

use std::net::SocketAddr;

use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::edge::{self, Edge};
use crate::failure::Failure;
use crate::settings::Bounds;

/// How many connections there are at most, of those who read the metrics.
const CONNECTIONS: usize = 100;

/// Upper bounds of the time histograms, in seconds: from a database on the same machine to a
/// vault that is given up on.
const BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// Starts to count.
pub(super) fn install() -> Result<PrometheusHandle, Failure> {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &BUCKETS)?;
    Ok(builder.install_recorder()?)
}

/// Serves the counts, until the handle is told to stop.
pub(super) fn serve(
    listen: SocketAddr,
    bounds: Bounds,
    recorder: PrometheusHandle,
) -> Result<ServerHandle, Failure> {
    let recorder = Data::new(recorder);
    let app = move || {
        let metrics = |recorder: Data<PrometheusHandle>| async move {
            HttpResponse::Ok()
                .content_type("text/plain; version=0.0.4; charset=utf-8")
                .body(recorder.render())
        };
        App::new().app_data(recorder.clone()).route("/metrics", web::get().to(metrics))
    };
    let listener = edge::listen(listen).map_err(|error| {
        let problem = format!("can't listen on {listen}: {error}; set CARDLIFT_METRICS_LISTEN");
        Failure::because(problem)
    })?;
    let address = listener.local_addr()?;
    let edge = Edge {
        name: "metrics",
        listener,
        tls: None,
        bounds: Bounds { connections: CONNECTIONS, ..bounds },
        concurrency: None,
        workers: 1,
        shutdown_timeout: Duration::ZERO,
    };
    let server = edge.serve(app)?;
    tracing::info!(%address, "metrics are served");
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}
