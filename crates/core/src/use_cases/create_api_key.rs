//! Use case: make an API key.

use std::sync::Arc;

use thiserror::Error;

use crate::Timestamp;
use crate::account::AccountId;
use crate::api_key::{ApiKey, ApiKeySecret, HashKey, KeyLabel, NewApiKey, Scope, Scopes};
use crate::ports::{AccountRepository, ApiKeyStore, Clock, Entropy, StoreError};

/// Makes an API key for an account.
#[derive(Clone)]
pub struct CreateApiKey {
    /// The accounts.
    pub accounts: Arc<dyn AccountRepository>,
    /// Where the key is kept.
    pub keys: Arc<dyn ApiKeyStore>,
    /// What its digest is keyed with.
    pub hash: HashKey,
    /// What the secret is made of.
    pub entropy: Arc<dyn Entropy>,
    /// Says when.
    pub clock: Arc<dyn Clock>,
}

/// The key that is wanted.
#[derive(Debug, Clone)]
pub struct WantedApiKey {
    /// The account it is to act for.
    pub account: AccountId,
    /// What to call it.
    pub label: KeyLabel,
    /// What it is to be used for.
    pub scopes: Scopes,
    /// From when on it is to be good no more, if it is to expire.
    pub expires_at: Option<Timestamp>,
}

/// A key and, this once, its secret.
#[derive(Debug)]
pub struct CreatedApiKey {
    /// The key as it is stored.
    pub key: ApiKey,
    /// What the caller is to be handed. It can't be had again.
    pub secret: ApiKeySecret,
}

/// Why a key was not made.
#[derive(Debug, Error)]
pub enum CreateApiKeyError {
    /// There is no such account.
    #[error("Account with id {0} not found.")]
    AccountNotFound(AccountId),
    /// It would be good for nothing from the start.
    #[error("A key must expire later than now: {0} has passed.")]
    Expired(Timestamp),
    /// It would let an account do what is the operator's.
    #[error("The scope admin stands above accounts: only keys of the account default may have it.")]
    Admin,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CreateApiKey {
    /// Makes a key, and stores all of it but its secret.
    ///
    /// # Errors
    /// Each kind of [`CreateApiKeyError`].
    pub async fn run(&self, wanted: WantedApiKey) -> Result<CreatedApiKey, CreateApiKeyError> {
        let WantedApiKey { account, label, scopes, expires_at } = wanted;
        let created_at = self.clock.now();
        if let Some(passed) = expires_at.filter(|expires_at| *expires_at <= created_at) {
            return Err(CreateApiKeyError::Expired(passed));
        }
        if self.accounts.get(account).await?.is_none() {
            return Err(CreateApiKeyError::AccountNotFound(account));
        }
        if scopes.has(Scope::Admin) && account != AccountId::DEFAULT {
            return Err(CreateApiKeyError::Admin);
        }
        let secret = ApiKeySecret::generate(self.entropy.as_ref());
        let new = NewApiKey {
            account,
            label: label.as_str().to_owned(),
            digest: self.hash.digest(&secret),
            scopes,
            created_at,
            expires_at,
        };
        Ok(CreatedApiKey { key: self.keys.add(&new).await?, secret })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Account, AccountName};
    use crate::api_key::ApiKeyId;
    use crate::ports::{MockAccountRepository, MockApiKeyStore, MockClock, MockEntropy};

    fn hash() -> HashKey {
        HashKey::new(&vec![7; HashKey::LENGTH].into()).expect("a key")
    }

    /// With this account alone.
    fn use_case(account: AccountId, keys: MockApiKeyStore) -> CreateApiKey {
        let mut accounts = MockAccountRepository::new();
        let name = AccountName::parse("acme").expect("a name");
        let there = Account::new(account, name);
        accounts.expect_get().returning(move |id| Ok((id == account).then(|| there.clone())));
        let mut entropy = MockEntropy::new();
        entropy.expect_fill().returning(|bytes| bytes.fill(7));
        let mut clock = MockClock::new();
        clock.expect_now().return_const(Timestamp::UNIX_EPOCH);
        CreateApiKey {
            hash: hash(),
            accounts: Arc::new(accounts),
            keys: Arc::new(keys),
            entropy: Arc::new(entropy),
            clock: Arc::new(clock),
        }
    }

    fn other() -> AccountId {
        AccountId::try_from(4).expect("an id")
    }

    fn wanted(account: AccountId) -> WantedApiKey {
        let label = KeyLabel::parse("ci").expect("a label");
        WantedApiKey { account, label, scopes: Scopes::default(), expires_at: None }
    }

    /// One that keeps the key it is given.
    fn keeping() -> MockApiKeyStore {
        let mut keys = MockApiKeyStore::new();
        keys.expect_add().once().returning(|new| {
            Ok(ApiKey {
                id: ApiKeyId::try_from(1).expect("an id"),
                account: new.account,
                label: new.label.clone(),
                digest: new.digest,
                scopes: new.scopes,
                created_at: new.created_at,
                expires_at: new.expires_at,
                last_used_at: None,
                revoked_at: None,
            })
        });
        keys
    }

    #[tokio::test]
    async fn what_is_stored_is_the_digest_of_what_is_handed_out() {
        let (scopes, expires_at) =
            (Scopes::parse("read").expect("scopes"), Timestamp::from_timestamp(1, 0));
        let wanted = WantedApiKey { scopes, expires_at, ..wanted(other()) };
        let created = use_case(other(), keeping()).run(wanted).await.expect("made");
        assert_eq!((created.key.account, created.key.label.as_str()), (other(), "ci"));
        assert_eq!((created.key.scopes, created.key.expires_at), (scopes, expires_at));
        assert_eq!(created.key.digest, hash().digest(&created.secret));
    }

    #[tokio::test]
    async fn an_unknown_account_gets_no_key() {
        let use_case = use_case(AccountId::DEFAULT, MockApiKeyStore::new());
        let error = use_case.run(wanted(other())).await.expect_err("none");
        assert_eq!(error.to_string(), "Account with id 4 not found.");
    }

    #[tokio::test]
    async fn a_key_that_would_be_good_for_nothing_is_refused() {
        let use_case = use_case(other(), MockApiKeyStore::new());
        let wanted = WantedApiKey { expires_at: Some(Timestamp::UNIX_EPOCH), ..wanted(other()) };
        let error = use_case.run(wanted).await.expect_err("refused");
        let says = "A key must expire later than now: 1970-01-01 00:00:00 UTC has passed.";
        assert_eq!(error.to_string(), says);
    }

    #[tokio::test]
    async fn what_is_the_operators_is_for_keys_of_the_default_account_alone() {
        let scopes = Scopes::parse("import,admin").expect("scopes");
        let wanted = |account| WantedApiKey { scopes, ..wanted(account) };
        let error = use_case(other(), MockApiKeyStore::new()).run(wanted(other())).await;
        assert!(matches!(error, Err(CreateApiKeyError::Admin)), "{error:?}");
        let default = AccountId::DEFAULT;
        let own = use_case(default, keeping()).run(wanted(default)).await.expect("made");
        assert_eq!(own.key.scopes, scopes);
    }
}
