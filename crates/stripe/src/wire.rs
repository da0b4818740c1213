//! The API's objects, as far as they matter here.

mod bank_account;
mod card;
mod found;
mod payment_method;
mod source;
mod text;

use serde::Deserialize;

pub(crate) use bank_account::FoundBankAccount;
pub(crate) use found::FoundCard;

use crate::call_error::CallError;
use crate::plain::is_plain;

/// What the API holds under an id.
#[derive(Debug)]
pub(crate) enum Object {
    Card(Box<FoundCard>),
    BankAccount(Box<FoundBankAccount>),
    /// It was, and is no more.
    Deleted,
    /// Something that is neither, by its own name.
    Other(String),
}

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

/// What every object says of itself.
#[derive(Debug, Deserialize)]
struct Kind {
    object: String,
    #[serde(rename = "type")]
    subtype: Option<String>,
    #[serde(default)]
    deleted: bool,
}

/// Reads an object by what it says that it is, never by the prefix of its id.
pub(crate) fn parse(body: &[u8]) -> Result<Object, CallError> {
    let Kind { object, subtype, deleted } = serde_json::from_slice(body)?;
    if deleted {
        return Ok(Object::Deleted);
    }
    let card: FoundCard = match (object.as_str(), subtype.as_deref()) {
        ("card", _) => serde_json::from_slice::<card::Card>(body)?.into(),
        ("payment_method", Some("card")) => {
            serde_json::from_slice::<payment_method::PaymentMethod>(body)?.into()
        }
        ("bank_account", _) => {
            let account: bank_account::BankAccount = serde_json::from_slice(body)?;
            return Ok(Object::BankAccount(Box::new(account.into())));
        }
        ("payment_method", Some("us_bank_account")) => {
            let method: bank_account::UsBankAccount = serde_json::from_slice(body)?;
            return Ok(Object::BankAccount(Box::new(method.into())));
        }
        ("source", Some("card")) => serde_json::from_slice::<source::Source>(body)?.into(),
        ("payment_method" | "source", Some(subtype)) => return other(subtype),
        (object, _) => return other(object),
    };
    Ok(Object::Card(Box::new(card)))
}

fn other(name: &str) -> Result<Object, CallError> {
    if is_plain(name) {
        Ok(Object::Other(name.to_owned()))
    } else {
        Err(CallError::Meaning("its object has no name"))
    }
}
