//! The body of a request: bounded, lenient, and told apart field by field.

mod error;
mod fields;
mod lenient;
mod read;

pub(crate) use error::BodyError;
pub(crate) use fields::{FieldProblem, Fields};
pub(crate) use lenient::Members;
pub(crate) use read::read;
