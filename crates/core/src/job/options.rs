//! What a job is to do.

use crate::vault::VaultAccount;

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
    fn each_choice_is_found_by_its_name() {
        for choice in ReadingChoice::ALL {
            assert_eq!(ReadingChoice::from_name(choice.name()), Some(choice));
        }
        assert_eq!(CardChoice::from_name("all"), Some(CardChoice::All));
    }
}
