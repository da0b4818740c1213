//! Telling an engine to stop.

use tokio::sync::watch;

/// Says when to stop.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// Tells all that hold its [`Stop`] to stop; so does dropping it.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// A signal to stop, and who gives it.
#[must_use]
pub fn stop_signal() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Tells them.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Whether it was told.
    #[must_use]
    pub fn is_told(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Waits until it is told.
    pub async fn told(&mut self) {
        // An error says that nobody is left to tell.
        let _told_or_gone = self.0.wait_for(|told| *told).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_is_told_by_word_or_by_nobody_being_left() {
        let (stopper, mut stop) = stop_signal();
        assert!(!stop.is_told());
        stopper.stop();
        assert!(stop.is_told());
        stop.told().await;
        let (stopper, mut stop) = stop_signal();
        drop(stopper);
        assert!(stop.is_told());
        stop.told().await;
    }
}
