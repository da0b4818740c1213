use async_trait::async_trait;
use cardlift_core::account::{Account, AccountId, AccountName, RateLimits};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::ports::{AccountRepository, StoreError};

use super::{InMemory, account, next_id};

#[async_trait]
impl AccountRepository for InMemory {
    async fn ensure(&self, name: &AccountName) -> Result<Account, StoreError> {
        let accounts = &mut self.state().accounts;
        if let Some(account) = accounts.iter().find(|account| account.name == *name) {
            return Ok(account.clone());
        }
        let made = account(next_id(accounts.len()), name.clone());
        accounts.push(made.clone());
        Ok(made)
    }

    async fn find_by_name(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        Ok(self.state().accounts.iter().find(|account| account.name == *name).cloned())
    }

    async fn get(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        Ok(self.state().accounts.iter().find(|account| account.id == id).cloned())
    }

    async fn connect(
        &self,
        id: AccountId,
        connected_account: Option<ConnectedAccountId>,
    ) -> Result<Option<Account>, StoreError> {
        let mut state = self.state();
        let account = state.accounts.iter_mut().find(|account| account.id == id);
        Ok(account.map(|account| {
            account.connected_account = connected_account;
            account.clone()
        }))
    }

    async fn limit(
        &self,
        id: AccountId,
        limits: RateLimits,
    ) -> Result<Option<Account>, StoreError> {
        let mut state = self.state();
        let account = state.accounts.iter_mut().find(|account| account.id == id);
        Ok(account.map(|account| {
            account.limits = limits;
            account.clone()
        }))
    }
}
