//! An app to send requests to.

mod api;
mod ending;
mod sealer;
mod trail;
mod troubled;
mod vault;

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::App;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use bytes::Bytes;
use cardlift_contract::InMemory;
use cardlift_core::Timestamp;
use cardlift_core::account::{AccountChange, AccountId, RateLimits};
use cardlift_core::api_key::{ApiKey, ApiKeySecret, HashKey, NewApiKey, Scope, Scopes};
use cardlift_core::customer::{CustomerId, CustomerProfile, CustomerRecord};
use cardlift_core::external_id::ConnectedAccountId;
use cardlift_core::ports::{
    AccountRepository as _, ApiKeyStore, Clock, CustomerRepository as _, Readiness, StoreErrorKind,
};
use cardlift_core::use_cases::KeyUses;
use cardlift_http::{ConcurrencyLimit, RateLimiter, Stopping, WrongKeys};
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt as _, Stream, poll, stream};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::yield_now;

use self::ending::Ending;
use self::sealer::Counter;
pub(crate) use self::troubled::{Trouble, Troubled};
pub(crate) use self::vault::{Says, Vault, visa};
use crate::description;

/// 64 letters and digits.
pub(crate) const SECRET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ab";
pub(crate) const PATH: &str = "/v1/paymentMethodImport/Stripe";
pub(crate) const BODY: &str =
    r#"{"customerId":1,"stripeCustomerId":"cus_1","stripeCardId":"card_1"}"#;

/// A clock that is put forward by hand.
pub(crate) struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp(self.0.load(Ordering::SeqCst), 0).expect("a time")
    }
}

/// What an app stands on: customer 1 of the default account, and one key, which may do everything.
pub(crate) struct World {
    pub(crate) stores: Arc<InMemory>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) clock: Arc<HandClock>,
    rate_limiter: RateLimiter,
    wrong_keys: WrongKeys,
    uses: KeyUses,
    concurrency: ConcurrencyLimit,
    keys: Arc<dyn ApiKeyStore>,
    ready: Arc<dyn Readiness>,
    stopping: Stopping,
    entropy: Arc<Counter>,
}

/// A body that arrives piece by piece.
type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// The values of an error, once its envelope was found to be whole.
    pub(crate) fn values(&self) -> Vec<String> {
        let body = self.json();
        assert_eq!(body.get("ErrorId"), Some(&Value::from(0)));
        assert_eq!(body.get("HttpStatusCode"), Some(&Value::from(self.status.as_u16())));
        let entries = body.get("Errors").and_then(Value::as_array).expect("entries");
        let value = |entry: &Value| {
            assert_eq!(entry.get("Key").and_then(Value::as_str), Some("Api Error"));
            entry.get("Value").and_then(Value::as_str).expect("a value").to_owned()
        };
        entries.iter().map(value).collect()
    }

    /// Where a list says that it stands: the first nine, or fewer, of its headers.
    pub(crate) fn list_headers<const N: usize>(&self) -> [&str; N] {
        const NAMES: [&str; 9] = [
            "count",
            "maxcount",
            "currentpage",
            "nextpage",
            "previouspage",
            "pagesize",
            "maxpageindex",
            "sortorder",
            "sortexpression",
        ];
        let mut names = NAMES.into_iter();
        std::array::from_fn(|_| {
            let name = names.next().expect("at most nine");
            self.header(&format!("x-{name}")).unwrap_or("none")
        })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Every scope there is.
pub(crate) fn all_scopes() -> Scopes {
    Scopes::named(Scope::ALL.map(Scope::name)).expect("scopes")
}

/// What the digests of the keys are keyed with.
fn hash() -> HashKey {
    HashKey::new(&vec![7; HashKey::LENGTH].into()).expect("a key")
}

impl World {
    pub(crate) async fn new() -> Self {
        let stores = Arc::new(InMemory::new());
        let clock = Arc::new(HandClock(AtomicI64::new(1_800_000_000)));
        let id = CustomerId::try_from(1).expect("an id");
        let customer = CustomerRecord { id, profile: CustomerProfile::default() };
        stores.load(AccountId::DEFAULT, &[customer], clock.now()).await.expect("loaded");
        let vault = Vault {
            says: Mutex::new(Arc::new(Says::Card)),
            asked: AtomicUsize::new(0),
            scope: Mutex::new(None),
        };
        let rate_limiter = RateLimiter::default();
        let world = Self {
            keys: stores.clone(),
            ready: stores.clone(),
            stores,
            vault: Arc::new(vault),
            clock,
            rate_limiter,
            wrong_keys: WrongKeys::new(None),
            uses: KeyUses::default(),
            concurrency: ConcurrencyLimit::new(512),
            stopping: Stopping::when(std::future::pending()),
            entropy: Arc::default(),
        };
        world.add_key(SECRET, |key| key.scopes = all_scopes()).await;
        world
    }

    /// Adds a key with this secret: one of the default account that may do what is usual for good,
    /// unless it is made another.
    pub(crate) async fn add_key(
        &self,
        secret: &str,
        change: impl FnOnce(&mut NewApiKey),
    ) -> ApiKey {
        let mut key = NewApiKey {
            account: AccountId::DEFAULT,
            label: "test".into(),
            digest: hash().digest(&ApiKeySecret::shown(secret)),
            scopes: Scopes::default(),
            created_at: self.clock.now(),
            expires_at: None,
        };
        change(&mut key);
        self.stores.add(&key).await.expect("added")
    }

    /// Connects an account of the vault.
    pub(crate) async fn connect(&self) {
        let account = ConnectedAccountId::parse("acct_1").expect("an id");
        self.change(&[AccountChange::Connect(Some(account))]).await;
    }

    /// Sets how many requests each key may make.
    pub(crate) async fn limit(&self, limits: RateLimits) {
        self.change(&AccountChange::limits(limits)).await;
    }

    async fn change(&self, changes: &[AccountChange]) {
        let account = self.stores.change_account(AccountId::DEFAULT, changes).await;
        assert!(account.expect("changed").is_some());
    }

    /// One whose database is in trouble of this kind.
    pub(crate) async fn troubled(kind: StoreErrorKind) -> Self {
        let mut world = Self::new().await;
        let troubled = world.may_lose_keys();
        troubled.is_in(Trouble::Fails(kind));
        Self { ready: troubled, ..world }
    }

    /// Puts the keys where they can be told to be in trouble.
    pub(crate) fn may_lose_keys(&mut self) -> Arc<Troubled> {
        let troubled = Arc::new(Troubled::new(self.stores.clone()));
        self.keys = troubled.clone();
        troubled
    }

    /// Tells the vault what to do from now on.
    pub(crate) fn vault_says(&self, says: Says) {
        *self.vault.says.lock().expect("no panic") = Arc::new(says);
    }

    /// Has the vault hold its answers back until there are permits for them.
    pub(crate) fn hold_vault(&self) -> Arc<Semaphore> {
        let held = Arc::new(Semaphore::new(0));
        self.vault_says(Says::Held(held.clone()));
        held
    }

    pub(crate) fn vault_was_asked(&self) -> usize {
        self.vault.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn pass(&self, time: Duration) {
        let seconds = i64::try_from(time.as_secs()).expect("a short time");
        self.clock.0.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Works on so many requests at once.
    pub(crate) fn limit_concurrency(&mut self, most: usize) {
        self.concurrency = ConcurrencyLimit::new(most);
    }

    /// Lets an address show so many wrong keys in a minute.
    pub(crate) fn limit_wrong_keys(&mut self, most: u16) {
        self.wrong_keys = WrongKeys::new(Some(most));
    }

    /// Writes when keys were last used.
    pub(crate) async fn write_uses(&self) {
        self.uses.write(self.stores.as_ref()).await.expect("written");
    }

    /// Tells the server to stop after this time.
    pub(crate) fn stop_after(&mut self, time: Duration) {
        self.stopping = Stopping::when(tokio::time::sleep(time));
    }

    /// Imports a card or bank account for customer 1, and returns the id it got.
    pub(crate) async fn imported(&self, id: &str) -> i64 {
        let answer = self.send(import(BODY.replace("card_1", id))).await;
        assert_eq!(answer.status, 200);
        answer.json().get("id").and_then(Value::as_i64).expect("an id")
    }

    /// Sends a request with this body and a key.
    pub(crate) async fn tell(&self, verb: &str, uri: &str, body: &str) -> Answer {
        let request = TestRequest::default().method(verb.parse().expect("a verb")).uri(uri);
        let request = authorized(request).insert_header(("Content-Type", "application/json"));
        self.send(request.set_payload(body.to_owned())).await
    }

    /// Sends a request without a body, with a key.
    pub(crate) async fn ask(&self, verb: &str, uri: &str) -> Answer {
        let verb = verb.parse().expect("a verb");
        self.send(authorized(TestRequest::default().method(verb).uri(uri))).await
    }

    /// Sends one request to an app that is all Cardlift's, which answers it as it is described.
    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        self.send_whole(request, None).await
    }

    /// Sends a request whose answer breaks off. This happens once the first piece of it has come.
    pub(crate) async fn send_broken(
        &self,
        request: TestRequest,
        happens: impl Future<Output = ()>,
    ) -> Answer {
        let (answer, ending) = self.send_in(request, None, happens).await;
        assert_eq!(ending, Ending::Broken);
        answer
    }

    /// Sends a request until the vault, which is [held](World::hold_vault), is asked for the first
    /// time; the rest is done when what this gives is awaited.
    pub(crate) async fn send_to_vault(&self, request: TestRequest) -> LocalBoxFuture<'_, Answer> {
        let mut call = self.send(request).boxed_local();
        while self.vault_was_asked() == 0 {
            assert!(poll!(call.as_mut()).is_pending(), "answered before the vault was asked");
            yield_now().await;
        }
        call
    }

    /// Sends a request whose body never arrives.
    pub(crate) async fn send_stalled(&self, request: TestRequest) -> Answer {
        self.send_pieces(request, stream::pending()).await
    }

    /// Sends a request whose body arrives piece by piece.
    pub(crate) async fn send_pieces(
        &self,
        request: TestRequest,
        pieces: impl Stream<Item = Result<Bytes, PayloadError>> + 'static,
    ) -> Answer {
        self.send_whole(request, Some(Box::pin(pieces))).await
    }

    async fn send_whole(&self, request: TestRequest, pieces: Option<Pieces>) -> Answer {
        let (answer, ending) = self.send_in(request, pieces, ready(())).await;
        assert_eq!(ending, Ending::Whole);
        answer
    }

    async fn send_in(
        &self,
        request: TestRequest,
        pieces: Option<Pieces>,
        happens: impl Future<Output = ()>,
    ) -> (Answer, Ending) {
        let app = App::new()
            .wrap(from_fn(cardlift_http::request_log))
            .wrap(from_fn(cardlift_http::shed))
            .configure(cardlift_http::routes(self.api()))
            .default_service(cardlift_http::not_found());
        let app = init_service(app).await;
        let request = request.to_request();
        let request = match pieces {
            None => request,
            Some(pieces) => request.replace_payload(Payload::from(pieces)).0,
        };
        let response = call_service(&app, request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let verb = response.request().method().clone();
        let path = response.request().match_name().map(ToOwned::to_owned);
        let (body, ending) = ending::read(response.into_body(), happens).await;
        let answer = Answer { status, headers, body };
        description::check(verb.as_str(), path.as_deref(), &answer);
        (answer, ending)
    }
}

/// A request for the import, with a key.
pub(crate) fn import(body: impl Into<Bytes>) -> TestRequest {
    authorized(TestRequest::post().uri(PATH))
        .insert_header(("Content-Type", "application/json"))
        .set_payload(body)
}

pub(crate) fn authorized(request: TestRequest) -> TestRequest {
    request.insert_header(("Authorization", authorization()))
}

/// The header with the key.
pub(crate) fn authorization() -> String {
    authorization_of(SECRET)
}

/// The header with the key of this secret.
pub(crate) fn authorization_of(secret: &str) -> String {
    use base64::Engine as _;
    let issued = base64::engine::general_purpose::STANDARD.encode(format!("0:{secret}"));
    format!("Basic {issued}")
}
