//! The customers that are always there.

use super::{Brand, Customer, Holder, Kind};

/// The customer of the documented example.
pub const DOCUMENTED_CUSTOMER: &str = "cus_AExsNjBZDLMNDK";
/// The card of the documented example: Visa 4242, 11/2017, John Doe.
pub const DOCUMENTED_CARD: &str = "card_19uTyBAXix6Ggd0efp4HNNp7";
/// A customer with a card of every brand, in each shape: `card_SandboxVisa`, `pm_SandboxVisa`,
/// `src_SandboxVisa`, and so on.
pub const EVERY_BRAND_CUSTOMER: &str = "cus_SandboxBrands";
/// A customer with two bank accounts, a source that is no card, and no card.
pub const NO_CARD_CUSTOMER: &str = "cus_SandboxBank";
/// The bank account.
pub const BANK_ACCOUNT: &str = "ba_SandboxBank";
/// A bank account that was not verified.
pub const UNVERIFIED_BANK_ACCOUNT: &str = "ba_SandboxUnverified";
/// The source that is no card.
pub const OTHER_SOURCE: &str = "src_SandboxAch";
/// A customer that was deleted.
pub const DELETED_CUSTOMER: &str = "cus_SandboxDeleted";
/// A customer with 25 cards, `card_SandboxMany01` and so on.
pub const MANY_CARDS_CUSTOMER: &str = "cus_SandboxMany";
/// A customer with two defaults: `card_SandboxOldDefault` is the default source, and
/// `pm_SandboxNewDefault`, which goes first, the default payment method.
pub const DEFAULTS_CUSTOMER: &str = "cus_SandboxDefaults";
/// The e-mail address of two customers: that with many cards, and that with two defaults. Neither
/// has metadata.
pub const SHARED_EMAIL: &str = "shared@example.com";
/// The connected account that every key has access to.
pub const CONNECTED_ACCOUNT: &str = "acct_sandbox";

/// When the newest of them was made: before each made-up one.
const NEWEST: i64 = 1_500_000_000;

/// Newest first.
pub(super) fn customers() -> Vec<Customer> {
    let all = [documented, every_brand, no_card, deleted, many_cards, defaults];
    let ages = (0..).map(|age| NEWEST - age * 86_400);
    all.into_iter().zip(ages).map(|(customer, created)| customer(created)).collect()
}

fn documented(created: i64) -> Customer {
    let mut customer = Customer::new(DOCUMENTED_CUSTOMER, created, "John Doe")
        .reached_at("john.doe@example.com")
        .numbered(2_526_546)
        .with(Kind::Card, DOCUMENTED_CARD, Brand::VISA);
    for card in &mut customer.holdings {
        (card.exp_month, card.exp_year) = (11, 2017);
    }
    customer.default_source = Some(DOCUMENTED_CARD.to_owned());
    customer
}

fn every_brand(created: i64) -> Customer {
    let mut customer = Customer::new(EVERY_BRAND_CUSTOMER, created, "Maria del Carmen Lopez")
        .reached_at("maria.lopez@example.com")
        .numbered(2_526_547);
    let shapes = [(Kind::Card, "card"), (Kind::PaymentMethod, "pm"), (Kind::CardSource, "src")];
    for (kind, prefix) in shapes {
        for brand in Brand::ALL {
            let id = format!("{prefix}_Sandbox{}", brand.name);
            customer = customer.with(kind, &id, brand);
        }
    }
    for holding in &mut customer.holdings {
        holding.holder = Holder {
            name: holding.holder.name,
            line1: Some("354 Oyster Point Blvd"),
            city: Some("South San Francisco"),
            state: Some("CA"),
            postal_code: Some("94080"),
            country: Some("US"),
        };
    }
    customer
}

fn no_card(created: i64) -> Customer {
    Customer::new(NO_CARD_CUSTOMER, created, "Jane Austen")
        .reached_at("jane.austen@example.com")
        .numbered(2_526_548)
        .with(Kind::BankAccount, BANK_ACCOUNT, Brand::VISA)
        .with(Kind::UnverifiedBankAccount, UNVERIFIED_BANK_ACCOUNT, Brand::VISA)
        .with(Kind::AchSource, OTHER_SOURCE, Brand::VISA)
}

fn deleted(created: i64) -> Customer {
    Customer { deleted: true, ..Customer::new(DELETED_CUSTOMER, created, "Nobody") }
}

fn many_cards(created: i64) -> Customer {
    let customer = Customer::new(MANY_CARDS_CUSTOMER, created, "Ana Lima").reached_at(SHARED_EMAIL);
    (1..=25).rev().fold(customer, |customer, number| {
        customer.with(Kind::Card, &format!("card_SandboxMany{number:02}"), Brand::VISA)
    })
}

fn defaults(created: i64) -> Customer {
    let (source, method) = ("card_SandboxOldDefault", "pm_SandboxNewDefault");
    let customer = Customer::new(DEFAULTS_CUSTOMER, created, "Wei Chen")
        .reached_at(SHARED_EMAIL)
        .with(Kind::PaymentMethod, method, Brand::VISA)
        .with(Kind::Card, source, Brand::VISA);
    Customer {
        default_source: Some(source.to_owned()),
        default_payment_method: Some(method.to_owned()),
        ..customer
    }
}
