//! A vault that does as it is told.

mod catalog;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cardlift_core::bank_account::{BankAccountType, MaskedAccountNumber, VaultBankAccount};
use cardlift_core::card::{
    Address, CardBrand, Expiry, Funding, HolderName, MaskedNumber, VaultCard,
};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::ports::{CardVault, VaultError};
use cardlift_core::vault::VaultAccount;
use tokio::sync::Semaphore;

/// What the vault is told to do.
pub(crate) enum Says {
    /// It has what it is asked for: a bank account under `ba_..`, else a card.
    Card,
    Error(fn() -> VaultError),
    /// Holds its answer back until it is let go.
    Held(Arc<Semaphore>),
    Panic,
}

pub(crate) struct Vault {
    pub(crate) says: Mutex<Arc<Says>>,
    pub(crate) asked: AtomicUsize,
    pub(crate) scope: Mutex<Option<VaultAccount>>,
}

#[async_trait]
impl CardVault for Vault {
    async fn read(
        &self,
        scope: &VaultAccount,
        customer: &ExternalCustomerId,
        card: &ExternalCardId,
    ) -> Result<Instrument, VaultError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        *self.scope.lock().expect("no panic") = Some(scope.clone());
        let says = self.says.lock().expect("no panic").clone();
        match says.as_ref() {
            Says::Card => {}
            Says::Error(error) => return Err(error()),
            Says::Held(held) => held.acquire().await.expect("open").forget(),
            Says::Panic => unreachable!("the vault panics"),
        }
        let (customer, card) = (customer.clone(), card.clone());
        if card.as_str().starts_with("ba_") {
            return Ok(bank_account(customer, card).into());
        }
        Ok(visa(customer, card).into())
    }
}

pub(crate) fn visa(
    external_customer: ExternalCustomerId,
    external_card: ExternalCardId,
) -> VaultCard {
    VaultCard {
        external_customer,
        external_card,
        brand: CardBrand::Visa,
        number: MaskedNumber::from_last_four("4242").expect("four digits"),
        expiry: Expiry::new(11, 2017).expect("an expiry"),
        holder: HolderName::new("John Doe"),
        address: Address::default(),
        funding: Funding::Credit,
        issuer_country: None,
        fingerprint: None,
    }
}

fn bank_account(
    external_customer: ExternalCustomerId,
    external_card: ExternalCardId,
) -> VaultBankAccount {
    VaultBankAccount {
        external_customer,
        external_card,
        number: MaskedAccountNumber::from_last_four("6789").expect("four digits"),
        transit_number: MaskedAccountNumber::masking("110000000").ok(),
        account_type: BankAccountType::Checking,
        holder: HolderName::new("Jane Austen"),
        holder_type: Some("individual".into()),
        address: Address::default(),
        bank_name: None,
        bank_country: Some("US".into()),
        currency: Some("usd".into()),
        verification: Some("new".into()),
        fingerprint: None,
    }
}
