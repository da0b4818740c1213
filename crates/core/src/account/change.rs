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
    /// How many requests each of its keys may make.
    Limit(RateLimits),
    /// What becomes of a customer's default by an import that does not say.
    ChooseDefault(DefaultChoice),
    /// It is disabled from then on. One that is already keeps its time.
    Disable(Timestamp),
    /// It is not disabled any more.
    Enable,
}

impl AccountChange {
    /// Makes the change.
    pub fn apply(&self, account: &mut Account) {
        match self {
            Self::Connect(connected) => account.connected_account.clone_from(connected),
            Self::Limit(limits) => account.limits = *limits,
            Self::ChooseDefault(choice) => account.default_choice = *choice,
            Self::Disable(at) => {
                account.disabled_at.get_or_insert(*at);
            }
            Self::Enable => account.disabled_at = None,
        }
    }
}
