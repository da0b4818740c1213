//! The in-memory adapter passes the suite.

use std::sync::Arc;

use cardlift_contract::InMemory;

async fn open() -> (Arc<InMemory>, ()) {
    (Arc::new(InMemory::new()), ())
}

cardlift_contract::contract_tests!(open);
