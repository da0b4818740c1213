//! Connections that the vault ended while they were idle. That it does so just when one is taken
//! again can't be ruled out, and is no fault of its.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cardlift_core::ports::VaultError;
use cardlift_stripe::StripeVault;
use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Barrier;

use crate::harness::{CARD, CUSTOMER, accepting, builder, read};
use crate::trouble::says;

const NOT_THERE: &[u8] = b"HTTP/1.1 404 Not Found\r\nContent-Length: 54\r\n\r\n\
    {\"error\": {\"code\": \"resource_missing\", \"param\": \"id\"}}";

/// How a connection ends whose second request comes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    /// It is closed.
    Close,
    /// What came is not read, which resets it.
    Reset,
    /// It is closed within the head of an answer.
    CutHead,
    /// It is closed within the body.
    CutBody,
    /// It is told that none came in time, which the vault had sent before it came.
    TimedOut,
    /// It does not: it is dead, and nobody knows.
    Never,
}

/// A server that answers the first request of each connection and no other. Before it answers as
/// many have to ask at once as `together` wants, so that there are so many connections.
pub(crate) struct OnceEach {
    pub(crate) together: usize,
    pub(crate) end: End,
}

impl OnceEach {
    /// Where it is, and how many connections were made.
    pub(crate) async fn start(self) -> (String, Arc<AtomicUsize>) {
        let Self { together, end } = self;
        let gathered = Arc::new(Barrier::new(together));
        accepting(move |connection, before| {
            serve(connection, (before < together).then(|| gathered.clone()), end)
        })
        .await
    }
}

async fn serve(mut connection: TcpStream, gathered: Option<Arc<Barrier>>, end: End) {
    let mut request = [0; 4_096];
    let _read = connection.read(&mut request).await;
    if let Some(gathered) = gathered {
        gathered.wait().await;
    }
    let _written = connection.write_all(NOT_THERE).await;
    let last: &[u8] = match end {
        End::Close => b"",
        End::Reset => {
            let _readable = connection.readable().await;
            return;
        }
        End::CutHead => b"HTTP/1.1 404 Not",
        End::CutBody => b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{",
        End::TimedOut => b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n",
        End::Never => return std::future::pending().await,
    };
    let _read = connection.read(&mut request).await;
    let _written = connection.write_all(last).await;
}

/// A vault that one failure closes for good, and tries nothing again.
fn without_mercy(base: &str) -> StripeVault {
    let builder = builder(base).retries(0).breaker(1, Duration::from_secs(600));
    builder.build().expect("a vault")
}

/// So many calls at once, each about another customer. Each must be answered.
async fn all_are_answered(vault: &Arc<StripeVault>, calls: usize) {
    let calls = (0..calls).map(|call| {
        let vault = vault.clone();
        tokio::spawn(async move { read(&vault, &format!("cus_{call}"), CARD).await })
    });
    for call in calls.collect::<Vec<_>>() {
        let error = call.await.expect("no panic").expect_err("not there");
        assert!(matches!(error, VaultError::CardNotFound { .. }), "{error:?}");
    }
}

#[rstest]
#[tokio::test]
async fn many_that_ended_at_once_are_no_failure(
    #[values(End::Close, End::Reset, End::CutHead, End::CutBody, End::TimedOut)] end: End,
) {
    let (base, connections) = OnceEach { together: 16, end }.start().await;
    let vault = Arc::new(without_mercy(&base));
    all_are_answered(&vault, 16).await;
    assert_eq!(connections.load(Ordering::SeqCst), 16, "so many are idle now");
    all_are_answered(&vault, 16).await;
}

/// What is asked again is not asked over the next one of those that ended.
#[tokio::test]
async fn one_call_meets_only_one_that_ended() {
    let (base, _) = OnceEach { together: 16, end: End::Close }.start().await;
    let vault = Arc::new(without_mercy(&base));
    all_are_answered(&vault, 16).await;
    for _ in 0..16 {
        all_are_answered(&vault, 1).await;
    }
}

/// A vault that gives a connection up after this time, and tries so often again.
fn with_little_patience(base: &str, retries: u32) -> Arc<StripeVault> {
    let builder = builder(base).read_timeout(Duration::from_secs(2)).retries(retries);
    Arc::new(builder.breaker(1 + retries, Duration::ZERO).build().expect("a vault"))
}

/// It is not known to be dead, so that costs the try. The next one does not meet another.
#[tokio::test]
async fn what_is_tried_again_meets_no_other_dead_one() {
    let (base, _) = OnceEach { together: 2, end: End::Never }.start().await;
    let vault = with_little_patience(&base, 1);
    all_are_answered(&vault, 2).await;
    all_are_answered(&vault, 1).await;
}

#[tokio::test]
async fn nor_does_a_probe() {
    let (base, _) = OnceEach { together: 2, end: End::Never }.start().await;
    let vault = with_little_patience(&base, 0);
    all_are_answered(&vault, 2).await;
    let error = read(&vault, CUSTOMER, CARD).await.expect_err("the connection is dead");
    assert!(matches!(error, VaultError::Unavailable { .. }), "{error:?}");
    all_are_answered(&vault, 1).await;
}

/// One that ends though it is new is the vault's fault: asked again once, and then no more.
#[tokio::test]
async fn a_vault_that_ends_new_ones_is_down() {
    let (base, count) = says(b"").await;
    let vault = without_mercy(&base);
    for _ in 0..5 {
        let error = read(&vault, CUSTOMER, CARD).await.expect_err("down");
        assert!(matches!(error, VaultError::Unavailable { .. }), "{error:?}");
    }
    assert_eq!(count.load(Ordering::SeqCst), 2);
}
