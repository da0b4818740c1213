use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::CustomerId;
use cardlift_core::payment_method::{NewPaymentMethod, PaymentMethod, PaymentMethodId};
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use super::CardColumns;
use crate::error::corrupt;
use crate::schema::payment_method;

#[derive(Queryable, Selectable)]
#[diesel(table_name = payment_method)]
pub(crate) struct PaymentMethodRow {
    pub(crate) id: i64,
    account_id: i64,
    customer_id: i64,
    #[diesel(embed)]
    pub(crate) card: CardColumns,
    pub(crate) is_default: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
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
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

#[derive(Clone, Insertable)]
#[diesel(table_name = payment_method)]
pub(crate) struct NewPaymentMethodRow {
    pub(crate) account_id: i64,
    pub(crate) customer_id: i64,
    #[diesel(embed)]
    pub(crate) card: CardColumns,
    is_default: bool,
    created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl NewPaymentMethodRow {
    /// A row that is no default yet: the default moves in a step of its own.
    pub(crate) fn new(account: AccountId, new: &NewPaymentMethod, at: Timestamp) -> Self {
        Self {
            account_id: account.get(),
            customer_id: new.customer.get(),
            card: CardColumns::from(&new.card),
            is_default: false,
            created_at: at,
            updated_at: at,
        }
    }
}
