//! Each account reads with its own key, and with no other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use cardlift_core::account::AccountId;
use cardlift_core::external_id::{ConnectedAccountId, ExternalCardId, ExternalCustomerId};
use cardlift_core::ports::{
    CardVault as _, CustomerRange, HoldingKind, VaultCatalog as _, VaultCredential,
    VaultCredentials, VaultError,
};
use cardlift_core::vault::{VaultAccount, VaultMode};
use cardlift_stripe::StripeVaults;
use tokio::time::timeout;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::harness::{CARD, CUSTOMER, builder};

/// The key and mode of each account, as they are at the moment.
#[derive(Default)]
struct Keys(Mutex<HashMap<AccountId, (&'static str, VaultMode)>>);

impl Keys {
    fn set(&self, account: i64, key: Option<(&'static str, VaultMode)>) {
        let mut keys = self.0.lock().expect("no panic");
        match key {
            Some(key) => keys.insert(id(account), key),
            None => keys.remove(&id(account)),
        };
    }
}

#[async_trait]
impl VaultCredentials for Keys {
    async fn credential(&self, account: AccountId) -> Result<VaultCredential, VaultError> {
        let keys = self.0.lock().expect("no panic");
        let (key, mode) = *keys.get(&account).ok_or(VaultError::NoCredentials)?;
        Ok(VaultCredential { key: key.into(), mode })
    }
}

struct World {
    server: MockServer,
    keys: Arc<Keys>,
    vaults: StripeVaults,
}

impl World {
    async fn new() -> Self {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(404)).mount(&server).await;
        let keys = Arc::<Keys>::default();
        let vaults = StripeVaults::new(&builder(&server.uri()), keys.clone());
        Self { server, keys, vaults: vaults.expect("vaults") }
    }

    /// Reads a card for an account: what was sent, or why nothing was.
    async fn read(&self, scope: &VaultAccount) -> Result<Request, VaultError> {
        let (customer, card) = (ExternalCustomerId::parse(CUSTOMER), ExternalCardId::parse(CARD));
        let read = self.vaults.read(scope, &customer.expect("an id"), &card.expect("an id")).await;
        self.sent(read.expect_err("nothing is there")).await
    }

    /// The last request, where the vault was asked at all.
    async fn sent(&self, error: VaultError) -> Result<Request, VaultError> {
        if error.is_about_credentials() {
            return Err(error);
        }
        Ok(self.server.received_requests().await.expect("recorded").pop().expect("a request"))
    }

    async fn key_of(&self, account: i64) -> Result<String, VaultError> {
        self.read(&VaultAccount::own(id(account))).await.map(|sent| key(&sent))
    }
}

fn id(account: i64) -> AccountId {
    AccountId::try_from(account).expect("an id")
}

fn key(sent: &Request) -> String {
    sent.headers["authorization"].to_str().expect("text").to_owned()
}

#[tokio::test]
async fn each_account_reads_with_its_own_key() {
    let world = World::new().await;
    world.keys.set(1, Some(("sk_test_one", VaultMode::Test)));
    world.keys.set(2, Some(("sk_test_two", VaultMode::Test)));
    world.keys.set(3, Some(("rk_live_three", VaultMode::Live)));
    for _ in 0..2 {
        assert_eq!(world.key_of(1).await.expect("asked"), "Bearer sk_test_one");
        assert_eq!(world.key_of(2).await.expect("asked"), "Bearer sk_test_two");
        assert_eq!(world.key_of(3).await.expect("asked"), "Bearer rk_live_three");
    }
    let connected = ConnectedAccountId::parse("acct_1").expect("an id");
    let sent = world.read(&VaultAccount::connected(id(2), connected)).await.expect("asked");
    assert_eq!(key(&sent), "Bearer sk_test_two");
    assert_eq!(sent.headers["stripe-account"], "acct_1");
}

#[tokio::test]
async fn every_call_is_made_with_the_account_s_key() {
    let world = World::new().await;
    world.keys.set(2, Some(("sk_test_two", VaultMode::Test)));
    let scope = VaultAccount::own(id(2));
    let customer = ExternalCustomerId::parse(CUSTOMER).expect("an id");
    let range = CustomerRange { from: 0, to: None, after: None };
    let bulk = world.vaults.for_bulk();
    let failed = [
        bulk.customers(&scope, range).await.err(),
        bulk.customer(&scope, &customer).await.err(),
        bulk.holdings(&scope, &customer, HoldingKind::Source, None).await.err(),
    ];
    for error in failed {
        let sent = world.sent(error.expect("nothing is there")).await.expect("asked");
        assert_eq!(key(&sent), "Bearer sk_test_two");
    }
    assert_eq!(world.server.received_requests().await.expect("recorded").len(), 3);
}

#[tokio::test]
async fn an_account_without_a_key_asks_for_nothing() {
    let world = World::new().await;
    world.keys.set(2, Some(("sk_test_two", VaultMode::Test)));
    world.key_of(2).await.expect("asked");
    let error = world.key_of(3).await.expect_err("no key");
    assert!(matches!(error, VaultError::NoCredentials), "{error:?}");
    assert_eq!(world.server.received_requests().await.expect("recorded").len(), 1);
}

#[tokio::test]
async fn a_key_of_another_mode_than_its_account_is_not_used() {
    let world = World::new().await;
    world.keys.set(2, Some(("sk_live_two", VaultMode::Test)));
    let error = world.key_of(2).await.expect_err("another mode");
    assert!(matches!(error, VaultError::CredentialsUnreadable { .. }), "{error:?}");
    world.keys.set(2, Some(("no key at all", VaultMode::Test)));
    let error = world.key_of(2).await.expect_err("no key");
    assert!(matches!(error, VaultError::CredentialsUnreadable { .. }), "{error:?}");
    assert_eq!(world.server.received_requests().await.expect("recorded").len(), 0);
}

#[tokio::test]
async fn a_key_that_was_changed_or_taken_away_is_soon_not_used_any_more() {
    let world = World::new().await;
    world.keys.set(2, Some(("sk_test_old", VaultMode::Test)));
    assert_eq!(world.key_of(2).await.expect("asked"), "Bearer sk_test_old");
    world.keys.set(2, Some(("sk_test_new", VaultMode::Test)));
    let changed = async { while world.key_of(2).await.expect("asked") != "Bearer sk_test_new" {} };
    timeout(Duration::from_secs(30), changed).await.expect("the new key is used");
    world.keys.set(2, None);
    let gone = async { while world.key_of(2).await.is_ok() {} };
    timeout(Duration::from_secs(30), gone).await.expect("no key is used");
}
