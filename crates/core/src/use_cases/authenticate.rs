//! Use case: find out who is calling.

use std::sync::Arc;

use thiserror::Error;

use super::{KeyUses, Operator};
use crate::account::{Account, AccountId, RateLimits};
use crate::api_key::{ApiKeyId, ApiKeySecret, HashKey, KeyOfAccount, KeyUse, Scope, Scopes};
use crate::payment_method::DefaultChoice;
use crate::ports::{ApiKeyStore, Clock, StoreError};

/// Finds out for which account a caller may act.
#[derive(Clone)]
pub struct Authenticate {
    /// The API keys.
    pub keys: Arc<dyn ApiKeyStore>,
    /// Whose keys are let in.
    pub admission: Admission,
    /// What their digests are keyed with.
    pub hash: HashKey,
    /// When keys were used.
    pub uses: KeyUses,
    /// Says when.
    pub clock: Arc<dyn Clock>,
}

/// Whose keys are let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Every account's.
    EveryAccount,
    /// This account's alone: what a server that runs on made-up cards does, so that none of them
    /// gets into a real account.
    Only(AccountId),
}

/// Who is calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The account it acts for.
    pub account: AccountId,
    /// The key it showed.
    pub key: ApiKeyId,
    /// What it may do.
    pub scopes: Scopes,
    /// How many requests it may make.
    pub limits: RateLimits,
    /// What becomes of a customer's default by an import that does not say.
    pub default_choice: DefaultChoice,
}

/// That a key may not be used for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("This needs the scope {0}, which the API key does not have.")]
pub struct MissingScope(pub Scope);

/// Why a caller is not let in.
#[derive(Debug, Error)]
pub enum AuthenticateError {
    /// The key is unknown, has expired, was revoked, is of an account that is disabled, or is not let
    /// in here. Which of them is not told.
    #[error("The API key is unknown, has expired or was revoked.")]
    UnknownKey,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a caller who was let in is not to be served any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AccessEnded {
    /// The key has expired, was revoked, or is of an account that is disabled by now. Which of them is
    /// not told.
    #[error("{}", AuthenticateError::UnknownKey)]
    UnknownKey,
    /// The key may not be used for this any more.
    #[error(transparent)]
    Scope(#[from] MissingScope),
}

impl Authenticate {
    /// Looks the secret up, and notes that its key is used. Whether it has expired the clock says, however
    /// old what the store knows of it is.
    ///
    /// # Errors
    /// Each kind of [`AuthenticateError`].
    pub async fn run(&self, secret: &ApiKeySecret) -> Result<Principal, AuthenticateError> {
        let digest = self.hash.digest(secret);
        let found = self.keys.find_by_digest(&digest).await?;
        let at = self.clock.now();
        let good = found.filter(|found| {
            let KeyOfAccount { key, account } = found;
            key.digest == digest
                && key.is_good(at)
                && account.disabled_at.is_none()
                && self.admission.admits(account.id)
        });
        let KeyOfAccount { key, account } = good.ok_or(AuthenticateError::UnknownKey)?;
        let Account { id, limits, default_choice, .. } = account;
        self.uses.note(KeyUse { account: id, key: key.id, at });
        Ok(Principal { account: id, key: key.id, scopes: key.scopes, limits, default_choice })
    }

    /// Asks again of a key that was let in, in the midst of what it was let in for, which needs this
    /// scope. That is a use of the key, too.
    ///
    /// Only a no that is certain counts. A store that fails says nothing against the key; and whatever
    /// is done next for its caller needs the store as well.
    ///
    /// # Errors
    /// Each kind of [`AccessEnded`].
    pub async fn recheck(&self, secret: &ApiKeySecret, scope: Scope) -> Result<(), AccessEnded> {
        match self.run(secret).await {
            Ok(principal) => principal.may(scope).map_err(AccessEnded::from),
            Err(AuthenticateError::UnknownKey) => Err(AccessEnded::UnknownKey),
            Err(AuthenticateError::Store(_)) => Ok(()),
        }
    }
}

impl Principal {
    /// Whether it may do what needs this scope. What is the operator's the default account alone may
    /// do, whatever stands with the key of another.
    pub fn may(&self, scope: Scope) -> Result<(), MissingScope> {
        let operator = self.account == AccountId::DEFAULT;
        if self.scopes.has(scope) && (operator || scope != Scope::Admin) {
            Ok(())
        } else {
            Err(MissingScope(scope))
        }
    }

    /// It, where it may do what is the operator's.
    pub fn operator(&self) -> Result<Operator, MissingScope> {
        self.may(Scope::Admin)?;
        Ok(Operator::Key(self.key))
    }
}

impl Admission {
    fn admits(self, account: AccountId) -> bool {
        match self {
            Self::EveryAccount => true,
            Self::Only(admitted) => account == admitted,
        }
    }
}

#[cfg(test)]
mod tests;
