//! Port: randomness.

/// A source of bytes that nobody can guess.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Entropy: Send + Sync {
    /// Fills the slice with random bytes, fit for secrets.
    fn fill(&self, bytes: &mut [u8]);
}
