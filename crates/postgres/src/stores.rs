//! The ports, one a file.

mod account_repository;
mod api_key_store;
mod customer_repository;
mod idempotency_store;
mod payment_method_store;
mod readiness;
