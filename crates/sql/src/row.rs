//! Rows, and the domain types they stand for.

mod api_key;
mod card;
mod customer;
mod held_claim;
mod payment_method;
mod reply;

pub use api_key::{ApiKeyRow, NewApiKeyRow};
pub use card::CardColumns;
pub use customer::CustomerRow;
pub use held_claim::held;
pub use payment_method::{NewPaymentMethodRow, PaymentMethodRow};
pub use reply::{NewClaimRow, ReplyRow, StoredReplyChanges};
