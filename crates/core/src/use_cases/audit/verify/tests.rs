use super::*;
use crate::Timestamp;
use crate::audit::{AuditAction, AuditBatch, AuditItem, AuditLink, NewAuditBatch};
use crate::ports::{BatchStanding, MockAuditTrail};

const ACCOUNT: AccountId = AccountId::DEFAULT;

fn key() -> ChainKey {
    ChainKey::new(&vec![7; ChainKey::LENGTH].into()).expect("a key")
}

fn batch(id: i64) -> AuditBatch {
    let item = AuditItem::new(AuditAction::CustomerCreated, None, None);
    let new = NewAuditBatch::one(ACCOUNT, Timestamp::UNIX_EPOCH, id * 10, &item);
    AuditBatch {
        id: AuditBatchId::try_from(id).expect("an id"),
        account: ACCOUNT,
        at: new.at,
        subjects: new.subjects().to_owned(),
        items: new.items().to_owned(),
    }
}

/// A chain of three batches.
fn chain() -> Vec<LinkedBatch> {
    let mut before: Option<AuditLink> = None;
    let linked = [3, 1, 2].map(|id| {
        let batch = batch(id);
        let link = key().link(before.as_ref(), &batch.digest());
        before = Some(link.clone());
        LinkedBatch { link, batch: Some(batch) }
    });
    linked.into()
}

fn head(linked: &LinkedBatch) -> AuditHead {
    AuditHead { position: linked.link.position, seal: linked.link.seal }
}

async fn verify(
    links: Vec<LinkedBatch>,
    strays: Vec<AuditBatchId>,
    known: Option<AuditHead>,
) -> VerifiedTrail {
    let mut trail = MockAuditTrail::new();
    trail.expect_links().returning(move |_, after, _| {
        Ok(links.iter().filter(|linked| linked.link.position > after).cloned().collect())
    });
    trail.expect_standings().returning(move |_, after, _| {
        // One at once.
        let next = (after.map_or(1, |after| after.get() + 1)..=9).find_map(|id| id.try_into().ok());
        Ok(next
            .map(|batch| BatchStanding { batch, is_stray: strays.contains(&batch) })
            .into_iter()
            .collect())
    });
    VerifyAudit { trail: Arc::new(trail), key: key() }.run(ACCOUNT, known).await.expect("verified")
}

#[tokio::test]
async fn a_trail_as_it_was_written_has_no_flaw() {
    let chain = chain();
    let ends = head(&chain[2]);
    let found = verify(chain.clone(), Vec::new(), Some(head(&chain[1]))).await;
    let expected = VerifiedTrail { batches: 3, changes: 3, head: Some(ends), flaws: Vec::new() };
    assert_eq!(found, expected);
    assert_eq!(verify(Vec::new(), Vec::new(), None).await, VerifiedTrail::default());
}

fn edit_item(chain: &mut [LinkedBatch]) {
    chain[1].batch.as_mut().expect("there").items.push(' ');
}

fn edit_subject(chain: &mut [LinkedBatch]) {
    chain[1].batch.as_mut().expect("there").subjects = "11".to_owned();
}

fn edit_time(chain: &mut [LinkedBatch]) {
    chain[1].batch.as_mut().expect("there").at += chrono::TimeDelta::seconds(1);
}

fn other_batch(chain: &mut [LinkedBatch]) {
    let (link, other) = (&mut chain[1].link, batch(9));
    link.batch = other.id;
    chain[1].batch = Some(other);
}

#[tokio::test]
async fn a_batch_that_was_changed_is_found() {
    for edit in [edit_item, edit_subject, edit_time, other_batch] {
        let mut chain = chain();
        edit(&mut chain);
        let batch = chain[1].link.batch;
        let found = verify(chain, Vec::new(), None).await;
        assert_eq!(found.flaws, [AuditFlaw::Changed(2, batch)]);
    }
}

#[tokio::test]
async fn what_was_taken_away_is_found() {
    let mut without_batch = chain();
    let gone = without_batch[0].batch.take().expect("there").id;
    let found = verify(without_batch, Vec::new(), None).await;
    assert_eq!(found.flaws, [AuditFlaw::BatchGone(1, gone)]);

    let mut without_link = chain();
    without_link.remove(0);
    let found = verify(without_link, vec![gone], None).await;
    let expected = [AuditFlaw::LinksGone { from: 1, to: 1 }, AuditFlaw::Stray(gone)];
    assert_eq!(found.flaws, expected);
}

#[tokio::test]
async fn an_end_that_was_cut_off_is_found_by_who_knows_it() {
    let mut chain = chain();
    let known = head(&chain.pop().expect("three"));
    assert_eq!(verify(chain.clone(), Vec::new(), None).await.flaws, []);
    let found = verify(chain, Vec::new(), Some(known)).await;
    assert_eq!(found.flaws, [AuditFlaw::OtherHead(known)]);
}

#[tokio::test]
async fn who_has_no_key_can_make_no_link() {
    let mut chain = chain();
    let other = ChainKey::new(&vec![8; ChainKey::LENGTH].into()).expect("a key");
    let before = chain[1].link.clone();
    chain[2].link = other.link(Some(&before), &chain[2].batch.as_ref().expect("there").digest());
    let found = verify(chain.clone(), Vec::new(), None).await;
    assert_eq!(found.flaws, [AuditFlaw::Changed(3, chain[2].link.batch)]);
}

#[test]
fn where_a_chain_ends_is_written_and_read() {
    let head = head(&chain()[0]);
    assert_eq!(head.to_string().parse(), Ok(head));
    for wrong in ["", "1", "1:", "a:00", "1:00"] {
        assert!(wrong.parse::<AuditHead>().is_err(), "{wrong}");
    }
}
