//! How many requests a key of an account may make.

/// How many requests each key of an account may make; `None` is as many as it likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// In a minute.
    pub per_minute: Option<u32>,
    /// In a day.
    pub per_day: Option<u32>,
}

impl Default for RateLimits {
    /// The documented ones: 1,000 a minute, 180,000 a day.
    fn default() -> Self {
        Self { per_minute: Some(1_000), per_day: Some(180_000) }
    }
}
