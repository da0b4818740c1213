use async_trait::async_trait;
use cardlift_core::account::{Account, AccountName};
use cardlift_core::ports::{AccountRepository, StoreError};

use super::{InMemory, next_id};

#[async_trait]
impl AccountRepository for InMemory {
    async fn ensure(&self, name: &AccountName) -> Result<Account, StoreError> {
        let accounts = &mut self.state().accounts;
        if let Some(account) = accounts.iter().find(|account| account.name == *name) {
            return Ok(account.clone());
        }
        let account = Account { id: next_id(accounts.len()), name: name.clone() };
        accounts.push(account.clone());
        Ok(account)
    }

    async fn find_by_name(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        Ok(self.state().accounts.iter().find(|account| account.name == *name).cloned())
    }
}
