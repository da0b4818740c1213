//! Cases of `IdempotencyStore`.

use cardlift_core::account::AccountId;
use cardlift_core::idempotency::{
    ClaimOutcome, IdempotencyClaim, IdempotencyKey, RequestDigest, StoredReply,
};
use futures_util::future::join_all;

use super::Subject;
use super::data::{ACCOUNT, at, other_account};

/// A claim made at a second, held for ten.
fn claim(account: AccountId, key: &str, request: u8, second: i64) -> IdempotencyClaim {
    IdempotencyClaim {
        account,
        key: IdempotencyKey::parse(key).expect("a key"),
        request: RequestDigest([request; 32]),
        at: at(second),
        held_until: at(second + 10),
    }
}

fn reply(expires: i64) -> StoredReply {
    StoredReply {
        status: 200,
        body: b"{\"id\":1,\"name\":\"Zo\xc3\xab\"}\0".to_vec(),
        expires_at: at(expires),
    }
}

async fn outcome(stores: &Subject, claim: &IdempotencyClaim) -> ClaimOutcome {
    stores.claim(claim).await.expect("claimed")
}

/// However many ask at once, one carries the request out.
pub async fn one_of_many_claims_is_granted(stores: Subject) {
    let claims: Vec<_> = (0..64).map(|_| claim(ACCOUNT, "k", 1, 0)).collect();
    let outcomes = join_all(claims.iter().map(|claim| outcome(&stores, claim))).await;
    let granted = outcomes.iter().filter(|outcome| **outcome == ClaimOutcome::Granted).count();
    assert_eq!(granted, 1);
    let waiting = outcomes.iter().filter(|outcome| **outcome == ClaimOutcome::InProgress).count();
    assert_eq!(waiting, 63);
}

/// A reply comes back byte for byte.
pub async fn a_stored_reply_is_given_again(stores: Subject) {
    let first = claim(ACCOUNT, "k", 1, 0);
    assert_eq!(outcome(&stores, &first).await, ClaimOutcome::Granted);
    stores.complete(&first, &reply(100)).await.expect("stored");
    let again = claim(ACCOUNT, "k", 1, 50);
    assert_eq!(outcome(&stores, &again).await, ClaimOutcome::Replay(reply(100)));
}

/// The same key with another request is refused, before and after the reply.
pub async fn a_key_belongs_to_one_request(stores: Subject) {
    let first = claim(ACCOUNT, "k", 1, 0);
    assert_eq!(outcome(&stores, &first).await, ClaimOutcome::Granted);
    let other = claim(ACCOUNT, "k", 2, 1);
    assert_eq!(outcome(&stores, &other).await, ClaimOutcome::OtherRequest);
    stores.complete(&first, &reply(100)).await.expect("stored");
    assert_eq!(outcome(&stores, &other).await, ClaimOutcome::OtherRequest);
}

/// A request that failed can be tried again at once.
pub async fn a_released_claim_can_be_made_again(stores: Subject) {
    let first = claim(ACCOUNT, "k", 1, 0);
    assert_eq!(outcome(&stores, &first).await, ClaimOutcome::Granted);
    stores.release(&first).await.expect("released");
    assert_eq!(outcome(&stores, &claim(ACCOUNT, "k", 1, 1)).await, ClaimOutcome::Granted);
}

/// Two accounts may well use the same key.
pub async fn each_account_has_its_own_keys(stores: Subject) {
    let other = other_account(&stores).await.id;
    assert_eq!(outcome(&stores, &claim(ACCOUNT, "k", 1, 0)).await, ClaimOutcome::Granted);
    assert_eq!(outcome(&stores, &claim(other, "k", 2, 0)).await, ClaimOutcome::Granted);
}

/// A key is free again once its reply has expired.
pub async fn a_reply_is_forgotten_when_it_expires(stores: Subject) {
    let first = claim(ACCOUNT, "k", 1, 0);
    assert_eq!(outcome(&stores, &first).await, ClaimOutcome::Granted);
    stores.complete(&first, &reply(100)).await.expect("stored");
    assert_eq!(outcome(&stores, &claim(ACCOUNT, "k", 2, 100)).await, ClaimOutcome::Granted);
}

/// A claim that was held too long goes to another, and its first owner can't touch it any more.
pub async fn an_owner_who_wakes_up_late_writes_nothing(stores: Subject) {
    let late = claim(ACCOUNT, "k", 1, 0);
    assert_eq!(outcome(&stores, &late).await, ClaimOutcome::Granted);
    let next = claim(ACCOUNT, "k", 1, 10);
    assert_eq!(outcome(&stores, &next).await, ClaimOutcome::Granted);
    stores.complete(&late, &reply(100)).await.expect("ignored");
    stores.release(&late).await.expect("ignored");
    assert_eq!(outcome(&stores, &claim(ACCOUNT, "k", 1, 11)).await, ClaimOutcome::InProgress);
    stores.complete(&next, &reply(200)).await.expect("stored");
    stores.release(&next).await.expect("ignored: it is complete");
    let again = outcome(&stores, &claim(ACCOUNT, "k", 1, 12)).await;
    assert_eq!(again, ClaimOutcome::Replay(reply(200)));
}

/// What is still good stays.
pub async fn purging_forgets_only_what_has_expired(stores: Subject) {
    for (key, expires) in [("old", 50), ("new", 150)] {
        let claim = claim(ACCOUNT, key, 1, 0);
        assert_eq!(outcome(&stores, &claim).await, ClaimOutcome::Granted);
        stores.complete(&claim, &reply(expires)).await.expect("stored");
    }
    assert_eq!(outcome(&stores, &claim(ACCOUNT, "held", 1, 95)).await, ClaimOutcome::Granted);
    assert_eq!(stores.purge(at(100)).await.expect("purged"), 1);
    assert_eq!(stores.purge(at(100)).await.expect("purged"), 0);
    let kept = outcome(&stores, &claim(ACCOUNT, "new", 1, 100)).await;
    assert_eq!(kept, ClaimOutcome::Replay(reply(150)));
    let held = outcome(&stores, &claim(ACCOUNT, "held", 1, 100)).await;
    assert_eq!(held, ClaimOutcome::InProgress);
}
