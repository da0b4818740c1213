use cardlift_core::audit::PaymentMethodFacts;
use cardlift_core::bank_account::{BankAccountType, MaskedAccountNumber, VaultBankAccount};
use cardlift_core::card::{
    Address, CardBrand, Expiry, Funding, HolderName, MaskedNumber, VaultCard,
};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::{Instrument, InstrumentKind};
use cardlift_core::ports::StoreError;
use diesel::prelude::*;

use crate::corrupt;
use crate::schema::payment_method;

/// The columns that describe what is paid with, read and written alike. A card without an address
/// line sets the column to NULL, so that an update takes old details away, and an insert is the same
/// statement for each card: SQLite prepares it once.
#[derive(Clone, PartialEq, Eq, Queryable, QueryableByName, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = payment_method)]
#[diesel(treat_none_as_null = true, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the columns say what they are")]
pub struct InstrumentColumns {
    pub kind: String,
    pub external_customer_id: String,
    /// With the account and the customer, the key of the row.
    pub external_card_id: String,
    pub brand: Option<String>,
    pub last_four: String,
    pub expiry_month: Option<i16>,
    pub expiry_year: Option<i16>,
    pub holder_name: String,
    pub address_line1: Option<String>,
    pub address_line2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
    pub funding: Option<String>,
    /// Of a bank account, the country of its bank.
    pub issuer_country: Option<String>,
    pub fingerprint: Option<String>,
    pub transit_last_four: Option<String>,
    pub account_type: Option<String>,
    pub holder_type: Option<String>,
    pub bank_name: Option<String>,
    pub currency: Option<String>,
    pub verification: Option<String>,
}

/// What the column says of these kinds: of one, or of each.
#[must_use]
pub fn kind_names(kind: Option<InstrumentKind>) -> Vec<&'static str> {
    let each = [InstrumentKind::Card, InstrumentKind::BankAccount];
    each.into_iter()
        .filter(|each| kind.is_none_or(|kind| kind == *each))
        .map(InstrumentKind::name)
        .collect()
}

impl InstrumentColumns {
    /// Whether it is of this kind.
    #[must_use]
    pub fn is(&self, kind: InstrumentKind) -> bool {
        self.kind == kind.name()
    }

    /// What the audit trail says of it: not who holds it, nor where.
    #[must_use]
    pub fn facts(&self, customer: i64) -> PaymentMethodFacts<'_> {
        let expiry = self.expiry_month.zip(self.expiry_year);
        PaymentMethodFacts {
            customer,
            kind: &self.kind,
            external_customer: &self.external_customer_id,
            external_card: &self.external_card_id,
            brand: self.brand.as_deref(),
            last_four: &self.last_four,
            expiry: expiry.map(|(month, year)| (month.into(), year.into())),
            is_default: false,
            deleted: false,
        }
    }

    /// What every instrument has.
    fn common(instrument: &Instrument, last_four: String) -> Self {
        let Address { line1, line2, city, state, postal_code, country } =
            instrument.address().clone();
        Self {
            kind: instrument.kind().name().to_owned(),
            external_customer_id: instrument.external_customer().as_str().to_owned(),
            external_card_id: instrument.external_card().as_str().to_owned(),
            last_four,
            holder_name: instrument.holder().full().to_owned(),
            address_line1: line1,
            address_line2: line2,
            city,
            state,
            postal_code,
            country,
            brand: None,
            expiry_month: None,
            expiry_year: None,
            funding: None,
            issuer_country: None,
            fingerprint: None,
            transit_last_four: None,
            account_type: None,
            holder_type: None,
            bank_name: None,
            currency: None,
            verification: None,
        }
    }

    fn external_ids(&self) -> Result<(ExternalCustomerId, ExternalCardId), StoreError> {
        let customer = ExternalCustomerId::parse(&self.external_customer_id).map_err(wrong)?;
        let card = ExternalCardId::parse(&self.external_card_id).map_err(wrong)?;
        Ok((customer, card))
    }

    fn take_address(&mut self) -> Address {
        Address {
            line1: self.address_line1.take(),
            line2: self.address_line2.take(),
            city: self.city.take(),
            state: self.state.take(),
            postal_code: self.postal_code.take(),
            country: self.country.take(),
        }
    }

    fn into_card(mut self) -> Result<VaultCard, StoreError> {
        let (external_customer, external_card) = self.external_ids()?;
        let (month, year) =
            self.expiry_month.zip(self.expiry_year).ok_or_else(|| wrong("no expiry"))?;
        Ok(VaultCard {
            external_customer,
            external_card,
            address: self.take_address(),
            brand: CardBrand::from_name(&self.brand.ok_or_else(|| wrong("no brand"))?),
            number: MaskedNumber::from_last_four(&self.last_four).map_err(wrong)?,
            expiry: Expiry::new(month.into(), year.into()).map_err(wrong)?,
            holder: HolderName::new(&self.holder_name),
            funding: Funding::from_name(&self.funding.ok_or_else(|| wrong("no funding"))?),
            issuer_country: self.issuer_country,
            fingerprint: self.fingerprint,
        })
    }

    fn into_bank_account(mut self) -> Result<VaultBankAccount, StoreError> {
        let (external_customer, external_card) = self.external_ids()?;
        let transit = self.transit_last_four.as_deref().map(MaskedAccountNumber::from_last_four);
        let account_type = self.account_type.as_deref().map(BankAccountType::from_name);
        Ok(VaultBankAccount {
            external_customer,
            external_card,
            address: self.take_address(),
            number: MaskedAccountNumber::from_last_four(&self.last_four).map_err(wrong)?,
            transit_number: transit.transpose().map_err(wrong)?,
            account_type: account_type.ok_or_else(|| wrong("no account type"))?,
            holder: HolderName::new(&self.holder_name),
            holder_type: self.holder_type,
            bank_name: self.bank_name,
            bank_country: self.issuer_country,
            currency: self.currency,
            verification: self.verification,
            fingerprint: self.fingerprint,
        })
    }
}

impl From<&Instrument> for InstrumentColumns {
    fn from(instrument: &Instrument) -> Self {
        match instrument {
            Instrument::Card(card) => Self {
                brand: Some(card.brand.name().to_owned()),
                expiry_month: Some(card.expiry.month().into()),
                // A year has four digits, so it fits.
                expiry_year: Some(i16::try_from(card.expiry.year()).unwrap_or(i16::MAX)),
                funding: Some(card.funding.name().to_owned()),
                issuer_country: card.issuer_country.clone(),
                fingerprint: card.fingerprint.clone(),
                ..Self::common(instrument, card.number.last_four())
            },
            Instrument::BankAccount(account) => Self {
                transit_last_four: account
                    .transit_number
                    .as_ref()
                    .map(|number| number.last_four().to_owned()),
                account_type: Some(account.account_type.name().to_owned()),
                holder_type: account.holder_type.clone(),
                bank_name: account.bank_name.clone(),
                issuer_country: account.bank_country.clone(),
                currency: account.currency.clone(),
                verification: account.verification.clone(),
                fingerprint: account.fingerprint.clone(),
                ..Self::common(instrument, account.number.last_four().to_owned())
            },
        }
    }
}

impl TryFrom<InstrumentColumns> for Instrument {
    type Error = StoreError;

    fn try_from(row: InstrumentColumns) -> Result<Self, StoreError> {
        match row.kind.as_str() {
            "card" => row.into_card().map(Into::into),
            "bank_account" => row.into_bank_account().map(Into::into),
            _ => Err(wrong("it is of no kind")),
        }
    }
}

fn wrong(why: impl std::fmt::Display) -> StoreError {
    corrupt("payment_method", why)
}
