//! The `card` object: the oldest shape, flat.

use cardlift_core::card::Address;
use serde::Deserialize;

use super::FoundCard;

#[derive(Deserialize)]
pub(super) struct Card {
    id: String,
    customer: Option<String>,
    #[serde(flatten)]
    details: CardDetails,
}

/// What a card and a source of type card say alike.
#[derive(Deserialize)]
pub(super) struct CardDetails {
    pub(super) brand: String,
    pub(super) last4: String,
    pub(super) exp_month: i64,
    pub(super) exp_year: i64,
    pub(super) funding: Option<String>,
    pub(super) country: Option<String>,
    pub(super) fingerprint: Option<String>,
    pub(super) name: Option<String>,
    address_line1: Option<String>,
    address_line2: Option<String>,
    address_city: Option<String>,
    address_state: Option<String>,
    address_zip: Option<String>,
    address_country: Option<String>,
}

impl CardDetails {
    /// The card of this id and customer.
    pub(super) fn into_found(self, id: String, customer: Option<String>) -> FoundCard {
        FoundCard {
            id,
            customer,
            brand: self.brand,
            last4: self.last4,
            exp_month: self.exp_month,
            exp_year: self.exp_year,
            funding: self.funding,
            issuer_country: self.country,
            fingerprint: self.fingerprint,
            name: self.name,
            address: Address {
                line1: self.address_line1,
                line2: self.address_line2,
                city: self.address_city,
                state: self.address_state,
                postal_code: self.address_zip,
                country: self.address_country,
            },
        }
    }
}

impl From<Card> for FoundCard {
    fn from(card: Card) -> Self {
        card.details.into_found(card.id, card.customer)
    }
}
