//! The `payment_method` object of type card: the holder stands apart from the card.

use serde::Deserialize;

use super::FoundCard;

#[derive(Deserialize)]
pub(super) struct PaymentMethod {
    id: String,
    customer: Option<String>,
    card: Card,
    #[serde(default)]
    billing_details: Holder,
}

#[derive(Deserialize)]
struct Card {
    brand: String,
    last4: String,
    exp_month: i64,
    exp_year: i64,
    funding: Option<String>,
    country: Option<String>,
    fingerprint: Option<String>,
}

/// Who holds it. Sources call it their owner.
#[derive(Default, Deserialize)]
pub(super) struct Holder {
    pub(super) name: Option<String>,
    pub(super) address: Option<HolderAddress>,
}

#[derive(Default, Deserialize)]
pub(super) struct HolderAddress {
    line1: Option<String>,
    line2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
}

impl From<HolderAddress> for cardlift_core::card::Address {
    fn from(address: HolderAddress) -> Self {
        let HolderAddress { line1, line2, city, state, postal_code, country } = address;
        Self { line1, line2, city, state, postal_code, country }
    }
}

impl From<PaymentMethod> for FoundCard {
    fn from(method: PaymentMethod) -> Self {
        let PaymentMethod { id, customer, card, billing_details } = method;
        Self {
            id,
            customer,
            brand: card.brand,
            last4: card.last4,
            exp_month: card.exp_month,
            exp_year: card.exp_year,
            funding: card.funding,
            issuer_country: card.country,
            fingerprint: card.fingerprint,
            name: billing_details.name,
            address: billing_details.address.unwrap_or_default().into(),
        }
    }
}
