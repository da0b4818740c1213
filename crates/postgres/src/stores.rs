//! The ports, one a file, and what the ones of the jobs share.

mod account_repository;
mod api_key_store;
mod audit_trail;
mod customer_repository;
mod idempotency_store;
mod import_job_store;
mod import_rows;
mod job_queue;
mod job_work;
mod many_payment_methods;
mod payment_method_store;
mod readiness;
mod sealed_secret_store;

pub(crate) use customer_repository::find::find as find_customers;
pub(crate) use payment_method_store::save::SavedRow;
pub(crate) use payment_method_store::together::save as save_together;

#[cfg(test)]
mod tests;
