//! What a job is to do.

use crate::external_id::ConnectedAccountId;
use crate::ports::VaultScope;

/// What a job is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobOptions {
    /// Which account of the vault is read.
    pub vault: VaultAccount,
    /// Which cards of a vault customer a row without a card means.
    pub cards: CardChoice,
    /// Whether anything is written.
    pub mode: RunMode,
    /// How the vault is read.
    pub reading: ReadingChoice,
}

/// An account of the vault: its limits hold for all who read it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VaultAccount(Option<ConnectedAccountId>);

/// Which cards of a vault customer are imported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CardChoice {
    /// The one that the row names; else the customer's default.
    #[default]
    NamedOrDefault,
    /// Each that the vault's customer has, whichever the row names.
    All,
}

/// Whether a job writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RunMode {
    /// It imports.
    #[default]
    Import,
    /// It finds out what importing would do, and writes no payment method.
    DryRun,
}

/// How the vault is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReadingChoice {
    /// In the way that takes the fewest calls.
    #[default]
    Cheapest,
    /// Card by card, and by a list where several cards of a customer are wanted.
    Customers,
    /// The whole account, a hundred customers a call; what is missing then, as above.
    Scan,
}

impl VaultAccount {
    /// The one that our credentials are of.
    pub const OWN: Self = Self(None);

    /// One that is connected to it.
    #[must_use]
    pub const fn connected(account: ConnectedAccountId) -> Self {
        Self(Some(account))
    }

    /// A name for it that no other has: empty for our own.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.as_ref().map_or("", ConnectedAccountId::as_str)
    }

    /// The one of this name, where it can be one's.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "" => Some(Self::OWN),
            name => ConnectedAccountId::parse(name).ok().map(Self::connected),
        }
    }

    /// Where the vault is to look.
    #[must_use]
    pub fn scope(&self) -> VaultScope {
        self.0.clone().map_or(VaultScope::Own, VaultScope::Connected)
    }
}

impl CardChoice {
    /// Its name, which is stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NamedOrDefault => "named_or_default",
            Self::All => "all",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::NamedOrDefault, Self::All].into_iter().find(|choice| choice.name() == name)
    }
}

impl ReadingChoice {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::Cheapest, Self::Customers, Self::Scan];

    /// Its name, which is stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cheapest => "cheapest",
            Self::Customers => "customers",
            Self::Scan => "scan",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_account_is_found_by_its_name() {
        let connected = VaultAccount::from_name("acct_1").expect("an account");
        assert_eq!(connected.name(), "acct_1");
        assert_eq!(VaultAccount::from_name(""), Some(VaultAccount::OWN));
        assert_eq!(VaultAccount::OWN.scope(), VaultScope::Own);
        assert_eq!(VaultAccount::from_name("other"), None);
    }

    #[test]
    fn each_choice_is_found_by_its_name() {
        for choice in ReadingChoice::ALL {
            assert_eq!(ReadingChoice::from_name(choice.name()), Some(choice));
        }
        assert_eq!(CardChoice::from_name("all"), Some(CardChoice::All));
    }
}
