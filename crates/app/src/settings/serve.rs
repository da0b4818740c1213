//! Settings of the server.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;

use super::parse::{address, given, number, number_or_off, seconds};
use super::{Problems, Tls, TlsArgs};

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where the API listens; port 0 takes a free one. Where other machines reach it, TLS must be
    /// set, or plain HTTP allowed
    #[arg(long, env = "CARDLIFT_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: String,
    #[command(flatten)]
    tls: TlsArgs,
    /// Where GET /metrics is served for Prometheus [default: nowhere]
    #[arg(long, env = "CARDLIFT_METRICS_LISTEN", value_name = "ADDRESS")]
    metrics_listen: Option<String>,
    /// How many threads serve [default: one for two cores]
    #[arg(long, env = "CARDLIFT_WORKERS", value_name = "COUNT")]
    workers: Option<String>,
    #[command(flatten)]
    bounds: BoundsArgs,
    /// How many requests are worked on at once; more are refused with 503
    #[arg(long, env = "CARDLIFT_REQUESTS_AT_ONCE", value_name = "COUNT", default_value = "256")]
    requests_at_once: String,
    /// How many wrong API keys an address may show in a minute; more are refused with 429. off: any
    #[arg(long, env = "CARDLIFT_WRONG_KEYS", value_name = "COUNT", default_value = "20")]
    wrong_keys: String,
    /// How long requests in flight are waited for when the server is told to stop
    #[arg(long, env = "CARDLIFT_SHUTDOWN_TIMEOUT", value_name = "SECONDS", default_value = "30")]
    shutdown_timeout: String,
}

#[derive(Debug, Args)]
pub(crate) struct BoundsArgs {
    /// How many connections are open at once; more wait until there is room
    #[arg(long, env = "CARDLIFT_CONNECTIONS", value_name = "COUNT", default_value = "16384")]
    connections: String,
    /// How long a client may take to begin TLS, and to send the head of a request
    #[arg(long, env = "CARDLIFT_CLIENT_TIMEOUT", value_name = "SECONDS", default_value = "10")]
    client_timeout: String,
    /// How long a connection is kept open without a request
    #[arg(long, env = "CARDLIFT_KEEP_ALIVE", value_name = "SECONDS", default_value = "75")]
    keep_alive: String,
}

/// How the server listens and stops.
#[derive(Debug)]
pub(crate) struct ServeSettings {
    pub(crate) listen: SocketAddr,
    pub(crate) tls: Tls,
    pub(crate) metrics_listen: Option<SocketAddr>,
    pub(crate) workers: Option<usize>,
    pub(crate) bounds: Bounds,
    pub(crate) requests_at_once: usize,
    /// `None` is off.
    pub(crate) wrong_keys: Option<u16>,
    pub(crate) shutdown_timeout: Duration,
}

/// How many connections there may be, and how slow they may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) connections: usize,
    pub(crate) client_timeout: Duration,
    pub(crate) keep_alive: Duration,
}

impl ServeArgs {
    pub(crate) fn parse(&self, problems: &mut Problems) -> Option<ServeSettings> {
        let listen = problems.take("CARDLIFT_LISTEN", address(&self.listen));
        let metrics_listen = given(self.metrics_listen.as_deref()).map(address).transpose();
        let metrics_listen = problems.take("CARDLIFT_METRICS_LISTEN", metrics_listen);
        let tls = self.tls.parse(problems, listen, metrics_listen.flatten());
        let workers = given(self.workers.as_deref()).map(|count| number(count, 1, 500));
        let workers = problems.take("CARDLIFT_WORKERS", workers.transpose());
        let bounds = self.bounds.parse(problems);
        let requests_at_once = number(&self.requests_at_once, 1, 60_000);
        let requests_at_once = problems.take("CARDLIFT_REQUESTS_AT_ONCE", requests_at_once);
        let wrong_keys =
            problems.take("CARDLIFT_WRONG_KEYS", number_or_off(&self.wrong_keys, 1, 1_000));
        let shutdown_timeout = seconds(&self.shutdown_timeout);
        let shutdown_timeout = problems.take("CARDLIFT_SHUTDOWN_TIMEOUT", shutdown_timeout);
        Some(ServeSettings {
            listen: listen?,
            tls: tls?,
            metrics_listen: metrics_listen?,
            workers: workers?.map(usize::from),
            bounds: bounds?,
            requests_at_once: requests_at_once?.into(),
            wrong_keys: wrong_keys?,
            shutdown_timeout: shutdown_timeout?,
        })
    }
}

impl BoundsArgs {
    fn parse(&self, problems: &mut Problems) -> Option<Bounds> {
        let connections = number(&self.connections, 1, 60_000);
        let connections = problems.take("CARDLIFT_CONNECTIONS", connections);
        let client_timeout = seconds(&self.client_timeout);
        let client_timeout = problems.take("CARDLIFT_CLIENT_TIMEOUT", client_timeout);
        let keep_alive = problems.take("CARDLIFT_KEEP_ALIVE", seconds(&self.keep_alive));
        Some(Bounds {
            connections: connections?.into(),
            client_timeout: client_timeout?,
            keep_alive: keep_alive?,
        })
    }
}
