use mockall::predicate::eq;
use secrecy::SecretSlice;

use super::*;
use crate::account::AccountName;
use crate::ports::{MockAccountRepository, MockSealedSecretStore, MockSealer, MockVaultKeyFormat};
use crate::sealed::{MasterKeyId, SealedSecret};

const ACCOUNT: AccountId = AccountId::DEFAULT;
const LABEL: SecretLabel = SecretLabel::vault_key(ACCOUNT);

fn sealed() -> SealedSecret {
    let master_key = MasterKeyId::parse("0123456789abcdef").expect("an id");
    SealedSecret { master_key, key: vec![1], secret: vec![2] }
}

fn account(mode: Option<VaultMode>) -> Account {
    let name = AccountName::parse("default").expect("a name");
    Account { mode, ..Account::new(ACCOUNT, name) }
}

/// Keys begin as those of the one vault that there is.
fn format() -> MockVaultKeyFormat {
    let mut format = MockVaultKeyFormat::new();
    format.expect_mode().returning(|key| match key.expose_secret() {
        key if key.starts_with("sk_live_") => Ok(VaultMode::Live),
        key if key.starts_with("sk_test_") => Ok(VaultMode::Test),
        _ => Err(NotAVaultKey("it is none".into())),
    });
    format
}

#[derive(Default)]
struct Mocks {
    accounts: MockAccountRepository,
    secrets: MockSealedSecretStore,
    sealer: MockSealer,
}

impl Mocks {
    fn put(mut self, binding: ModeBinding) -> Self {
        let put = self.secrets.expect_put_vault_key();
        let put = put.with(eq(ACCOUNT), eq(VaultMode::Live), eq(sealed()));
        put.once().return_once(|_, _, _| Ok(binding));
        self
    }

    fn sealing(mut self) -> Self {
        self.sealer
            .expect_seal()
            .withf(|label, secret| *label == LABEL && secret == b"sk_live_1")
            .once()
            .return_once(|_, _| Ok(sealed()));
        self
    }

    fn stored(mut self, found: Result<Option<SealedSecret>, StoreError>) -> Self {
        self.secrets.expect_sealed().with(eq(LABEL)).return_once(|_| found);
        self
    }

    fn of_account(mut self, mode: Option<VaultMode>) -> Self {
        let found = account(mode);
        self.accounts.expect_get().with(eq(ACCOUNT)).return_once(|_| Ok(Some(found)));
        self
    }

    fn opening(mut self, opened: Result<SecretSlice<u8>, SealerError>) -> Self {
        let open = self.sealer.expect_open().with(eq(LABEL), eq(sealed()));
        open.once().return_once(|_, _| opened);
        self
    }

    fn keys(self) -> VaultKeys {
        let Self { accounts, secrets, sealer } = self;
        VaultKeys {
            accounts: Arc::new(accounts),
            secrets: Arc::new(secrets),
            sealer: Arc::new(sealer),
            format: Arc::new(format()),
            given: HashMap::new(),
        }
    }

    async fn set(self) -> Result<Account, SetVaultKeyError> {
        self.keys().set(ACCOUNT, &"sk_live_1".into()).await
    }

    async fn read(self) -> Result<VaultCredential, VaultError> {
        self.keys().credential(ACCOUNT).await
    }
}

#[tokio::test]
async fn a_key_is_kept_sealed_in_an_account_of_its_mode() {
    let bound = account(Some(VaultMode::Live));
    let mocks = Mocks::default().sealing().put(ModeBinding::Bound(bound.clone()));
    assert_eq!(mocks.set().await.expect("set"), bound);
}

#[tokio::test]
async fn an_account_of_the_other_mode_gets_no_key() {
    let mocks = Mocks::default().sealing().put(ModeBinding::OtherMode(VaultMode::Test));
    let error = mocks.set().await.expect_err("refused");
    assert_eq!(
        error.to_string(),
        "The key is for live mode, and the account has cards or jobs of test mode, which it can't \
         read: make an account of its own for live mode."
    );
}

#[tokio::test]
async fn what_is_no_key_is_neither_sealed_nor_repeated() {
    let error = Mocks::default().keys().set(ACCOUNT, &"hunter2".into()).await.expect_err("none");
    assert!(matches!(error, SetVaultKeyError::NotAKey(_)));
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

/// It would be used with the mode of the one that is kept.
#[tokio::test]
async fn no_key_is_kept_beside_a_given_one_of_the_other_mode() {
    let mut keys = Mocks::default().keys();
    keys.given.insert(ACCOUNT, "sk_test_given".into());
    let error = keys.set(ACCOUNT, &"sk_live_1".into()).await.expect_err("refused");
    assert_eq!(
        error.to_string(),
        "The key is for live mode, and the server has been given one of test mode for this \
         account, which goes before it: take that out of the server's settings first."
    );
    let bound = account(Some(VaultMode::Live));
    let mut keys = Mocks::default().sealing().put(ModeBinding::Bound(bound)).keys();
    keys.given.insert(ACCOUNT, "sk_live_given".into());
    keys.set(ACCOUNT, &"sk_live_1".into()).await.expect("set");
}

#[tokio::test]
async fn without_a_master_key_nothing_is_bound() {
    let mut mocks = Mocks::default();
    mocks.sealer.expect_seal().return_once(|_, _| Err(SealerError::NoCurrentKey));
    let error = mocks.set().await.expect_err("refused");
    assert!(matches!(error, SetVaultKeyError::Seal(SealerError::NoCurrentKey)));
}

#[tokio::test]
async fn a_key_that_is_kept_is_read() {
    let opened = SecretSlice::from(b"sk_live_1".to_vec());
    let mocks = Mocks::default().stored(Ok(Some(sealed()))).of_account(Some(VaultMode::Live));
    let read = mocks.opening(Ok(opened)).read().await.expect("read");
    assert_eq!(read.key.expose_secret(), "sk_live_1");
    assert_eq!(read.mode, VaultMode::Live);
}

/// It is of the account's mode as any other, which may be bound anew by somebody else.
#[tokio::test]
async fn a_key_that_was_given_goes_before_one_that_is_kept() {
    let mut keys = Mocks::default().of_account(Some(VaultMode::Test)).keys();
    keys.given.insert(ACCOUNT, "sk_live_given".into());
    assert!(keys.has(ACCOUNT).await.expect("told"));
    let read = keys.credential(ACCOUNT).await.expect("read");
    assert_eq!(read.key.expose_secret(), "sk_live_given");
    assert_eq!(read.mode, VaultMode::Test);
}

#[tokio::test]
async fn an_account_without_a_key_has_no_credentials() {
    let error = Mocks::default().stored(Ok(None)).read().await.expect_err("none");
    assert!(matches!(error, VaultError::NoCredentials));
    let opened = SecretSlice::from(b"sk_live_1".to_vec());
    let mocks = Mocks::default().stored(Ok(Some(sealed()))).of_account(None);
    let error = mocks.opening(Ok(opened)).read().await.expect_err("of no mode");
    assert!(matches!(error, VaultError::NoCredentials));
}

#[tokio::test]
async fn a_key_that_was_changed_is_not_used() {
    let mocks = Mocks::default().stored(Ok(Some(sealed()))).of_account(Some(VaultMode::Live));
    let error = mocks.opening(Err(SealerError::Changed(LABEL))).read().await.expect_err("changed");
    assert!(matches!(error, VaultError::CredentialsUnreadable { .. }));
}

#[tokio::test]
async fn a_store_that_is_out_of_reach_is_asked_again_later() {
    let down = StoreError::new(StoreErrorKind::Unavailable, "down");
    let error = Mocks::default().stored(Err(down)).read().await.expect_err("down");
    assert!(matches!(error, VaultError::Unavailable { .. }));
    let broken = StoreError::new(StoreErrorKind::Corrupt, "broken");
    let error = Mocks::default().stored(Err(broken)).read().await.expect_err("broken");
    assert!(matches!(error, VaultError::CredentialsUnreadable { .. }));
}
