//! The card object and the ACH object of the wire contract.

mod bank_account;
mod card;
mod common;

use std::borrow::Cow;

use cardlift_core::instrument::Instrument;
use cardlift_core::payment_method::PaymentMethod;
use serde::Serialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use self::bank_account::AchObject;
use self::card::CardObject;
use self::common::Common;

/// A payment method as the API answers it: a card object or an ACH object.
///
/// Texts that are absent are empty, ids that are absent are null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct PaymentMethodObject(Object);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
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

impl PartialSchema for PaymentMethodObject {
    fn schema() -> RefOr<Schema> {
        Object::schema()
    }
}

impl ToSchema for PaymentMethodObject {
    fn name() -> Cow<'static, str> {
        "PaymentMethod".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Object::schemas(schemas);
    }
}

#[cfg(test)]
mod tests;
