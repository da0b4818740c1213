//! Accounts of the vault: where a card is kept, and whose credentials open it.

use std::fmt;

use crate::account::AccountId;
use crate::external_id::ConnectedAccountId;

/// Which of its two worlds credentials for the vault are of. A token of one is none in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VaultMode {
    /// Real cards.
    Live,
    /// Test cards.
    Test,
}

/// An account of the vault: its limits hold for all who read it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VaultAccount {
    /// The account of ours whose credentials open it.
    pub holder: AccountId,
    /// The one that is connected to theirs; `None` for theirs itself.
    pub connected: Option<ConnectedAccountId>,
}

impl VaultMode {
    /// Each of them.
    pub const ALL: [Self; 2] = [Self::Live, Self::Test];

    /// Its name, which is stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

impl fmt::Display for VaultMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl VaultAccount {
    /// The one that the default account's credentials are of.
    pub const DEFAULT: Self = Self::own(AccountId::DEFAULT);

    /// The one that these credentials are of.
    #[must_use]
    pub const fn own(holder: AccountId) -> Self {
        Self { holder, connected: None }
    }

    /// One that is connected to it.
    #[must_use]
    pub const fn connected(holder: AccountId, connected: ConnectedAccountId) -> Self {
        Self { holder, connected: Some(connected) }
    }

    /// A name for it that no other has: `acct_1` where it is connected to the default account's, which
    /// has the empty one; `2` for that of account 2, and `2/acct_1` where it is connected to it.
    #[must_use]
    pub fn name(&self) -> String {
        let connected = self.connected.as_ref().map(ConnectedAccountId::as_str);
        match (self.holder, connected) {
            (AccountId::DEFAULT, connected) => connected.unwrap_or_default().to_owned(),
            (holder, None) => holder.to_string(),
            (holder, Some(connected)) => format!("{holder}/{connected}"),
        }
    }

    /// The one of this name, where it can be one's.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::DEFAULT);
        }
        if let Ok(connected) = ConnectedAccountId::parse(name) {
            return Some(Self::connected(AccountId::DEFAULT, connected));
        }
        let (holder, connected) = match name.split_once('/') {
            None => (name, None),
            Some((holder, connected)) => (holder, Some(ConnectedAccountId::parse(connected).ok()?)),
        };
        let holder = AccountId::try_from(holder.parse::<i64>().ok()?).ok()?;
        let found = Self { holder, connected };
        // Each has one name.
        (found.name() == name).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vault_account_is_found_by_its_name() {
        let connected = || ConnectedAccountId::parse("acct_1").expect("an id");
        let second = AccountId::try_from(2).expect("an id");
        for (name, account) in [
            ("", VaultAccount::DEFAULT),
            ("acct_1", VaultAccount::connected(AccountId::DEFAULT, connected())),
            ("2", VaultAccount::own(second)),
            ("2/acct_1", VaultAccount::connected(second, connected())),
        ] {
            assert_eq!(account.name(), name);
            assert_eq!(VaultAccount::from_name(name), Some(account));
        }
        for wrong in ["other", "1", "1/acct_1", "0", "-2", "02", "2/", "2/other", "/acct_1"] {
            assert_eq!(VaultAccount::from_name(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_mode_is_found_by_its_name() {
        for mode in VaultMode::ALL {
            assert_eq!(VaultMode::from_name(mode.name()), Some(mode));
        }
        assert_eq!(VaultMode::from_name("Live"), None);
    }
}
