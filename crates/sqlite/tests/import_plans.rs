//! How an import finds its rows, and whoever asks for what was imported: whatever the stores send is
//! noted, and SQLite says what it does for it.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Mutex;

use cardlift_contract::suite::rows::bare_payment_method;
use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::{KeyDigest, NewApiKey, Scopes};
use cardlift_core::customer::{CustomerId, CustomerProfile, CustomerRecord};
use cardlift_core::instrument::{Instrument, InstrumentKind};
use cardlift_core::page::{PageRequest, SortOrder};
use cardlift_core::payment_method::{NewPaymentMethod, PaymentMethodId, SaveOutcome};
use cardlift_core::ports::{
    ApiKeyStore as _, CustomerRepository, PaymentMethodFilter, PaymentMethodStore,
};
use cardlift_sqlite::{Merge, Options, Sqlite};
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::prelude::*;
use diesel::sql_types::Text;
use tempfile::TempDir;

const AT: Timestamp = Timestamp::UNIX_EPOCH;
const DIGEST: [u8; 32] = [7; 32];

/// What was sent on any connection, and not looked at yet.
static SENT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Notes what is sent on a new connection.
#[expect(clippy::unnecessary_wraps, reason = "diesel asks for it")]
fn noting() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            SENT.lock().expect("no panic").push(query.to_string());
        }
    }))
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// Stores with a key and a customer, and a connection of our own.
async fn open(merge: Merge) -> (Sqlite, SqliteConnection, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("cardlift.db");
    let stores = Sqlite::open(&Options { merge, ..Options::new(&path) }).await;
    let stores = stores.expect("a database");
    stores.migrate().await.expect("migrated");
    let key = NewApiKey {
        account: AccountId::DEFAULT,
        label: String::new(),
        digest: KeyDigest::from_bytes(DIGEST),
        scopes: Scopes::default(),
        created_at: AT,
        expires_at: None,
    };
    stores.add(&key).await.expect("added");
    let record = CustomerRecord { id: customer(), profile: CustomerProfile::default() };
    stores.load(AccountId::DEFAULT, &[record], AT).await.expect("loaded");
    let path = path.to_str().expect("a path in UTF-8");
    (stores, SqliteConnection::establish(path).expect("a connection"), folder)
}

fn customer() -> CustomerId {
    CustomerId::try_from(1).expect("an id")
}

/// How what was sent since the last time finds its rows.
fn ways(connection: &mut SqliteConnection) -> Vec<String> {
    let sent = std::mem::take(&mut *SENT.lock().expect("no panic"));
    let mut ways = Vec::new();
    for sent in sent {
        let sql = sent.split(" -- binds: ").next().expect("a statement");
        // Neither what begins and ends a transaction, nor what asks for a plan.
        if !["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|verb| sql.starts_with(verb)) {
            continue;
        }
        let explain = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"));
        let steps: Vec<Step> = explain.load(connection).expect("a plan");
        ways.extend(steps.into_iter().map(|step| step.detail));
    }
    ways
}

/// Saves a card with this fingerprint.
async fn save(stores: &Sqlite, fingerprint: &str) -> SaveOutcome {
    let NewPaymentMethod { customer, instrument, default } = bare_payment_method();
    let Instrument::Card(mut card) = instrument else { unreachable!("it is a card") };
    card.fingerprint = Some(fingerprint.to_owned());
    let new = NewPaymentMethod { customer, instrument: card.into(), default };
    stores.save(AccountId::DEFAULT, &new, AT).await.expect("saved").outcome
}

const CUSTOMER: &str = "SEARCH customer USING PRIMARY KEY (account_id=? AND id=?)";
const BY_CARD: &str = "SEARCH payment_method USING INDEX payment_method_card \
                       (account_id=? AND customer_id=? AND external_card_id=?)";
const BY_ID: &str = "SEARCH payment_method USING INTEGER PRIMARY KEY (rowid=?)";
const OF_CUSTOMER: &str = "SEARCH payment_method USING INDEX payment_method_card \
                           (account_id=? AND customer_id=?)";

#[tokio::test]
async fn rows_are_found_by_their_indexes() {
    set_default_instrumentation(noting).expect("set");
    for merge in [Merge::Concurrent, Merge::Never] {
        let (stores, mut connection, _folder) = open(merge).await;
        let mut check = |what: &str, expected: &[&str]| {
            assert_eq!(ways(&mut connection), expected, "{merge:?}: {what}");
        };
        SENT.lock().expect("no panic").clear();

        let key = stores.find_by_digest(&KeyDigest::from_bytes(DIGEST)).await;
        assert!(key.expect("asked").is_some());
        let account = "SEARCH account USING INTEGER PRIMARY KEY (rowid=?)";
        let digest = "SEARCH api_key USING INDEX sqlite_autoindex_api_key_1 (digest=?)";
        check("a key", &[digest, account]);
        let found = CustomerRepository::find(&stores, AccountId::DEFAULT, customer()).await;
        assert!(found.expect("asked").is_some());
        check("a customer", &[CUSTOMER]);
        assert_eq!(save(&stores, "one").await, SaveOutcome::Imported);
        check("a card that is new", &[BY_CARD]);
        assert_eq!(save(&stores, "one").await, SaveOutcome::Unchanged);
        check("a card that is there", &[BY_CARD]);
        assert_eq!(save(&stores, "other").await, SaveOutcome::Updated);
        check("a card that has changed", &[BY_CARD, BY_ID]);

        for (kind, order) in
            [(None, SortOrder::Ascending), (Some(InstrumentKind::Card), SortOrder::Descending)]
        {
            let filter = PaymentMethodFilter { customer: customer(), kind };
            let page = PageRequest::default();
            let page = stores.list(AccountId::DEFAULT, filter, order, page).await;
            assert_eq!(page.expect("listed").total, 1);
            let sorted = "USE TEMP B-TREE FOR ORDER BY";
            check("a list and its count", &[OF_CUSTOMER, sorted, OF_CUSTOMER]);
        }
        let id = PaymentMethodId::try_from(1).expect("an id");
        let kind = InstrumentKind::Card;
        let found = PaymentMethodStore::find(&stores, AccountId::DEFAULT, id, kind).await;
        assert!(found.expect("asked").is_some());
        check("a payment method", &[BY_ID]);
    }
}
