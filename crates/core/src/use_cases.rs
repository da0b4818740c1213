//! The use cases: what Cardlift does, in terms of its ports.

mod accounts;
mod api_keys;
mod audit;
mod authenticate;
mod create_api_key;
mod customers;
mod hash_keys;
mod import_card;
mod import_jobs;
mod key_uses;
mod map_customers;
mod master_keys;
mod operator;
mod payment_methods;
mod plan_import;
mod reconcile;
mod vault_keys;

pub use accounts::{AccountDetails, AccountError, Accounts};
pub use api_keys::{ApiKeyError, ApiKeys};
pub use audit::{
    AuditChain, AuditFlaw, AuditHead, AuditPage, ChainKeys, Chained, ReadAudit, VerifiedTrail,
    VerifyAudit,
};
pub use authenticate::{
    AccessEnded, Admission, Authenticate, AuthenticateError, MissingScope, Principal,
};
pub use create_api_key::{CreateApiKey, CreateApiKeyError, CreatedApiKey, WantedApiKey};
pub use customers::{CustomerError, Customers, ReplaceCustomer};
pub use hash_keys::{HashKeys, OpenedHashKey};
pub use import_card::{ImportCard, ImportCardError, ImportCardRequest, ImportFrom};
pub use import_jobs::{ImportJobError, ImportJobs, NewImportJob};
pub use key_uses::KeyUses;
pub use map_customers::{
    LeftOut, MapBy, MapCustomers, MapCustomersError, MapReason, MappedCustomer, Mapping,
};
pub use master_keys::{Checked, MasterKeyError, MasterKeys, Resealed};
pub use operator::Operator;
pub use payment_methods::{ListPaymentMethods, PaymentMethodError, PaymentMethods};
pub use plan_import::{PlanImport, PlanImportError, VaultSize};
pub use reconcile::{Difference, DifferenceKind, Reconcile, ReconcileError, Reconciled, Tell};
pub use vault_keys::{SetVaultKeyError, VaultKeys};
