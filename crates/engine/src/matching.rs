//! What a row gets, of what is known of the vault. Pure.

use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::{Instrument, InstrumentKind};
use cardlift_core::job::FailureReason;
use cardlift_core::ports::{
    Found, Holding, HoldingContent, HoldingKind, VaultCustomer, VaultError,
};

/// What a customer of the vault has for a row that names this card, or none; `None` where what is
/// known of the customer does not tell.
pub(crate) fn in_customer(
    customer: &VaultCustomer,
    card: Option<&ExternalCardId>,
) -> Option<Found> {
    let Some(card) = card else {
        return Some(customer.default.as_ref().map_or_else(|| no_card(&customer.id), of_holding));
    };
    if let Some(holding) = customer.holding(card) {
        return Some(of_holding(holding));
    }
    let would_be_there = card.listed_as() == HoldingKind::Source && customer.sources_complete;
    would_be_there.then(|| no_such_card(card))
}

/// What a holding is to a row.
pub(crate) fn of_holding(holding: &Holding) -> Found {
    match &holding.content {
        HoldingContent::Instrument(instrument) => Found::Instruments(vec![instrument.clone()]),
        HoldingContent::Other(object) => nothing(
            FailureReason::NotACard,
            VaultError::OtherObject { object: object.clone() }.to_string(),
        ),
        HoldingContent::Unreadable => {
            nothing(FailureReason::VaultUnreadable, "the vault's answer can't be understood")
        }
    }
}

/// All the cards among these, each once.
pub(crate) fn every_card(customer: &ExternalCustomerId, holdings: Vec<Holding>) -> Found {
    let mut cards = Vec::<Instrument>::new();
    for holding in holdings {
        match holding.content {
            HoldingContent::Instrument(card) if card.kind() == InstrumentKind::Card => {
                if cards.iter().all(|there| there.external_card() != card.external_card()) {
                    cards.push(card);
                }
            }
            // To leave one out without a word would lose it.
            HoldingContent::Unreadable => return of_holding(&holding),
            HoldingContent::Instrument(_) | HoldingContent::Other(_) => {}
        }
    }
    if cards.is_empty() { no_card(customer) } else { Found::Instruments(cards) }
}

/// What an error about a row, or its customer, is to the row.
pub(crate) fn of_error(error: &VaultError) -> Found {
    let reason = match error {
        VaultError::CardNotFound { .. } => FailureReason::CardNotFound,
        VaultError::CustomerNotFound { .. } => FailureReason::VaultCustomerNotFound,
        VaultError::WrongMode { .. } => FailureReason::WrongMode,
        VaultError::OtherObject { .. } => FailureReason::NotACard,
        VaultError::Refused { .. }
        | VaultError::NoCredentials
        | VaultError::CredentialsUnreadable { .. }
        | VaultError::CredentialsRefused => FailureReason::VaultRefused,
        VaultError::Unreadable { .. } => FailureReason::VaultUnreadable,
        VaultError::Throttled { .. } | VaultError::Unavailable { .. } => {
            FailureReason::VaultUnavailable
        }
    };
    nothing(reason, error.to_string())
}

pub(crate) fn nothing(reason: FailureReason, detail: impl Into<String>) -> Found {
    Found::Nothing { reason, detail: detail.into() }
}

fn no_card(customer: &ExternalCustomerId) -> Found {
    nothing(FailureReason::NoCard, format!("{customer} has no card in the vault"))
}

fn no_such_card(card: &ExternalCardId) -> Found {
    nothing(FailureReason::CardNotFound, format!("No such source: '{card}'"))
}
