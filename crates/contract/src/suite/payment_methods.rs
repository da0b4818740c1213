//! Cases of `PaymentMethodStore`.

use cardlift_core::account::AccountId;
use cardlift_core::bank_account::{BankAccountType, VaultBankAccount};
use cardlift_core::card::{CardBrand, Expiry, Funding, VaultCard};
use cardlift_core::instrument::Instrument;
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::payment_method::{
    NewPaymentMethod, PaymentMethod, SaveOutcome, SavedPaymentMethod,
};
use cardlift_core::ports::{PaymentMethodFilter, PaymentMethodStore, SaveError};

use super::Subject;
use super::data::{
    ACCOUNT, at, bank_account, bare_bank_account, bare_card, card, customer_id,
    default_payment_method, load_customers, other_account, payment_method,
};

pub(crate) async fn save(
    stores: &Subject,
    new: &NewPaymentMethod,
    second: i64,
) -> SavedPaymentMethod {
    stores.save(ACCOUNT, new, at(second)).await.expect("saved")
}

/// The payment methods of a customer.
pub(crate) async fn list(
    stores: &Subject,
    account: AccountId,
    customer: i64,
) -> Vec<PaymentMethod> {
    let filter = PaymentMethodFilter { customer: customer_id(customer), kind: None };
    let page = PageRequest::new(0, PageRequest::LARGEST).expect("a page");
    let order = SortOrder::Ascending;
    let listed = PaymentMethodStore::list(stores.as_ref(), account, filter, order, page).await;
    let Page { items, total } = listed.expect("listed");
    assert_eq!(u64::try_from(items.len()), Ok(total));
    items
}

/// Saves a card and expects to find it again as it was.
async fn check_round_trip(stores: &Subject, instrument: impl Into<Instrument>) {
    let instrument = instrument.into();
    let saved = save(stores, &payment_method(1, instrument.clone()), 5).await;
    assert_eq!(saved.outcome, SaveOutcome::Imported);
    let expected = PaymentMethod {
        id: saved.payment_method.id,
        account: ACCOUNT,
        customer: customer_id(1),
        instrument,
        is_default: false,
        created_at: at(5),
        updated_at: at(5),
    };
    assert_eq!(saved.payment_method, expected);
    assert_eq!(list(stores, ACCOUNT, 1).await.last(), Some(&expected));
}

/// Every field survives, in every script.
pub async fn a_saved_card_is_listed_as_it_was_saved(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    check_round_trip(&stores, card("whole")).await;
}

/// What is not known stays unknown, rather than empty.
pub async fn a_card_of_which_little_is_known_is_saved(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    check_round_trip(&stores, bare_card("bare")).await;
}

/// A brand or funding is stored by its name, and none is lost.
pub async fn every_brand_and_funding_comes_back(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let other = CardBrand::Other("Cartes Bancaires".into());
    for (index, brand) in CardBrand::NAMED.into_iter().chain([other]).enumerate() {
        check_round_trip(&stores, VaultCard { brand, ..card(&format!("brand{index}")) }).await;
    }
    for funding in [Funding::Credit, Funding::Debit, Funding::Prepaid, Funding::Unknown] {
        check_round_trip(&stores, VaultCard { funding, ..card(funding.name()) }).await;
    }
}

/// Bank accounts are kept as whole as cards are.
pub async fn a_saved_bank_account_is_listed_as_it_was_saved(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    check_round_trip(&stores, bank_account("whole")).await;
    check_round_trip(&stores, bare_bank_account("bare")).await;
    for (index, name) in ["checking", "futsu"].into_iter().enumerate() {
        let account_type = BankAccountType::from_name(name);
        let account = bank_account(&format!("type{index}"));
        check_round_trip(&stores, VaultBankAccount { account_type, ..account }).await;
    }
}

/// The second time nothing is written.
pub async fn the_same_card_again_changes_nothing(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let new = payment_method(1, card("a"));
    let first = save(&stores, &new, 5).await.payment_method;
    let again = save(&stores, &new, 6).await;
    assert_eq!(
        again,
        SavedPaymentMethod { payment_method: first, outcome: SaveOutcome::Unchanged }
    );
    assert_eq!(list(&stores, ACCOUNT, 1).await.len(), 1);
}

/// New details go into the row that is there.
pub async fn a_card_with_new_details_is_updated(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    let first = save(&stores, &payment_method(1, card("a")), 5).await.payment_method;
    let renewed = VaultCard { expiry: Expiry::new(1, 2031).expect("an expiry"), ..bare_card("a") };
    let second = save(&stores, &payment_method(1, renewed.clone()), 6).await;
    assert_eq!(second.outcome, SaveOutcome::Updated);
    let expected = PaymentMethod { instrument: renewed.into(), updated_at: at(6), ..first };
    assert_eq!(second.payment_method, expected);
    assert_eq!(list(&stores, ACCOUNT, 1).await, [expected]);
}

/// A card of the vault may pay for two customers of the billing system.
pub async fn one_card_can_be_two_customers(stores: Subject) {
    load_customers(&stores, ACCOUNT, 2).await;
    let one = save(&stores, &payment_method(1, card("a")), 0).await;
    let two = save(&stores, &payment_method(2, card("a")), 0).await;
    assert_eq!((one.outcome, two.outcome), (SaveOutcome::Imported, SaveOutcome::Imported));
    assert_ne!(one.payment_method.id, two.payment_method.id);
}

/// The same ids in two accounts are two customers and two rows.
pub async fn accounts_do_not_see_each_other(stores: Subject) {
    let other = other_account(&stores).await.id;
    load_customers(&stores, ACCOUNT, 1).await;
    load_customers(&stores, other, 1).await;
    let new = default_payment_method(1, card("a"));
    let ours = save(&stores, &new, 0).await.payment_method;
    assert_eq!(list(&stores, other, 1).await, []);
    let theirs = stores.save(other, &new, at(0)).await.expect("saved").payment_method;
    assert_ne!(ours.id, theirs.id);
    assert_eq!(list(&stores, ACCOUNT, 1).await, [ours]);
    assert_eq!(list(&stores, other, 1).await, [theirs]);
}

/// A customer has one default, the one asked for last.
pub async fn a_default_moves(stores: Subject) {
    load_customers(&stores, ACCOUNT, 2).await;
    save(&stores, &default_payment_method(2, card("a")), 0).await;
    for id in ["a", "b", "a"] {
        let saved = save(&stores, &default_payment_method(1, card(id)), 1).await;
        assert!(saved.payment_method.is_default);
        assert_ne!(saved.outcome, SaveOutcome::Unchanged);
    }
    let again = save(&stores, &default_payment_method(1, card("a")), 2).await;
    assert_eq!(again.outcome, SaveOutcome::Unchanged);
    let defaults: Vec<_> =
        list(&stores, ACCOUNT, 1).await.into_iter().map(|method| method.is_default).collect();
    assert_eq!(defaults, [true, false]);
    assert!(list(&stores, ACCOUNT, 2).await[0].is_default, "another customer's stays");
}

/// An update takes no default away.
pub async fn saving_again_keeps_the_default(stores: Subject) {
    load_customers(&stores, ACCOUNT, 1).await;
    save(&stores, &default_payment_method(1, card("a")), 0).await;
    let updated = save(&stores, &payment_method(1, bare_card("a")), 1).await;
    assert_eq!(updated.outcome, SaveOutcome::Updated);
    assert!(updated.payment_method.is_default);
    assert!(list(&stores, ACCOUNT, 1).await[0].is_default);
}

/// The database itself knows that a payment method has a customer.
pub async fn a_missing_customer_gets_nothing(stores: Subject) {
    for new in [payment_method(9, card("a")), default_payment_method(9, card("a"))] {
        let error = stores.save(ACCOUNT, &new, at(0)).await.expect_err("no customer");
        assert!(matches!(error, SaveError::CustomerMissing), "{error:?}");
    }
    assert_eq!(list(&stores, ACCOUNT, 9).await, []);
}

/// Nor does one get past the wall between accounts.
pub async fn another_accounts_customer_gets_nothing(stores: Subject) {
    let other = other_account(&stores).await.id;
    load_customers(&stores, other, 1).await;
    let error = stores.save(ACCOUNT, &payment_method(1, card("a")), at(0)).await;
    assert!(matches!(error, Err(SaveError::CustomerMissing)), "{error:?}");
    assert_eq!(list(&stores, other, 1).await, []);
}
