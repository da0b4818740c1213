//! How long is waited, and how often it is tried again.

use std::time::Duration;

use crate::governor::Rates;

/// The bounds of one call. The defaults are those of Stripe's own clients, where these have any.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    /// For a connection to stand.
    pub(crate) connect_timeout: Duration,
    /// Between two pieces of an answer.
    pub(crate) read_timeout: Duration,
    /// For all of it: queueing, tries, the waits between them.
    pub(crate) total_timeout: Duration,
    /// How often a failed try is followed by another.
    pub(crate) retries: u32,
    /// The wait before the first retry; it doubles with each.
    pub(crate) backoff_base: Duration,
    /// The longest wait before a retry.
    pub(crate) backoff_cap: Duration,
    /// The longest body with one object, after decompression, in bytes.
    pub(crate) max_body: usize,
    /// The longest body with more, after decompression, in bytes.
    pub(crate) max_list_body: usize,
    /// How many failures in a row open the breaker.
    pub(crate) breaker_failures: u32,
    /// How long the breaker stays open.
    pub(crate) breaker_open_for: Duration,
    /// What jobs keep to; without them, nothing.
    pub(crate) rates: Option<Rates>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(3),
            read_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(25),
            retries: 2,
            backoff_base: Duration::from_millis(500),
            backoff_cap: Duration::from_secs(5),
            max_body: 256 * 1024,
            max_list_body: 8 * 1024 * 1024,
            breaker_failures: 5,
            breaker_open_for: Duration::from_secs(10),
            rates: Some(Rates::default()),
        }
    }
}
