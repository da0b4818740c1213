use cardlift_core::card::{
    Address, CardBrand, Expiry, Funding, HolderName, MaskedNumber, VaultCard,
};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use crate::corrupt;
use crate::schema::payment_method;

/// The columns that describe the card of a payment method, read and written alike. A card without
/// an address line sets the column to NULL, so that an update takes old details away.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = payment_method, treat_none_as_null = true)]
pub struct CardColumns {
    external_customer_id: String,
    external_card_id: String,
    brand: String,
    last_four: String,
    expiry_month: i16,
    expiry_year: i16,
    holder_name: String,
    address_line1: Option<String>,
    address_line2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
    funding: String,
    issuer_country: Option<String>,
    fingerprint: Option<String>,
}

impl CardColumns {
    /// The vault's id of the card: with the account and the customer, the key of the row.
    #[must_use]
    pub fn external_card_id(&self) -> &str {
        &self.external_card_id
    }
}

impl From<&VaultCard> for CardColumns {
    fn from(card: &VaultCard) -> Self {
        let Address { line1, line2, city, state, postal_code, country } = card.address.clone();
        Self {
            external_customer_id: card.external_customer.as_str().to_owned(),
            external_card_id: card.external_card.as_str().to_owned(),
            brand: card.brand.name().to_owned(),
            last_four: card.number.last_four(),
            expiry_month: card.expiry.month().into(),
            // A year has four digits, so it fits.
            expiry_year: i16::try_from(card.expiry.year()).unwrap_or(i16::MAX),
            holder_name: card.holder.full().to_owned(),
            address_line1: line1,
            address_line2: line2,
            city,
            state,
            postal_code,
            country,
            funding: card.funding.name().to_owned(),
            issuer_country: card.issuer_country.clone(),
            fingerprint: card.fingerprint.clone(),
        }
    }
}

impl TryFrom<CardColumns> for VaultCard {
    type Error = StoreError;

    fn try_from(row: CardColumns) -> Result<Self, StoreError> {
        let customer = ExternalCustomerId::parse(&row.external_customer_id);
        let card = ExternalCardId::parse(&row.external_card_id);
        let number = MaskedNumber::from_last_four(&row.last_four);
        let expiry = Expiry::new(row.expiry_month.into(), row.expiry_year.into());
        Ok(Self {
            external_customer: customer.map_err(|why| corrupt("payment_method", why))?,
            external_card: card.map_err(|why| corrupt("payment_method", why))?,
            brand: CardBrand::from_name(&row.brand),
            number: number.map_err(|why| corrupt("payment_method", why))?,
            expiry: expiry.map_err(|why| corrupt("payment_method", why))?,
            holder: HolderName::new(&row.holder_name),
            address: Address {
                line1: row.address_line1,
                line2: row.address_line2,
                city: row.city,
                state: row.state,
                postal_code: row.postal_code,
                country: row.country,
            },
            funding: Funding::from_name(&row.funding),
            issuer_country: row.issuer_country,
            fingerprint: row.fingerprint,
        })
    }
}
