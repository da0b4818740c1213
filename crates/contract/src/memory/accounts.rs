use async_trait::async_trait;
use cardlift_core::account::{Account, AccountChange, AccountId, AccountName};
use cardlift_core::audit::{NewAuditBatch, told};
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::ports::{AccountRepository, ModeBinding, StoreError};
use cardlift_core::vault::VaultMode;

use super::audit::now;
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
        Ok(state.change(id, |account| AccountChange::apply_all(changes, account)))
    }

    async fn bind_mode(&self, id: AccountId, mode: VaultMode) -> Result<ModeBinding, StoreError> {
        let mut state = self.state();
        let (binding, told) = state.bind(id, mode);
        state.tell_joined(told);
        Ok(binding)
    }
}

impl State {
    /// Binds an account to this mode, where it may be, and gives what there is to tell of that.
    pub(super) fn bind(
        &mut self,
        id: AccountId,
        mode: VaultMode,
    ) -> (ModeBinding, Option<NewAuditBatch>) {
        let used = self.payment_methods.iter().any(|method| method.account == id)
            || self.jobs.iter().any(|entry| entry.job.account == id);
        let account = self.accounts.iter().find(|account| account.id == id);
        if let Some(bound) = account.and_then(|account| account.mode)
            && bound != mode
            && used
        {
            return (ModeBinding::OtherMode(bound), None);
        }
        match self.update(id, |account| account.mode = Some(mode)) {
            Some((bound, told)) => (ModeBinding::Bound(bound), Some(told)),
            None => (ModeBinding::NoAccount, None),
        }
    }

    fn make_account(&mut self, name: &AccountName) -> Account {
        let made = Account::new(next_id(self.accounts.len()), name.clone());
        self.accounts.push(made.clone());
        self.tell(&told::account_created(&made, now()));
        made
    }

    fn change(&mut self, id: AccountId, change: impl FnOnce(&mut Account)) -> Option<Account> {
        let (after, told) = self.update(id, change)?;
        self.tell(&told);
        Some(after)
    }

    fn update(
        &mut self,
        id: AccountId,
        change: impl FnOnce(&mut Account),
    ) -> Option<(Account, NewAuditBatch)> {
        let account = self.accounts.iter_mut().find(|account| account.id == id)?;
        let before = account.clone();
        change(account);
        let told = told::account_changed(&before, account, now());
        Some((account.clone(), told))
    }
}
