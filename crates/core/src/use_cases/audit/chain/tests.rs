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
        .returning(move |_| Ok(std::mem::take(&mut waiting.lock().expect("held"))));
    trail
        .expect_last_link()
        .times(2)
        .returning(move |of| Ok((of == account(2)).then(|| last.clone())));
    for expected in [of_one, of_other] {
        trail.expect_chain().once().withf(move |links| links == expected).return_once(|_| Ok(true));
    }
    assert_eq!(AuditChain { trail: Arc::new(trail), key: key() }.run().await.expect("chained"), 3);
}

#[tokio::test]
async fn an_account_whose_chain_is_refused_keeps_no_other_up() {
    let mut trail = MockAuditTrail::new();
    trail.expect_unchained().once().return_once(|_| Ok(vec![batch(1, 1), batch(2, 2)]));
    trail.expect_last_link().returning(|_| Ok(None));
    trail.expect_chain().times(2).returning(|links| Ok(links[0].account == account(2)));
    let chain = AuditChain { trail: Arc::new(trail), key: key() };
    assert_eq!(chain.run().await.expect("chained"), 1);
}

#[tokio::test]
async fn where_somebody_else_is_at_it_nothing_is_done() {
    let mut trail = MockAuditTrail::new();
    trail.expect_unchained().once().return_once(|_| Ok(vec![batch(1, 1)]));
    trail.expect_last_link().return_once(|_| Ok(None));
    trail.expect_chain().once().return_once(|_| Ok(false));
    assert_eq!(AuditChain { trail: Arc::new(trail), key: key() }.run().await.expect("looked"), 0);
}
