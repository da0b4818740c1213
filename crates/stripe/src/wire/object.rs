//! Any object that a customer can pay with. One struct holds the fields of all of them, so that an
//! object is read in one go, whichever it is.

use serde::Deserialize;

use super::bank_account::{BankDetails, FoundBankAccount};
use super::card::CardDetails;
use super::holder::{Holder, HolderAddress};
use super::text::Text;
use super::{Found, FoundCard};
use crate::call_error::CallError;
use crate::plain::is_plain;

/// What the API holds under an id.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "it is made once for each card, and used up at once")]
pub(crate) enum Object<'a> {
    Found(Found<'a>),
    /// It was, and is no more.
    Deleted,
    /// Something that is neither card nor bank account, by its own name.
    Other(String),
}

#[derive(Debug, Deserialize)]
pub(crate) struct AnyObject<'a> {
    #[serde(borrow)]
    pub(crate) id: Text<'a>,
    pub(crate) customer: Option<Text<'a>>,
    object: Text<'a>,
    #[serde(rename = "type")]
    subtype: Option<Text<'a>>,
    #[serde(default)]
    deleted: bool,

    // Of sources and payment methods.
    card: Option<CardDetails<'a>>,
    us_bank_account: Option<BankDetails<'a>>,
    owner: Option<Holder<'a>>,
    billing_details: Option<Holder<'a>>,

    // Of the `card` and of the `bank_account`.
    last4: Option<Text<'a>>,
    country: Option<Text<'a>>,
    fingerprint: Option<Text<'a>>,

    // Of the `card`.
    brand: Option<Text<'a>>,
    exp_month: Option<i64>,
    exp_year: Option<i64>,
    funding: Option<Text<'a>>,
    name: Option<Text<'a>>,
    address_line1: Option<Text<'a>>,
    address_line2: Option<Text<'a>>,
    address_city: Option<Text<'a>>,
    address_state: Option<Text<'a>>,
    address_zip: Option<Text<'a>>,
    address_country: Option<Text<'a>>,

    // Of the `bank_account`.
    account_holder_name: Option<Text<'a>>,
    account_holder_type: Option<Text<'a>>,
    account_type: Option<Text<'a>>,
    bank_name: Option<Text<'a>>,
    currency: Option<Text<'a>>,
    routing_number: Option<Text<'a>>,
    status: Option<Text<'a>>,
}

impl<'a> AnyObject<'a> {
    /// Reads an object by what it says that it is, never by the prefix of its id.
    pub(crate) fn into_object(self) -> Result<Object<'a>, CallError> {
        if self.deleted {
            return Ok(Object::Deleted);
        }
        let found = match (self.object.as_str(), self.subtype.as_ref().map(Text::as_str)) {
            ("card", _) => Found::Card(self.into_card()?),
            ("bank_account", _) => Found::BankAccount(self.into_bank_account()),
            ("payment_method", Some("card")) => {
                let holder = self.billing_details.unwrap_or_default();
                Found::Card(self.card.unwrap_or_default().billed_to(holder)?)
            }
            ("payment_method", Some("us_bank_account")) => {
                let holder = self.billing_details.unwrap_or_default();
                Found::BankAccount(self.us_bank_account.unwrap_or_default().billed_to(holder))
            }
            ("source", Some("card")) => {
                let owner = self.owner.unwrap_or_default();
                Found::Card(self.card.unwrap_or_default().owned_by(owner)?)
            }
            ("payment_method" | "source", Some(subtype)) => return other(subtype),
            (object, _) => return other(object),
        };
        Ok(Object::Found(found))
    }

    fn into_card(self) -> Result<FoundCard<'a>, CallError> {
        let details = CardDetails {
            brand: self.brand,
            last4: self.last4,
            exp_month: self.exp_month,
            exp_year: self.exp_year,
            funding: self.funding,
            country: self.country,
            fingerprint: self.fingerprint,
            name: self.name,
            address_line1: self.address_line1,
            address_line2: self.address_line2,
            address_city: self.address_city,
            address_state: self.address_state,
            address_zip: self.address_zip,
            address_country: self.address_country,
        };
        details.into_card()
    }

    fn into_bank_account(self) -> FoundBankAccount<'a> {
        FoundBankAccount {
            details: BankDetails {
                last4: self.last4,
                routing_number: self.routing_number,
                account_holder_type: self.account_holder_type,
                account_type: self.account_type,
                bank_name: self.bank_name,
                country: self.country,
                currency: self.currency,
                fingerprint: self.fingerprint,
            },
            holder_name: self.account_holder_name,
            address: HolderAddress::default(),
            status: self.status,
        }
    }
}

fn other<'a>(name: &str) -> Result<Object<'a>, CallError> {
    if is_plain(name) {
        Ok(Object::Other(name.to_owned()))
    } else {
        Err(CallError::Meaning("its object has no name"))
    }
}
