//! That the server is told to stop.

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};

/// Comes to pass when the server is told to stop.
#[derive(Debug, Clone)]
pub struct Stopping(Shared<BoxFuture<'static, ()>>);

impl Stopping {
    /// It is told when this comes to its end.
    pub fn when(told: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(told.boxed().shared())
    }

    /// Waits until it is told.
    pub(crate) async fn told(&self) {
        self.0.clone().await;
    }
}
