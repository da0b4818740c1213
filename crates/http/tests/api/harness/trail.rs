//! What a server does beside the requests: it chains what was changed.

use cardlift_core::audit::ChainKey;
use cardlift_core::use_cases::AuditChain;

use super::World;

impl World {
    /// Chains what was changed until now, so that it is read over the API.
    pub(crate) async fn chain(&self) {
        let key = ChainKey::new(&vec![7; ChainKey::LENGTH].into()).expect("a key");
        let done = AuditChain { trail: self.stores.clone(), key }.run().await.expect("looked");
        assert!(done.failed.is_empty(), "{done:?}");
    }
}
