//! The chain of what was told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cardlift_core::account::AccountId;
use cardlift_core::audit::{AuditBatch, AuditBatchDigest, AuditLink, ChainKey};
use cardlift_core::customer::{CustomerProfile, CustomerStatus};
use cardlift_core::ports::{BatchStanding, LinkedBatch};
use cardlift_core::use_cases::{AuditChain, VerifiedTrail, VerifyAudit};
use futures_util::future::join_all;

use super::super::Subject;
use super::super::data::{ACCOUNT, at, card, load_customers, other_account, payment_method};
use super::{batches, entries};

fn chain_key() -> ChainKey {
    ChainKey::new(&vec![7; ChainKey::LENGTH].into()).expect("a key")
}

/// Tells an account's trail of so many changes, each by itself.
async fn tell(stores: &Subject, account: AccountId, changes: i64) {
    for second in 0..changes {
        let (profile, status) = (CustomerProfile::default(), CustomerStatus::Active);
        stores.create(account, &profile, status, at(second)).await.expect("made");
    }
}

fn digests(batches: &[AuditBatch]) -> Vec<AuditBatchDigest> {
    batches.iter().map(AuditBatch::digest).collect()
}

/// The links of these batches, after another.
fn links(before: Option<&AuditLink>, batches: &[AuditBatch]) -> Vec<AuditLink> {
    let (key, mut links) = (chain_key(), Vec::<AuditLink>::new());
    for batch in batches {
        links.push(key.link(links.last().or(before), &batch.digest()));
    }
    links
}

/// Each once, by their ids, and no other account's.
pub async fn what_was_told_is_read_in_pieces(stores: Subject) {
    let other = other_account(&stores).await.id;
    for account in [ACCOUNT, other, ACCOUNT] {
        tell(&stores, account, 3).await;
    }
    let all = batches(&stores, ACCOUNT).await;
    assert_eq!(all.len(), 6);
    assert!(all.is_sorted_by(|one, next| one.id < next.id));
    assert!(all.iter().all(|batch| batch.account == ACCOUNT));
    let times: Vec<_> = all.iter().map(|batch| batch.at).collect();
    assert_eq!(times, [0, 1, 2, 0, 1, 2].map(at));
    for most in 1..=7 {
        let (mut read, mut after) = (Vec::new(), None);
        loop {
            let next = stores.batches(ACCOUNT, after, most).await.expect("asked");
            let Some(last) = next.last() else { break };
            assert!(next.len() <= usize::try_from(most).expect("a number"));
            after = Some(last.id);
            read.extend(next);
        }
        assert_eq!(read, all);
    }
}

/// A batch waits until it has its link; the links of an account stand in their order, and nobody's else
/// are among them.
pub async fn what_is_told_waits_for_its_link(stores: Subject) {
    let other = other_account(&stores).await.id;
    tell(&stores, ACCOUNT, 3).await;
    tell(&stores, other, 2).await;
    let [own, foreign] = [batches(&stores, ACCOUNT).await, batches(&stores, other).await];
    let mut waiting = [own.clone(), foreign.clone()].concat();
    waiting.sort_by_key(|batch| batch.id);
    assert_eq!(stores.unchained(100, &[]).await.expect("asked"), digests(&waiting));
    assert_eq!(stores.unchained(2, &[]).await.expect("asked"), digests(&waiting[..2]));
    let but_own = stores.unchained(2, &[ACCOUNT]).await.expect("asked");
    assert_eq!(but_own, digests(&foreign[..2]), "those of others stand behind its own");
    assert_eq!(stores.unchained(2, &[ACCOUNT, other]).await.expect("asked"), []);
    let waits = stores.standings(ACCOUNT, None, 10).await.expect("asked");
    assert_eq!(waits.iter().filter(|batch| batch.is_stray).count(), 0, "it waits");
    assert_eq!(stores.last_link(ACCOUNT).await.expect("asked"), None);
    assert_eq!(stores.links(ACCOUNT, 0, 10).await.expect("asked"), []);

    let first = links(None, &own[..2]);
    let of_other = links(None, &foreign);
    let chained = [first.clone(), of_other.clone()].concat();
    assert!(stores.chain(&chained).await.expect("chained"));
    let last = stores.last_link(ACCOUNT).await.expect("asked");
    assert_eq!(last.as_ref(), first.last());
    assert_eq!(stores.last_link(other).await.expect("asked").as_ref(), of_other.last());
    assert_eq!(stores.unchained(100, &[]).await.expect("asked"), digests(&own[2..]));
    let second = links(last.as_ref(), &own[2..]);
    assert!(stores.chain(&second).await.expect("chained"));
    assert_eq!(stores.unchained(100, &[]).await.expect("asked"), []);

    let linked = |links: &[AuditLink], batches: &[AuditBatch]| {
        let both = links.iter().cloned().zip(batches.iter().cloned());
        both.map(|(link, batch)| LinkedBatch { link, batch: Some(batch) }).collect::<Vec<_>>()
    };
    let whole = linked(&[first, second].concat(), &own);
    assert_eq!(stores.links(ACCOUNT, 0, 10).await.expect("asked"), whole);
    assert_eq!(stores.links(ACCOUNT, 0, 2).await.expect("asked"), whole[..2]);
    assert_eq!(stores.links(ACCOUNT, 2, 2).await.expect("asked"), whole[2..]);
    let expected = linked(&of_other, &foreign);
    assert_eq!(stores.links(other, 0, 10).await.expect("asked"), expected);
    for (account, batches) in [(ACCOUNT, &own), (other, &foreign)] {
        let expected = |batches: &[AuditBatch]| {
            let standing = |batch: &AuditBatch| BatchStanding { batch: batch.id, is_stray: false };
            batches.iter().map(standing).collect::<Vec<_>>()
        };
        let found = stores.standings(account, None, 2).await.expect("asked");
        assert_eq!(found, expected(&batches[..2]));
        let found = stores.standings(account, Some(batches[0].id), 9).await.expect("asked");
        assert_eq!(found, expected(&batches[1..]));
    }
}

/// Nothing that waits, and a link of any account.
pub async fn it_is_told_whether_anything_is_chained(stores: Subject) {
    let is_chained = async || stores.is_chained().await.expect("asked");
    assert!(!is_chained().await);
    let other = other_account(&stores).await.id;
    for account in [ACCOUNT, other] {
        tell(&stores, account, 1).await;
    }
    assert!(!is_chained().await);
    let foreign = links(None, &batches(&stores, other).await);
    assert!(stores.chain(&foreign).await.expect("chained"));
    assert!(is_chained().await);
}

/// A place is taken once, and a batch has one link. Whoever comes second writes none of theirs.
pub async fn a_link_is_made_once(stores: Subject) {
    tell(&stores, ACCOUNT, 4).await;
    let own = batches(&stores, ACCOUNT).await;
    let first = links(None, &own[..2]);
    assert!(stores.chain(&first).await.expect("chained"));
    let next = |batches: &[AuditBatch]| links(first.last(), batches);
    let same_place = [first[1].clone(), next(&own[2..3]).remove(0)];
    let same_batch = next(&[own[2].clone(), own[0].clone()]);
    for taken in [&first[..], &same_place, &same_batch] {
        assert!(!stores.chain(taken).await.expect("asked"));
        assert_eq!(stores.last_link(ACCOUNT).await.expect("asked").as_ref(), first.last());
        assert_eq!(stores.unchained(10, &[]).await.expect("asked"), digests(&own[2..]));
    }
    assert!(stores.chain(&next(&own[2..])).await.expect("chained"));
}

/// Of those who chain the same at once, one does.
pub async fn of_links_made_at_once_one_is_kept(stores: Subject) {
    tell(&stores, ACCOUNT, 8).await;
    let own = batches(&stores, ACCOUNT).await;
    let chain = |count: usize| {
        let (stores, links) = (stores.clone(), links(None, &own[..count]));
        tokio::spawn(async move { stores.chain(&links).await.expect("asked").then_some(count) })
    };
    let mut done = Vec::new();
    for chained in join_all((1..=8).map(chain)).await {
        done.extend(chained.expect("no panic"));
    }
    assert_eq!(done.len(), 1, "{done:?}");
    let links = stores.links(ACCOUNT, 0, 10).await.expect("asked");
    assert_eq!(links.len(), done[0]);
    assert_eq!(stores.unchained(10, &[]).await.expect("asked"), digests(&own[done[0]..]));
}

fn number(count: usize) -> u64 {
    u64::try_from(count).expect("a number")
}

async fn verify(stores: &Subject, account: AccountId, known: &VerifiedTrail) -> VerifiedTrail {
    let verify = VerifyAudit { trail: stores.clone(), key: chain_key() };
    let found = verify.run(account, known.head).await.expect("verified");
    assert_eq!(found.flaws, []);
    found
}

/// Chains what waits; of no account that fails.
async fn all_of(chain: &AuditChain) -> u64 {
    let done = chain.run().await.expect("looked");
    assert!(done.failed.is_empty(), "{done:?}");
    done.count()
}

/// Several chain while others save, and it holds: each change has its place, in one chain without a gap.
pub async fn what_is_chained_while_others_save_proves_true(stores: Subject) {
    let other = other_account(&stores).await.id;
    for account in [ACCOUNT, other] {
        load_customers(&stores, account, 30).await;
    }
    let all_told = Arc::new(AtomicBool::new(false));
    let chain = AuditChain { trail: stores.clone(), key: chain_key() };
    let chainers = (0..3).map(|_| {
        let (chain, all_told) = (chain.clone(), all_told.clone());
        tokio::spawn(async move {
            let mut chained = 0;
            loop {
                let last = all_told.load(Ordering::SeqCst);
                chained += all_of(&chain).await;
                if last {
                    return chained;
                }
                tokio::task::yield_now().await;
            }
        })
    });
    let chainers: Vec<_> = chainers.collect();
    let saves = (1..=30).flat_map(|number| {
        [ACCOUNT, other].map(|account| {
            let stores = stores.clone();
            tokio::spawn(async move {
                for id in ["a", "b"] {
                    let new = payment_method(number, card(id));
                    stores.save(account, &new, at(number)).await.expect("saved");
                }
            })
        })
    });
    for done in join_all(saves).await {
        done.expect("no panic");
    }
    // Some is chained by now, and will still have to be there.
    let early = verify(&stores, ACCOUNT, &VerifiedTrail::default()).await;
    all_told.store(true, Ordering::SeqCst);
    let mut chained = 0;
    for done in join_all(chainers).await {
        chained += done.expect("no panic");
    }
    chained += all_of(&chain).await;
    let mut all = 0;
    for (account, known) in [(ACCOUNT, early), (other, VerifiedTrail::default())] {
        let found = verify(&stores, account, &known).await;
        let told = entries(&stores, account).await;
        let imported = told.iter().filter(|entry| entry.item.contains(".imported"));
        assert_eq!(imported.count(), 60);
        assert_eq!(found.changes, number(told.len()));
        let batches = number(batches(&stores, account).await.len());
        assert_eq!(found.batches, batches);
        assert_eq!(found.head.map(|head| head.position.unsigned_abs()), Some(batches));
        all += batches;
    }
    assert_eq!(chained, all);
    assert_eq!(stores.unchained(10, &[]).await.expect("asked"), []);
}
