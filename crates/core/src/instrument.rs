//! What a customer can pay with.

use crate::bank_account::VaultBankAccount;
use crate::card::{Address, HolderName, VaultCard};
use crate::external_id::{ExternalCardId, ExternalCustomerId};

/// What a customer can pay with, as the vault describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instrument {
    /// A card.
    Card(VaultCard),
    /// A bank account.
    BankAccount(VaultBankAccount),
}

/// Which kind of instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InstrumentKind {
    /// A card.
    Card,
    /// A bank account.
    BankAccount,
}

impl InstrumentKind {
    /// Its name, which is stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::BankAccount => "bank_account",
        }
    }
}

impl Instrument {
    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> InstrumentKind {
        match self {
            Self::Card(_) => InstrumentKind::Card,
            Self::BankAccount(_) => InstrumentKind::BankAccount,
        }
    }

    /// The vault's customer it belongs to.
    #[must_use]
    pub const fn external_customer(&self) -> &ExternalCustomerId {
        match self {
            Self::Card(card) => &card.external_customer,
            Self::BankAccount(account) => &account.external_customer,
        }
    }

    /// The vault's id of it.
    #[must_use]
    pub const fn external_card(&self) -> &ExternalCardId {
        match self {
            Self::Card(card) => &card.external_card,
            Self::BankAccount(account) => &account.external_card,
        }
    }

    /// Who holds it.
    #[must_use]
    pub const fn holder(&self) -> &HolderName {
        match self {
            Self::Card(card) => &card.holder,
            Self::BankAccount(account) => &account.holder,
        }
    }

    /// Where its holder is billed.
    #[must_use]
    pub const fn address(&self) -> &Address {
        match self {
            Self::Card(card) => &card.address,
            Self::BankAccount(account) => &account.address,
        }
    }
}

impl From<VaultCard> for Instrument {
    fn from(card: VaultCard) -> Self {
        Self::Card(card)
    }
}

impl From<VaultBankAccount> for Instrument {
    fn from(account: VaultBankAccount) -> Self {
        Self::BankAccount(account)
    }
}
