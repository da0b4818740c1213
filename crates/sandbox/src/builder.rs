//! Starting and stopping a sandbox.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use thiserror::Error;

use crate::data::Vault;
use crate::faults::{Fault, Faults};
use crate::journal::{Journal, Requests};
use crate::server::{self, State};
use crate::throttle::{Limits, Throttle};

/// A Stripe-shaped server with made-up cards.
pub struct Sandbox;

/// Settings of a sandbox. Each has a default.
#[derive(Debug, Clone)]
pub struct SandboxBuilder {
    listen: String,
    synthetic_customers: usize,
    limits: Limits,
    latency: Duration,
}

/// A sandbox that did not start.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// It would have served others than this machine.
    #[error("the sandbox listens on a loopback address and port only, such as 127.0.0.1:12111")]
    NotLoopback,
    /// The address can't be listened on.
    #[error("the sandbox can't listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
}

/// A sandbox that serves.
pub struct RunningSandbox {
    handle: ServerHandle,
    base_url: String,
    state: Arc<State>,
}

impl Sandbox {
    /// Settings to start one from.
    #[must_use]
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder {
            listen: "127.0.0.1:0".to_owned(),
            synthetic_customers: 0,
            limits: Limits::default(),
            latency: Duration::ZERO,
        }
    }
}

impl SandboxBuilder {
    /// Where it listens: a loopback address. Default: a free port of 127.0.0.1.
    #[must_use]
    pub fn listen(mut self, address: &str) -> Self {
        address.clone_into(&mut self.listen);
        self
    }

    /// How many made-up customers there are besides the known ones. Default: none.
    #[must_use]
    pub const fn synthetic_customers(mut self, count: usize) -> Self {
        self.synthetic_customers = count;
        self
    }

    /// How many requests it takes in each second of its clock; more get 429 with `global-rate`.
    /// Default: as many as come.
    #[must_use]
    pub const fn calls_per_second(mut self, limit: Option<u32>) -> Self {
        self.limits.overall = limit;
        self
    }

    /// How many it takes of each endpoint; more get 429 with `endpoint-rate`. Default: as many as
    /// come.
    #[must_use]
    pub const fn calls_per_second_per_endpoint(mut self, limit: Option<u32>) -> Self {
        self.limits.per_endpoint = limit;
        self
    }

    /// How long each answer takes at least. Default: no time.
    #[must_use]
    pub const fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Starts it, in the background of the tokio runtime that this is called in.
    ///
    /// # Errors
    /// [`SandboxError`], which says what to do.
    pub fn start(self) -> Result<RunningSandbox, SandboxError> {
        let address: SocketAddr = self.listen.parse().map_err(|_| SandboxError::NotLoopback)?;
        if !address.ip().is_loopback() {
            return Err(SandboxError::NotLoopback);
        }
        let state = Arc::new(State {
            vault: Vault::new(self.synthetic_customers),
            faults: Faults::default(),
            journal: Journal::default(),
            throttle: Throttle::new(self.limits),
            latency: self.latency,
            started: Instant::now(),
        });
        let listen = |source| SandboxError::Listen { address, source };
        let (server, address) = server::bind(address, state.clone()).map_err(listen)?;
        let handle = server.handle();
        tokio::spawn(server);
        Ok(RunningSandbox { handle, base_url: format!("http://{address}"), state })
    }
}

impl RunningSandbox {
    /// Where its API is.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Makes requests fail from now on. Faults that were set before stay.
    pub fn set_fault(&self, fault: Fault) {
        self.state.faults.add(fault);
    }

    /// Lets every request go well again.
    pub fn clear_faults(&self) {
        self.state.faults.clear();
    }

    /// What it was asked so far.
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.state.journal.requests()
    }

    /// How often each URL was answered, by its path and query; the first 200,000 of them.
    #[must_use]
    pub fn answers(&self) -> BTreeMap<String, u64> {
        self.state.journal.answers()
    }

    /// Counts anew from now on.
    pub fn clear_requests(&self) {
        self.state.journal.clear();
    }

    /// Stops it.
    pub async fn stop(self) {
        self.handle.stop(false).await;
    }
}
