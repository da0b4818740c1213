//! Every limit of the vault's. Pure: the time is handed in.

use std::time::{Duration, Instant};

use super::lane::Lane;
use super::rates::Rates;
use super::reason::{Reason, Slows};
use crate::endpoint::{Endpoint, PerEndpoint};

/// For how long after a live request more of them are reckoned with.
const LIVE_FOR: Duration = Duration::from_secs(10);

/// The most that is left to live requests.
const LARGEST_SHARE: f64 = 0.9;

#[derive(Debug)]
pub(super) struct Limits {
    overall: Lane,
    endpoints: PerEndpoint<Lane>,
    /// What jobs may use while there are live requests.
    bulk_part: f64,
    last_live: Option<Instant>,
}

impl Limits {
    pub(super) fn new(rates: Rates, now: Instant) -> Self {
        Self {
            overall: Lane::new(rates.overall, now),
            endpoints: PerEndpoint::of(|| Lane::new(rates.per_endpoint, now)),
            bulk_part: 1.0 - rates.live_share.clamp(0.0, LARGEST_SHARE),
            last_live: None,
        }
    }

    /// Takes a slot of this endpoint for a job, or says when to ask again.
    pub(super) fn take(&mut self, endpoint: Endpoint, now: Instant) -> Result<(), Instant> {
        let part = if self.is_live(now) { self.bulk_part } else { 1.0 };
        let lane = self.endpoints.get_mut(endpoint);
        // Both are asked, so that both know that somebody waits.
        let due = self.overall.due(now).max(lane.due(now));
        if let Some(due) = due {
            return Err(due);
        }
        self.overall.take(now, part);
        lane.take(now, part);
        Ok(())
    }

    /// Notes a live request.
    pub(super) fn live(&mut self, endpoint: Endpoint, now: Instant) {
        self.last_live = Some(now);
        self.unasked(endpoint, now);
    }

    /// Notes a request that is made without waiting, whoever it is for.
    pub(super) fn unasked(&mut self, endpoint: Endpoint, now: Instant) {
        self.overall.unasked(now);
        self.endpoints.get_mut(endpoint).unasked(now);
    }

    /// Slows down what the vault named.
    pub(super) fn throttled(&mut self, endpoint: Endpoint, reason: Reason, now: Instant) {
        let slows = reason.slows();
        if matches!(slows, Slows::Overall | Slows::Both) {
            self.overall.throttled(now);
        }
        if matches!(slows, Slows::Endpoint | Slows::Both) {
            self.endpoints.get_mut(endpoint).throttled(now);
        }
    }

    /// The rates of now: overall, and of this endpoint.
    pub(super) fn rates(&self, endpoint: Endpoint, now: Instant) -> (f64, f64) {
        (self.overall.rate(now), self.endpoints.get(endpoint).rate(now))
    }

    fn is_live(&self, now: Instant) -> bool {
        self.last_live.is_some_and(|live| now.saturating_duration_since(live) < LIVE_FOR)
    }
}

#[cfg(test)]
mod tests;
