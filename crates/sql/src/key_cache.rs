//! The keys that calls were made with of late, so that not each call asks the database for its own.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cardlift_core::api_key::{KeyDigest, KeyOfAccount};
use cardlift_core::ports::StoreError;
use futures_util::future::BoxFuture;

/// How old an answer may be: whoever revokes a key elsewhere is heard within a second.
const GOOD_FOR: Duration = Duration::from_millis(500);

/// When one of those who ask is sent to ask anew, while the others make do with what is there.
const RENEWED_AFTER: Duration = Duration::from_millis(250);

/// How many keys there are at least before those that are too old are looked for.
const MANY: usize = 1_024;

/// The keys that were found of late, and their accounts. What was not found is not kept.
#[derive(Debug, Default)]
pub struct KeyCache(Mutex<Keys>);

#[derive(Debug, Default)]
struct Keys {
    known: HashMap<[u8; 32], Known>,
    /// How many were left when those that are too old were last looked for.
    left: usize,
    /// How often all was forgotten.
    forgotten: u64,
}

#[derive(Debug)]
struct Known {
    key: KeyOfAccount,
    asked_at: Instant,
    renewing: bool,
}

/// What is known of a key.
#[derive(Debug, PartialEq, Eq)]
enum Lookup {
    /// This, and it is new enough.
    Known(KeyOfAccount),
    /// The database has to be asked.
    Ask(Asking),
}

/// A question to the database about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asking {
    at: Instant,
    forgotten: u64,
}

impl KeyCache {
    /// The key with this digest, as it is known, or as `ask` has it from the database: boxed, since it
    /// is large and few calls need it.
    ///
    /// # Errors
    /// Those of `ask`.
    pub async fn find<'a>(
        &self,
        digest: &KeyDigest,
        ask: impl FnOnce() -> BoxFuture<'a, Result<Option<KeyOfAccount>, StoreError>>,
    ) -> Result<Option<KeyOfAccount>, StoreError> {
        match self.look_up(digest, Instant::now()) {
            Lookup::Known(key) => Ok(Some(key)),
            Lookup::Ask(asking) => {
                let found = ask().await?;
                self.keep(digest, asking, found.as_ref());
                Ok(found)
            }
        }
    }

    /// Forgets all of them: a key or an account was changed here.
    pub fn forget(&self) {
        let mut keys = self.keys();
        keys.known.clear();
        keys.left = 0;
        keys.forgotten += 1;
    }

    fn look_up(&self, digest: &KeyDigest, now: Instant) -> Lookup {
        let mut keys = self.keys();
        let ask = Lookup::Ask(Asking { at: now, forgotten: keys.forgotten });
        let Some(known) = keys.known.get_mut(digest.as_bytes()) else { return ask };
        let age = now.saturating_duration_since(known.asked_at);
        if age >= GOOD_FOR || (age >= RENEWED_AFTER && !known.renewing) {
            known.renewing = true;
            return ask;
        }
        Lookup::Known(known.key.clone())
    }

    /// Keeps what the database answered, unless something was changed since it was asked.
    fn keep(&self, digest: &KeyDigest, asking: Asking, found: Option<&KeyOfAccount>) {
        let mut keys = self.keys();
        if keys.forgotten != asking.forgotten {
            return;
        }
        let Some(key) = found else {
            keys.known.remove(digest.as_bytes());
            return;
        };
        // Not each time there are many: all of them are gone through, and others wait for that.
        if keys.known.len() >= MANY.max(2 * keys.left) {
            keys.known
                .retain(|_, known| asking.at.saturating_duration_since(known.asked_at) < GOOD_FOR);
            keys.left = keys.known.len();
        }
        let known = Known { key: key.clone(), asked_at: asking.at, renewing: false };
        keys.known.insert(*digest.as_bytes(), known);
    }

    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
