//! The use cases: what Cardlift does, in terms of its ports.

mod authenticate;
mod create_api_key;
mod customers;
mod import_card;
mod payment_methods;

pub use authenticate::{Admission, Authenticate, AuthenticateError, Principal};
pub use create_api_key::{CreateApiKey, CreateApiKeyError, CreatedApiKey};
pub use customers::{CustomerError, Customers, ReplaceCustomer};
pub use import_card::{ImportCard, ImportCardError, ImportCardRequest, ImportFrom};
pub use payment_methods::{ListPaymentMethods, PaymentMethodError, PaymentMethods};
