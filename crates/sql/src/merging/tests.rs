use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use tokio::sync::Semaphore;

use super::*;

type Doubling = Merging<u32, u32, StoreError>;

/// Doubles numbers, each lot once the gate lets it through, and notes how large the lots were.
fn doubling(lanes: usize, gate: &Arc<Semaphore>) -> (Doubling, Arc<Mutex<Vec<usize>>>) {
    let lots = Arc::new(Mutex::new(Vec::new()));
    let (gate, noted) = (gate.clone(), lots.clone());
    let merging = Merging::new("double", lanes, move |asks: Vec<u32>| {
        let (gate, noted) = (gate.clone(), noted.clone());
        async move {
            gate.acquire().await.expect("open").forget();
            noted.lock().expect("no panic").push(asks.len());
            asks.into_iter().map(|ask| Ok(ask * 2)).collect()
        }
        .boxed()
    });
    (merging, lots)
}

#[tokio::test]
async fn what_comes_meanwhile_is_carried_out_together_and_each_gets_its_own() {
    let gate = Arc::new(Semaphore::new(0));
    let (merging, lots) = doubling(1, &gate);
    let calls = join_all((0..300).map(|ask| merging.call(ask)));
    gate.add_permits(10);
    let answers: Vec<_> = calls.await.into_iter().map(|answer| answer.expect("done")).collect();
    assert_eq!(answers, (0..300).map(|ask| ask * 2).collect::<Vec<_>>());
    // All had come before the first lot was begun.
    assert_eq!(*lots.lock().expect("no panic"), [128, 128, 44]);
}

#[tokio::test]
async fn a_call_that_is_alone_waits_for_nobody() {
    let gate = Arc::new(Semaphore::new(10));
    let (merging, lots) = doubling(2, &gate);
    for ask in 0..3 {
        assert_eq!(merging.call(ask).await.expect("done"), ask * 2);
    }
    assert_eq!(*lots.lock().expect("no panic"), [1, 1, 1]);
}

#[tokio::test]
async fn who_gives_up_takes_nobody_along() {
    let gate = Arc::new(Semaphore::new(0));
    let (merging, _lots) = doubling(1, &gate);
    assert!(merging.call(1).now_or_never().is_none(), "it would have to wait");
    let other = merging.call(2);
    gate.add_permits(2);
    assert_eq!(other.await.expect("done"), 4);
}

#[tokio::test]
async fn after_a_panic_it_goes_on() {
    let calls = AtomicUsize::new(0);
    let merging = Merging::new("double", 1, move |asks: Vec<u32>| {
        let first = calls.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            assert!(!first, "the first one fails");
            asks.into_iter().map(Ok::<_, StoreError>).collect()
        }
        .boxed()
    });
    let failed = merging.call(1).await.expect_err("it panicked");
    assert_eq!(failed.kind(), StoreErrorKind::Unavailable);
    assert_eq!(merging.call(2).await.expect("done"), 2);
}
