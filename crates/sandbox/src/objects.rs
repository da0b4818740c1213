//! The API's objects, in JSON. They are written straight into the answer: a list of customers is
//! long, and bulk imports ask for many.

mod card;
mod customer;
mod error;
mod fields;
mod holder;
mod list;
mod source;

pub(crate) use card::PaymentMethod;
pub(crate) use customer::{CustomerObject, Expanded};
pub(crate) use error::{ApiError, Limit};
pub(crate) use list::List;
pub(crate) use source::Source;
