//! What cards are, in whichever object they stand.

use serde::Deserialize;

use super::FoundCard;
use super::holder::{Holder, HolderAddress};
use super::text::Text;
use crate::call_error::CallError;

/// The fields of a card: below `card` in a source or payment method, at the top of a `card`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CardDetails<'a> {
    #[serde(borrow)]
    pub(super) brand: Option<Text<'a>>,
    pub(super) last4: Option<Text<'a>>,
    pub(super) exp_month: Option<i64>,
    pub(super) exp_year: Option<i64>,
    pub(super) funding: Option<Text<'a>>,
    pub(super) country: Option<Text<'a>>,
    pub(super) fingerprint: Option<Text<'a>>,
    pub(super) name: Option<Text<'a>>,
    pub(super) address_line1: Option<Text<'a>>,
    pub(super) address_line2: Option<Text<'a>>,
    pub(super) address_city: Option<Text<'a>>,
    pub(super) address_state: Option<Text<'a>>,
    pub(super) address_zip: Option<Text<'a>>,
    pub(super) address_country: Option<Text<'a>>,
}

impl<'a> CardDetails<'a> {
    /// The card, held by whom it says itself.
    pub(super) fn into_card(self) -> Result<FoundCard<'a>, CallError> {
        let missing = CallError::Meaning("it lacks what every card has");
        let (Some(brand), Some(last4), Some(exp_month), Some(exp_year)) =
            (self.brand, self.last4, self.exp_month, self.exp_year)
        else {
            return Err(missing);
        };
        Ok(FoundCard {
            brand,
            last4,
            exp_month,
            exp_year,
            funding: self.funding,
            issuer_country: self.country,
            fingerprint: self.fingerprint,
            name: self.name,
            address: HolderAddress {
                line1: self.address_line1,
                line2: self.address_line2,
                city: self.address_city,
                state: self.address_state,
                postal_code: self.address_zip,
                country: self.address_country,
            },
        })
    }

    /// The card of a source. What its owner leaves out is taken from the card.
    pub(super) fn owned_by(self, owner: Holder<'a>) -> Result<FoundCard<'a>, CallError> {
        let card = self.into_card()?;
        Ok(FoundCard {
            name: owner.name.or(card.name),
            address: owner.address.unwrap_or(card.address),
            ..card
        })
    }

    /// The card of a payment method, whose holder stands apart from it.
    pub(super) fn billed_to(self, holder: Holder<'a>) -> Result<FoundCard<'a>, CallError> {
        let card = self.into_card()?;
        Ok(FoundCard { name: holder.name, address: holder.address.unwrap_or_default(), ..card })
    }
}
