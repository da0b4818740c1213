//! Use cases of API keys that there are: list, revoke.

use std::sync::Arc;

use thiserror::Error;

use super::Operator;
use crate::account::AccountId;
use crate::api_key::{ApiKey, ApiKeyId};
use crate::page::{Page, PageRequest, SortOrder};
use crate::ports::{AccountRepository, ApiKeyStore, Clock, StoreError};

/// Lists and revokes API keys.
#[derive(Clone)]
pub struct ApiKeys {
    /// The accounts.
    pub accounts: Arc<dyn AccountRepository>,
    /// The keys.
    pub keys: Arc<dyn ApiKeyStore>,
    /// Says when.
    pub clock: Arc<dyn Clock>,
}

/// Why nothing was done. Nothing was written.
#[derive(Debug, Error)]
pub enum ApiKeyError {
    /// There is no such account.
    #[error("Account with id {0} not found.")]
    AccountNotFound(AccountId),
    /// The account has no such key.
    #[error("API key with id {0} not found.")]
    NotFound(ApiKeyId),
    /// It would shut out whoever asks for it.
    #[error(
        "This API key can't be revoked with itself: use another key for it, or the command \
         `cardlift key revoke`."
    )]
    OwnKey,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ApiKeys {
    /// A page of an account's keys, revoked ones too, in the order they were made.
    ///
    /// # Errors
    /// [`ApiKeyError::AccountNotFound`] and [`ApiKeyError::Store`].
    pub async fn list(
        &self,
        account: AccountId,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<ApiKey>, ApiKeyError> {
        if self.accounts.get(account).await?.is_none() {
            return Err(ApiKeyError::AccountNotFound(account));
        }
        Ok(self.keys.list_keys(account, order, page).await?)
    }

    /// Revokes a key. One that was revoked keeps the time of its first revocation.
    ///
    /// # Errors
    /// [`ApiKeyError::NotFound`], [`ApiKeyError::OwnKey`] and [`ApiKeyError::Store`].
    pub async fn revoke(
        &self,
        by: Operator,
        account: AccountId,
        id: ApiKeyId,
    ) -> Result<ApiKey, ApiKeyError> {
        if by.shows(account, id) {
            return Err(ApiKeyError::OwnKey);
        }
        let revoked = self.keys.revoke(account, id, self.clock.now()).await?;
        revoked.ok_or(ApiKeyError::NotFound(id))
    }
}

#[cfg(test)]
mod tests {
    use mockall::predicate::eq;

    use super::*;
    use crate::Timestamp;
    use crate::account::{Account, AccountName};
    use crate::api_key::{ApiKeySecret, Scopes};
    use crate::ports::{MockAccountRepository, MockApiKeyStore, MockClock};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn id(id: i64) -> ApiKeyId {
        ApiKeyId::try_from(id).expect("an id")
    }

    fn other() -> AccountId {
        AccountId::try_from(2).expect("an id")
    }

    fn key(account: AccountId) -> ApiKey {
        ApiKey {
            id: id(3),
            account,
            label: "ci".into(),
            digest: ApiKeySecret::shown("a secret").digest(),
            scopes: Scopes::default(),
            created_at: NOW,
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
        }
    }

    fn use_cases(accounts: MockAccountRepository, keys: MockApiKeyStore) -> ApiKeys {
        let mut clock = MockClock::new();
        clock.expect_now().return_const(NOW);
        ApiKeys { accounts: Arc::new(accounts), keys: Arc::new(keys), clock: Arc::new(clock) }
    }

    async fn revoke(by: Operator, account: AccountId, keys: MockApiKeyStore) -> Result<(), String> {
        let keys = use_cases(MockAccountRepository::new(), keys);
        let revoked = keys.revoke(by, account, id(3)).await;
        revoked.map(|key| assert_eq!(key.account, account)).map_err(|e| e.to_string())
    }

    #[tokio::test]
    async fn the_keys_of_an_account_that_is_not_there_are_not_listed() {
        let mut accounts = MockAccountRepository::new();
        accounts.expect_get().with(eq(other())).return_once(|_| Ok(None));
        let keys = use_cases(accounts, MockApiKeyStore::new());
        let error = keys.list(other(), SortOrder::Ascending, PageRequest::default()).await;
        assert_eq!(error.expect_err("none").to_string(), "Account with id 2 not found.");
    }

    #[tokio::test]
    async fn a_page_of_keys_is_the_accounts() {
        let mut accounts = MockAccountRepository::new();
        let name = AccountName::parse("acme").expect("a name");
        accounts.expect_get().return_once(|id| Ok(Some(Account::new(id, name))));
        let mut keys = MockApiKeyStore::new();
        let list = keys.expect_list_keys().once();
        list.with(eq(other()), eq(SortOrder::Descending), eq(PageRequest::default()))
            .return_once(|account, _, _| Ok(Page { items: vec![key(account)], total: 1 }));
        let keys = use_cases(accounts, keys);
        let page = keys.list(other(), SortOrder::Descending, PageRequest::default()).await;
        assert_eq!(page.expect("listed").items, [key(other())]);
    }

    #[tokio::test]
    async fn no_key_revokes_itself() {
        let own = revoke(Operator::Key(id(3)), AccountId::DEFAULT, MockApiKeyStore::new()).await;
        assert!(own.expect_err("refused").starts_with("This API key can't be revoked with itself"));
        for (by, account) in [
            (Operator::Console, AccountId::DEFAULT),
            (Operator::Key(id(4)), AccountId::DEFAULT),
            (Operator::Key(id(3)), other()),
        ] {
            let mut keys = MockApiKeyStore::new();
            let revoked = keys.expect_revoke().with(eq(account), eq(id(3)), eq(NOW)).once();
            revoked.return_once(|account, _, _| Ok(Some(key(account))));
            assert_eq!(revoke(by, account, keys).await, Ok(()), "{by:?}");
        }
    }

    #[tokio::test]
    async fn a_key_that_the_account_does_not_have_is_not_found() {
        let mut keys = MockApiKeyStore::new();
        keys.expect_revoke().once().return_once(|_, _, _| Ok(None));
        let error = revoke(Operator::Console, other(), keys).await;
        assert_eq!(error, Err("API key with id 3 not found.".to_owned()));
    }
}
