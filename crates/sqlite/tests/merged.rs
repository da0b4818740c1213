//! Saves that are carried out together, and what each of them gets.
//!
//! Each test is on one thread, where all saves have come before the lot is begun.
#![expect(
    clippy::expect_used,
    clippy::unreachable,
    reason = "a test that meets what it does not expect has failed"
)]

use cardlift_contract::suite::rows::bare_payment_method;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::customer::{CustomerId, CustomerProfile, CustomerStatus};
use cardlift_core::external_id::ExternalCardId;
use cardlift_core::instrument::Instrument;
use cardlift_core::payment_method::{NewPaymentMethod, SaveOutcome};
use cardlift_core::ports::{
    CustomerRepository as _, PaymentMethodStore as _, SaveError, StoreErrorKind,
};
use cardlift_sqlite::{Merge, Options, Sqlite};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use futures_util::future::join_all;
use tempfile::TempDir;

/// A database with customer 1, and a connection past the ports.
struct Store {
    stores: Sqlite,
    connection: SqliteConnection,
    _folder: TempDir,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Store {
    async fn open(merge: Merge) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("cardlift.db");
        let options = Options { merge, ..Options::new(&path) };
        let stores = Sqlite::open(&options).await.expect("a database");
        stores.migrate().await.expect("migrated");
        let (profile, status) = (CustomerProfile::default(), CustomerStatus::Active);
        let made = stores.create(AccountId::DEFAULT, &profile, status, Timestamp::UNIX_EPOCH);
        assert_eq!(made.await.expect("made").id.get(), 1);
        let path = path.to_str().expect("a path in UTF-8");
        let connection = SqliteConnection::establish(path).expect("a connection");
        Self { stores, connection, _folder: folder }
    }

    /// Saves cards of these customers at the same time: the first is `card_1`.
    async fn save(&self, customers: &[i64]) -> Vec<Result<SaveOutcome, SaveError>> {
        let saves = (1..).zip(customers).map(|(number, customer)| async move {
            let new = card(*customer, number);
            let saved = self.stores.save(AccountId::DEFAULT, &new, Timestamp::UNIX_EPOCH).await;
            saved.map(|saved| saved.outcome)
        });
        join_all(saves).await
    }

    fn count(&mut self, table: &str) -> i64 {
        let query = diesel::sql_query(format!("SELECT count(*) AS count FROM {table}"));
        let counted: QueryResult<Counted> = query.get_result(&mut self.connection);
        counted.expect("counted").count
    }
}

fn card(customer: i64, number: usize) -> NewPaymentMethod {
    let NewPaymentMethod { instrument, default, .. } = bare_payment_method();
    let Instrument::Card(mut card) = instrument else { unreachable!("it is a card") };
    card.external_card = ExternalCardId::parse(&format!("card_{number}")).expect("an id");
    let customer = CustomerId::try_from(customer).expect("an id");
    NewPaymentMethod { customer, instrument: card.into(), default }
}

fn is_imported(saved: &Result<SaveOutcome, SaveError>) -> bool {
    matches!(saved, Ok(SaveOutcome::Imported))
}

/// A transaction writes one batch of the audit trail.
#[tokio::test]
async fn saves_that_come_together_are_one_transaction() {
    for (merge, transactions) in [(Merge::Concurrent, 1), (Merge::Never, 8)] {
        let mut store = Store::open(merge).await;
        let before = store.count("audit_batch");
        assert!(store.save(&[1; 8]).await.iter().all(is_imported));
        assert_eq!(store.count("audit_batch") - before, transactions, "{merge:?}");
        assert_eq!(store.count("payment_method"), 8);
    }
}

#[tokio::test]
async fn one_that_the_tables_refuse_leaves_the_others_where_they_are() {
    let mut store = Store::open(Merge::Concurrent).await;
    let before = store.count("audit_batch");
    let saved = store.save(&[1, 1, 1, 9, 1, 1, 1, 1]).await;
    for (number, saved) in (1..).zip(&saved) {
        let missing = matches!(saved, Err(SaveError::CustomerMissing));
        assert!(if number == 4 { missing } else { is_imported(saved) }, "{number}: {saved:?}");
    }
    assert_eq!(store.count("payment_method"), 7);
    assert_eq!(store.count("audit_batch") - before, 1);
}

/// What it meets undoes the lot, and each goes by itself.
#[tokio::test]
async fn one_whose_row_can_not_be_read_fails_alone() {
    let mut store = Store::open(Merge::Concurrent).await;
    assert!(store.save(&[1]).await.iter().all(is_imported));
    let spoil = "UPDATE payment_method SET created_at = 'yesterday', external_card_id = 'card_4'";
    store.connection.batch_execute(spoil).expect("spoilt");
    let before = store.count("audit_batch");
    let saved = store.save(&[1; 8]).await;
    for (number, saved) in (1..).zip(&saved) {
        let corrupt = matches!(
            saved,
            Err(SaveError::Store(error)) if error.kind() == StoreErrorKind::Corrupt
        );
        assert!(if number == 4 { corrupt } else { is_imported(saved) }, "{number}: {saved:?}");
    }
    assert_eq!(store.count("payment_method"), 8);
    assert_eq!(store.count("audit_batch") - before, 7);
}
