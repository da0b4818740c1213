//! Connecting to a server and migrating a database.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::convert::Infallible;

use cardlift_core::ports::{Readiness, StoreErrorKind};
use cardlift_postgres::{OpenError, Options, Postgres};
use cardlift_throwaway_postgres::{Cluster, ClusterOptions, ServerTls, TestDatabase};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

async fn empty() -> TestDatabase {
    let nothing = |_url: String| async { Ok::<(), Infallible>(()) };
    cardlift_throwaway_postgres::database("empty", nothing).await.expect("a database")
}

async fn open(database: &TestDatabase) -> Postgres {
    Postgres::open(&Options::new(database.url())).await.expect("connected")
}

#[tokio::test]
async fn the_tables_go_up_down_and_up_again() {
    let database = empty().await;
    let stores = open(&database).await;
    let pending = stores.pending_migrations().await.expect("asked");
    assert!(!pending.is_empty());
    assert_eq!(stores.migrate().await.expect("up").len(), pending.len());
    assert!(stores.pending_migrations().await.expect("asked").is_empty());
    assert!(stores.migrate().await.expect("up to date").is_empty());
    stores.check().await.expect("ready");
    stores.revert_all_migrations().await.expect("down");
    stores.migrate().await.expect("up again");
    stores.check().await.expect("ready");
}

#[tokio::test]
async fn replicas_that_start_together_migrate_once() {
    let database = empty().await;
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let options = Options::new(database.url());
        starts.spawn(async move {
            let stores = Postgres::open(&options).await.expect("connected");
            stores.migrate().await.expect("migrated").len()
        });
    }
    let run: Vec<usize> = starts.join_all().await;
    assert_eq!(run.iter().filter(|run| **run > 0).count(), 1, "{run:?}");
}

#[tokio::test]
async fn without_tables_it_is_not_ready() {
    let database = empty().await;
    let error = open(&database).await.check().await.expect_err("no tables");
    assert_eq!(error.kind(), StoreErrorKind::Failed);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_the_password() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let options = Options::new(format!("postgres://me:hunter2@{address}/cardlift"));
    let error = Postgres::open(&options).await.expect_err("no server");
    assert_eq!(error.to_string(), format!("no connection to Postgres at {address}"));
    assert!(!format!("{error:?} {options:?}").contains("hunter2"), "{error:?}");
}

/// A certificate authority, and a server certificate of it for this name.
fn certificates(name: &str) -> (String, ServerTls) {
    let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().expect("a key");
    let root = authority.self_signed(&authority_key).expect("a root").pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().expect("a key");
    let server = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
    let certificate = server.signed_by(&key, &issuer).expect("signed").pem();
    (root, ServerTls { certificate, key: key.serialize_pem() })
}

#[tokio::test]
async fn a_server_with_a_certificate_is_verified() {
    let (root, tls) = certificates("localhost");
    let options = ClusterOptions { tls: Some(tls), ..ClusterOptions::default() };
    let cluster = Cluster::start(&options).expect("a cluster");
    let folder = tempfile::tempdir().expect("a folder");
    let trusted = folder.path().join("root.pem");
    std::fs::write(&trusted, root).expect("written");
    let other = folder.path().join("other.pem");
    std::fs::write(&other, certificates("localhost").0).expect("written");
    let connect = async |host: &str, mode: &str, root: &std::path::Path| {
        let port = cluster.port();
        let query = format!("sslmode={mode}&sslrootcert={}", root.display());
        let url = format!("postgres://postgres@{host}:{port}/postgres?{query}");
        Postgres::open(&Options::new(url)).await
    };
    let stores = connect("localhost", "verify-full", &trusted).await.expect("it is trusted");
    stores.migrate().await.expect("migrated");
    stores.check().await.expect("ready");
    for (host, mode, root, why) in [
        ("localhost", "verify-full", &other, "another authority"),
        ("localhost", "require", &other, "another authority, in a mode that libpq lets through"),
        ("127.0.0.1", "verify-full", &trusted, "another name"),
        ("localhost", "verify-full", &folder.path().join("none.pem"), "no such file"),
    ] {
        let refused = connect(host, mode, root).await;
        assert!(matches!(refused, Err(OpenError::Connect { .. })), "{why}: {refused:?}");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    let cluster = Cluster::start(&ClusterOptions::default()).expect("a cluster");
    let url = format!("{}?sslmode=verify-full", cluster.url("postgres"));
    assert!(matches!(Postgres::open(&Options::new(url)).await, Err(OpenError::Connect { .. })));
}
