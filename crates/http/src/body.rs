//! The body of a request: bounded, lenient, and told apart field by field.

mod card_number;
mod error;
mod fields;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod lenient;
mod media_type;
mod read;

pub(crate) use error::{BodyError, MINIMUM_KIB, SILENCE};
pub(crate) use fields::{FieldProblem, Fields, whole};
pub(crate) use lenient::Members;
pub(crate) use media_type::{bare as bare_media_type, media_type};
pub(crate) use read::read;
