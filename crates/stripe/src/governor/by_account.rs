use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Governor, Rates};

/// A governor for each account of the vault that is read: each has limits of its own.
#[derive(Debug)]
pub(crate) struct Governors {
    rates: Rates,
    by_account: Mutex<HashMap<String, Arc<Governor>>>,
}

impl Governors {
    pub(crate) fn new(rates: Rates) -> Self {
        Self { rates, by_account: Mutex::default() }
    }

    /// The one of a connected account, or of the key's own.
    pub(crate) fn of(&self, account: Option<&str>) -> Arc<Governor> {
        let mut governors = self.by_account.lock().unwrap_or_else(PoisonError::into_inner);
        let account = account.unwrap_or_default();
        if let Some(governor) = governors.get(account) {
            return governor.clone();
        }
        let governor = Arc::new(Governor::new(self.rates));
        governors.insert(account.to_owned(), governor.clone());
        governor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_account_has_its_own() {
        let governors = Governors::new(Rates::default());
        let (own, other) = (governors.of(None), governors.of(Some("acct_1")));
        assert!(!Arc::ptr_eq(&own, &other));
        assert!(Arc::ptr_eq(&own, &governors.of(None)));
        assert!(Arc::ptr_eq(&other, &governors.of(Some("acct_1"))));
    }
}
