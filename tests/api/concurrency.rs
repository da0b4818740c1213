//! One card, imported by many at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use cardlift_tests::{Backend, DOCUMENTED};

use crate::harness::Server;

async fn one_card_imported_by_64_at_once_is_one_payment_method(backend: Backend) {
    let server = Arc::new(Server::on(backend).await);
    let calls = (0..64).map(|_| {
        let server = server.clone();
        tokio::spawn(async move { server.import(DOCUMENTED).await })
    });
    let mut bodies = BTreeSet::new();
    for call in calls.collect::<Vec<_>>() {
        let answer = call.await.expect("no panic");
        assert_eq!(answer.status, 200, "{}", answer.body);
        bodies.insert(answer.body);
    }
    assert_eq!(bodies.len(), 1, "one id, one card: {bodies:?}");
    let server = Arc::into_inner(server).expect("nobody else has it");
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_one_card_imported_by_64_at_once_is_one_payment_method() {
    one_card_imported_by_64_at_once_is_one_payment_method(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_one_card_imported_by_64_at_once_is_one_payment_method() {
    one_card_imported_by_64_at_once_is_one_payment_method(Backend::postgres().await).await;
}
