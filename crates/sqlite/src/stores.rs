//! The ports, one a file, and what the ones of the jobs share.

mod account_repository;
mod api_key_store;
mod audit_trail;
mod customer_repository;
mod idempotency_store;
mod import_job_store;
mod import_tally;
mod job_queue;
mod job_work;
mod payment_method_store;
mod readiness;
mod sealed_secret_store;

pub(crate) use payment_method_store::together::{Saving, saving};
