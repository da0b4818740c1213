use async_trait::async_trait;
use cardlift_core::account::{Account, AccountChange, AccountId, AccountName};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{AccountRepository, ModeBinding, StoreError};
use cardlift_core::vault::VaultMode;

use super::{InMemory, State, next_id, page_of};

#[async_trait]
impl AccountRepository for InMemory {
    async fn create_account(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        let mut state = self.state();
        let taken = state.accounts.iter().any(|account| account.name == *name);
        Ok((!taken).then(|| state.make_account(name)))
    }

    async fn ensure(&self, name: &AccountName) -> Result<Account, StoreError> {
        let mut state = self.state();
        let there = state.accounts.iter().find(|account| account.name == *name).cloned();
        Ok(there.unwrap_or_else(|| state.make_account(name)))
    }

    async fn find_by_name(&self, name: &AccountName) -> Result<Option<Account>, StoreError> {
        Ok(self.state().accounts.iter().find(|account| account.name == *name).cloned())
    }

    async fn get(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        Ok(self.state().accounts.iter().find(|account| account.id == id).cloned())
    }

    async fn list_accounts(
        &self,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<Account>, StoreError> {
        Ok(page_of(self.state().accounts.clone(), order, page))
    }

    async fn change_account(
        &self,
        id: AccountId,
        changes: &[AccountChange],
    ) -> Result<Option<Account>, StoreError> {
        let mut state = self.state();
        let account = state.accounts.iter_mut().find(|account| account.id == id);
        Ok(account.map(|account| {
            AccountChange::apply_all(changes, account);
            account.clone()
        }))
    }

    async fn bind_mode(&self, id: AccountId, mode: VaultMode) -> Result<ModeBinding, StoreError> {
        let mut state = self.state();
        let used = state.payment_methods.iter().any(|method| method.account == id)
            || state.jobs.iter().any(|entry| entry.job.account == id);
        let account = state.accounts.iter_mut().find(|account| account.id == id);
        let Some(account) = account else { return Ok(ModeBinding::NoAccount) };
        match account.mode {
            Some(bound) if bound != mode && used => Ok(ModeBinding::OtherMode(bound)),
            _ => {
                account.mode = Some(mode);
                Ok(ModeBinding::Bound(account.clone()))
            }
        }
    }
}

impl State {
    fn make_account(&mut self, name: &AccountName) -> Account {
        let made = Account::new(next_id(self.accounts.len()), name.clone());
        self.accounts.push(made.clone());
        made
    }
}
