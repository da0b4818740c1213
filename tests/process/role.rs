//! Serving as a role of Postgres that does not own the tables.

use cardlift_tests::{
    Backend, CUSTOMERS, DOCUMENTED, DOCUMENTED_CARD, Finished, Program, Run, import,
};
use cardlift_throwaway_postgres::TestDatabase;

/// It owns no table.
pub(crate) const ROLE: &str = "cardlift_serving";

/// The program on this database, as the role.
fn run(database: &TestDatabase, arguments: &[&str]) -> Run {
    let url = database.url_as(ROLE).expect("a URL");
    let run = Run::new(arguments).env("DATABASE_URL", url);
    run.env("CARDLIFT_MASTER_KEY", cardlift_tests::MASTER_KEY)
}

fn fails(finished: &Finished, says: &str) {
    assert_eq!((finished.code, finished.stdout.as_str()), (Some(1), ""), "{finished:?}");
    assert!(finished.stderr.contains(says), "{says}: {}", finished.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_does_not_own_the_tables_serves() {
    let owner = Backend::postgres().await;
    let Backend::Postgres(database) = &owner else { unreachable!("it is Postgres") };
    cardlift_throwaway_postgres::role(ROLE).await.expect("a role");
    owner.run(&["migrate"]).succeed().await;
    let refused = run(database, &["key", "list"]).finish().await;
    fails(&refused, &format!("cardlift migrate --grant-to {ROLE}"));
    let nobody = owner.run(&["migrate", "--grant-to", "nobody there"]).finish().await;
    assert_eq!(nobody.code, Some(1));
    let says = r#"CREATE ROLE "nobody there" LOGIN PASSWORD"#;
    assert!(nobody.stderr.contains(says), "{}", nobody.stderr);

    let granted = owner.run(&["migrate", "--grant-to", ROLE]).succeed().await;
    assert!(granted.contains(&format!("The role {ROLE} may work with the tables")), "{granted}");
    assert_eq!(run(database, &["migrate"]).succeed().await, "The tables are up to date.\n");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("customers.csv");
    std::fs::write(&file, CUSTOMERS).expect("a file");
    let load = ["customers", "load", file.to_str().expect("a path")];
    run(database, &load).succeed().await;
    let key = run(database, &["key", "create"]).succeed().await.trim().to_owned();

    let (sandbox, vault) = Program::serve(Run::new(&["sandbox", "--listen", "127.0.0.1:0"])).await;
    let stripe = |run: Run| run.env("STRIPE_API_KEY", "sk_test_1").env("STRIPE_API_BASE", &vault);
    let (server, base) =
        Program::serve(stripe(run(database, &["serve", "--listen", "127.0.0.1:0"]))).await;
    let card = import(&base, &key, "Idempotency-Key: 1\r\n", DOCUMENTED).await;
    assert_eq!((card.status, card.body.as_str()), (200, DOCUMENTED_CARD));
    let again = import(&base, &key, "Idempotency-Key: 1\r\n", DOCUMENTED).await;
    assert_eq!((again.status, again.body.as_str()), (200, DOCUMENTED_CARD));
    assert_eq!(server.stop().await, Some(0));

    let doctor = stripe(run(database, &["doctor"])).succeed().await;
    assert!(doctor.contains(&format!("ok       the role {ROLE} does not own")), "{doctor}");
    let doctor = stripe(owner.run(&["doctor"])).succeed().await;
    assert!(doctor.contains("owns the tables, or passes row-level security"), "{doctor}");
    assert_eq!(sandbox.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_has_no_roles() {
    let granted = Backend::sqlite().run(&["migrate", "--grant-to", "somebody"]).finish().await;
    assert_eq!(granted.code, Some(2));
    assert!(granted.stderr.contains("SQLite has no roles"), "{}", granted.stderr);
}
