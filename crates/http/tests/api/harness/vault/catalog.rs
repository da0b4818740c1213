use async_trait::async_trait;
use cardlift_core::external_id::ExternalCustomerId;
use cardlift_core::ports::{
    CustomerRange, Holding, HoldingKind, VaultCatalog, VaultCustomer, VaultError, VaultPage,
};
use cardlift_core::vault::VaultAccount;

use super::{Says, Vault};

/// The vault has two customers.
#[async_trait]
impl VaultCatalog for Vault {
    async fn customers<'a>(
        &self,
        scope: &VaultAccount,
        _: CustomerRange<'a>,
    ) -> Result<VaultPage<VaultCustomer>, VaultError> {
        *self.scope.lock().expect("no panic") = Some(scope.clone());
        let says = self.says.lock().expect("no panic").clone();
        if let Says::Error(error) = says.as_ref() {
            return Err(error());
        }
        let items = ["cus_2", "cus_1"].map(|id| VaultCustomer {
            id: ExternalCustomerId::parse(id).expect("an id"),
            created: 1_700_000_000,
            email: None,
            metadata: Vec::new(),
            default: None,
            holdings: Vec::new(),
            sources_complete: true,
        });
        Ok(VaultPage { items: items.into(), more: false })
    }

    async fn customer(
        &self,
        _: &VaultAccount,
        _: &ExternalCustomerId,
    ) -> Result<VaultCustomer, VaultError> {
        unreachable!("the API reads no customer of the vault")
    }

    async fn holdings<'a>(
        &self,
        _: &VaultAccount,
        _: &ExternalCustomerId,
        _: HoldingKind,
        _: Option<&'a str>,
    ) -> Result<VaultPage<Holding>, VaultError> {
        unreachable!("the API lists no holdings of the vault")
    }
}
