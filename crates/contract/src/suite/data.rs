//! The customers and cards that the cases save.

use cardlift_core::Timestamp;
use cardlift_core::account::{Account, AccountId, AccountName};
use cardlift_core::bank_account::{BankAccountType, MaskedAccountNumber, VaultBankAccount};
use cardlift_core::card::{
    Address, CardBrand, Expiry, Funding, HolderName, MaskedNumber, VaultCard,
};
use cardlift_core::customer::{CustomerId, CustomerProfile, CustomerRecord};
use cardlift_core::external_id::{ExternalCardId, ExternalCustomerId};
use cardlift_core::instrument::Instrument;
use cardlift_core::payment_method::{DefaultChoice, NewPaymentMethod};

use super::Subject;

pub(crate) const ACCOUNT: AccountId = AccountId::DEFAULT;

/// An instant, by its seconds since the epoch.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(seconds, 123_456_000).expect("an instant")
}

pub(crate) fn customer_id(id: i64) -> CustomerId {
    CustomerId::try_from(id).expect("an id")
}

pub(crate) fn record(id: i64) -> CustomerRecord {
    CustomerRecord { id: customer_id(id), profile: CustomerProfile::default() }
}

/// Loads customers 1 to `count` into an account.
pub(crate) async fn load_customers(stores: &Subject, account: AccountId, count: i64) {
    let records: Vec<_> = (1..=count).map(record).collect();
    stores.load(account, &records, at(0)).await.expect("customers loaded");
}

pub(crate) async fn other_account(stores: &Subject) -> Account {
    let name = AccountName::parse("other").expect("a name");
    stores.ensure(&name).await.expect("an account")
}

/// A card with every field filled, and text that a careless store would break.
pub(crate) fn card(id: &str) -> VaultCard {
    VaultCard {
        external_customer: ExternalCustomerId::parse("cus_AExsNjBZDLMNDK").expect("an id"),
        external_card: ExternalCardId::parse(&format!("card_{id}")).expect("an id"),
        brand: CardBrand::Visa,
        number: MaskedNumber::from_last_four("4242").expect("four digits"),
        expiry: Expiry::new(11, 2017).expect("an expiry"),
        holder: HolderName::new("Zoë \"O'Neil\" 王; DROP TABLE--"),
        address: Address {
            line1: Some("12 Rue de l'Église".into()),
            line2: Some("bâtiment B, %_\\".into()),
            city: Some("Montréal".into()),
            state: Some("QC".into()),
            postal_code: Some("H2X 1Y4".into()),
            country: Some("CA".into()),
        },
        funding: Funding::Credit,
        issuer_country: Some("US".into()),
        fingerprint: Some("88PuXw9tEmvYe69o".into()),
    }
}

/// A card of which the vault knows no more than it must.
pub(crate) fn bare_card(id: &str) -> VaultCard {
    VaultCard {
        holder: HolderName::default(),
        address: Address::default(),
        funding: Funding::Unknown,
        issuer_country: None,
        fingerprint: None,
        ..card(id)
    }
}

/// A bank account with every field filled.
pub(crate) fn bank_account(id: &str) -> VaultBankAccount {
    let masked = |number| MaskedAccountNumber::from_last_four(number).expect("four digits");
    let VaultCard { external_customer, holder, address, .. } = card("any");
    VaultBankAccount {
        external_customer,
        external_card: ExternalCardId::parse(&format!("ba_{id}")).expect("an id"),
        number: masked("6789"),
        transit_number: Some(masked("0000")),
        account_type: BankAccountType::Savings,
        holder,
        holder_type: Some("company".into()),
        address,
        bank_name: Some("Crédit 'Agricole'".into()),
        bank_country: Some("US".into()),
        currency: Some("usd".into()),
        verification: Some("new".into()),
        fingerprint: Some("AuoSJ18zsVWV9SPc".into()),
    }
}

/// A bank account of which the vault knows no more than it must.
pub(crate) fn bare_bank_account(id: &str) -> VaultBankAccount {
    VaultBankAccount {
        transit_number: None,
        account_type: BankAccountType::Unknown,
        holder: HolderName::default(),
        holder_type: None,
        address: Address::default(),
        bank_name: None,
        bank_country: None,
        currency: None,
        verification: None,
        fingerprint: None,
        ..bank_account(id)
    }
}

pub(crate) fn payment_method(customer: i64, instrument: impl Into<Instrument>) -> NewPaymentMethod {
    let (customer, instrument) = (customer_id(customer), instrument.into());
    NewPaymentMethod { customer, instrument, default: DefaultChoice::LeaveAsIs }
}

pub(crate) fn default_payment_method(
    customer: i64,
    instrument: impl Into<Instrument>,
) -> NewPaymentMethod {
    let new = payment_method(customer, instrument);
    NewPaymentMethod { default: DefaultChoice::MakeDefault, ..new }
}
