//! The limits that are kept to.

/// How many requests a second there may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// To all endpoints together, at least 1.
    pub overall: f64,
    /// To each endpoint, at least 1.
    pub per_endpoint: f64,
    /// The part of both that jobs leave to live requests while there are any, from 0 to 0.9.
    pub live_share: f64,
}

impl Default for Rates {
    /// 100 in all and 25 for an endpoint, as Stripe has it unless it was asked for more; a fifth
    /// for live requests.
    fn default() -> Self {
        Self { overall: 100.0, per_endpoint: 25.0, live_share: 0.2 }
    }
}
