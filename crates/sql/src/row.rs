//! Rows, and the domain types they stand for.

mod account;
mod api_key;
mod customer;
mod held_claim;
mod instrument;
mod page;
mod payment_method;
mod reply;
mod undeleted;

pub use account::{AccountRow, LimitChanges};
pub use api_key::{ApiKeyRow, NewApiKeyRow, key_of_account};
pub use customer::{
    CustomerChanges, CustomerRow, NewCustomerRow, ProfileColumns, next_customer_id,
};
pub use held_claim::held;
pub use instrument::{InstrumentColumns, kind_name, kind_names};
pub use page::page;
pub use payment_method::{Deletion, NewPaymentMethodRow, PaymentMethodRow, Rewrite};
pub use reply::{NewClaimRow, ReplyRow, StoredReplyChanges};
pub use undeleted::{live, live_of};
