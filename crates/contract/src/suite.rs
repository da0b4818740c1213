//! The cases of the suite, a module for each port, and what they share.

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod concurrency;
pub mod customer_counts;
pub mod customers;
mod data;
pub mod deletion;
pub mod idempotency;
pub mod job_actions;
mod job_data;
pub mod job_leases;
pub mod job_queue;
pub mod job_races;
pub mod job_results;
pub mod job_settling;
pub mod job_undoing;
pub mod job_work;
pub mod jobs;
pub mod lists;
pub mod payment_methods;
pub mod plans;
pub mod readiness;
pub mod rows;
pub mod sealed_secrets;
pub mod search;

use std::future::Future;
use std::sync::Arc;

use cardlift_core::ports::Stores;

/// A store under test.
pub type Subject = Arc<dyn Stores>;

/// Runs one case on a runtime of its own, with threads enough for real races.
pub fn run<F: Future<Output = ()>>(case: impl FnOnce() -> F) {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(4).enable_all().build().expect("a runtime");
    runtime.block_on(case());
}
