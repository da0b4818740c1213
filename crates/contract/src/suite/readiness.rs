//! Cases of `Readiness`.

use super::Subject;

/// A store that was opened can be used.
pub async fn an_open_store_is_ready(stores: Subject) {
    stores.check().await.expect("ready");
}
