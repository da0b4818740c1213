//! Use case: find out which customer of the vault is which of ours.

mod lookup;
mod mapping;

use std::sync::Arc;

use thiserror::Error;

pub use mapping::{LeftOut, MapReason, MappedCustomer, Mapping};

use self::lookup::Lookup;
use self::mapping::{Entry, Match};
use crate::account::AccountId;
use crate::external_id::ExternalCustomerId;
use crate::ports::{CustomerRepository, StoreError, VaultCatalog, VaultCustomer, VaultError};
use crate::vault::VaultAccount;
use crate::vault_pages::CustomerPages;

/// Finds out which customer of the vault is which of the billing system's.
#[derive(Clone)]
pub struct MapCustomers {
    /// The vault's customers.
    pub catalog: Arc<dyn VaultCatalog>,
    /// The billing system's.
    pub customers: Arc<dyn CustomerRepository>,
}

/// What both know of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapBy {
    /// Our id, which the vault keeps under this key.
    Id {
        /// The key of the vault's metadata.
        key: String,
    },
    /// Our reference, which the vault keeps under this key.
    Reference {
        /// The key of the vault's metadata.
        key: String,
    },
    /// The e-mail address, in any letter case.
    Email,
}

/// There is no mapping.
#[derive(Debug, Error)]
pub enum MapCustomersError {
    /// The vault did not list its customers.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MapCustomers {
    /// Looks at each customer of the vault, the newest first, and maps it where exactly one of
    /// ours is meant, and by no other. Nothing is guessed. `progress` is told how many customers
    /// of the vault were looked at so far.
    ///
    /// Memory holds the ids of those that were looked at, and nothing else of them.
    ///
    /// # Errors
    /// Each kind of [`MapCustomersError`].
    pub async fn run(
        &self,
        account: AccountId,
        scope: &VaultAccount,
        by: &MapBy,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<Mapping, MapCustomersError> {
        let (mut entries, mut looked_at) = (Vec::new(), 0_u64);
        let mut pages = CustomerPages::all();
        while let Some(page) = pages.next(self.catalog.as_ref(), scope).await? {
            looked_at += u64::try_from(page.len()).unwrap_or(u64::MAX);
            entries.extend(self.entries(account, by, page).await?);
            progress(looked_at);
        }
        Ok(Mapping::new(entries))
    }

    /// Whom each of these customers of the vault means.
    async fn entries(
        &self,
        account: AccountId,
        by: &MapBy,
        page: Vec<VaultCustomer>,
    ) -> Result<Vec<Entry>, StoreError> {
        let known: Vec<_> = page.into_iter().map(|each| (by.known_of(&each), each.id)).collect();
        let texts = known.iter().filter_map(|(text, _)| text.as_deref());
        let found = Lookup::of(self.customers.as_ref(), account, by, texts).await?;
        let entry = |(text, external_customer): (Option<String>, ExternalCustomerId)| {
            let found = text.map_or(Match::None, |text| found.matching(by, &text));
            Entry { external_customer, found }
        };
        Ok(known.into_iter().map(entry).collect())
    }
}

impl MapBy {
    /// What the vault knows of a customer that ours are compared with.
    fn known_of(&self, customer: &VaultCustomer) -> Option<String> {
        let text = match self {
            Self::Id { key } | Self::Reference { key } => {
                let kept = customer.metadata.iter().find(|(name, _)| name == key);
                kept.map(|(_, value)| value)
            }
            Self::Email => customer.email.as_ref(),
        };
        let text = text.map(|text| text.trim())?;
        (!text.is_empty()).then(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests;
