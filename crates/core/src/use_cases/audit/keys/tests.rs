use mockall::Sequence;
use mockall::predicate::eq;

use super::*;
use crate::Timestamp;
use crate::account::AccountId;
use crate::audit::{AuditBatchDigest, AuditBatchId, AuditLink, items_digest};
use crate::ports::{MockAuditTrail, MockEntropy, MockSealedSecretStore, MockSealer};
use crate::sealed::MasterKeyId;

fn sealed(byte: u8) -> SealedSecret {
    let master_key = MasterKeyId::parse("0123456789abcdef").expect("an id");
    SealedSecret { master_key, key: vec![byte], secret: vec![byte] }
}

fn key(byte: u8) -> ChainKey {
    ChainKey::new(&vec![byte; ChainKey::LENGTH].into()).expect("a key")
}

/// What a key makes of a batch, by which it is told from others.
fn link(key: &ChainKey) -> AuditLink {
    let id = AuditBatchId::try_from(1).expect("an id");
    let digest = items_digest("{}");
    let at = Timestamp::UNIX_EPOCH;
    key.link(None, &AuditBatchDigest::new(id, AccountId::DEFAULT, at, "1", &digest))
}

/// Keys of a store in which there is this each time that it is asked, and of a trail that is chained, or
/// is not, where it is asked for it.
fn keys(
    there: &[Option<u8>],
    is_chained: Option<bool>,
    add: impl FnOnce(&mut MockSealedSecretStore),
) -> ChainKeys {
    let mut secrets = MockSealedSecretStore::new();
    let mut sequence = Sequence::new();
    for there in there.iter().map(|there| there.map(sealed)) {
        let asked = secrets.expect_sealed().with(eq(LABEL)).once().in_sequence(&mut sequence);
        asked.return_once(|_| Ok(there));
    }
    add(&mut secrets);
    let mut trail = MockAuditTrail::new();
    if let Some(is_chained) = is_chained {
        trail.expect_is_chained().once().return_once(move || Ok(is_chained));
    }
    let mut sealer = MockSealer::new();
    sealer.expect_seal().returning(|_, secret| Ok(sealed(secret[0])));
    sealer.expect_open().returning(|_, sealed| Ok(vec![sealed.secret[0]; ChainKey::LENGTH].into()));
    let mut entropy = MockEntropy::new();
    entropy.expect_fill().returning(|bytes| bytes.fill(9));
    ChainKeys {
        secrets: Arc::new(secrets),
        trail: Arc::new(trail),
        sealer: Arc::new(sealer),
        entropy: Arc::new(entropy),
    }
}

fn adds_nothing(_: &mut MockSealedSecretStore) {}

#[tokio::test]
async fn the_one_that_there_is_is_opened() {
    let opened = keys(&[Some(1)], None, adds_nothing).open().await.expect("opened");
    assert_eq!(link(&opened), link(&key(1)));
}

#[tokio::test]
async fn one_is_made_where_nothing_is_chained() {
    let offered = |secrets: &mut MockSealedSecretStore| {
        let added = secrets.expect_add_sealed().with(eq(LABEL), eq(sealed(9))).once();
        // Another process was faster.
        added.return_once(|_, _| Ok(sealed(1)));
    };
    let opened = keys(&[None], Some(false), offered).open().await.expect("made");
    assert_eq!(link(&opened), link(&key(1)));
    let found = keys(&[None], Some(false), adds_nothing).find().await.expect("asked");
    assert!(found.is_none(), "who only looks makes none");
}

#[tokio::test]
async fn none_is_made_where_something_is_chained() {
    let gone = || keys(&[None, None], Some(true), adds_nothing);
    let error = gone().open().await.expect_err("none is made");
    assert!(matches!(error, MasterKeyError::ChainKeyGone), "{error:?}");
    assert!(error.to_string().contains("put back the sealed secret audit_chain"), "{error}");
    let error = gone().find().await.expect_err("none is found");
    assert!(matches!(error, MasterKeyError::ChainKeyGone), "{error:?}");
}

#[tokio::test]
async fn what_somebody_made_and_chained_with_meanwhile_is_opened() {
    let opened = keys(&[None, Some(1)], Some(true), adds_nothing).open().await.expect("opened");
    assert_eq!(link(&opened), link(&key(1)));
}
