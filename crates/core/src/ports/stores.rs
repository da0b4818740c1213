//! All the store ports of one database.

use super::{
    AccountRepository, ApiKeyStore, AuditTrail, CustomerRepository, IdempotencyStore,
    ImportJobStore, JobQueue, JobWork, PaymentMethodStore, Readiness, SealedSecretStore,
};

/// All the store ports, for code that takes a database whole: wiring, and the conformance suite.
/// A use case takes the one port it needs.
pub trait Stores:
    AccountRepository
    + ApiKeyStore
    + AuditTrail
    + CustomerRepository
    + IdempotencyStore
    + ImportJobStore
    + JobQueue
    + JobWork
    + PaymentMethodStore
    + Readiness
    + SealedSecretStore
{
}

impl<T> Stores for T where
    T: AccountRepository
        + ApiKeyStore
        + AuditTrail
        + CustomerRepository
        + IdempotencyStore
        + ImportJobStore
        + JobQueue
        + JobWork
        + PaymentMethodStore
        + Readiness
        + SealedSecretStore
{
}
