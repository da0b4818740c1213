//! `Idempotency-Key`, across restarts.

use cardlift_tests::{Backend, DOCUMENTED};

use crate::harness::Server;

async fn a_reply_outlives_the_process(backend: Backend) {
    let first = Server::on(backend).await;
    let imported = first.import_with(DOCUMENTED, "Idempotency-Key: k-1\r\n").await;
    assert_eq!((imported.status, imported.header("idempotent-replayed")), (200, None));
    let another = DOCUMENTED.replace("2526546", "1");
    assert_eq!(first.import_with(&another, "Idempotency-Key: k-1\r\n").await.status, 422);
    let key = first.key.clone();
    let backend = first.end().await;
    let mut second = Server::on(backend).await;
    second.key = key;
    let again = second.import_with(DOCUMENTED, "Idempotency-Key: k-1\r\n").await;
    assert_eq!((again.status, again.header("idempotent-replayed")), (200, Some("true")));
    assert_eq!(again.body, imported.body);
    second.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_reply_outlives_the_process() {
    a_reply_outlives_the_process(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_reply_outlives_the_process() {
    a_reply_outlives_the_process(Backend::postgres().await).await;
}
