//! What an operator changes of an account.

use super::{Account, RateLimits};
use crate::Timestamp;
use crate::external_id::ConnectedAccountId;
use crate::payment_method::DefaultChoice;

/// What is changed of an account. Each can be done again, and changes nothing then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountChange {
    /// Which connected account of the vault it reads, or that it reads none.
    Connect(Option<ConnectedAccountId>),
    /// How many requests each of its keys may make in a minute; `None` is as many as it likes.
    LimitMinute(Option<u32>),
    /// How many in a day.
    LimitDay(Option<u32>),
    /// What becomes of a customer's default by an import that does not say.
    ChooseDefault(DefaultChoice),
    /// It is disabled from then on. One that is already keeps its time.
    Disable(Timestamp),
    /// It is not disabled any more.
    Enable,
}

impl AccountChange {
    /// Those that set both limits.
    #[must_use]
    pub const fn limits(limits: RateLimits) -> [Self; 2] {
        [Self::LimitMinute(limits.per_minute), Self::LimitDay(limits.per_day)]
    }

    /// Makes these changes, one after the other.
    pub fn apply_all(changes: &[Self], account: &mut Account) {
        for change in changes {
            change.apply(account);
        }
    }

    fn apply(&self, account: &mut Account) {
        match self {
            Self::Connect(connected) => account.connected_account.clone_from(connected),
            Self::LimitMinute(limit) => account.limits.per_minute = *limit,
            Self::LimitDay(limit) => account.limits.per_day = *limit,
            Self::ChooseDefault(choice) => account.default_choice = *choice,
            Self::Disable(at) => {
                account.disabled_at.get_or_insert(*at);
            }
            Self::Enable => account.disabled_at = None,
        }
    }
}
