use std::collections::HashMap;

use cardlift_core::payment_method::SaveOutcome;

use super::{CardKey, Cards};
use crate::row::{NewPaymentMethodRow, PaymentMethodRow};

/// What saving a payment method did, or would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Save {
    /// What it did.
    pub outcome: SaveOutcome,
    /// The payment method, where there is one.
    pub id: Option<i64>,
}

/// What saving the payment methods did, or would do.
#[derive(Debug, Default)]
pub struct Saves(HashMap<CardKey, Save>);

impl Saves {
    /// Notes what saving over these that are there does.
    pub fn compare(&mut self, cards: &Cards, there: &[PaymentMethodRow]) {
        for row in there {
            let key = (row.customer_id, row.instrument.external_card_id.clone());
            if let Some(new) = cards.get(&key) {
                let outcome = row.outcome_of(&new.instrument).unwrap_or(SaveOutcome::Unchanged);
                self.note(key, outcome, row.id);
            }
        }
    }

    /// Notes what saving this one did.
    pub fn note(&mut self, key: CardKey, outcome: SaveOutcome, id: i64) {
        self.0.insert(key, Save { outcome, id: Some(id) });
    }

    /// What saving this one did, or would do: of what is not there, nothing was noted.
    #[must_use]
    pub fn of(&self, key: &CardKey) -> Save {
        self.0.get(key).copied().unwrap_or(Save { outcome: SaveOutcome::Imported, id: None })
    }

    /// Those that are not there as they are to be, in the order of the cards.
    #[must_use]
    pub fn to_be_written<'a>(&self, cards: &'a Cards) -> Vec<&'a NewPaymentMethodRow> {
        let changes = |key| self.of(key).outcome != SaveOutcome::Unchanged;
        cards.iter().filter(|(key, _)| changes(key)).map(|(_, new)| new).collect()
    }
}
