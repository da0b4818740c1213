use cardlift_core::bank_account::{BankAccountType, VaultBankAccount};
use serde::Serialize;
use utoipa::ToSchema;

use super::Common;

/// A bank account: these fields, in this order. The last two are ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BankAccount)]
pub(super) struct AchObject {
    /// Four asterisks and the last four digits.
    masked_account_number: String,
    /// Four asterisks and the last four digits; empty where the vault has none.
    masked_transit_number: String,
    bank_account_type: AchAccountType,
    #[serde(flatten)]
    common: Common,
    /// `individual` or `company`, or empty.
    account_holder_type: String,
    /// The vault's: `new`, `verified`, ..., or empty.
    verification_status: String,
}

/// The contract knows two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BankAccountType)]
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
