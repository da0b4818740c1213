//! What an answer of the API means to the port.

use std::time::Duration;

use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::ports::VaultError;

use crate::call_error::CallError;
use crate::client::{Answer, Failed};
use crate::plain::is_plain;
use crate::wire::{self, ErrorBody, Object};

/// How long to leave a vault alone that does not say.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The longest text of the vault's that is passed on.
const LONGEST_MESSAGE: usize = 400;

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) customer: &'a str,
    pub(crate) card: &'a str,
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
    let asked = Asked { customer: customer.as_str(), card: card.as_str() };
    if answer.status != reqwest::StatusCode::OK {
        return Err(refusal(answer, asked));
    }
    let object = wire::parse(&answer.body).map_err(unreadable)?;
    let (customer, card) = (customer.clone(), card.clone());
    match object {
        Object::Card(found) => {
            believe(&found.id, found.customer.as_deref(), asked)?;
            found.into_vault_card(customer, card).map(Into::into).map_err(unreadable)
        }
        Object::BankAccount(found) => {
            believe(&found.id, found.customer.as_deref(), asked)?;
            found.into_vault_bank_account(customer, card).map(Into::into).map_err(unreadable)
        }
        Object::Deleted => Err(no_such_source(asked)),
        Object::Other(object) => Err(VaultError::OtherObject { object }),
    }
}

fn believe(id: &str, owner: Option<&str>, asked: Asked<'_>) -> Result<(), VaultError> {
    if id != asked.card {
        return Err(unreadable(CallError::Meaning("it is another object than was asked for")));
    }
    if owner.is_some_and(|owner| owner != asked.customer) {
        return Err(unreadable(CallError::Meaning("it belongs to another customer")));
    }
    Ok(())
}

/// An answer that is no success.
pub(crate) fn refusal(answer: &Answer, asked: Asked<'_>) -> VaultError {
    let error = serde_json::from_slice::<ErrorBody>(&answer.body).unwrap_or_default().error;
    let missing = error.code.as_deref() == Some("resource_missing");
    match answer.status.as_u16() {
        // Their texts hold pieces of keys and accounts: nothing of them goes any further.
        401 | 403 => VaultError::CredentialsRefused,
        404 | 400 if missing => not_found(error, asked),
        429 => VaultError::Throttled { retry_after: answer.retry_after.unwrap_or(RETRY_AFTER) },
        409 | 500..=599 => VaultError::Unavailable {
            retry_after: answer.retry_after.unwrap_or(RETRY_AFTER),
            source: status(answer, error.code).into(),
        },
        _ => unreadable(status(answer, error.code)),
    }
}

fn not_found(error: wire::ApiError, asked: Asked<'_>) -> VaultError {
    let text = error.message.filter(|text| may_be_shown(text)).unwrap_or_default();
    if text.starts_with("No such customer: ") {
        VaultError::CustomerNotFound { message: text }
    } else if error.param.as_deref() == Some("customer") {
        VaultError::CustomerNotFound { message: format!("No such customer: '{}'", asked.customer) }
    } else if text.starts_with("No such source: ") {
        VaultError::CardNotFound { message: text }
    } else {
        no_such_source(asked)
    }
}

fn no_such_source(asked: Asked<'_>) -> VaultError {
    VaultError::CardNotFound { message: format!("No such source: '{}'", asked.card) }
}

/// Whether a text of the vault's may be passed on: it is short, and holds no piece of a key.
fn may_be_shown(text: &str) -> bool {
    let secret = ["sk_", "rk_", "pk_", "acct_"].iter().any(|prefix| text.contains(prefix));
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
