use cardlift_core::payment_method::PaymentMethod;
use serde::Serialize;
use utoipa::ToSchema;

use crate::place::{country, state};

/// The longest name, address or city, in characters.
const TEXT: usize = 50;

/// The longest postal code, in characters.
const POSTAL_CODE: usize = 10;

/// What cards and bank accounts have alike: these fields, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PaymentMethodCommon)]
pub(super) struct Common {
    customer_id: i64,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) address1: String,
    pub(super) address2: String,
    /// The numeric code of ISO 3166-1.
    #[schema(required)]
    pub(super) country_id: Option<u16>,
    pub(super) country: String,
    /// In Canada and the USA.
    #[schema(required)]
    pub(super) state_id: Option<u8>,
    pub(super) state: String,
    pub(super) city: String,
    pub(super) postal_zip: String,
    is_default: bool,
    /// The vault's id of the customer.
    external_customer_id: String,
    /// The vault's id of the card or bank account.
    external_card_id: String,
    /// Always false.
    stored_in_fusebill_vault: bool,
    id: i64,
    /// Always null.
    #[schema(required)]
    uri: Option<String>,
}

impl From<&PaymentMethod> for Common {
    fn from(payment_method: &PaymentMethod) -> Self {
        let instrument = &payment_method.instrument;
        let (holder, address) = (instrument.holder(), instrument.address());
        let given_country = text(address.country.as_ref(), TEXT);
        let given_state = text(address.state.as_ref(), TEXT);
        let country = country::find(&given_country);
        let state = country.and_then(|country| state::find(country.numeric, &given_state));
        Self {
            customer_id: payment_method.customer.get(),
            first_name: cut(holder.first(), TEXT),
            last_name: cut(holder.last(), TEXT),
            address1: text(address.line1.as_ref(), TEXT),
            address2: text(address.line2.as_ref(), TEXT),
            country_id: country.map(|country| country.numeric),
            country: country.map_or(given_country, |country| country.name.to_owned()),
            state_id: state.map(|state| state.id),
            state: state.map_or(given_state, |state| state.name.to_owned()),
            city: text(address.city.as_ref(), TEXT),
            postal_zip: text(address.postal_code.as_ref(), POSTAL_CODE),
            is_default: payment_method.is_default,
            external_customer_id: instrument.external_customer().to_string(),
            external_card_id: instrument.external_card().to_string(),
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
    // There are no more characters than bytes.
    if text.len() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest).collect()
}
