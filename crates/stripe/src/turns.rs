//! One request in flight for each customer of the vault.
//!
//! Stripe locks a customer while it serves a request about it, and answers `lock_timeout` to the
//! others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as Queue, OwnedMutexGuard};

type Queues = HashMap<String, Arc<Queue<()>>>;

/// Whose turn it is, by customer. Holds nothing of a customer nobody waits for.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<Queues>);

/// A customer's turn, or the wait for it; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    customer: &'a str,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits until nobody else has this customer's turn.
    pub(crate) async fn take<'a>(&'a self, customer: &'a str) -> Turn<'a> {
        // Made before the wait, so that a wait that is given up is cleaned up after as well.
        let mut turn = Turn { turns: self, customer, held: None };
        let queue = self.queues().entry(customer.to_owned()).or_default().clone();
        turn.held = Some(queue.lock_owned().await);
        turn
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.held = None;
        let mut queues = self.turns.queues();
        let idle = |queue: &Arc<Queue<()>>| Arc::strong_count(queue) == 1;
        if queues.get(self.customer).is_some_and(idle) {
            queues.remove(self.customer);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn a_second_request_for_a_customer_waits_and_another_customer_does_not() {
        let turns = Turns::default();
        let first = turns.take("cus_1").await;
        let mut second = pin!(turns.take("cus_1"));
        assert!(poll(second.as_mut()).is_pending());
        drop(turns.take("cus_2").await);
        drop(first);
        assert!(poll(second.as_mut()).is_ready());
    }

    #[tokio::test]
    async fn nothing_is_kept_of_customers_nobody_waits_for() {
        let turns = Turns::default();
        let first = turns.take("cus_1").await;
        {
            let mut given_up = pin!(turns.take("cus_1"));
            assert!(poll(given_up.as_mut()).is_pending());
        }
        drop(first);
        assert!(turns.queues().is_empty());
    }

    #[tokio::test]
    async fn a_wait_that_is_given_up_late_leaves_nothing_either() {
        let turns = Turns::default();
        let first = turns.take("cus_1").await;
        let mut given_up = Box::pin(turns.take("cus_1"));
        assert!(poll(given_up.as_mut()).is_pending());
        drop(first);
        drop(given_up);
        assert!(turns.queues().is_empty());
    }
}
