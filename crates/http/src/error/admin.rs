//! Errors of the operator's operations.

use actix_web::http::StatusCode;
use cardlift_core::ports::StoreError;
use cardlift_core::use_cases::{AccountError, ApiKeyError, CreateApiKeyError, SetVaultKeyError};
use thiserror::Error;

use super::ports::{said_of_store, said_of_store_failure};

/// Why an account or a key was not set up.
#[derive(Debug, Error)]
pub(crate) enum AdminError {
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    VaultKey(#[from] SetVaultKeyError),
    #[error(transparent)]
    ApiKey(#[from] ApiKeyError),
    #[error(transparent)]
    CreateKey(#[from] CreateApiKeyError),
}

impl AdminError {
    /// What failed, where a store did.
    pub(super) const fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Account(AccountError::Store(error))
            | Self::VaultKey(SetVaultKeyError::Store(error))
            | Self::ApiKey(ApiKeyError::Store(error))
            | Self::CreateKey(CreateApiKeyError::Store(error)) => Some(error),
            _ => None,
        }
    }

    /// The status, where no store failed.
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::Account(AccountError::NotFound(_) | AccountError::NoVaultKey(_))
            | Self::VaultKey(SetVaultKeyError::NoAccount(_))
            | Self::ApiKey(ApiKeyError::AccountNotFound(_) | ApiKeyError::NotFound(_))
            | Self::CreateKey(CreateApiKeyError::AccountNotFound(_)) => StatusCode::NOT_FOUND,
            Self::Account(AccountError::NameTaken(_) | AccountError::OwnAccount)
            | Self::VaultKey(
                SetVaultKeyError::OtherMode { .. } | SetVaultKeyError::OtherThanGiven { .. },
            )
            | Self::ApiKey(ApiKeyError::OwnKey) => StatusCode::CONFLICT,
            Self::VaultKey(SetVaultKeyError::NotAKey(_))
            | Self::CreateKey(CreateApiKeyError::Expired(_) | CreateApiKeyError::Admin) => {
                StatusCode::BAD_REQUEST
            }
            Self::VaultKey(SetVaultKeyError::Seal(_) | SetVaultKeyError::Store(_))
            | Self::Account(AccountError::Store(_))
            | Self::ApiKey(ApiKeyError::Store(_))
            | Self::CreateKey(CreateApiKeyError::Store(_)) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What is said to the caller.
    pub(super) fn value(&self) -> String {
        match self {
            Self::VaultKey(SetVaultKeyError::NotAKey(why)) => format!("key can't be used: {why}."),
            Self::VaultKey(SetVaultKeyError::Seal(_)) => said_of_store_failure().to_owned(),
            _ => match self.store() {
                Some(error) => said_of_store(error).to_owned(),
                None => self.to_string(),
            },
        }
    }
}
