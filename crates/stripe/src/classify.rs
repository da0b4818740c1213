//! What an answer of the API means to the ports.

mod lists;

use std::time::Duration;

use cardlift_core::card_number::looks_like_a_card_number;
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::ports::VaultError;
use serde::Deserialize;

use crate::answer::Answer;
use crate::call_error::CallError;
use crate::client::Failed;
use crate::plain::is_plain;
use crate::wire::{self, AnyObject, Object};

pub(crate) use lists::{customer, customers, holdings};

/// How long to leave a vault alone that does not say.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The longest text of the vault's that is passed on.
const LONGEST_MESSAGE: usize = 400;

/// What a text says of an object that is in the other mode than the key.
const OTHER_MODE: &str = "a similar object exists in";

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) customer: &'a str,
    /// What of the customer's, where it is not the customer itself.
    pub(crate) held: Option<&'a str>,
}

/// A call that brought no answer.
pub(crate) fn failed(failed: Failed) -> VaultError {
    let Failed { error, retry_after } = failed;
    match error {
        CallError::TooLarge { .. } => VaultError::Unreadable { source: error.into() },
        _ => VaultError::Unavailable {
            retry_after: retry_after.unwrap_or(RETRY_AFTER),
            source: error.into(),
        },
    }
}

/// The card or bank account in an answer. It is believed only where it is the one that was asked
/// for.
pub(crate) fn instrument(
    answer: &Answer,
    customer: &ExternalCustomerId,
    card: &ExternalCardId,
) -> Result<Instrument, VaultError> {
    let asked = Asked { customer: customer.as_str(), held: Some(card.as_str()) };
    let object: AnyObject<'_> = success(answer, asked)?;
    let same = object.id.as_str() == card.as_str();
    let owned = belongs_to(&object, customer);
    match object.into_object().map_err(unreadable)? {
        Object::Found(_) if !same => {
            Err(unreadable(CallError::Meaning("it is another object than was asked for")))
        }
        Object::Found(found) => {
            owned.map_err(unreadable)?;
            found.into_instrument(customer.clone(), card.clone()).map_err(unreadable)
        }
        Object::Deleted => Err(no_such_source(card.as_str())),
        Object::Other(object) => Err(VaultError::OtherObject { object }),
    }
}

/// An object that names another owner is not believed.
fn belongs_to(object: &AnyObject<'_>, customer: &ExternalCustomerId) -> Result<(), CallError> {
    match &object.customer {
        Some(owner) if owner.as_str() != customer.as_str() => {
            Err(CallError::Meaning("it belongs to another customer"))
        }
        _ => Ok(()),
    }
}

/// What an answer that is a success holds.
fn success<'a, T: Deserialize<'a>>(answer: &'a Answer, asked: Asked<'_>) -> Result<T, VaultError> {
    if answer.status != reqwest::StatusCode::OK {
        return Err(refusal(answer, asked));
    }
    wire::parse(&answer.body).map_err(unreadable)
}

/// An answer that is no success.
pub(crate) fn refusal(answer: &Answer, asked: Asked<'_>) -> VaultError {
    let error = answer.error();
    let missing = error.code.as_deref() == Some("resource_missing");
    match answer.status.as_u16() {
        // Their texts hold pieces of keys and accounts: nothing of them goes any further.
        401 | 403 => VaultError::CredentialsRefused,
        404 | 400 if missing => not_found(error, asked),
        429 => VaultError::Throttled { retry_after: answer.retry_after.unwrap_or(RETRY_AFTER) },
        408 | 409 | 500..=599 => VaultError::Unavailable {
            retry_after: answer.retry_after.unwrap_or(RETRY_AFTER),
            source: status(answer, error.code).into(),
        },
        400..=499 => VaultError::Refused { source: status(answer, error.code).into() },
        _ => unreadable(status(answer, error.code)),
    }
}

fn not_found(error: wire::ApiError, asked: Asked<'_>) -> VaultError {
    let other_mode = error.message.as_ref().is_some_and(|text| text.contains(OTHER_MODE));
    let text = error.message.filter(|text| may_be_shown(text)).unwrap_or_default();
    let of_customer = error.param.as_deref() == Some("customer");
    if other_mode {
        return VaultError::WrongMode { message: in_other_mode(text, asked) };
    }
    match asked.held {
        _ if text.starts_with("No such customer: ") => {
            VaultError::CustomerNotFound { message: text }
        }
        Some(_) if !of_customer && text.starts_with("No such source: ") => {
            VaultError::CardNotFound { message: text }
        }
        Some(held) if !of_customer => no_such_source(held),
        _ => no_such_customer(asked.customer),
    }
}

/// The vault's text, or where that may not be shown one like it.
fn in_other_mode(text: String, asked: Asked<'_>) -> String {
    if !text.is_empty() {
        return text;
    }
    let id = asked.held.unwrap_or(asked.customer);
    format!("No such object: '{id}'; {OTHER_MODE} the other mode than the key's.")
}

fn no_such_source(id: &str) -> VaultError {
    VaultError::CardNotFound { message: format!("No such source: '{id}'") }
}

fn no_such_customer(id: &str) -> VaultError {
    VaultError::CustomerNotFound { message: format!("No such customer: '{id}'") }
}

/// Whether a text of the vault's may be passed on: it is short, and holds no piece of a key and no
/// card number.
fn may_be_shown(text: &str) -> bool {
    let secret = ["sk_", "rk_", "pk_", "acct_"].iter().any(|prefix| text.contains(prefix));
    let secret = secret || looks_like_a_card_number(text);
    !secret && text.len() <= LONGEST_MESSAGE && !text.chars().any(char::is_control)
}

fn status(answer: &Answer, code: Option<String>) -> CallError {
    CallError::Status {
        status: answer.status.as_u16(),
        code: code.filter(|code| is_plain(code)),
        request_id: answer.request_id.clone(),
    }
}

fn unreadable(error: CallError) -> VaultError {
    VaultError::Unreadable { source: error.into() }
}
