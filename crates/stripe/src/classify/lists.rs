//! What an answer of the API means to the port of lists.

use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::ports::{Holding, HoldingContent, VaultCustomer, VaultError, VaultPage};
use serde_json::value::RawValue;

use super::{Asked, belongs_to, no_such_customer, status, success, unreadable};
use crate::answer::Answer;
use crate::call_error::CallError;
use crate::wire::{self, AnyObject, Customer, List, Object, RawList, Text, clean};

/// A page of customers. One that can't be understood costs the page: it must not get lost.
pub(crate) fn customers(
    answer: &Answer,
    after: Option<&ExternalCustomerId>,
) -> Result<VaultPage<VaultCustomer>, VaultError> {
    let after = after.map_or("", ExternalCustomerId::as_str);
    let page: Result<List<Customer<'_>>, _> =
        success(answer, Asked { customer: after, held: None });
    let page = page.map_err(|error| match error {
        // It is the customer to go on after that is missing; of a list nothing is.
        VaultError::CustomerNotFound { .. } | VaultError::CardNotFound { .. } => {
            VaultError::Refused { source: status(answer, None).into() }
        }
        error => error,
    })?;
    let items = page.data.into_iter().map(read_customer).collect::<Result<_, _>>();
    Ok(VaultPage { items: items.map_err(unreadable)?, more: page.has_more })
}

/// One customer. It is believed only where it is the one that was asked for.
pub(crate) fn customer(
    answer: &Answer,
    id: &ExternalCustomerId,
) -> Result<VaultCustomer, VaultError> {
    let found: Customer<'_> = success(answer, Asked { customer: id.as_str(), held: None })?;
    if found.id.as_str() != id.as_str() {
        return Err(unreadable(CallError::Meaning("it is another object than was asked for")));
    }
    if found.deleted {
        return Err(no_such_customer(id.as_str()));
    }
    read_customer(found).map_err(unreadable)
}

/// A page of what a customer holds, after this holding.
pub(crate) fn holdings(
    answer: &Answer,
    customer: &ExternalCustomerId,
    after: Option<&str>,
) -> Result<VaultPage<Holding>, VaultError> {
    let page: RawList<'_> = success(answer, Asked { customer: customer.as_str(), held: after })?;
    let items = page.data.into_iter().map(|raw| holding(raw, customer)).collect::<Result<_, _>>();
    Ok(VaultPage { items: items.map_err(unreadable)?, more: page.has_more })
}

fn read_customer(found: Customer<'_>) -> Result<VaultCustomer, CallError> {
    let id = ExternalCustomerId::parse(found.id.as_str());
    let id = id.map_err(|_| CallError::Meaning("a customer has no id that can be one"))?;
    let created = found.created;
    let created = created.ok_or(CallError::Meaning("a customer lacks when it was made"))?;
    let sources_complete = found.sources.as_ref().is_some_and(|sources| !sources.has_more);
    let sources = found.sources.map(|sources| sources.data).unwrap_or_default();
    let holdings = sources.into_iter().map(|raw| holding(raw, &id)).collect::<Result<Vec<_>, _>>();
    let holdings = holdings?;
    let method = found.invoice_settings.and_then(|settings| settings.default_payment_method);
    let default = method.or(found.default_source);
    Ok(VaultCustomer {
        created,
        email: clean(found.email),
        metadata: found.metadata.map(|metadata| metadata.0).unwrap_or_default(),
        default: default.map(|raw| default_holding(raw, &id, &holdings)).transpose()?,
        holdings,
        sources_complete,
        id,
    })
}

/// The default, which is an id alone where the API did not expand it.
fn default_holding(
    raw: &RawValue,
    customer: &ExternalCustomerId,
    holdings: &[Holding],
) -> Result<Holding, CallError> {
    if !raw.get().starts_with('"') {
        return holding(raw, customer);
    }
    let id: Text<'_> = serde_json::from_str(raw.get())?;
    let known = holdings.iter().find(|holding| holding.id == id.as_str()).cloned();
    Ok(known.unwrap_or_else(|| Holding { id: id.into(), content: HoldingContent::Unreadable }))
}

/// A holding, as far as it can be understood; nothing is known of one without an id.
fn holding(raw: &RawValue, customer: &ExternalCustomerId) -> Result<Holding, CallError> {
    let Ok(object) = serde_json::from_str::<AnyObject<'_>>(raw.get()) else {
        return Ok(Holding { id: wire::id(raw)?, content: HoldingContent::Unreadable });
    };
    let id: String = object.id.as_str().to_owned();
    let content = content(object, customer).unwrap_or(HoldingContent::Unreadable);
    Ok(Holding { id, content })
}

fn content(
    object: AnyObject<'_>,
    customer: &ExternalCustomerId,
) -> Result<HoldingContent, CallError> {
    let card = ExternalCardId::parse(object.id.as_str());
    let owned = belongs_to(&object, customer);
    match object.into_object()? {
        Object::Found(found) => {
            owned?;
            let card = card.map_err(|_| CallError::Meaning("it has no id that can be one"))?;
            Ok(HoldingContent::Instrument(found.into_instrument(customer.clone(), card)?))
        }
        Object::Other(name) => Ok(HoldingContent::Other(name)),
        Object::Deleted => Err(CallError::Meaning("it was deleted")),
    }
}
