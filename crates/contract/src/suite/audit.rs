//! Cases of `AuditTrail`, and of what each of the other ports tells it.

mod accounts;
mod at_once;
mod chain;
mod customers;
mod jobs;
mod payment_methods;
mod planted;

use std::collections::BTreeSet;

use cardlift_core::Timestamp;
use cardlift_core::account::AccountId;
use cardlift_core::api_key::ApiKeyId;
use cardlift_core::audit::{Actor, AuditBatch, AuditBatchId, AuditEntry, Who};

pub use self::accounts::*;
pub use self::at_once::*;
pub use self::chain::*;
pub use self::customers::*;
pub use self::jobs::*;
pub use self::payment_methods::*;
pub use self::planted::*;
use super::Subject;
use super::data::ACCOUNT;

/// The caller with this key, in the request of the same number.
fn caller(number: i64) -> Actor {
    let key = ApiKeyId::try_from(number).expect("an id");
    let request = Some(format!("request-{number}").into());
    Actor { who: Who::Key(ACCOUNT, key), request }
}

/// What [`caller`] 7 is told to have done, with this after it.
fn item(action: &str, facts: &str) -> String {
    let by = r#""by":{"key":7,"account":1},"request":"request-7""#;
    format!(r#"{{"action":"{action}",{by}{facts}}}"#)
}

/// Every batch of an account.
async fn batches(stores: &Subject, account: AccountId) -> Vec<AuditBatch> {
    stores.batches(account, None, 10_000).await.expect("asked")
}

/// Every change of an account.
async fn entries(stores: &Subject, account: AccountId) -> Vec<AuditEntry> {
    batches(stores, account).await.iter().flat_map(AuditBatch::entries).collect()
}

/// What an account's trail is told from some time on.
struct Told {
    stores: Subject,
    account: AccountId,
    last: Option<AuditBatchId>,
}

impl Told {
    /// From now on.
    async fn of(stores: &Subject, account: AccountId) -> Self {
        let last = batches(stores, account).await.last().map(|batch| batch.id);
        Self { stores: stores.clone(), account, last }
    }

    /// Since the last time it was told of these changes, in one batch: what was changed, and how.
    async fn check(&mut self, expected: &[(i64, String)]) -> Timestamp {
        let batch = self.next().await.expect("something was told");
        let told: Vec<_> = batch.entries().map(|entry| (entry.subject, entry.item)).collect();
        assert_eq!(told, expected);
        assert_eq!(batch.account, self.account);
        batch.at
    }

    /// The same, whichever was told first.
    async fn check_in_any_order(&mut self, expected: &[(i64, String)]) -> Timestamp {
        let batch = self.next().await.expect("something was told");
        let told = batch.entries().map(|entry| (entry.subject, entry.item));
        assert_eq!(told.collect::<BTreeSet<_>>(), expected.iter().cloned().collect());
        assert_eq!(batch.entries().count(), expected.len(), "{batch:?}");
        batch.at
    }

    /// Since the last time it was told of nothing.
    async fn check_nothing(&mut self) {
        assert_eq!(self.next().await, None);
    }

    async fn next(&mut self) -> Option<AuditBatch> {
        let mut next = self.stores.batches(self.account, self.last, 10).await.expect("asked");
        assert!(next.len() <= 1, "{next:?}");
        self.last = next.last().map(|batch| batch.id).or(self.last);
        next.pop()
    }
}
