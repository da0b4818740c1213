use super::*;
use crate::Timestamp;
use crate::audit::{AuditAction, AuditBatchId, AuditItem, AuditLink, AuditSeal, NewAuditBatch};
use crate::ports::{LinkedBatch, MockAuditTrail};

const ACCOUNT: AccountId = AccountId::DEFAULT;

/// A link at this place, with a batch of so many changes, where it is still there.
fn linked(position: i64, changes: Option<i64>) -> LinkedBatch {
    // Ids need not be in the order of the chain.
    let id = AuditBatchId::try_from(100 - position).expect("an id");
    let item = AuditItem::new(AuditAction::CustomerCreated, None, None);
    let batch = changes.map(|changes| {
        let mut new = NewAuditBatch::new(ACCOUNT, Timestamp::UNIX_EPOCH);
        (1..=changes).for_each(|subject| new.add(subject, &item));
        let (subjects, items) = (new.subjects().to_owned(), new.items().to_owned());
        AuditBatch { id, account: ACCOUNT, at: new.at, subjects, items }
    });
    let seal = AuditSeal::from_bytes([0; 32]);
    LinkedBatch { link: AuditLink { account: ACCOUNT, position, batch: id, seal }, batch }
}

/// Of a chain of such batches: how many are on the page after this place, and where it ends.
async fn read(chain: &[Option<i64>], after: i64, most: u32) -> (usize, i64) {
    let chain: Vec<_> = (1..).zip(chain).map(|(place, changes)| linked(place, *changes)).collect();
    let mut trail = MockAuditTrail::new();
    trail.expect_links().returning(move |account, after, most| {
        assert_eq!(account, ACCOUNT);
        let later = chain.iter().filter(|linked| linked.link.position > after);
        Ok(later.take(usize::try_from(most).expect("few")).cloned().collect())
    });
    let page = ReadAudit { trail: Arc::new(trail) }.run(ACCOUNT, after, most).await.expect("read");
    (page.batches.len(), page.end)
}

#[tokio::test]
async fn a_page_has_as_many_batches_as_it_may_and_the_next_is_after_its_end() {
    let chain = vec![Some(1); 30];
    assert_eq!(read(&chain, 0, 20).await, (20, 20));
    assert_eq!(read(&chain, 20, 20).await, (10, 30));
    assert_eq!(read(&chain, 30, 20).await, (0, 30));
    assert_eq!(read(&[], 0, 20).await, (0, 0));
}

#[tokio::test]
async fn a_page_ends_before_it_has_too_many_changes_but_holds_a_batch() {
    let chain = [Some(600), Some(400), Some(1), Some(5_000), Some(1)];
    assert_eq!(read(&chain, 0, 20).await, (2, 2));
    assert_eq!(read(&chain, 2, 20).await, (1, 3));
    assert_eq!(read(&chain, 3, 20).await, (1, 4));
    assert_eq!(read(&chain, 4, 20).await, (1, 5));
}

#[tokio::test]
async fn a_batch_that_is_gone_is_passed_over() {
    assert_eq!(read(&[None, Some(1), None], 0, 20).await, (1, 3));
    assert_eq!(read(&[None, Some(1), None], 0, 1).await, (0, 1));
}
