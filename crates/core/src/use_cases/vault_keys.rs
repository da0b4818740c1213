//! Use cases: give an account credentials for the vault, and read them.

use std::collections::HashMap;
use std::str;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::account::{Account, AccountId};
use crate::ports::{
    AccountRepository, ModeBinding, NotAVaultKey, SealedSecretStore, Sealer, SealerError,
    StoreError, StoreErrorKind, VaultCredential, VaultCredentials, VaultError, VaultKeyFormat,
};
use crate::sealed::SecretLabel;
use crate::vault::VaultMode;

/// How long to leave a store alone that is out of reach.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Keeps the credentials of accounts, sealed.
#[derive(Clone)]
pub struct VaultKeys {
    /// The accounts.
    pub accounts: Arc<dyn AccountRepository>,
    /// Where the keys are kept.
    pub secrets: Arc<dyn SealedSecretStore>,
    /// What seals them.
    pub sealer: Arc<dyn Sealer>,
    /// Tells what is a key.
    pub format: Arc<dyn VaultKeyFormat>,
    /// Keys that are kept elsewhere, which go before those that are kept here.
    pub given: HashMap<AccountId, SecretString>,
}

/// Why an account did not get credentials. Those it had are as they were.
#[derive(Debug, Error)]
pub enum SetVaultKeyError {
    /// There is no such account.
    #[error("Account with id {0} not found.")]
    NoAccount(AccountId),
    /// It is no key that could read the vault.
    #[error(transparent)]
    NotAKey(#[from] NotAVaultKey),
    /// The account has tokens of the other mode.
    #[error(
        "The key is for {given} mode, and the account has cards or jobs of {bound} mode, which it \
         can't read: make an account of its own for {given} mode."
    )]
    OtherMode {
        /// The key's.
        given: VaultMode,
        /// The account's.
        bound: VaultMode,
    },
    /// A key of the other mode goes before it.
    #[error(
        "The key is for {given} mode, and the server has been given one of {bound} mode for this \
         account, which goes before it: take that out of the server's settings first."
    )]
    OtherThanGiven {
        /// The key's.
        given: VaultMode,
        /// That of the key which goes before it.
        bound: VaultMode,
    },
    /// It could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealerError),
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl VaultKeys {
    /// Gives an account a key in place of the one that it had, and returns the account, which is bound
    /// to the mode of the key.
    ///
    /// # Errors
    /// Each kind of [`SetVaultKeyError`].
    pub async fn set(
        &self,
        account: AccountId,
        key: &SecretString,
    ) -> Result<Account, SetVaultKeyError> {
        let mode = self.format.mode(key)?;
        if let Some(given) = self.given.get(&account) {
            let bound = self.format.mode(given)?;
            if bound != mode {
                return Err(SetVaultKeyError::OtherThanGiven { given: mode, bound });
            }
        }
        let label = SecretLabel::vault_key(account);
        let sealed = self.sealer.seal(label, key.expose_secret().as_bytes())?;
        bound(account, mode, self.secrets.put_vault_key(account, mode, &sealed).await?)
    }

    /// Binds an account to the mode of the key that it uses, wherever that is kept.
    ///
    /// # Errors
    /// [`SetVaultKeyError::NoAccount`], [`SetVaultKeyError::OtherMode`] and
    /// [`SetVaultKeyError::Store`].
    pub async fn bind(
        &self,
        account: AccountId,
        mode: VaultMode,
    ) -> Result<Account, SetVaultKeyError> {
        bound(account, mode, self.accounts.bind_mode(account, mode).await?)
    }

    /// Whether an account has a key.
    ///
    /// # Errors
    /// [`StoreError`] of any kind.
    pub async fn has(&self, account: AccountId) -> Result<bool, StoreError> {
        if self.given.contains_key(&account) {
            return Ok(true);
        }
        Ok(self.secrets.sealed(SecretLabel::vault_key(account)).await?.is_some())
    }
}

/// The account that was bound to this mode.
fn bound(
    account: AccountId,
    given: VaultMode,
    binding: ModeBinding,
) -> Result<Account, SetVaultKeyError> {
    match binding {
        ModeBinding::Bound(bound) => Ok(bound),
        ModeBinding::OtherMode(bound) => Err(SetVaultKeyError::OtherMode { given, bound }),
        ModeBinding::NoAccount => Err(SetVaultKeyError::NoAccount(account)),
    }
}

#[async_trait]
impl VaultCredentials for VaultKeys {
    async fn credential(&self, account: AccountId) -> Result<VaultCredential, VaultError> {
        let key = match self.given.get(&account) {
            Some(key) => key.clone(),
            None => self.kept(account).await?,
        };
        let account = self.accounts.get(account).await.map_err(unreadable)?;
        let mode = account.and_then(|account| account.mode).ok_or(VaultError::NoCredentials)?;
        Ok(VaultCredential { key, mode })
    }
}

impl VaultKeys {
    /// The key that is kept.
    async fn kept(&self, account: AccountId) -> Result<SecretString, VaultError> {
        let label = SecretLabel::vault_key(account);
        let sealed = self.secrets.sealed(label).await.map_err(unreadable)?;
        let sealed = sealed.ok_or(VaultError::NoCredentials)?;
        let opened = self.sealer.open(label, &sealed);
        let opened = opened
            .map_err(|error| VaultError::CredentialsUnreadable { source: Box::new(error) })?;
        let key = str::from_utf8(opened.expose_secret())
            .map_err(|error| VaultError::CredentialsUnreadable { source: Box::new(error) })?;
        Ok(SecretString::from(key))
    }
}

fn unreadable(error: StoreError) -> VaultError {
    match error.kind() {
        StoreErrorKind::Unavailable | StoreErrorKind::Failed => {
            VaultError::Unavailable { retry_after: RETRY_AFTER, source: Box::new(error) }
        }
        StoreErrorKind::Corrupt => VaultError::CredentialsUnreadable { source: Box::new(error) },
    }
}

#[cfg(test)]
mod tests;
