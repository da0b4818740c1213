//! The card object of the wire contract.

mod country;
mod state;

use cardlift_core::payment_method::PaymentMethod;
use serde::Serialize;

/// The longest name, address or city, in characters.
const TEXT: usize = 50;

/// The longest postal code, in characters.
const POSTAL_CODE: usize = 10;

/// A payment method as the API answers it: these fields, in this order.
///
/// Texts that are absent are empty, ids that are absent are null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CardObject {
    masked_card_number: String,
    card_type: String,
    expiration_month: u8,
    expiration_year: u16,
    customer_id: i64,
    first_name: String,
    last_name: String,
    address1: String,
    address2: String,
    country_id: Option<u16>,
    country: String,
    state_id: Option<u8>,
    state: String,
    city: String,
    postal_zip: String,
    is_default: bool,
    external_customer_id: String,
    external_card_id: String,
    stored_in_fusebill_vault: bool,
    id: i64,
    uri: Option<String>,
}

impl From<&PaymentMethod> for CardObject {
    fn from(payment_method: &PaymentMethod) -> Self {
        let card = &payment_method.card;
        let address = &card.address;
        let given_country = text(address.country.as_ref(), TEXT);
        let given_state = text(address.state.as_ref(), TEXT);
        let country = country::find(&given_country);
        let state = country.and_then(|country| state::find(country.numeric, &given_state));
        Self {
            masked_card_number: card.number.to_string(),
            card_type: card.brand.name().to_owned(),
            expiration_month: card.expiry.month(),
            expiration_year: card.expiry.two_digit_year(),
            customer_id: payment_method.customer.get(),
            first_name: cut(card.holder.first(), TEXT),
            last_name: cut(card.holder.last(), TEXT),
            address1: text(address.line1.as_ref(), TEXT),
            address2: text(address.line2.as_ref(), TEXT),
            country_id: country.map(|country| country.numeric),
            country: country.map_or(given_country, |country| country.name.to_owned()),
            state_id: state.map(|state| state.id),
            state: state.map_or(given_state, |state| state.name.to_owned()),
            city: text(address.city.as_ref(), TEXT),
            postal_zip: text(address.postal_code.as_ref(), POSTAL_CODE),
            is_default: payment_method.is_default,
            external_customer_id: card.external_customer.to_string(),
            external_card_id: card.external_card.to_string(),
            stored_in_fusebill_vault: false,
            id: payment_method.id.get(),
            uri: None,
        }
    }
}

fn text(text: Option<&String>, longest: usize) -> String {
    text.map(|text| cut(text, longest)).unwrap_or_default()
}

/// What is stored is whole; what is answered is as long as the contract allows.
fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

#[cfg(test)]
mod tests;
