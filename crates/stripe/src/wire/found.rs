//! A card or bank account, in whichever shape it came.

use cardlift_core::card::{Expiry, Funding, HolderName, MaskedNumber, VaultCard};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;

use super::FoundBankAccount;
use super::holder::HolderAddress;
use super::text::{Text, clean};
use crate::brand::brand;
use crate::call_error::CallError;

/// A card or bank account, in whichever shape it came. Its texts are as the API gave them.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    Card(FoundCard<'a>),
    BankAccount(FoundBankAccount<'a>),
}

/// A card, in whichever shape it came.
#[derive(Debug)]
pub(crate) struct FoundCard<'a> {
    pub(super) brand: Text<'a>,
    pub(super) last4: Text<'a>,
    pub(super) exp_month: i64,
    pub(super) exp_year: i64,
    pub(super) funding: Option<Text<'a>>,
    pub(super) issuer_country: Option<Text<'a>>,
    pub(super) fingerprint: Option<Text<'a>>,
    pub(super) name: Option<Text<'a>>,
    pub(super) address: HolderAddress<'a>,
}

impl Found<'_> {
    /// What is stored of it, under these ids.
    pub(crate) fn into_instrument(
        self,
        customer: ExternalCustomerId,
        card: ExternalCardId,
    ) -> Result<Instrument, CallError> {
        match self {
            Self::Card(found) => found.into_vault_card(customer, card).map(Into::into),
            Self::BankAccount(found) => {
                found.into_vault_bank_account(customer, card).map(Into::into)
            }
        }
    }
}

impl FoundCard<'_> {
    fn into_vault_card(
        self,
        external_customer: ExternalCustomerId,
        external_card: ExternalCardId,
    ) -> Result<VaultCard, CallError> {
        let number = MaskedNumber::from_last_four(self.last4.as_str());
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
            address: self.address.clean(),
            funding: Funding::from_name(self.funding.as_ref().map_or("", Text::as_str)),
            issuer_country: clean(self.issuer_country),
            fingerprint: clean(self.fingerprint),
        })
    }
}
