//! Use cases of accounts: make, read, list, change, take their key for the vault away.

use std::collections::HashSet;
use std::sync::Arc;

use thiserror::Error;

use super::Operator;
use crate::account::{Account, AccountChange, AccountId, AccountName};
use crate::page::{Page, PageRequest, SortOrder};
use crate::ports::{AccountRepository, SealedSecretStore, StoreError};
use crate::sealed::{SecretLabel, SecretName};

/// Makes accounts, and sets them up.
#[derive(Clone)]
pub struct Accounts {
    /// The accounts.
    pub accounts: Arc<dyn AccountRepository>,
    /// Their keys for the vault, none of which is opened here.
    pub secrets: Arc<dyn SealedSecretStore>,
}

/// An account, and what is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDetails {
    /// The account.
    pub account: Account,
    /// Whether a key of its own for the vault is kept.
    pub has_vault_key: bool,
}

/// Why nothing was done. Nothing was written.
#[derive(Debug, Error)]
pub enum AccountError {
    /// There is no such account.
    #[error("Account with id {0} not found.")]
    NotFound(AccountId),
    /// Another one has the name.
    #[error("There is an account named {0} already.")]
    NameTaken(AccountName),
    /// There is none to be taken away.
    #[error("Account {0} has no Stripe key of its own.")]
    NoVaultKey(AccountName),
    /// It would shut out whoever asks for it.
    #[error(
        "The account of this API key can't be disabled with it: that would let in nobody who could \
         enable it. The command `cardlift account disable` does it."
    )]
    OwnAccount,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Accounts {
    /// Makes an account.
    ///
    /// # Errors
    /// [`AccountError::NameTaken`] and [`AccountError::Store`].
    pub async fn create(&self, name: &AccountName) -> Result<AccountDetails, AccountError> {
        let made = self.accounts.create_account(name).await?;
        let account = made.ok_or_else(|| AccountError::NameTaken(name.clone()))?;
        Ok(AccountDetails { account, has_vault_key: false })
    }

    /// The account of this id.
    ///
    /// # Errors
    /// [`AccountError::NotFound`] and [`AccountError::Store`].
    pub async fn find(&self, id: AccountId) -> Result<AccountDetails, AccountError> {
        let found = self.accounts.get(id).await?;
        self.details(found.ok_or(AccountError::NotFound(id))?).await
    }

    /// A page of the accounts, in the order they were made.
    ///
    /// # Errors
    /// [`AccountError::Store`].
    pub async fn list(
        &self,
        order: SortOrder,
        page: PageRequest,
    ) -> Result<Page<AccountDetails>, AccountError> {
        let Page { items, total } = self.accounts.list_accounts(order, page).await?;
        let ids: Vec<_> = items.iter().map(|account| account.id).collect();
        let with_key = self.secrets.sealed_for(SecretName::VaultKey, &ids).await?;
        let with_key: HashSet<_> = with_key.into_iter().collect();
        let details = items.into_iter().map(|account| {
            let has_vault_key = with_key.contains(&account.id);
            AccountDetails { account, has_vault_key }
        });
        Ok(Page { items: details.collect(), total })
    }

    /// Makes these changes, all of them or none.
    ///
    /// # Errors
    /// [`AccountError::NotFound`], [`AccountError::OwnAccount`] and [`AccountError::Store`].
    pub async fn change(
        &self,
        by: Operator,
        id: AccountId,
        changes: &[AccountChange],
    ) -> Result<AccountDetails, AccountError> {
        let shuts = changes.iter().any(|change| matches!(change, AccountChange::Disable(_)));
        if shuts && id == AccountId::DEFAULT && by != Operator::Console {
            return Err(AccountError::OwnAccount);
        }
        let account = self.accounts.change_account(id, changes).await?;
        self.details(account.ok_or(AccountError::NotFound(id))?).await
    }

    /// Takes an account's key for the vault away. It does not have to be opened for that.
    ///
    /// # Errors
    /// [`AccountError::NotFound`], [`AccountError::NoVaultKey`] and [`AccountError::Store`].
    pub async fn remove_vault_key(&self, id: AccountId) -> Result<AccountDetails, AccountError> {
        let found = self.accounts.get(id).await?;
        let account = found.ok_or(AccountError::NotFound(id))?;
        if self.secrets.remove_sealed(SecretLabel::vault_key(id)).await? {
            Ok(AccountDetails { account, has_vault_key: false })
        } else {
            Err(AccountError::NoVaultKey(account.name))
        }
    }

    async fn details(&self, account: Account) -> Result<AccountDetails, AccountError> {
        let key = self.secrets.sealed(SecretLabel::vault_key(account.id)).await?;
        Ok(AccountDetails { account, has_vault_key: key.is_some() })
    }
}

#[cfg(test)]
mod tests;
