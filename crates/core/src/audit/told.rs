//! What is told of each change but those of payment methods, of which a transaction makes many.

use super::{
    AccountFacts, ApiKeyFacts, AuditAction, AuditItem, CustomerFacts, Facts, JobFacts, LoadFacts,
    MasterKeyFacts, NewAuditBatch, SealedFacts,
};
use crate::Timestamp;
use crate::account::{Account, AccountId};
use crate::api_key::ApiKey;
use crate::customer::{Customer, LoadCounts};
use crate::job::{Job, JobState};
use crate::sealed::{MasterKeyId, Rotation, SealedSecret};

/// That an account was made.
#[must_use]
pub fn account_created(account: &Account, at: Timestamp) -> NewAuditBatch {
    let item = AuditItem::new(AuditAction::AccountCreated, None, Some(&AccountFacts(account)));
    NewAuditBatch::one(account.id, at, account.id.get(), &item)
}

/// That an account was changed; nothing where it was not.
#[must_use]
pub fn account_changed(before: &Account, after: &Account, at: Timestamp) -> NewAuditBatch {
    let mut batch = NewAuditBatch::new(after.id, at);
    if before != after {
        let facts = [before, after].map(AccountFacts);
        batch.add(after.id.get(), &changed(AuditAction::AccountChanged, &facts));
    }
    batch
}

/// That credentials for the vault were kept, whatever there were before.
#[must_use]
pub fn vault_key_set(account: AccountId, key: &SealedSecret, at: Timestamp) -> NewAuditBatch {
    let item = AuditItem::new(AuditAction::VaultKeySet, None, Some(&SealedFacts(key)));
    NewAuditBatch::one(account, at, account.get(), &item)
}

/// That credentials for the vault were forgotten.
#[must_use]
pub fn vault_key_removed(account: AccountId, at: Timestamp) -> NewAuditBatch {
    let item = AuditItem::new(AuditAction::VaultKeyRemoved, None, None);
    NewAuditBatch::one(account, at, account.get(), &item)
}

/// That secrets were sealed under another master key, which is the default account's affair.
#[must_use]
pub fn master_key_rotated(rotation: &Rotation, at: Timestamp) -> NewAuditBatch {
    let Rotation { from, to, secrets } = rotation;
    let from = from.iter().map(MasterKeyId::as_str).collect::<Vec<_>>().join(",");
    let before = MasterKeyFacts { ids: &from, secrets: None };
    let after = MasterKeyFacts { ids: to.as_str(), secrets: Some(*secrets) };
    let item = changed(AuditAction::MasterKeyRotated, &[before, after]);
    let account = AccountId::DEFAULT;
    NewAuditBatch::one(account, at, account.get(), &item)
}

/// That a key was made.
#[must_use]
pub fn api_key_created(key: &ApiKey) -> NewAuditBatch {
    let item = AuditItem::new(AuditAction::ApiKeyCreated, None, Some(&ApiKeyFacts(key)));
    NewAuditBatch::one(key.account, key.created_at, key.id.get(), &item)
}

/// That this key, which was good before, was revoked.
#[must_use]
pub fn api_key_revoked(key: &ApiKey, at: Timestamp) -> NewAuditBatch {
    let good = ApiKey { revoked_at: None, ..key.clone() };
    let item = changed(AuditAction::ApiKeyRevoked, &[&good, key].map(ApiKeyFacts));
    NewAuditBatch::one(key.account, at, key.id.get(), &item)
}

/// That a customer was made.
#[must_use]
pub fn customer_created(customer: &Customer) -> NewAuditBatch {
    let item = AuditItem::new(AuditAction::CustomerCreated, None, Some(&facts(customer)));
    NewAuditBatch::one(customer.account, customer.created_at, customer.id.get(), &item)
}

/// That a customer is another now; nothing where it is not.
#[must_use]
pub fn customer_changed(before: &Customer, after: &Customer) -> NewAuditBatch {
    let mut batch = NewAuditBatch::new(after.account, after.updated_at);
    if (&before.profile, before.status) != (&after.profile, after.status) {
        let now = CustomerFacts { before: Some(&before.profile), ..facts(after) };
        batch.add(after.id.get(), &changed(AuditAction::CustomerChanged, &[facts(before), now]));
    }
    batch
}

/// That customers were loaded; nothing where there are none.
#[must_use]
pub fn customers_loaded(account: AccountId, loaded: &LoadFacts, at: Timestamp) -> NewAuditBatch {
    let mut batch = NewAuditBatch::new(account, at);
    if loaded.counts() != LoadCounts::default() {
        let item = AuditItem::new(AuditAction::CustomersLoaded, None, Some(loaded));
        batch.add(account.get(), &item);
    }
    batch
}

/// That a job was made.
#[must_use]
pub fn job_created(job: &Job) -> NewAuditBatch {
    let item = AuditItem::new(AuditAction::JobCreated, None, Some(&JobFacts(job)));
    NewAuditBatch::one(job.account, job.created_at, job.id.get(), &item)
}

/// That a job stands elsewhere now; nothing where it stands where it stood.
#[must_use]
pub fn job_changed(before: &Job, after: &Job) -> NewAuditBatch {
    let mut batch = NewAuditBatch::new(after.account, after.updated_at);
    let stands = |job: &Job| (job.state, job.halt, job.canary);
    if stands(before) != stands(after) {
        let facts = [before, after].map(JobFacts);
        batch.add(after.id.get(), &changed(AuditAction::JobChanged, &facts));
    }
    batch
}

/// That this job, which received its rows before, was broken off.
#[must_use]
pub fn job_broken_off(job: &Job) -> NewAuditBatch {
    let receiving = Job { state: JobState::Receiving, halt: None, ..job.clone() };
    job_changed(&receiving, job)
}

fn changed(action: AuditAction, [before, after]: &[impl Facts; 2]) -> AuditItem {
    AuditItem::new(action, Some(before), Some(after))
}

const fn facts(customer: &Customer) -> CustomerFacts<'_> {
    CustomerFacts { status: customer.status, profile: &customer.profile, before: None }
}
