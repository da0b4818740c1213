//! Rows, and the domain types they stand for.

mod api_key;
mod card;
mod customer;
mod payment_method;

pub(crate) use api_key::{ApiKeyRow, NewApiKeyRow};
pub(crate) use card::CardColumns;
pub(crate) use customer::CustomerRow;
pub(crate) use payment_method::{NewPaymentMethodRow, PaymentMethodRow};
