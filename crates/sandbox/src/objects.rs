//! The API's objects, in JSON.

mod customer;
mod error;
mod holding;
mod list;

pub(crate) use customer::customer;
pub(crate) use error::ApiError;
pub(crate) use holding::{as_payment_method, as_source};
pub(crate) use list::list;
