use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use tokio::sync::Semaphore;

use super::*;

const PATIENCE: Duration = Duration::from_secs(60);

type Doubling = Merging<u32, u32, ()>;

/// Doubles numbers, each lot once the gate lets it through, and notes how large the lots were.
fn doubling(lanes: usize, gate: &Arc<Semaphore>) -> (Doubling, Arc<Mutex<Vec<usize>>>) {
    let lots = Arc::new(Mutex::new(Vec::new()));
    let (gate, noted) = (gate.clone(), lots.clone());
    let merging = Merging::new("double", lanes, PATIENCE, move |asks: Vec<u32>| {
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
    let answers = calls.await;
    assert_eq!(answers, (0..300).map(|ask| Some(Ok(ask * 2))).collect::<Vec<_>>());
    // All had come before the first lot was begun.
    assert_eq!(*lots.lock().expect("no panic"), [128, 128, 44]);
}

#[tokio::test]
async fn a_call_that_is_alone_waits_for_nobody() {
    let gate = Arc::new(Semaphore::new(10));
    let (merging, lots) = doubling(2, &gate);
    for ask in 0..3 {
        assert_eq!(merging.call(ask).await, Some(Ok(ask * 2)));
    }
    assert_eq!(*lots.lock().expect("no panic"), [1, 1, 1]);
}

#[tokio::test]
async fn who_gives_up_takes_nobody_along_and_is_left_out() {
    let gate = Arc::new(Semaphore::new(0));
    let (merging, lots) = doubling(1, &gate);
    // It opens the lane, which is not begun yet.
    assert!(merging.call(1).now_or_never().is_none(), "it would have to wait");
    let other = merging.call(2);
    gate.add_permits(2);
    assert_eq!(other.await, Some(Ok(4)));
    assert_eq!(*lots.lock().expect("no panic"), [1]);
}

#[tokio::test]
async fn after_a_panic_whoever_waits_is_told_and_it_goes_on() {
    let calls = AtomicUsize::new(0);
    let merging = Merging::new("double", 1, PATIENCE, move |asks: Vec<u32>| {
        let first = calls.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            assert!(!first, "the first one fails");
            asks.into_iter().map(Ok::<_, ()>).collect()
        }
        .boxed()
    });
    let told = join_all((0..200).map(|ask| merging.call(ask))).await;
    assert!(told.iter().all(Option::is_none), "those of the lot, and those behind it");
    assert_eq!(merging.call(2).await, Some(Ok(2)));
}

#[tokio::test(start_paused = true)]
async fn a_lot_without_end_is_left() {
    let merging = Merging::new("wait", 1, PATIENCE, |asks: Vec<bool>| {
        async move {
            if asks.contains(&true) {
                std::future::pending::<()>().await;
            }
            asks.into_iter().map(Ok::<_, ()>).collect()
        }
        .boxed()
    });
    assert_eq!(merging.call(true).await, None);
    assert_eq!(merging.call(false).await, Some(Ok(false)));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_one_lot_after_another() {
    let merging = Merging::new("wait", 1, PATIENCE, |asks: Vec<u32>| {
        async move {
            std::future::pending::<()>().await;
            asks.into_iter().map(Ok::<_, ()>).collect()
        }
        .boxed()
    });
    let began = Instant::now();
    let told = join_all((0..300).map(|ask| merging.call(ask))).await;
    assert!(told.iter().all(Option::is_none), "there were three lots of them");
    assert!(began.elapsed() < PATIENCE + 2 * LONG, "{:?}", began.elapsed());
}

/// How long the lot takes that it is in.
#[derive(Debug, Clone, Copy)]
enum Ask {
    Takes(Duration),
    ComesToNoEnd,
}

const AT_ONCE: Ask = Ask::Takes(Duration::ZERO);

/// Two lanes, of which one is held up.
async fn held_up() -> Arc<Merging<Ask, (), ()>> {
    let merging = Merging::new("wait", 2, PATIENCE, |asks: Vec<Ask>| {
        async move {
            for ask in &asks {
                match ask {
                    Ask::Takes(time) => tokio::time::sleep(*time).await,
                    Ask::ComesToNoEnd => std::future::pending().await,
                }
            }
            vec![Ok(()); asks.len()]
        }
        .boxed()
    });
    let merging = Arc::new(merging);
    let first = merging.clone();
    let first = tokio::spawn(async move { first.call(Ask::ComesToNoEnd).await });
    while merging.0.queue().under_way == 0 || !merging.0.queue().waiting.is_empty() {
        tokio::task::yield_now().await;
    }
    // Its caller gives up, and does not look any more whether others wait.
    first.abort();
    merging
}

#[tokio::test(start_paused = true)]
async fn a_lot_that_is_held_up_holds_nobody_up_for_long() {
    let merging = held_up().await;
    let began = Instant::now();
    assert_eq!(merging.call(AT_ONCE).await, Some(Ok(())));
    assert_eq!(began.elapsed(), LONG);
}

/// The lot that went beside the one that is held up leaves one behind, which is not worth a lot.
#[tokio::test(start_paused = true)]
async fn nor_does_one_for_which_there_was_no_lane_at_first() {
    let merging = held_up().await;
    let began = Instant::now();
    let long = merging.call(Ask::Takes(2 * LONG));
    let late = async {
        tokio::time::sleep(LONG + LONG / 2).await;
        merging.call(AT_ONCE).await
    };
    let (long, late) = tokio::join!(long, late);
    assert_eq!((long, late), (Some(Ok(())), Some(Ok(()))));
    assert!(began.elapsed() <= 4 * LONG, "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn many_go_beside_a_lot_that_is_under_way() {
    let merging = held_up().await;
    let began = Instant::now();
    let told = join_all((0..WORTH_A_LOT).map(|_| merging.call(AT_ONCE))).await;
    assert_eq!(told, vec![Some(Ok(())); WORTH_A_LOT]);
    assert_eq!(began.elapsed(), Duration::ZERO);
    join_all((1..WORTH_A_LOT).map(|_| merging.call(AT_ONCE))).await;
    assert_eq!(began.elapsed(), LONG, "it was one too few");
}
