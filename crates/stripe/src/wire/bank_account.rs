//! Bank accounts: the `bank_account` object, and the `payment_method` of type `us_bank_account`.

use cardlift_core::bank_account::{BankAccountType, MaskedAccountNumber, VaultBankAccount};
use cardlift_core::card::{Address, HolderName};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use serde::Deserialize;

use super::payment_method::Holder;
use super::text::{clean, clean_address};
use crate::call_error::CallError;

/// A bank account, in whichever shape it came. Its texts are as the API gave them.
#[derive(Debug)]
pub(crate) struct FoundBankAccount {
    pub(crate) id: String,
    pub(crate) customer: Option<String>,
    details: Details,
    holder_name: Option<String>,
    address: Address,
    status: Option<String>,
}

/// What both shapes say alike.
#[derive(Debug, Deserialize)]
struct Details {
    last4: String,
    routing_number: Option<String>,
    account_holder_type: Option<String>,
    account_type: Option<String>,
    bank_name: Option<String>,
    country: Option<String>,
    currency: Option<String>,
    fingerprint: Option<String>,
}

/// The `bank_account` object.
#[derive(Deserialize)]
pub(super) struct BankAccount {
    id: String,
    customer: Option<String>,
    account_holder_name: Option<String>,
    status: Option<String>,
    #[serde(flatten)]
    details: Details,
}

/// The `payment_method` object of type `us_bank_account`.
#[derive(Deserialize)]
pub(super) struct UsBankAccount {
    id: String,
    customer: Option<String>,
    #[serde(rename = "us_bank_account")]
    details: Details,
    #[serde(default)]
    billing_details: Holder,
}

impl From<BankAccount> for FoundBankAccount {
    fn from(account: BankAccount) -> Self {
        Self {
            id: account.id,
            customer: account.customer,
            holder_name: account.account_holder_name,
            details: account.details,
            // It has none: its country is the bank's.
            address: Address::default(),
            status: account.status,
        }
    }
}

impl From<UsBankAccount> for FoundBankAccount {
    fn from(method: UsBankAccount) -> Self {
        let country = Some("US".to_owned());
        Self {
            id: method.id,
            customer: method.customer,
            holder_name: method.billing_details.name,
            details: Details { country, ..method.details },
            address: method.billing_details.address.unwrap_or_default().into(),
            // This shape does not say.
            status: None,
        }
    }
}

impl FoundBankAccount {
    pub(crate) fn into_vault_bank_account(
        self,
        external_customer: ExternalCustomerId,
        external_card: ExternalCardId,
    ) -> Result<VaultBankAccount, CallError> {
        let details = self.details;
        let number = MaskedAccountNumber::from_last_four(&details.last4);
        let number = number.map_err(|_| CallError::Meaning("its last4 is no end of a number"))?;
        // Some have a dash in them.
        let routing = details.routing_number.unwrap_or_default();
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
            address: clean_address(self.address),
            bank_name: clean(details.bank_name),
            bank_country: clean(details.country),
            currency: clean(details.currency),
            verification: clean(self.status),
            fingerprint: clean(details.fingerprint),
        })
    }
}
