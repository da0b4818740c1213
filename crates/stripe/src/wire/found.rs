//! A card, in whichever shape it came.

use cardlift_core::card::{Address, Expiry, Funding, HolderName, MaskedNumber, VaultCard};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};

use super::text::{clean, clean_address};
use crate::brand::brand;
use crate::call_error::CallError;

/// A card, in whichever shape it came. Its texts are as the API gave them.
#[derive(Debug)]
pub(crate) struct FoundCard {
    pub(crate) id: String,
    pub(crate) customer: Option<String>,
    pub(crate) brand: String,
    pub(crate) last4: String,
    pub(crate) exp_month: i64,
    pub(crate) exp_year: i64,
    pub(crate) funding: Option<String>,
    pub(crate) issuer_country: Option<String>,
    pub(crate) fingerprint: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) address: Address,
}

impl FoundCard {
    pub(crate) fn into_vault_card(
        self,
        external_customer: ExternalCustomerId,
        external_card: ExternalCardId,
    ) -> Result<VaultCard, CallError> {
        let number = MaskedNumber::from_last_four(&self.last4);
        let number = number.map_err(|_| CallError::Meaning("its last4 is not four digits"))?;
        let expiry = Expiry::new(self.exp_month, self.exp_year);
        let expiry = expiry.map_err(|_| CallError::Meaning("its expiry is no month and year"))?;
        Ok(VaultCard {
            external_customer,
            external_card,
            brand: brand(&clean(Some(self.brand)).unwrap_or_default()),
            number,
            expiry,
            holder: HolderName::new(&clean(self.name).unwrap_or_default()),
            address: clean_address(self.address),
            funding: Funding::from_name(self.funding.as_deref().unwrap_or_default()),
            issuer_country: clean(self.issuer_country),
            fingerprint: clean(self.fingerprint),
        })
    }
}
