//! Accounts: the tenants of one Cardlift. Every row and every use case belongs to one.

mod change;
mod rate_limits;

use std::fmt;

pub use change::AccountChange;
pub use rate_limits::RateLimits;
use thiserror::Error;

use crate::Timestamp;
use crate::external_id::ConnectedAccountId;
use crate::id::positive_id;
use crate::payment_method::DefaultChoice;
use crate::vault::VaultMode;

positive_id! {
    /// The id of an account.
    AccountId
}

impl AccountId {
    /// The account that exists from the first migration on.
    pub const DEFAULT: Self = Self(1);
}

/// The name an operator calls an account by: 1 to 50 of `a-z`, `0-9`, `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AccountName(String);

/// A text that can't be an account's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an account's name is 1 to 50 of the characters a-z, 0-9 and -")]
pub struct InvalidAccountName;

impl AccountName {
    /// The longest name, in characters.
    pub const LONGEST: usize = 50;

    /// Parses a name.
    pub fn parse(name: &str) -> Result<Self, InvalidAccountName> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if (1..=Self::LONGEST).contains(&name.len()) && name.chars().all(allowed) {
            Ok(Self(name.to_owned()))
        } else {
            Err(InvalidAccountName)
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id, the first part of every key in the database.
    pub id: AccountId,
    /// Its name, unique.
    pub name: AccountName,
    /// The connected account of the vault that its `stripeConnect` imports read.
    pub connected_account: Option<ConnectedAccountId>,
    /// How many requests each of its keys may make.
    pub limits: RateLimits,
    /// What becomes of a customer's default by an import that does not say.
    pub default_choice: DefaultChoice,
    /// The mode of the vault that all its tokens are of; `None` until it has credentials. A token is
    /// of one account, and so of one mode.
    pub mode: Option<VaultMode>,
    /// When it was disabled, if it is: its keys are not let in then, and nobody works on its jobs.
    pub disabled_at: Option<Timestamp>,
}

impl Account {
    /// An account as it is when it is made.
    #[must_use]
    pub fn new(id: AccountId, name: AccountName) -> Self {
        Self {
            id,
            name,
            connected_account: None,
            limits: RateLimits::default(),
            default_choice: DefaultChoice::default(),
            mode: None,
            disabled_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_lower_case_letters_digits_and_dashes() {
        assert_eq!(AccountName::parse("acme-2").map(|n| n.to_string()), Ok("acme-2".into()));
        for wrong in ["", "Acme", "a b", "é", &"a".repeat(51)] {
            assert_eq!(AccountName::parse(wrong), Err(InvalidAccountName), "{wrong}");
        }
    }

    #[test]
    fn an_id_is_positive() {
        assert_eq!(AccountId::try_from(1), Ok(AccountId::DEFAULT));
        assert!(AccountId::try_from(0).is_err());
        assert!(AccountId::try_from(-1).is_err());
    }
}
