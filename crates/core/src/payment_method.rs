//! Payment methods: cards and bank accounts that a customer of the billing system can be charged on.

use crate::Timestamp;
use crate::account::AccountId;
use crate::customer::CustomerId;
use crate::id::positive_id;
use crate::instrument::Instrument;

positive_id! {
    /// The id of a payment method.
    PaymentMethodId
}

/// Whether saving a card makes it the one its customer pays with unless told otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DefaultChoice {
    /// The customer's default stays what it is.
    #[default]
    LeaveAsIs,
    /// This card becomes the default, and the one that was ceases to be.
    MakeDefault,
}

impl DefaultChoice {
    /// Each of them.
    pub const ALL: [Self; 2] = [Self::LeaveAsIs, Self::MakeDefault];

    /// Its name, which is stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LeaveAsIs => "leave",
            Self::MakeDefault => "replace",
        }
    }
}

/// A card or bank account to be saved for a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPaymentMethod {
    /// The customer it is for.
    pub customer: CustomerId,
    /// The card or bank account.
    pub instrument: Instrument,
    /// What becomes of the customer's default.
    pub default: DefaultChoice,
}

/// A card or bank account saved for a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentMethod {
    /// Its id, unique over all accounts.
    pub id: PaymentMethodId,
    /// Whose it is.
    pub account: AccountId,
    /// The customer who pays with it.
    pub customer: CustomerId,
    /// The card or bank account.
    pub instrument: Instrument,
    /// Whether it is the customer's default. At most one is.
    pub is_default: bool,
    /// When it was first saved.
    pub created_at: Timestamp,
    /// When something of it last changed.
    pub updated_at: Timestamp,
}

/// What saving a card did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveOutcome {
    /// It was not there before.
    Imported,
    /// It had been deleted, and is back under the id that it had.
    Restored,
    /// It was there, and something of it has changed.
    Updated,
    /// It was there just so: nothing was written.
    Unchanged,
}

impl SaveOutcome {
    /// What was done, where something besides was changed.
    #[must_use]
    pub const fn and_changed(self) -> Self {
        match self {
            Self::Unchanged => Self::Updated,
            other => other,
        }
    }
}

/// A payment method as it stands after it was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPaymentMethod {
    /// The payment method.
    pub payment_method: PaymentMethod,
    /// What saving it did.
    pub outcome: SaveOutcome,
}
