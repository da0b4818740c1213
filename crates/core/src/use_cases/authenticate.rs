//! Use case: find out who is calling.

use std::sync::Arc;

use thiserror::Error;

use crate::account::{Account, AccountId, RateLimits};
use crate::api_key::{ApiKeyId, ApiKeySecret, KeyOfAccount};
use crate::payment_method::DefaultChoice;
use crate::ports::{ApiKeyStore, StoreError};

/// Finds out for which account a caller may act.
#[derive(Clone)]
pub struct Authenticate {
    /// The API keys.
    pub keys: Arc<dyn ApiKeyStore>,
    /// Whose keys are let in.
    pub admission: Admission,
}

/// Whose keys are let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Every account's.
    EveryAccount,
    /// This account's alone: what a server that runs on made-up cards does, so that none of them
    /// gets into a real account.
    Only(AccountId),
}

/// Who is calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The account it acts for.
    pub account: AccountId,
    /// The key it showed.
    pub key: ApiKeyId,
    /// How many requests it may make.
    pub limits: RateLimits,
    /// What becomes of a customer's default by an import that does not say.
    pub default_choice: DefaultChoice,
}

/// Why a caller is not let in.
#[derive(Debug, Error)]
pub enum AuthenticateError {
    /// The key is unknown, revoked, of an account that is disabled, or not let in here. Which of them is
    /// not told.
    #[error("The API key is unknown or was revoked.")]
    UnknownKey,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Authenticate {
    /// Looks the secret up.
    ///
    /// # Errors
    /// Each kind of [`AuthenticateError`].
    pub async fn run(&self, secret: &ApiKeySecret) -> Result<Principal, AuthenticateError> {
        let digest = secret.digest();
        let found = self.keys.find_by_digest(&digest).await?;
        let live = found.filter(|found| {
            let KeyOfAccount { key, account } = found;
            key.digest == digest
                && key.revoked_at.is_none()
                && account.disabled_at.is_none()
                && self.admission.admits(account.id)
        });
        let KeyOfAccount { key, account } = live.ok_or(AuthenticateError::UnknownKey)?;
        let Account { id, limits, default_choice, .. } = account;
        Ok(Principal { account: id, key: key.id, limits, default_choice })
    }
}

impl Admission {
    fn admits(self, account: AccountId) -> bool {
        match self {
            Self::EveryAccount => true,
            Self::Only(admitted) => account == admitted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::account::AccountName;
    use crate::api_key::ApiKey;
    use crate::ports::{MockApiKeyStore, StoreErrorKind};

    const LIMITS: RateLimits = RateLimits { per_minute: Some(5), per_day: None };

    fn secret() -> ApiKeySecret {
        ApiKeySecret::shown("a secret")
    }

    fn key() -> ApiKey {
        ApiKey {
            id: ApiKeyId::try_from(3).expect("an id"),
            account: AccountId::DEFAULT,
            label: "test".into(),
            digest: secret().digest(),
            created_at: Timestamp::UNIX_EPOCH,
            revoked_at: None,
        }
    }

    fn account() -> Account {
        let name = AccountName::parse("default").expect("a name");
        let default_choice = DefaultChoice::MakeDefault;
        Account { limits: LIMITS, default_choice, ..Account::new(AccountId::DEFAULT, name) }
    }

    async fn run(
        found: Result<Option<ApiKey>, StoreError>,
        admission: Admission,
    ) -> Result<Principal, AuthenticateError> {
        run_of(account(), found, admission).await
    }

    async fn run_of(
        account: Account,
        found: Result<Option<ApiKey>, StoreError>,
        admission: Admission,
    ) -> Result<Principal, AuthenticateError> {
        let mut keys = MockApiKeyStore::new();
        let found = found.map(|key| key.map(|key| KeyOfAccount { key, account }));
        keys.expect_find_by_digest().once().return_once(move |_| found);
        Authenticate { keys: Arc::new(keys), admission }.run(&secret()).await
    }

    #[tokio::test]
    async fn a_known_key_acts_for_its_account() {
        let who = run(Ok(Some(key())), Admission::EveryAccount).await.expect("let in");
        let Account { id, limits, default_choice, .. } = account();
        let expected = Principal { account: id, key: key().id, limits, default_choice };
        assert_eq!(who, expected);
    }

    #[tokio::test]
    async fn unknown_revoked_and_foreign_keys_are_told_apart_by_nobody() {
        let revoked = ApiKey { revoked_at: Some(Timestamp::UNIX_EPOCH), ..key() };
        let other_digest = ApiKey { digest: ApiKeySecret::shown("other").digest(), ..key() };
        let other = Admission::Only(AccountId::try_from(2).expect("an id"));
        for (found, admission) in [
            (None, Admission::EveryAccount),
            (Some(revoked), Admission::EveryAccount),
            (Some(other_digest), Admission::EveryAccount),
            (Some(key()), other),
        ] {
            let error = run(Ok(found), admission).await.expect_err("kept out");
            assert_eq!(error.to_string(), "The API key is unknown or was revoked.");
        }
    }

    #[tokio::test]
    async fn no_key_of_a_disabled_account_is_let_in() {
        let disabled = Account { disabled_at: Some(Timestamp::UNIX_EPOCH), ..account() };
        let error = run_of(disabled, Ok(Some(key())), Admission::EveryAccount).await;
        assert!(matches!(error, Err(AuthenticateError::UnknownKey)));
    }

    #[tokio::test]
    async fn the_one_account_that_is_admitted_gets_in() {
        assert!(run(Ok(Some(key())), Admission::Only(AccountId::DEFAULT)).await.is_ok());
    }

    #[tokio::test]
    async fn a_store_that_is_down_lets_nobody_in() {
        let down = StoreError::new(StoreErrorKind::Unavailable, "down");
        let error = run(Err(down), Admission::EveryAccount).await.expect_err("down");
        assert!(matches!(error, AuthenticateError::Store(_)));
    }
}
