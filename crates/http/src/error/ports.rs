//! Errors of the vault and of the stores.

use std::time::Duration;

use actix_web::http::StatusCode;
use cardlift_core::ports::{StoreError, StoreErrorKind, VaultError};

/// When to come again after a database that was out of reach, in seconds.
const DATABASE_RETRY_AFTER: u64 = 5;

pub(super) fn of_vault(error: &VaultError) -> (StatusCode, Option<u64>) {
    match error {
        VaultError::CardNotFound { .. }
        | VaultError::CustomerNotFound { .. }
        | VaultError::WrongMode { .. } => (StatusCode::NOT_FOUND, None),
        VaultError::OtherObject { .. } => (StatusCode::BAD_REQUEST, None),
        VaultError::NoCredentials
        | VaultError::CredentialsUnreadable { .. }
        | VaultError::CredentialsRefused
        | VaultError::Refused { .. }
        | VaultError::Unreadable { .. } => (StatusCode::BAD_GATEWAY, None),
        VaultError::Throttled { retry_after } | VaultError::Unavailable { retry_after, .. } => {
            (StatusCode::SERVICE_UNAVAILABLE, Some(whole_seconds(*retry_after)))
        }
    }
}

pub(super) fn said_of_vault(error: &VaultError) -> String {
    let text = match error {
        VaultError::CardNotFound { message }
        | VaultError::CustomerNotFound { message }
        | VaultError::WrongMode { message } => message,
        VaultError::OtherObject { object } => {
            return format!(
                "stripeCardId must be a card or bank account: under this id the vault holds \"{object}\"."
            );
        }
        VaultError::NoCredentials => "This account has no Stripe key: its operator has to set one.",
        VaultError::CredentialsUnreadable { .. } => {
            "This account's Stripe key can't be read. Its operator has to see to it."
        }
        VaultError::CredentialsRefused => {
            "The vault refuses the credentials of this server. Its operator has to see to it."
        }
        VaultError::Refused { .. } => "The vault refuses to hand it out.",
        VaultError::Throttled { .. } => "The vault takes no more requests. Try again later.",
        VaultError::Unavailable { .. } => "The vault is out of reach. Try again later.",
        VaultError::Unreadable { .. } => "The vault's answer can't be understood.",
    };
    text.to_owned()
}

pub(super) fn of_store(error: &StoreError) -> (StatusCode, Option<u64>) {
    match error.kind() {
        StoreErrorKind::Unavailable => {
            (StatusCode::SERVICE_UNAVAILABLE, Some(DATABASE_RETRY_AFTER))
        }
        StoreErrorKind::Corrupt | StoreErrorKind::Failed => {
            (StatusCode::INTERNAL_SERVER_ERROR, None)
        }
    }
}

pub(super) fn said_of_store(error: &StoreError) -> &'static str {
    match error.kind() {
        StoreErrorKind::Unavailable => "The database is out of reach. Try again later.",
        StoreErrorKind::Corrupt | StoreErrorKind::Failed => said_of_store_failure(),
    }
}

pub(super) fn said_of_store_failure() -> &'static str {
    "The server failed, and nothing was changed. Its log says why, under the X-Request-Id of \
     this answer."
}

/// Whole seconds, up: coming a little late is better than a little early.
fn whole_seconds(duration: Duration) -> u64 {
    let up = u64::from(duration.subsec_nanos() > 0);
    duration.as_secs().saturating_add(up).max(1)
}
