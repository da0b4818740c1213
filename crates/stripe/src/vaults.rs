//! A vault for each account, by the key that it has.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use cardlift_core::account::AccountId;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::ports::{
    CardVault, CustomerRange, Holding, HoldingKind, VaultCatalog, VaultCredential,
    VaultCredentials, VaultCustomer, VaultError, VaultPage,
};
use cardlift_core::vault::VaultAccount;
use secrecy::{ExposeSecret, SecretString};

use crate::builder::{InvalidStripeSettings, StripeVaultBuilder};
use crate::policy::Policy;
use crate::request::Priority;
use crate::transport::Transport;
use crate::vault::StripeVault;

/// How old what is known of an account's key may be: whoever takes one away, or sets another, is heard
/// within a second.
const GOOD_FOR: Duration = Duration::from_millis(500);

/// When one of those who ask is sent to ask anew, while the others make do with what is there.
const RENEWED_AFTER: Duration = Duration::from_millis(250);

/// How many accounts there are before those that are not in use are looked for.
const MANY: usize = 1_024;

/// When an account is not in use any more, and what was learned of its limits is forgotten.
const IDLE: Duration = Duration::from_secs(600);

/// Stripe's vault for many accounts, each with the key that it has: those are asked for as they are
/// needed. All of them share their connections; limits, breaker and turns are each account's own.
pub struct StripeVaults {
    shared: Arc<Shared>,
    priority: Priority,
}

struct Shared {
    transport: Transport,
    policy: Policy,
    credentials: Arc<dyn VaultCredentials>,
    known: Mutex<HashMap<AccountId, Known>>,
}

struct Known {
    vault: Arc<StripeVault>,
    key: SecretString,
    asked_at: Instant,
    renewing: bool,
}

impl StripeVaults {
    /// Vaults with these settings; the key of the builder is nobody's.
    ///
    /// # Errors
    /// [`InvalidStripeSettings`], but for a wrong key.
    pub fn new(
        settings: &StripeVaultBuilder,
        credentials: Arc<dyn VaultCredentials>,
    ) -> Result<Self, InvalidStripeSettings> {
        let (transport, policy) = (settings.transport()?, settings.policy().clone());
        let shared = Shared { transport, policy, credentials, known: Mutex::default() };
        Ok(Self { shared: Arc::new(shared), priority: Priority::Live })
    }

    /// The same vaults, for jobs: as [`StripeVault::for_bulk`].
    #[must_use]
    pub fn for_bulk(&self) -> Self {
        Self { shared: self.shared.clone(), priority: Priority::Bulk }
    }

    /// The vault with the key that this account has now.
    async fn of(&self, scope: &VaultAccount) -> Result<StripeVault, VaultError> {
        Ok(self.shared.vault(scope.holder).await?.share(self.priority))
    }
}

impl Shared {
    async fn vault(&self, account: AccountId) -> Result<Arc<StripeVault>, VaultError> {
        let now = Instant::now();
        if let Some(vault) = self.look_up(account, now) {
            return Ok(vault);
        }
        match self.credentials.credential(account).await {
            Ok(credential) => self.keep(account, credential, now),
            Err(error) => {
                // One that is known to be wrong is not used for as long as it was good for. Where nobody
                // knows, what was learned of the vault's limits stays.
                if error.is_about_credentials() {
                    self.known().remove(&account);
                }
                Err(error)
            }
        }
    }

    fn look_up(&self, account: AccountId, now: Instant) -> Option<Arc<StripeVault>> {
        let mut known = self.known();
        let there = known.get_mut(&account)?;
        let age = now.saturating_duration_since(there.asked_at);
        if age >= GOOD_FOR || (age >= RENEWED_AFTER && !there.renewing) {
            there.renewing = true;
            return None;
        }
        Some(there.vault.clone())
    }

    /// The vault with this key: the one that there is, where it has the same.
    fn keep(
        &self,
        account: AccountId,
        VaultCredential { key, mode }: VaultCredential,
        asked_at: Instant,
    ) -> Result<Arc<StripeVault>, VaultError> {
        let mut known = self.known();
        let there = known.get(&account);
        let same = there.filter(|there| there.key.expose_secret() == key.expose_secret());
        let vault = if let Some(there) = same {
            there.vault.clone()
        } else {
            let vault = StripeVault::new(self.transport.clone(), &key, self.policy.clone());
            Arc::new(vault.map_err(unreadable)?)
        };
        if vault.mode() != mode {
            known.remove(&account);
            return Err(unreadable(OtherMode));
        }
        if known.len() >= MANY {
            known.retain(|_, known| asked_at.saturating_duration_since(known.asked_at) < IDLE);
        }
        known.insert(account, Known { vault: vault.clone(), key, asked_at, renewing: false });
        Ok(vault)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<AccountId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key is not of the mode that the account is bound to.
#[derive(Debug, thiserror::Error)]
#[error("the key is for another mode than the account's cards")]
struct OtherMode;

fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> VaultError {
    VaultError::CredentialsUnreadable { source: Box::new(error) }
}

#[async_trait]
impl CardVault for StripeVaults {
    async fn read(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
        card: &ExternalCardId,
    ) -> Result<Instrument, VaultError> {
        self.of(scope).await?.read(scope, customer, card).await
    }
}

#[async_trait]
impl VaultCatalog for StripeVaults {
    async fn customers<'a>(
        &self,
        scope: &VaultAccount,
        range: CustomerRange<'a>,
    ) -> Result<VaultPage<VaultCustomer>, VaultError> {
        self.of(scope).await?.customers(scope, range).await
    }

    async fn customer(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
    ) -> Result<VaultCustomer, VaultError> {
        self.of(scope).await?.customer(scope, customer).await
    }

    async fn holdings<'a>(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
        kind: HoldingKind,
        after: Option<&'a str>,
    ) -> Result<VaultPage<Holding>, VaultError> {
        self.of(scope).await?.holdings(scope, customer, kind, after).await
    }
}
