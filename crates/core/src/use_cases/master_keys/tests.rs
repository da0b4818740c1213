use mockall::Sequence;
use mockall::predicate::{always, eq};

use super::*;
use crate::account::AccountId;
use crate::ports::{MockSealedSecretStore, MockSealer};

fn label(account: i64) -> SecretLabel {
    SecretLabel::vault_key(AccountId::try_from(account).expect("an id"))
}

fn sealed(key: &str) -> SealedSecret {
    let master_key = MasterKeyId::parse(key).expect("an id");
    SealedSecret { master_key, key: vec![1], secret: vec![2] }
}

fn old() -> SealedSecret {
    sealed("00000000000000aa")
}

fn new() -> SealedSecret {
    sealed("00000000000000bb")
}

fn stored(pages: Vec<Vec<(SecretLabel, SealedSecret)>>) -> MockSealedSecretStore {
    let mut secrets = MockSealedSecretStore::new();
    let mut sequence = Sequence::new();
    let mut after = None;
    for page in pages {
        let next = page.last().map(|(label, _)| *label);
        let list = secrets.expect_list_sealed().with(eq(after)).in_sequence(&mut sequence);
        list.once().return_once(|_| Ok(page));
        after = next;
    }
    secrets
}

fn sealer() -> MockSealer {
    let mut sealer = MockSealer::new();
    sealer.expect_reseal().returning(|_, sealed| Ok((*sealed == old()).then(new)));
    sealer
}

/// What the trail is told of, once.
fn tells(secrets: &mut MockSealedSecretStore, resealed: u64) {
    let from = [old().master_key].into();
    let rotation = Rotation { from, to: new().master_key, secrets: resealed };
    let tell = secrets.expect_tell_rotation().with(eq(rotation));
    tell.once().returning(|_| Ok(()));
}

fn use_case(secrets: MockSealedSecretStore, sealer: MockSealer) -> MasterKeys {
    MasterKeys { secrets: Arc::new(secrets), sealer: Arc::new(sealer) }
}

#[tokio::test]
async fn each_secret_of_the_old_key_is_sealed_under_the_new_one() {
    let mut secrets =
        stored(vec![vec![(label(1), old()), (label(2), new())], vec![(label(3), old())], vec![]]);
    let replace = secrets.expect_replace_sealed().with(always(), eq(old()), eq(new()));
    replace.times(2).returning(|_, _, _| Ok(true));
    tells(&mut secrets, 2);
    let done = use_case(secrets, sealer()).reseal().await.expect("done");
    assert_eq!(done, Resealed { resealed: 2, current: 1 });
}

#[tokio::test]
async fn a_secret_that_is_changed_meanwhile_is_looked_at_again() {
    let changed = || SealedSecret { secret: vec![3], ..old() };
    let mut secrets = stored(vec![vec![(label(1), old())], vec![]]);
    let replace = secrets.expect_replace_sealed().with(always(), eq(old()), always());
    replace.once().returning(|_, _, _| Ok(false));
    secrets.expect_sealed().once().returning(move |_| Ok(Some(changed())));
    let replace = secrets.expect_replace_sealed().with(always(), eq(changed()), always());
    replace.once().returning(|_, _, _| Ok(true));
    tells(&mut secrets, 1);
    let mut sealer = MockSealer::new();
    sealer.expect_reseal().times(2).returning(|_, sealed| {
        Ok(Some(SealedSecret { master_key: new().master_key, ..sealed.clone() }))
    });
    let done = use_case(secrets, sealer).reseal().await.expect("done");
    assert_eq!(done, Resealed { resealed: 1, current: 0 });
}

#[tokio::test]
async fn a_run_that_breaks_off_tells_what_it_did() {
    let mut secrets = stored(vec![vec![(label(1), old()), (label(2), old())]]);
    let replace = secrets.expect_replace_sealed().with(eq(label(1)), always(), always());
    replace.once().returning(|_, _, _| Ok(true));
    tells(&mut secrets, 1);
    let mut sealer = MockSealer::new();
    sealer.expect_reseal().returning(|of, _| {
        if of == label(1) { Ok(Some(new())) } else { Err(SealerError::Changed(of)) }
    });
    let error = use_case(secrets, sealer).reseal().await.expect_err("it breaks off");
    assert!(matches!(error, MasterKeyError::Sealer(SealerError::Changed(_))), "{error}");
}

#[tokio::test]
async fn where_nothing_is_sealed_anew_nothing_is_told() {
    let secrets = stored(vec![vec![(label(1), new())], vec![]]);
    let done = use_case(secrets, sealer()).reseal().await.expect("done");
    assert_eq!(done, Resealed { resealed: 0, current: 1 });
}

#[tokio::test]
async fn a_secret_that_is_gone_meanwhile_is_no_fault() {
    let mut secrets = stored(vec![vec![(label(1), old())], vec![]]);
    secrets.expect_replace_sealed().once().returning(|_, _, _| Ok(false));
    secrets.expect_sealed().once().returning(|_| Ok(None));
    let done = use_case(secrets, sealer()).reseal().await.expect("done");
    assert_eq!(done, Resealed { resealed: 0, current: 1 });
}

#[tokio::test]
async fn each_secret_is_opened() {
    let secrets = stored(vec![vec![(SecretLabel::API_KEY_HASH, old()), (label(1), old())], vec![]]);
    let mut sealer = MockSealer::new();
    sealer.expect_open().times(2).returning(|_, _| Ok(vec![7].into()));
    let checked = use_case(secrets, sealer).check().await.expect("opened");
    assert_eq!(checked, Checked { secrets: 2, vault_keys: 1 });
}

#[tokio::test]
async fn a_secret_that_can_not_be_opened_is_told() {
    let secrets = stored(vec![vec![(label(1), old())]]);
    let mut sealer = MockSealer::new();
    sealer.expect_open().once().return_once(|label, sealed| {
        let master_key = sealed.master_key.clone();
        Err(SealerError::NoMasterKey { label, master_key })
    });
    let error = use_case(secrets, sealer).check().await.expect_err("refused");
    assert_eq!(
        error.to_string(),
        "vault_key of account 1 is sealed under master key 00000000000000aa, which is not at hand"
    );
}
