mod vault;

use mockall::predicate::eq;

use super::*;
use crate::Timestamp;
use crate::account::{Account, AccountName};
use crate::card::{Address, CardBrand, Expiry, Funding, HolderName, MaskedNumber, VaultCard};
use crate::customer::{AccountStanding, Customer, CustomerProfile, CustomerStatus};
use crate::external_id::ConnectedAccountId;
use crate::instrument::Instrument;
use crate::payment_method::{PaymentMethod, PaymentMethodId, SaveOutcome};
use crate::ports::{
    MockAccountRepository, MockCardVault, MockClock, MockCustomerRepository,
    MockPaymentMethodStore, StoreErrorKind,
};
use crate::vault::VaultAccount;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const SAVED: [SaveOutcome; 4] =
    [SaveOutcome::Imported, SaveOutcome::Restored, SaveOutcome::Updated, SaveOutcome::Unchanged];

/// The ports, as mocks. One that a test sets nothing on must not be called.
#[derive(Default)]
struct Mocks {
    accounts: MockAccountRepository,
    customers: MockCustomerRepository,
    vault: MockCardVault,
    payment_methods: MockPaymentMethodStore,
}

impl Mocks {
    fn customer_exists(mut self) -> Self {
        let (account, id) = (request().account, request().customer);
        let customer = customer(account, id);
        let found = self.customers.expect_find().with(eq(account), eq(id)).once();
        found.return_once(move |_, _| Ok(Some(customer)));
        self
    }

    fn vault_answers(self, answer: Result<Instrument, VaultError>) -> Self {
        self.vault_answers_in(VaultAccount::DEFAULT, answer)
    }

    fn vault_answers_in(
        mut self,
        scope: VaultAccount,
        answer: Result<Instrument, VaultError>,
    ) -> Self {
        let (customer, card) = (request().external_customer, request().external_card);
        let read = self.vault.expect_read().with(eq(scope), eq(customer), eq(card)).once();
        read.return_once(move |_, _, _| answer);
        self
    }

    fn connected_to(mut self, connected_account: Option<ConnectedAccountId>) -> Self {
        let name = AccountName::parse("default").expect("a name");
        let account = Account { connected_account, ..Account::new(request().account, name) };
        let get = self.accounts.expect_get().with(eq(request().account)).once();
        get.return_once(move |_| Ok(Some(account)));
        self
    }

    fn store_answers(
        mut self,
        saved: NewPaymentMethod,
        answer: Result<SavedPaymentMethod, SaveError>,
    ) -> Self {
        let save = self.payment_methods.expect_save();
        let save = save.with(eq(request().account), eq(saved), eq(NOW)).once();
        save.return_once(move |_, _, _| answer);
        self
    }

    async fn run(self, request: ImportCardRequest) -> Result<SavedPaymentMethod, ImportCardError> {
        let mut clock = MockClock::new();
        clock.expect_now().return_const(NOW);
        let use_case = ImportCard {
            accounts: Arc::new(self.accounts),
            customers: Arc::new(self.customers),
            vault: Arc::new(self.vault),
            payment_methods: Arc::new(self.payment_methods),
            clock: Arc::new(clock),
        };
        use_case.run(request).await
    }
}

fn request() -> ImportCardRequest {
    ImportCardRequest {
        account: AccountId::DEFAULT,
        from: ImportFrom::OwnAccount,
        customer: CustomerId::try_from(2_526_546).expect("an id"),
        external_customer: ExternalCustomerId::parse("cus_AExsNjBZDLMNDK").expect("an id"),
        external_card: ExternalCardId::parse("card_19uTyBAXix6Ggd0efp4HNNp7").expect("an id"),
        default: DefaultChoice::LeaveAsIs,
    }
}

fn card() -> Instrument {
    let card = VaultCard {
        external_customer: request().external_customer,
        external_card: request().external_card,
        brand: CardBrand::Visa,
        number: MaskedNumber::from_last_four("4242").expect("four digits"),
        expiry: Expiry::new(11, 2017).expect("an expiry"),
        holder: HolderName::new("John Doe"),
        address: Address::default(),
        funding: Funding::Credit,
        issuer_country: Some("US".into()),
        fingerprint: None,
    };
    card.into()
}

fn new_payment_method(default: DefaultChoice) -> NewPaymentMethod {
    NewPaymentMethod { customer: request().customer, instrument: card(), default }
}

fn saved(outcome: SaveOutcome, default: DefaultChoice) -> SavedPaymentMethod {
    let payment_method = PaymentMethod {
        id: PaymentMethodId::try_from(7).expect("an id"),
        account: request().account,
        customer: request().customer,
        instrument: card(),
        is_default: default == DefaultChoice::MakeDefault,
        created_at: NOW,
        updated_at: NOW,
    };
    SavedPaymentMethod { payment_method, outcome }
}

fn store_down() -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, "connection refused")
}

#[tokio::test]
async fn a_card_is_found_read_and_saved() {
    for outcome in SAVED {
        let expected = saved(outcome, DefaultChoice::LeaveAsIs);
        let mocks = Mocks::default()
            .customer_exists()
            .vault_answers(Ok(card()))
            .store_answers(new_payment_method(DefaultChoice::LeaveAsIs), Ok(expected.clone()));
        assert_eq!(mocks.run(request()).await.expect("imported"), expected);
    }
}

#[tokio::test]
async fn the_same_card_again_gives_the_same_payment_method() {
    let mut ids = Vec::new();
    for outcome in [SaveOutcome::Imported, SaveOutcome::Unchanged] {
        let answer = saved(outcome, DefaultChoice::LeaveAsIs);
        let mocks = Mocks::default()
            .customer_exists()
            .vault_answers(Ok(card()))
            .store_answers(new_payment_method(DefaultChoice::LeaveAsIs), Ok(answer));
        ids.push(mocks.run(request()).await.expect("imported").payment_method.id);
    }
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_default_that_is_asked_for_reaches_the_store() {
    let default = DefaultChoice::MakeDefault;
    let mocks = Mocks::default()
        .customer_exists()
        .vault_answers(Ok(card()))
        .store_answers(new_payment_method(default), Ok(saved(SaveOutcome::Imported, default)));
    let imported = mocks.run(ImportCardRequest { default, ..request() }).await.expect("imported");
    assert!(imported.payment_method.is_default);
}

#[tokio::test]
async fn for_an_unknown_customer_the_vault_is_not_asked() {
    let mut mocks = Mocks::default();
    mocks.customers.expect_find().once().return_once(|_, _| Ok(None));
    let error = mocks.run(request()).await.expect_err("no customer");
    assert_eq!(error.to_string(), "Customer with id 2526546 not found.");
}

#[tokio::test]
async fn a_customer_of_another_account_is_not_found() {
    let other = AccountId::try_from(2).expect("an id");
    let mut mocks = Mocks::default();
    let id = request().customer;
    mocks.customers.expect_find().with(eq(other), eq(id)).once().return_once(|_, _| Ok(None));
    let result = mocks.run(ImportCardRequest { account: other, ..request() }).await;
    assert!(matches!(result, Err(ImportCardError::CustomerNotFound(found)) if found == id));
}

#[tokio::test]
async fn with_the_store_down_at_the_lookup_the_vault_is_not_asked() {
    let mut mocks = Mocks::default();
    mocks.customers.expect_find().once().return_once(|_, _| Err(store_down()));
    let error = mocks.run(request()).await.expect_err("the store is down");
    assert!(matches!(error, ImportCardError::Store(_)), "{error:?}");
}

#[tokio::test]
async fn with_the_store_down_at_the_save_the_error_is_the_stores() {
    let mocks = Mocks::default().customer_exists().vault_answers(Ok(card())).store_answers(
        new_payment_method(DefaultChoice::LeaveAsIs),
        Err(SaveError::Store(store_down())),
    );
    let error = mocks.run(request()).await.expect_err("the store is down");
    assert!(
        matches!(&error, ImportCardError::Store(e) if e.kind() == StoreErrorKind::Unavailable),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_customer_that_vanishes_meanwhile_is_not_found() {
    let mocks = Mocks::default().customer_exists().vault_answers(Ok(card())).store_answers(
        new_payment_method(DefaultChoice::LeaveAsIs),
        Err(SaveError::CustomerMissing),
    );
    let error = mocks.run(request()).await.expect_err("no customer");
    assert!(matches!(error, ImportCardError::CustomerNotFound(_)), "{error:?}");
}

fn customer(account: AccountId, id: CustomerId) -> Customer {
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
