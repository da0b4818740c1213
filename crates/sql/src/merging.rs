//! Calls of one kind that come at the same time are carried out together.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use metrics::{counter, histogram};
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};

/// How many calls are carried out together at most.
const MOST: usize = 128;

/// How many calls wait before another lot goes beside one that is under way. Two lots of a few cost more
/// than one of all: the trip, the commit, and what is told of each lot.
const WORTH_A_LOT: usize = 64;

/// How long a call waits for the lot that is under way: one that takes longer is held up by somebody else,
/// by a lock, say.
const LONG: Duration = Duration::from_millis(20);

/// Carries calls out together, and says in their order what became of each.
type Work<A, T, E> = dyn Fn(Vec<A>) -> BoxFuture<'static, Vec<Result<T, E>>> + Send + Sync;

/// Whether calls of one kind are carried out together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Merge {
    /// Those that come at the same time are.
    #[default]
    Concurrent,
    /// Each is carried out by itself.
    Never,
}

/// Carries a call out at once where nothing is under way, else together with all that come meanwhile:
/// when that ends, when there are many, or when it is held up. The more there are the less each costs.
pub struct Merging<A, T, E>(Arc<Shared<A, T, E>>);

struct Shared<A, T, E> {
    operation: &'static str,
    /// How many lots are under way at once, at most.
    lanes: usize,
    patience: Duration,
    work: Box<Work<A, T, E>>,
    queue: Mutex<Queue<A, T, E>>,
}

struct Queue<A, T, E> {
    waiting: VecDeque<Call<A, T, E>>,
    under_way: usize,
}

struct Call<A, T, E> {
    ask: A,
    tell: oneshot::Sender<Result<T, E>>,
}

impl<A, T, E> Merging<A, T, E>
where
    A: Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
{
    /// What carries calls of this name out, in so many lots at once at most. A call waits no longer than
    /// `patience`, so a lot that takes longer is left.
    pub fn new(
        operation: &'static str,
        lanes: usize,
        patience: Duration,
        work: impl Fn(Vec<A>) -> BoxFuture<'static, Vec<Result<T, E>>> + Send + Sync + 'static,
    ) -> Self {
        let queue = Mutex::new(Queue { waiting: VecDeque::new(), under_way: 0 });
        Self(Arc::new(Shared { operation, lanes, patience, work: Box::new(work), queue }))
    }

    /// Carries this out. Where the caller gives up, it may be carried out all the same.
    ///
    /// `None` where the lane came to no end, since its thread stops, say, or to none in time: it may have
    /// been carried out or not. The caller does it by itself then.
    pub async fn call(&self, ask: A) -> Option<Result<T, E>> {
        let (tell, mut told) = oneshot::channel();
        let began = Instant::now();
        self.go_if(|queue| {
            queue.waiting.push_back(Call { ask, tell });
            queue.is_worth_a_lot(queue.under_way)
        });
        loop {
            if let Ok(told) = timeout(LONG, &mut told).await {
                return told.ok();
            }
            if began.elapsed() >= self.0.patience {
                return None;
            }
            self.go_if(|queue| !queue.waiting.is_empty());
        }
    }

    /// Opens a lane, where one is free and this says so.
    fn go_if(&self, wanted: impl FnOnce(&mut Queue<A, T, E>) -> bool) {
        let lane = {
            let mut queue = self.0.queue();
            (wanted(&mut queue) && queue.under_way < self.0.lanes).then(|| {
                queue.under_way += 1;
                Lane { shared: self.0.clone(), open: true }
            })
        };
        // Not while the queue is held: a runtime that ends drops the lane at once.
        if let Some(lane) = lane {
            tokio::spawn(lane.work_off());
        }
    }
}

impl<A, T, E> Queue<A, T, E> {
    /// Whether what waits is to go now, beside so many other lots.
    fn is_worth_a_lot(&self, others: usize) -> bool {
        let least = if others == 0 { 1 } else { WORTH_A_LOT };
        self.waiting.len() >= least
    }
}

impl<A, T, E> Shared<A, T, E> {
    fn queue(&self) -> MutexGuard<'_, Queue<A, T, E>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works off what is waiting.
struct Lane<A, T, E> {
    shared: Arc<Shared<A, T, E>>,
    open: bool,
}

impl<A, T, E> Lane<A, T, E> {
    async fn work_off(mut self) {
        let mut is_new = true;
        while let Some(calls) = self.next(std::mem::take(&mut is_new)) {
            let (asks, tells): (Vec<_>, Vec<_>) =
                calls.into_iter().map(|Call { ask, tell }| (ask, tell)).unzip();
            let size = u32::try_from(asks.len()).unwrap_or(u32::MAX);
            histogram!("cardlift_store_merged_calls", "operation" => self.shared.operation)
                .record(f64::from(size));
            let work = timeout(self.shared.patience, (self.shared.work)(asks));
            // Who is told nothing knows that it came to no end.
            let results = work.await.unwrap_or_default();
            if results.is_empty() {
                counter!("cardlift_store_split_lots_total", "operation" => self.shared.operation)
                    .increment(1);
            }
            for (tell, result) in tells.into_iter().zip(results) {
                // Whoever gave up does not want to know.
                let _given_up = tell.send(result);
            }
        }
    }

    /// What to do next, but for those who gave up: a lane that is new takes whatever waits. When there is
    /// nothing the lane is closed, and whoever comes opens another.
    fn next(&mut self, is_new: bool) -> Option<Vec<Call<A, T, E>>> {
        let mut queue = self.shared.queue();
        queue.waiting.retain(|call| !call.tell.is_closed());
        let others = if is_new { 0 } else { queue.under_way.saturating_sub(1) };
        if !queue.is_worth_a_lot(others) {
            queue.under_way -= 1;
            self.open = false;
            return None;
        }
        let most = queue.waiting.len().min(MOST);
        Some(queue.waiting.drain(..most).collect())
    }
}

/// Where it did not come to its end: its thread stops, or the work panicked. Nobody is left waiting
/// for a lane that nobody opens.
impl<A, T, E> Drop for Lane<A, T, E> {
    fn drop(&mut self) {
        if self.open {
            let mut queue = self.shared.queue();
            queue.under_way -= 1;
            if queue.under_way == 0 {
                queue.waiting.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests;
