use mockall::predicate::{always, eq};

use super::*;
use crate::Timestamp;
use crate::account::RateLimits;
use crate::api_key::{ApiKeyId, Scopes};
use crate::customer::{AccountStanding, Customer, CustomerProfile, CustomerStatus};
use crate::payment_method::DefaultChoice;
use crate::ports::{MockClock, MockCustomerRepository, MockPaymentMethodStore, StoreErrorKind};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const ACCOUNT: AccountId = AccountId::DEFAULT;
const KIND: InstrumentKind = InstrumentKind::BankAccount;

fn method() -> PaymentMethodId {
    PaymentMethodId::try_from(7).expect("an id")
}

fn customer() -> CustomerId {
    CustomerId::try_from(1).expect("an id")
}

fn caller() -> Principal {
    let key = ApiKeyId::try_from(3).expect("an id");
    let (scopes, limits) = (Scopes::default(), RateLimits::default());
    let default_choice = DefaultChoice::default();
    Principal { account: ACCOUNT, key, scopes, limits, default_choice }
}

fn use_cases(
    customers: MockCustomerRepository,
    payment_methods: MockPaymentMethodStore,
) -> PaymentMethods {
    let mut clock = MockClock::new();
    clock.expect_now().return_const(NOW);
    PaymentMethods {
        customers: Arc::new(customers),
        payment_methods: Arc::new(payment_methods),
        clock: Arc::new(clock),
    }
}

fn listing() -> ListPaymentMethods {
    ListPaymentMethods {
        account: ACCOUNT,
        filter: PaymentMethodFilter { customer: customer(), kind: Some(KIND) },
        order: SortOrder::Descending,
        page: PageRequest::new(2, 5).expect("a page"),
    }
}

#[tokio::test]
async fn a_list_asks_for_the_page_of_the_customer() {
    let mut customers = MockCustomerRepository::new();
    customers
        .expect_find()
        .with(eq(ACCOUNT), eq(customer()))
        .once()
        .return_once(|account, id| Ok(Some(known(account, id))));
    let mut store = MockPaymentMethodStore::new();
    let asked = store.expect_list().once();
    asked
        .with(eq(ACCOUNT), eq(listing().filter), eq(listing().order), eq(listing().page))
        .return_once(|_, _, _, _| Ok(Page { items: Vec::new(), total: 12 }));
    let page = use_cases(customers, store).list(listing()).await.expect("a page");
    assert_eq!(page.total, 12);
}

#[tokio::test]
async fn an_unknown_customer_has_no_list() {
    let mut customers = MockCustomerRepository::new();
    customers.expect_find().once().return_once(|_, _| Ok(None));
    let listed = use_cases(customers, MockPaymentMethodStore::new()).list(listing()).await;
    let error = listed.expect_err("no customer");
    assert_eq!(error.to_string(), "Customer with id 1 not found.");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let mut store = MockPaymentMethodStore::new();
    let found = store.expect_find().with(eq(ACCOUNT), eq(method()), eq(KIND)).once();
    found.return_once(|_, _, _| Ok(None));
    let moved = store.expect_make_default();
    let moved = moved.with(eq(ACCOUNT), eq(method()), eq(Some(customer())), eq(NOW)).once();
    moved.return_once(|_, _, _, _| Ok(None));
    let use_cases = use_cases(MockCustomerRepository::new(), store);
    let found = use_cases.find(ACCOUNT, method(), KIND).await.expect_err("not there");
    assert_eq!(found.to_string(), "Payment method with id 7 not found.");
    let moved = use_cases.make_default(ACCOUNT, method(), Some(customer())).await;
    assert!(matches!(moved, Err(PaymentMethodError::NotFound(id)) if id == method()));
}

#[tokio::test]
async fn who_deletes_and_when_reaches_the_store() {
    let mut store = MockPaymentMethodStore::new();
    let delete = store.expect_delete().once();
    delete
        .with(eq(ACCOUNT), eq(method()), eq(KIND), eq(caller().key), eq(NOW))
        .return_once(|_, _, _, _, _| Ok(()));
    let use_cases = use_cases(MockCustomerRepository::new(), store);
    use_cases.delete(caller(), method(), KIND).await.expect("deleted");
}

/// What the store says of a deletion is told so.
async fn check_delete(answer: DeleteError, expected: &str) {
    let mut store = MockPaymentMethodStore::new();
    let delete = store.expect_delete().once();
    delete
        .with(always(), always(), always(), always(), always())
        .return_once(move |_, _, _, _, _| Err(answer));
    let use_cases = use_cases(MockCustomerRepository::new(), store);
    let error = use_cases.delete(caller(), method(), KIND).await.expect_err("not deleted");
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_deletion_that_can_t_be_says_why() {
    check_delete(DeleteError::Missing, "Payment method with id 7 not found.").await;
    check_delete(
        DeleteError::Default,
        "Cannot delete a default payment method. Make another one the default first.",
    )
    .await;
    let down = StoreError::new(StoreErrorKind::Unavailable, "down");
    check_delete(down.into(), "the database is out of reach or too slow").await;
}

fn known(account: AccountId, id: CustomerId) -> Customer {
    Customer {
        account,
        id,
        profile: CustomerProfile::default(),
        status: CustomerStatus::Active,
        standing: AccountStanding::Good,
        created_at: NOW,
        updated_at: NOW,
    }
}
