use cardlift_core::bank_account::{BankAccountType, VaultBankAccount};
use serde::Serialize;

use super::Common;

/// A bank account: these fields, in this order. The last two are ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AchObject {
    masked_account_number: String,
    masked_transit_number: String,
    bank_account_type: AchAccountType,
    #[serde(flatten)]
    common: Common,
    account_holder_type: String,
    verification_status: String,
}

/// The contract knows two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
enum AchAccountType {
    #[serde(rename = "CHQ")]
    Checking,
    #[serde(rename = "SAV")]
    Savings,
}

impl AchObject {
    pub(super) fn new(account: &VaultBankAccount, common: Common) -> Self {
        let transit = account.transit_number.as_ref();
        Self {
            masked_account_number: account.number.to_string(),
            masked_transit_number: transit.map(ToString::to_string).unwrap_or_default(),
            bank_account_type: match account.account_type {
                BankAccountType::Savings => AchAccountType::Savings,
                // Most accounts in the vault have no type: they are for payments.
                _ => AchAccountType::Checking,
            },
            common,
            account_holder_type: account.holder_type.clone().unwrap_or_default(),
            verification_status: account.verification.clone().unwrap_or_default(),
        }
    }
}
