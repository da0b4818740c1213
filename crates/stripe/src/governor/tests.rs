use std::sync::Arc;

use super::*;

const RATES: Rates = Rates { overall: 100.0, per_endpoint: 25.0, live_share: 0.2 };

#[tokio::test(start_paused = true)]
async fn a_thousand_requests_take_as_long_as_the_limit_says() {
    let governor = Arc::new(Governor::new(Rates { per_endpoint: 100.0, ..RATES }));
    let started = Instant::now();
    let wait = || {
        let governor = governor.clone();
        tokio::spawn(async move { governor.wait(Endpoint::ListCustomers).await })
    };
    for waiting in std::iter::repeat_with(wait).take(1_000).collect::<Vec<_>>() {
        waiting.await.expect("no panic");
    }
    let seconds = started.elapsed().as_secs_f64();
    assert!((9.98..10.5).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn whoever_came_first_goes_first_and_one_that_gives_up_takes_no_slot() {
    let governor = Arc::new(Governor::new(RATES));
    let started = Instant::now();
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..10 {
        let (governor, order) = (governor.clone(), order.clone());
        tasks.push(tokio::spawn(async move {
            governor.wait(Endpoint::ReadHolding).await;
            order.lock().expect("no panic").push(number);
        }));
        tokio::task::yield_now().await;
    }
    for given_up in [4, 5, 6] {
        tasks[given_up].abort();
    }
    for task in tasks {
        let _given_up = task.await;
    }
    assert_eq!(*order.lock().expect("no panic"), [0, 1, 2, 3, 7, 8, 9]);
    assert!(started.elapsed() < Duration::from_millis(6 * 40 + 10));
}

#[tokio::test(start_paused = true)]
async fn a_wait_says_how_long_it_was() {
    let governor = Governor::new(RATES);
    assert_eq!(governor.wait(Endpoint::ListHoldings).await, Duration::ZERO);
    assert_eq!(governor.wait(Endpoint::ListHoldings).await, Duration::from_millis(40));
}
