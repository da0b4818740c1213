//! Made-up customers, as many as are asked for: each is made anew from its number when asked for.

use super::{Brand, Customer, Kind};

const CUSTOMER: &str = "cus_Synthetic";
const CARD: &str = "card_Synthetic";
const PAYMENT_METHOD: &str = "pm_Synthetic";

/// When the first was made; each next one a minute later.
const OLDEST: i64 = 1_600_000_000;

/// When number `index` was made.
pub(super) fn created(index: usize) -> i64 {
    OLDEST + i64::try_from(index).unwrap_or(i64::MAX / 120) * 60
}

/// Number `index`: one card, and for each fifth a second one, a payment method. Its account counts
/// from one.
pub(super) fn customer(index: usize) -> Customer {
    let number = format!("{index:07}");
    let brand = Brand::ALL.get(index % Brand::ALL.len()).copied().unwrap_or(Brand::VISA);
    let card = format!("{CARD}{number}");
    let mut customer = Customer::new(&format!("{CUSTOMER}{number}"), created(index), "Sam Sample")
        .reached_at(format!("person{index}@example.com"))
        .numbered(index + 1)
        .with(Kind::Card, &card, brand);
    if index.is_multiple_of(5) {
        let method = format!("{PAYMENT_METHOD}{number}");
        customer = customer.with(Kind::PaymentMethod, &method, Brand::VISA);
    }
    customer.default_source = Some(card);
    customer
}

/// The number in the id of a customer.
pub(super) fn index(id: &str, count: usize) -> Option<usize> {
    number(id.strip_prefix(CUSTOMER)?, count)
}

/// The number in the id of a card or payment method.
pub(super) fn index_of_card(id: &str, count: usize) -> Option<usize> {
    number(id.strip_prefix(CARD).or_else(|| id.strip_prefix(PAYMENT_METHOD))?, count)
}

fn number(digits: &str, count: usize) -> Option<usize> {
    let number = digits.parse().ok().filter(|number| *number < count)?;
    (digits == format!("{number:07}")).then_some(number)
}
