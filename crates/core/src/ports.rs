//! The ports: what the domain asks of the outside, one trait a file.
//!
//! Every adapter of a store passes the conformance suite of `cardlift-contract`.

mod account_repository;
mod api_key_store;
mod audit_trail;
mod card_vault;
mod clock;
mod customer_repository;
mod entropy;
mod idempotency_store;
mod import_job_store;
mod job_queue;
mod job_work;
mod payment_method_store;
mod readiness;
mod sealed_secret_store;
mod sealer;
mod store_error;
mod stores;
mod vault_catalog;
mod vault_credentials;
mod vault_key_format;

pub use account_repository::{AccountRepository, ModeBinding};
pub use api_key_store::ApiKeyStore;
pub use audit_trail::{AuditTrail, BatchStanding, LinkedBatch};
pub use card_vault::{CardVault, VaultError};
pub use clock::Clock;
pub use customer_repository::CustomerRepository;
pub use entropy::Entropy;
pub use idempotency_store::IdempotencyStore;
pub use import_job_store::{ImportJobStore, JobChangeError, Wanted, WantedPart};
pub use job_queue::{JobQueue, Lease, LeaseError, Leave, WorkerId};
pub use job_work::{Finding, Found, JobWork, PendingRow, Settled, Settlement, Undoing};
pub use payment_method_store::{DeleteError, PaymentMethodFilter, PaymentMethodStore, SaveError};
pub use readiness::Readiness;
pub use sealed_secret_store::SealedSecretStore;
pub use sealer::{Sealer, SealerError};
pub use store_error::{StoreError, StoreErrorKind};
pub use stores::Stores;
pub use vault_catalog::{
    CustomerRange, Holding, HoldingContent, HoldingKind, VaultCatalog, VaultCustomer, VaultPage,
};
pub use vault_credentials::{VaultCredential, VaultCredentials};
pub use vault_key_format::{NotAVaultKey, VaultKeyFormat};

#[cfg(any(test, feature = "mocks"))]
pub use {
    account_repository::MockAccountRepository, api_key_store::MockApiKeyStore,
    audit_trail::MockAuditTrail, card_vault::MockCardVault, clock::MockClock,
    customer_repository::MockCustomerRepository, entropy::MockEntropy,
    idempotency_store::MockIdempotencyStore, import_job_store::MockImportJobStore,
    job_queue::MockJobQueue, job_work::MockJobWork, payment_method_store::MockPaymentMethodStore,
    readiness::MockReadiness, sealed_secret_store::MockSealedSecretStore, sealer::MockSealer,
    vault_catalog::MockVaultCatalog, vault_credentials::MockVaultCredentials,
    vault_key_format::MockVaultKeyFormat,
};

/// The cause of a port's error: whatever the adapter met.
pub type Source = Box<dyn std::error::Error + Send + Sync>;
