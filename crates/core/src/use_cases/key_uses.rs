//! When keys were used: noted in memory, and written now and then, since a write for each request
//! would cost more than the request.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::api_key::{ApiKeyId, KeyUse};
use crate::ports::{ApiKeyStore, StoreError};

/// How many keys are noted at most until they are written: others are noted when they are used again.
const MOST: usize = 10_000;

/// The last use of each key, as far as it is not written yet. A clone notes with it.
#[derive(Debug, Clone, Default)]
pub struct KeyUses(Arc<Mutex<HashMap<ApiKeyId, KeyUse>>>);

impl KeyUses {
    /// Notes that a key was used.
    pub(super) fn note(&self, used: KeyUse) {
        let mut noted = self.noted();
        if let Some(last) = noted.get_mut(&used.key) {
            last.at = last.at.max(used.at);
        } else if noted.len() < MOST {
            noted.insert(used.key, used);
        }
    }

    /// Writes what was noted, and says of how many keys. What was not written, since it failed or
    /// nobody waited for it, is there the next time.
    ///
    /// # Errors
    /// Those of [`ApiKeyStore::note_uses`].
    pub async fn write(&self, keys: &dyn ApiKeyStore) -> Result<usize, StoreError> {
        let uses: Vec<_> = self.noted().values().copied().collect();
        if uses.is_empty() {
            return Ok(0);
        }
        keys.note_uses(&uses).await?;
        let mut noted = self.noted();
        for written in &uses {
            if noted.get(&written.key).is_some_and(|last| last.at <= written.at) {
                noted.remove(&written.key);
            }
        }
        Ok(uses.len())
    }

    fn noted(&self) -> MutexGuard<'_, HashMap<ApiKeyId, KeyUse>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::account::AccountId;
    use crate::ports::{MockApiKeyStore, StoreErrorKind};

    fn used(key: i64, at: i64) -> KeyUse {
        KeyUse {
            account: AccountId::DEFAULT,
            key: ApiKeyId::try_from(key).expect("an id"),
            at: Timestamp::from_timestamp(at, 0).expect("a time"),
        }
    }

    /// What is written next, by key.
    async fn written(uses: &KeyUses) -> Vec<KeyUse> {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let mut keys = MockApiKeyStore::new();
        let into = seen.clone();
        keys.expect_note_uses().returning(move |uses| {
            into.lock().expect("no panic").extend_from_slice(uses);
            Ok(())
        });
        let count = uses.write(&keys).await.expect("written");
        let mut seen = seen.lock().expect("no panic").clone();
        assert_eq!(count, seen.len());
        seen.sort_by_key(|used| used.key.get());
        seen
    }

    #[tokio::test]
    async fn the_last_use_of_each_key_is_written_once() {
        let uses = KeyUses::default();
        for (key, at) in [(1, 5), (2, 6), (1, 8), (1, 7)] {
            uses.clone().note(used(key, at));
        }
        assert_eq!(written(&uses).await, [used(1, 8), used(2, 6)]);
        assert_eq!(written(&uses).await, [], "it is written");
        uses.note(used(2, 9));
        assert_eq!(written(&uses).await, [used(2, 9)]);
    }

    #[tokio::test]
    async fn what_can_not_be_written_is_kept() {
        let uses = KeyUses::default();
        uses.note(used(1, 5));
        let mut keys = MockApiKeyStore::new();
        let down = || StoreError::new(StoreErrorKind::Unavailable, "down");
        keys.expect_note_uses().once().returning(move |_| Err(down()));
        uses.write(&keys).await.expect_err("down");
        assert_eq!(written(&uses).await, [used(1, 5)]);
    }

    #[tokio::test]
    async fn a_use_that_comes_while_another_is_written_is_kept() {
        let uses = KeyUses::default();
        uses.note(used(1, 5));
        let mut keys = MockApiKeyStore::new();
        let meanwhile = uses.clone();
        keys.expect_note_uses().once().returning(move |_| {
            meanwhile.note(used(1, 6));
            Ok(())
        });
        uses.write(&keys).await.expect("written");
        assert_eq!(written(&uses).await, [used(1, 6)]);
    }

    #[tokio::test]
    async fn there_are_no_more_than_so_many() {
        let uses = KeyUses::default();
        let most = i64::try_from(MOST).expect("a small number");
        for key in 1..=most + 1 {
            uses.note(used(key, 5));
        }
        uses.note(used(1, 6));
        let written = written(&uses).await;
        assert_eq!((written.len(), written[0]), (MOST, used(1, 6)));
    }
}
