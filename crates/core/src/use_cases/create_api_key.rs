//! Use case: make an API key.

use std::sync::Arc;

use thiserror::Error;

use crate::account::AccountName;
use crate::api_key::{ApiKey, ApiKeySecret, NewApiKey};
use crate::ports::{AccountRepository, ApiKeyStore, Clock, Entropy, StoreError};

/// The longest label, in characters.
const LONGEST_LABEL: usize = 100;

/// Makes an API key for an account.
#[derive(Clone)]
pub struct CreateApiKey {
    /// The accounts.
    pub accounts: Arc<dyn AccountRepository>,
    /// Where the key is kept.
    pub keys: Arc<dyn ApiKeyStore>,
    /// What the secret is made of.
    pub entropy: Arc<dyn Entropy>,
    /// Says when.
    pub clock: Arc<dyn Clock>,
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
    #[error("there is no account named {0}")]
    AccountNotFound(AccountName),
    /// The label is too long, or would garble a list.
    #[error("a label is at most {LONGEST_LABEL} characters, none of them a control character")]
    Label,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CreateApiKey {
    /// Makes a key for the account of this name, and stores all of it but its secret.
    ///
    /// # Errors
    /// Each kind of [`CreateApiKeyError`].
    pub async fn run(
        &self,
        account: &AccountName,
        label: &str,
    ) -> Result<CreatedApiKey, CreateApiKeyError> {
        if label.chars().count() > LONGEST_LABEL || label.chars().any(char::is_control) {
            return Err(CreateApiKeyError::Label);
        }
        let found = self.accounts.find_by_name(account).await?;
        let found = found.ok_or_else(|| CreateApiKeyError::AccountNotFound(account.clone()))?;
        let secret = ApiKeySecret::generate(self.entropy.as_ref());
        let new = NewApiKey {
            account: found.id,
            label: label.to_owned(),
            digest: secret.digest(),
            created_at: self.clock.now(),
        };
        Ok(CreatedApiKey { key: self.keys.add(&new).await?, secret })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::account::{Account, AccountId};
    use crate::api_key::ApiKeyId;
    use crate::ports::{MockAccountRepository, MockApiKeyStore, MockClock, MockEntropy};

    fn use_case(account: Option<AccountId>, keys: MockApiKeyStore) -> CreateApiKey {
        let mut accounts = MockAccountRepository::new();
        let find = accounts.expect_find_by_name();
        find.returning(move |name| Ok(account.map(|id| Account::new(id, name.clone()))));
        let mut entropy = MockEntropy::new();
        entropy.expect_fill().returning(|bytes| bytes.fill(7));
        let mut clock = MockClock::new();
        clock.expect_now().return_const(Timestamp::UNIX_EPOCH);
        CreateApiKey {
            accounts: Arc::new(accounts),
            keys: Arc::new(keys),
            entropy: Arc::new(entropy),
            clock: Arc::new(clock),
        }
    }

    fn name() -> AccountName {
        AccountName::parse("acme").expect("a name")
    }

    #[tokio::test]
    async fn what_is_stored_is_the_digest_of_what_is_handed_out() {
        let mut keys = MockApiKeyStore::new();
        keys.expect_add().once().returning(|new| {
            Ok(ApiKey {
                id: ApiKeyId::try_from(1).expect("an id"),
                account: new.account,
                label: new.label.clone(),
                digest: new.digest,
                created_at: new.created_at,
                revoked_at: None,
            })
        });
        let account = AccountId::try_from(4).expect("an id");
        let created = use_case(Some(account), keys).run(&name(), "ci").await.expect("made");
        assert_eq!(created.key.account, account);
        assert_eq!(created.key.label, "ci");
        assert_eq!(created.key.digest, created.secret.digest());
    }

    #[tokio::test]
    async fn an_unknown_account_gets_no_key() {
        let error =
            use_case(None, MockApiKeyStore::new()).run(&name(), "").await.expect_err("none");
        assert_eq!(error.to_string(), "there is no account named acme");
    }

    #[tokio::test]
    async fn a_label_that_would_garble_the_list_is_refused() {
        for label in ["a\nb".to_owned(), "x".repeat(101)] {
            let use_case = use_case(Some(AccountId::DEFAULT), MockApiKeyStore::new());
            let error = use_case.run(&name(), &label).await.expect_err("refused");
            assert!(matches!(error, CreateApiKeyError::Label));
        }
    }
}
