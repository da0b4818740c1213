//! The ports over maps behind one lock.

mod accounts;
mod api_keys;
mod audit;
mod customers;
mod idempotency;
mod jobs;
mod payment_methods;
mod sealed_secrets;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use cardlift_core::account::{Account, AccountId, AccountName};
use cardlift_core::api_key::ApiKey;
use cardlift_core::customer::{Customer, CustomerId};
use cardlift_core::job::JobId;
use cardlift_core::page::{Page, PageRequest, SortOrder};
use cardlift_core::payment_method::{PaymentMethod, PaymentMethodId};
use cardlift_core::ports::{Readiness, StoreError, StoreErrorKind};
use cardlift_core::sealed::{SealedSecret, SecretLabel};

/// All the store ports, in memory: what is in it is gone with it.
#[derive(Debug)]
pub struct InMemory(Mutex<State>);

#[derive(Debug)]
struct State {
    accounts: Vec<Account>,
    keys: Vec<ApiKey>,
    customers: BTreeMap<(AccountId, CustomerId), Customer>,
    payment_methods: Vec<PaymentMethod>,
    /// Where in the list each card of each customer is.
    saved: HashMap<payment_methods::Slot, usize>,
    deleted: HashSet<PaymentMethodId>,
    /// By a job, and by none since.
    brought_in: HashMap<PaymentMethodId, JobId>,
    replies: HashMap<idempotency::Slot, idempotency::Entry>,
    jobs: Vec<jobs::Entry>,
    sealed: BTreeMap<SecretLabel, SealedSecret>,
    trail: audit::Trail,
}

impl InMemory {
    /// An empty store: there is the default account, and nothing else.
    #[must_use]
    pub fn new() -> Self {
        let name = AccountName::parse("default").expect("a valid name");
        Self(Mutex::new(State {
            accounts: vec![Account::new(AccountId::DEFAULT, name)],
            keys: Vec::new(),
            customers: BTreeMap::new(),
            payment_methods: Vec::new(),
            saved: HashMap::new(),
            deleted: HashSet::new(),
            brought_in: HashMap::new(),
            replies: HashMap::new(),
            jobs: Vec::new(),
            sealed: BTreeMap::new(),
            trail: audit::Trail::default(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for InMemory {
    fn default() -> Self {
        Self::new()
    }
}

impl State {
    fn require_account(&self, id: AccountId) -> Result<(), StoreError> {
        if self.accounts.iter().any(|account| account.id == id) {
            Ok(())
        } else {
            Err(StoreError::new(StoreErrorKind::Failed, "there is no such account"))
        }
    }
}

#[async_trait]
impl Readiness for InMemory {
    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A page of these, which are in the order they were made.
fn page_of<T>(mut all: Vec<T>, order: SortOrder, page: PageRequest) -> Page<T> {
    if order == SortOrder::Descending {
        all.reverse();
    }
    let offset = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let size = usize::try_from(page.size()).unwrap_or(usize::MAX);
    let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
    Page { items: all.into_iter().skip(offset).take(size).collect(), total }
}

/// The id that follows this many.
fn next_id<T: TryFrom<i64>>(taken: usize) -> T {
    let id = i64::try_from(taken).ok().and_then(|taken| T::try_from(taken + 1).ok());
    id.expect("memory ends before the ids do")
}
