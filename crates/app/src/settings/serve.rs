//! Settings of the server.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;

use super::Problems;
use super::parse::{address, given, number, seconds};

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where the API listens; port 0 takes a free one
    #[arg(long, env = "CARDLIFT_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Where GET /metrics is served for Prometheus [default: nowhere]
    #[arg(long, env = "CARDLIFT_METRICS_LISTEN", value_name = "ADDRESS")]
    metrics_listen: Option<String>,
    /// How many threads serve [default: one for two cores]
    #[arg(long, env = "CARDLIFT_WORKERS", value_name = "COUNT")]
    workers: Option<String>,
    /// How many requests are worked on at once; more are refused with 503
    #[arg(long, env = "CARDLIFT_REQUESTS_AT_ONCE", value_name = "COUNT", default_value = "256")]
    requests_at_once: String,
    /// How long requests in flight are waited for when the server is told to stop
    #[arg(long, env = "CARDLIFT_SHUTDOWN_TIMEOUT", value_name = "SECONDS", default_value = "30")]
    shutdown_timeout: String,
}

/// How the server listens and stops.
#[derive(Debug, Clone)]
pub(crate) struct ServeSettings {
    pub(crate) listen: SocketAddr,
    pub(crate) metrics_listen: Option<SocketAddr>,
    pub(crate) workers: Option<usize>,
    pub(crate) requests_at_once: usize,
    pub(crate) shutdown_timeout: Duration,
}

impl ServeArgs {
    pub(crate) fn parse(&self, problems: &mut Problems) -> Option<ServeSettings> {
        let listen = problems.take("CARDLIFT_LISTEN", address(&self.listen));
        let metrics_listen = given(self.metrics_listen.as_deref()).map(address).transpose();
        let metrics_listen = problems.take("CARDLIFT_METRICS_LISTEN", metrics_listen);
        let workers = given(self.workers.as_deref()).map(|count| number(count, 1, 1_000));
        let workers = problems.take("CARDLIFT_WORKERS", workers.transpose());
        let requests_at_once = number(&self.requests_at_once, 1, 60_000);
        let requests_at_once = problems.take("CARDLIFT_REQUESTS_AT_ONCE", requests_at_once);
        let shutdown_timeout = seconds(&self.shutdown_timeout);
        let shutdown_timeout = problems.take("CARDLIFT_SHUTDOWN_TIMEOUT", shutdown_timeout);
        Some(ServeSettings {
            listen: listen?,
            metrics_listen: metrics_listen?,
            workers: workers?.map(usize::from),
            requests_at_once: requests_at_once?.into(),
            shutdown_timeout: shutdown_timeout?,
        })
    }
}
