//! What becomes of a row. The names are stable: programs read them.

/// What became of a row, or in a dry run would become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowOutcome {
    /// The payment method was not there before.
    Imported,
    /// It had been deleted, and is back under its id.
    Restored,
    /// It was there, and something of it has changed.
    Updated,
    /// It was there just so.
    Unchanged,
    /// There is none of it.
    Failed(FailureReason),
}

/// Why a row brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailureReason {
    /// The row can't be understood.
    InvalidRow,
    /// An earlier row asks for the same.
    DuplicateRow,
    /// The account has no such customer.
    CustomerNotFound,
    /// The vault has no such customer.
    VaultCustomerNotFound,
    /// The vault's customer has no such card.
    CardNotFound,
    /// The row names no card, and the vault's customer has none to take.
    NoCard,
    /// What is there is neither a card nor a bank account.
    NotACard,
    /// It is in the other mode of the vault: test for live, or live for test.
    WrongMode,
    /// The vault refuses to hand it out.
    VaultRefused,
    /// The vault's answer about it can't be understood.
    VaultUnreadable,
    /// The vault did not answer about it, and did about others.
    VaultUnavailable,
}

/// Which results are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OutcomeFilter {
    /// Each row, those without an outcome as well.
    #[default]
    Every,
    /// Rows that have no outcome.
    Pending,
    /// Rows that failed, for whatever reason.
    Failed,
    /// Rows of this outcome.
    Only(RowOutcome),
}

impl RowOutcome {
    /// Each of them.
    pub const ALL: [Self; 15] = [
        Self::Imported,
        Self::Restored,
        Self::Updated,
        Self::Unchanged,
        Self::Failed(FailureReason::InvalidRow),
        Self::Failed(FailureReason::DuplicateRow),
        Self::Failed(FailureReason::CustomerNotFound),
        Self::Failed(FailureReason::VaultCustomerNotFound),
        Self::Failed(FailureReason::CardNotFound),
        Self::Failed(FailureReason::NoCard),
        Self::Failed(FailureReason::NotACard),
        Self::Failed(FailureReason::WrongMode),
        Self::Failed(FailureReason::VaultRefused),
        Self::Failed(FailureReason::VaultUnreadable),
        Self::Failed(FailureReason::VaultUnavailable),
    ];

    /// Its name, or the reason's where it failed: no two are alike.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Restored => "restored",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Failed(reason) => reason.name(),
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    /// Whether it failed.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// Whether trying again may bring another outcome. A row that can't be understood, or that
    /// another one stands for, stays what it is.
    #[must_use]
    pub const fn may_change(self) -> bool {
        match self {
            Self::Failed(reason) => {
                !matches!(reason, FailureReason::InvalidRow | FailureReason::DuplicateRow)
            }
            _ => false,
        }
    }

    /// Whether there is a payment method that was not there before.
    #[must_use]
    pub const fn brought_in(self) -> bool {
        matches!(self, Self::Imported | Self::Restored)
    }
}

impl FailureReason {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidRow => "invalid_row",
            Self::DuplicateRow => "duplicate_row",
            Self::CustomerNotFound => "customer_not_found",
            Self::VaultCustomerNotFound => "vault_customer_not_found",
            Self::CardNotFound => "card_not_found",
            Self::NoCard => "no_card",
            Self::NotACard => "not_a_card",
            Self::WrongMode => "wrong_mode",
            Self::VaultRefused => "vault_refused",
            Self::VaultUnreadable => "vault_unreadable",
            Self::VaultUnavailable => "vault_unavailable",
        }
    }
}

impl OutcomeFilter {
    /// The filter of this name: `all`, `pending`, `failed`, or an outcome's.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "all" => Some(Self::Every),
            "pending" => Some(Self::Pending),
            "failed" => Some(Self::Failed),
            name => RowOutcome::from_name(name).map(Self::Only),
        }
    }

    /// Whether a row with this outcome, or none, is wanted.
    #[must_use]
    pub fn takes(self, outcome: Option<RowOutcome>) -> bool {
        match self {
            Self::Every => true,
            Self::Pending => outcome.is_none(),
            Self::Failed => outcome.is_some_and(RowOutcome::is_failure),
            Self::Only(wanted) => outcome == Some(wanted),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_outcomes_have_one_name() {
        let names: BTreeSet<_> = RowOutcome::ALL.into_iter().map(RowOutcome::name).collect();
        assert_eq!(names.len(), RowOutcome::ALL.len());
        for outcome in RowOutcome::ALL {
            assert_eq!(RowOutcome::from_name(outcome.name()), Some(outcome));
        }
    }

    #[test]
    fn a_filter_takes_what_it_names() {
        let failed = RowOutcome::Failed(FailureReason::CardNotFound);
        let filter = |name| OutcomeFilter::from_name(name).expect("a filter");
        assert!(filter("all").takes(None) && filter("all").takes(Some(failed)));
        assert!(filter("failed").takes(Some(failed)) && !filter("failed").takes(None));
        assert!(filter("pending").takes(None) && !filter("pending").takes(Some(failed)));
        assert!(filter("card_not_found").takes(Some(failed)));
        assert!(!filter("imported").takes(Some(failed)));
        assert_eq!(OutcomeFilter::from_name("lost"), None);
    }
}
