//! The API's objects, as far as they matter here. Texts are borrowed from the answer.

mod bank_account;
mod card;
mod customer;
mod found;
mod holder;
mod list;
mod metadata;
mod object;
mod text;

use serde::Deserialize;
use serde_json::value::RawValue;

pub(crate) use bank_account::FoundBankAccount;
pub(crate) use customer::Customer;
pub(crate) use found::{Found, FoundCard};
pub(crate) use list::List;
pub(crate) use object::{AnyObject, Object};
pub(crate) use text::{Text, clean};

use crate::call_error::CallError;

/// The body of an error.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ErrorBody {
    pub(crate) error: ApiError,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ApiError {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) param: Option<String>,
}

/// A list whose items are read one by one, so that one that can't be costs no other.
pub(crate) type RawList<'a> = List<&'a RawValue>;

/// What an object is at least.
#[derive(Debug, Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    id: Text<'a>,
}

/// The object in a body.
pub(crate) fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, CallError> {
    let text = std::str::from_utf8(body).map_err(|_| CallError::Meaning("it is no UTF-8"))?;
    Ok(serde_json::from_str(text)?)
}

/// The id of an object, whatever else it is.
pub(crate) fn id(object: &RawValue) -> Result<String, CallError> {
    Ok(serde_json::from_str::<Named<'_>>(object.get())?.id.into())
}
