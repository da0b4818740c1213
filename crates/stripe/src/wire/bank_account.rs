//! Bank accounts: the `bank_account` object, and the `payment_method` of type `us_bank_account`.

use cardlift_core::bank_account::{BankAccountType, MaskedAccountNumber, VaultBankAccount};
use cardlift_core::card::HolderName;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use serde::Deserialize;

use super::holder::{Holder, HolderAddress};
use super::text::{Text, clean};
use crate::call_error::CallError;

/// A bank account, in whichever shape it came. Its texts are as the API gave them.
#[derive(Debug)]
pub(crate) struct FoundBankAccount<'a> {
    pub(super) details: BankDetails<'a>,
    pub(super) holder_name: Option<Text<'a>>,
    /// The `bank_account` object has none: its country is the bank's.
    pub(super) address: HolderAddress<'a>,
    /// A payment method does not say.
    pub(super) status: Option<Text<'a>>,
}

/// What both shapes say alike.
#[derive(Debug, Default, Deserialize)]
pub(super) struct BankDetails<'a> {
    #[serde(borrow)]
    pub(super) last4: Option<Text<'a>>,
    pub(super) routing_number: Option<Text<'a>>,
    pub(super) account_holder_type: Option<Text<'a>>,
    pub(super) account_type: Option<Text<'a>>,
    pub(super) bank_name: Option<Text<'a>>,
    pub(super) country: Option<Text<'a>>,
    pub(super) currency: Option<Text<'a>>,
    pub(super) fingerprint: Option<Text<'a>>,
}

impl<'a> BankDetails<'a> {
    /// The bank account of a payment method.
    pub(super) fn billed_to(self, holder: Holder<'a>) -> FoundBankAccount<'a> {
        FoundBankAccount {
            details: BankDetails { country: Some("US".into()), ..self },
            holder_name: holder.name,
            address: holder.address.unwrap_or_default(),
            status: None,
        }
    }
}

impl FoundBankAccount<'_> {
    pub(super) fn into_vault_bank_account(
        self,
        external_customer: ExternalCustomerId,
        external_card: ExternalCardId,
    ) -> Result<VaultBankAccount, CallError> {
        let details = self.details;
        let last4 = details.last4.as_ref().map_or("", Text::as_str);
        let number = MaskedAccountNumber::from_last_four(last4);
        let number = number.map_err(|_| CallError::Meaning("its last4 is no end of a number"))?;
        // Some have a dash in them.
        let routing = details.routing_number.as_ref().map_or("", Text::as_str);
        let routing: String = routing.chars().filter(char::is_ascii_alphanumeric).collect();
        Ok(VaultBankAccount {
            external_customer,
            external_card,
            number,
            transit_number: MaskedAccountNumber::masking(&routing).ok(),
            account_type: BankAccountType::from_name(
                &clean(details.account_type).unwrap_or_default(),
            ),
            holder: HolderName::new(&clean(self.holder_name).unwrap_or_default()),
            holder_type: clean(details.account_holder_type),
            address: self.address.clean(),
            bank_name: clean(details.bank_name),
            bank_country: clean(details.country),
            currency: clean(details.currency),
            verification: clean(self.status),
            fingerprint: clean(details.fingerprint),
        })
    }
}
