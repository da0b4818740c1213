//! The card object and the ACH object of the wire contract.

mod bank_account;
mod card;
mod common;

use cardlift_core::instrument::Instrument;
use cardlift_core::payment_method::PaymentMethod;
use serde::Serialize;

use self::bank_account::AchObject;
use self::card::CardObject;
use self::common::Common;

/// A payment method as the API answers it: a card object or an ACH object.
///
/// Texts that are absent are empty, ids that are absent are null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PaymentMethodObject(Object);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Object {
    Card(CardObject),
    BankAccount(AchObject),
}

impl From<&PaymentMethod> for PaymentMethodObject {
    fn from(payment_method: &PaymentMethod) -> Self {
        let common = Common::from(payment_method);
        Self(match &payment_method.instrument {
            Instrument::Card(card) => Object::Card(CardObject::new(card, common)),
            Instrument::BankAccount(account) => {
                Object::BankAccount(AchObject::new(account, common))
            }
        })
    }
}

impl From<PaymentMethod> for PaymentMethodObject {
    fn from(payment_method: PaymentMethod) -> Self {
        Self::from(&payment_method)
    }
}

#[cfg(test)]
mod tests;
