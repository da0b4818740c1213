//! A bank account as a vault describes it: never its number, only what may be kept and shown.

mod account_type;
mod masked;

pub use account_type::BankAccountType;
pub use masked::{InvalidLastDigits, MaskedAccountNumber};

use crate::card::{Address, HolderName};
use crate::external_id::{ExternalCardId, ExternalCustomerId};

/// A bank account read from the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultBankAccount {
    /// The vault's customer it belongs to.
    pub external_customer: ExternalCustomerId,
    /// The vault's id of it.
    pub external_card: ExternalCardId,
    /// Its number, but for the last four digits masked.
    pub number: MaskedAccountNumber,
    /// The number of its bank, masked alike, where the vault knows it.
    pub transit_number: Option<MaskedAccountNumber>,
    /// What kind of account it is.
    pub account_type: BankAccountType,
    /// Who holds it.
    pub holder: HolderName,
    /// What its holder is, as the vault says it: `individual`, `company`.
    pub holder_type: Option<String>,
    /// Where its holder is billed.
    pub address: Address,
    /// What its bank is called.
    pub bank_name: Option<String>,
    /// The country of its bank, ISO 3166-1 alpha-2.
    pub bank_country: Option<String>,
    /// Its currency, ISO 4217, in lower case as the vault gives it.
    pub currency: Option<String>,
    /// How far the vault has verified it, as the vault says it: `new`, `verified`, ...
    pub verification: Option<String>,
    /// The vault's token for the account number: the same number has the same one.
    pub fingerprint: Option<String>,
}
