use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::CustomerId;
use cardlift_core::payment_method::{NewPaymentMethod, PaymentMethod, PaymentMethodId};
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use super::CardColumns;
use crate::schema::payment_method;
use crate::{Instant, corrupt};

/// A payment method, read.
#[derive(Queryable, Selectable)]
#[diesel(table_name = payment_method)]
pub struct PaymentMethodRow {
    /// Its id.
    pub id: i64,
    account_id: i64,
    customer_id: i64,
    /// The card.
    #[diesel(embed)]
    pub card: CardColumns,
    /// Whether it is its customer's default.
    pub is_default: bool,
    created_at: Instant,
    updated_at: Instant,
}

impl TryFrom<PaymentMethodRow> for PaymentMethod {
    type Error = StoreError;

    fn try_from(row: PaymentMethodRow) -> Result<Self, StoreError> {
        let (id, account) =
            (PaymentMethodId::try_from(row.id), AccountId::try_from(row.account_id));
        let customer = CustomerId::try_from(row.customer_id);
        Ok(Self {
            id: id.map_err(|why| corrupt("payment_method", why))?,
            account: account.map_err(|why| corrupt("payment_method", why))?,
            customer: customer.map_err(|why| corrupt("payment_method", why))?,
            card: row.card.try_into()?,
            is_default: row.is_default,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}

/// A payment method, to be added.
#[derive(Clone, Insertable)]
#[diesel(table_name = payment_method)]
pub struct NewPaymentMethodRow {
    /// Whose it is.
    pub account_id: i64,
    /// The customer who pays with it.
    pub customer_id: i64,
    /// The card.
    #[diesel(embed)]
    pub card: CardColumns,
    is_default: bool,
    created_at: Instant,
    /// Now.
    pub updated_at: Instant,
}

impl NewPaymentMethodRow {
    /// A row that is no default yet: the default moves in a step of its own.
    #[must_use]
    pub fn new(account: AccountId, new: &NewPaymentMethod, at: Timestamp) -> Self {
        Self {
            account_id: account.get(),
            customer_id: new.customer.get(),
            card: CardColumns::from(&new.card),
            is_default: false,
            created_at: Instant(at),
            updated_at: Instant(at),
        }
    }
}
