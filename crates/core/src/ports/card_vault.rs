//! Port: the vault that holds the cards.

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use super::Source;
use crate::external_id::{ExternalCardId, ExternalCustomerId};
use crate::instrument::Instrument;
use crate::vault::VaultAccount;

/// The vault could not hand over a card or bank account.
///
/// The `message`s are fit to be shown to a caller: they hold nothing but ids the caller sent.
/// A `source` is for the log, and holds no key and nothing of a card either.
#[derive(Debug, Error)]
pub enum VaultError {
    /// The customer has no such card.
    #[error("{message}")]
    CardNotFound {
        /// `No such source: ..`
        message: String,
    },
    /// The vault has no such customer.
    #[error("{message}")]
    CustomerNotFound {
        /// `No such customer: ..`
        message: String,
    },
    /// What is asked for is in the vault's other mode: test for live, or live for test.
    #[error("{message}")]
    WrongMode {
        /// `No such source: ..`, and the modes
        message: String,
    },
    /// The vault has it, but it is neither a card nor a bank account.
    #[error("the vault holds a {object} under this id, which is no card and no bank account")]
    OtherObject {
        /// What the vault says that it is: `bank_account`, ..
        object: String,
    },
    /// The account whose credentials are wanted has none.
    #[error("the account has no credentials for the vault")]
    NoCredentials,
    /// There are credentials, and they can't be read.
    #[error("the account's credentials for the vault can't be read")]
    CredentialsUnreadable {
        /// Why not.
        source: Source,
    },
    /// The vault does not accept our credentials, or not for this.
    #[error("the vault refuses our credentials")]
    CredentialsRefused,
    /// The vault refuses this request, whose credentials it accepts.
    #[error("the vault refuses to hand it out")]
    Refused {
        /// What it said, without texts.
        source: Source,
    },
    /// The vault asks for fewer requests, and did so on every retry.
    #[error("the vault throttles our requests")]
    Throttled {
        /// How long to leave it alone.
        retry_after: Duration,
    },
    /// The vault fails, is out of reach or too slow, and was so on every retry.
    #[error("the vault is out of reach")]
    Unavailable {
        /// How long to leave it alone.
        retry_after: Duration,
        /// What was met last.
        source: Source,
    },
    /// The vault answered what can't be understood. Nothing of it is believed.
    #[error("the vault's answer can't be understood")]
    Unreadable {
        /// What was wrong with it.
        source: Source,
    },
}

impl VaultError {
    /// Whether nothing can be read before somebody sees to the credentials.
    #[must_use]
    pub const fn is_about_credentials(&self) -> bool {
        matches!(
            self,
            Self::NoCredentials | Self::CredentialsUnreadable { .. } | Self::CredentialsRefused
        )
    }
}

/// Reads cards and bank accounts from the vault. Reads only: an import writes nothing to it.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
#[async_trait]
pub trait CardVault: Send + Sync {
    /// The card or bank account of this id that belongs to this customer. What comes back has these two ids.
    ///
    /// An adapter bounds the time this takes, and retries what may pass by itself.
    ///
    /// # Errors
    /// Each kind of [`VaultError`].
    async fn read(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
        card: &ExternalCardId,
    ) -> Result<Instrument, VaultError>;
}
