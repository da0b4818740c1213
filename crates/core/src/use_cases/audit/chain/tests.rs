use std::sync::Mutex;

use super::*;
use crate::Timestamp;
use crate::audit::{AuditBatchDigest, AuditBatchId, items_digest};
use crate::ports::MockAuditTrail;

fn key() -> ChainKey {
    ChainKey::new(&vec![7; ChainKey::LENGTH].into()).expect("a key")
}

fn account(id: i64) -> AccountId {
    AccountId::try_from(id).expect("an id")
}

async fn run(trail: MockAuditTrail) -> Chained {
    let chain = AuditChain { trail: Arc::new(trail), key: key() };
    chain.run().await.expect("looked")
}

/// How many batches are chained where no account fails.
async fn chained(trail: MockAuditTrail) -> u64 {
    let done = run(trail).await;
    assert!(done.failed.is_empty(), "{done:?}");
    done.count()
}

fn batch(of: i64, id: i64) -> AuditBatchDigest {
    let id = AuditBatchId::try_from(id).expect("an id");
    AuditBatchDigest::new(id, account(of), Timestamp::UNIX_EPOCH, "1", &items_digest("{}"))
}

#[tokio::test]
async fn each_account_has_a_chain_of_its_own_that_goes_on_where_it_ended() {
    let last = key().link(None, &batch(2, 1));
    let first = key().link(None, &batch(1, 2));
    let of_one = vec![first.clone(), key().link(Some(&first), &batch(1, 4))];
    let of_other = vec![key().link(Some(&last), &batch(2, 3))];
    let mut trail = MockAuditTrail::new();
    let waiting = Mutex::new(vec![batch(1, 2), batch(2, 3), batch(1, 4)]);
    trail
        .expect_unchained()
        .returning(move |_, _| Ok(std::mem::take(&mut waiting.lock().expect("held"))));
    trail
        .expect_last_link()
        .times(2)
        .returning(move |of| Ok((of == account(2)).then(|| last.clone())));
    for expected in [of_one, of_other] {
        trail.expect_chain().once().withf(move |links| links == expected).return_once(|_| Ok(true));
    }
    assert_eq!(chained(trail).await, 3);
}

#[tokio::test]
async fn an_account_whose_chain_is_refused_keeps_no_other_up() {
    let mut trail = MockAuditTrail::new();
    trail.expect_unchained().once().return_once(|_, _| Ok(vec![batch(1, 1), batch(2, 2)]));
    trail.expect_last_link().returning(|_| Ok(None));
    trail.expect_chain().times(2).returning(|links| Ok(links[0].account == account(2)));
    assert_eq!(chained(trail).await, 1);
}

#[tokio::test]
async fn where_somebody_else_is_at_it_nothing_is_done() {
    let mut trail = MockAuditTrail::new();
    trail.expect_unchained().once().return_once(|_, _| Ok(vec![batch(1, 1)]));
    trail.expect_last_link().return_once(|_| Ok(None));
    trail.expect_chain().once().return_once(|_| Ok(false));
    assert_eq!(chained(trail).await, 0);
}

/// Chains batches of one account that come so many at once, and nothing after them.
async fn chained_of(pages: &[i64]) -> u64 {
    let mut trail = MockAuditTrail::new();
    let mut first = 0;
    let pages = pages.iter().map(|count| {
        first += count;
        (first - count..first).map(|id| batch(1, id + 1)).collect::<Vec<_>>()
    });
    let pages: Vec<_> = pages.collect();
    let asked = trail.expect_unchained().times(pages.len());
    let waiting = Mutex::new(pages.into_iter());
    asked.returning(move |most, except| {
        assert_eq!((most, except), (AT_ONCE, [].as_slice()));
        Ok(waiting.lock().expect("held").next().unwrap_or_default())
    });
    trail.expect_last_link().returning(|_| Ok(None));
    trail.expect_chain().returning(|_| Ok(true));
    chained(trail).await
}

#[tokio::test]
async fn it_goes_on_while_as_many_wait_as_are_chained_in_one_go() {
    let most = i64::from(AT_ONCE);
    assert_eq!(chained_of(&[most, most, 3]).await, 2_003);
    assert_eq!(chained_of(&[most, 0]).await, 1_000);
    assert_eq!(chained_of(&[most - 1]).await, 999, "what comes meanwhile waits");
}

/// A trail whose last link is, of the first account, this, and in which only links of the second are taken.
fn half_failing(first: fn() -> Result<Option<AuditLink>, StoreError>) -> MockAuditTrail {
    let mut trail = MockAuditTrail::new();
    trail.expect_last_link().returning(move |of| if of == account(1) { first() } else { Ok(None) });
    trail.expect_chain().returning(|links| Ok(links[0].account == account(2)));
    trail
}

fn corrupt() -> Result<Option<AuditLink>, StoreError> {
    Err(StoreError::new(StoreErrorKind::Corrupt, "no seal"))
}

/// The numbers of the accounts that failed.
fn failed(done: &Chained) -> Vec<i64> {
    done.failed.keys().map(|of| of.get()).collect()
}

#[tokio::test]
async fn an_account_whose_chain_fails_keeps_no_other_up() {
    let mut trail = half_failing(corrupt);
    trail.expect_unchained().once().return_once(|_, _| Ok(vec![batch(1, 1), batch(2, 2)]));
    let done = run(trail).await;
    assert_eq!((done.count(), failed(&done)), (1, vec![1]));
}

/// However many of its batches stand before those of others.
async fn is_passed_over(first: fn() -> Result<Option<AuditLink>, StoreError>, expected: &[i64]) {
    let mut trail = half_failing(first);
    trail.expect_unchained().times(2).returning(|most, except| {
        let of_first = (1..=i64::from(most)).map(|id| batch(1, id)).collect();
        Ok(if except == [account(1)] { vec![batch(2, 5_000)] } else { of_first })
    });
    let done = run(trail).await;
    assert_eq!((done.count(), failed(&done).as_slice()), (1, expected));
}

#[tokio::test]
async fn an_account_of_which_nothing_can_be_chained_is_passed_over() {
    is_passed_over(corrupt, &[1]).await;
    is_passed_over(|| Ok(None), &[]).await;
}

#[tokio::test]
async fn a_store_that_is_out_of_reach_is_not_asked_for_each_account() {
    let mut trail = MockAuditTrail::new();
    trail.expect_unchained().once().return_once(|_, _| Ok(vec![batch(1, 1), batch(2, 2)]));
    let down = || StoreError::new(StoreErrorKind::Unavailable, "down");
    trail.expect_last_link().once().returning(move |_| Err(down()));
    let chain = AuditChain { trail: Arc::new(trail), key: key() };
    let error = chain.run().await.expect_err("nothing is chained");
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
}
