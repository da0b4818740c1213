//! The audit trail: what was changed is in it, and whoever tampers with it is found out.

mod commands;

use std::time::Duration;

use cardlift_tests::{Backend, Program, Run, client, import};
use diesel::{Connection as _, RunQueryDsl as _, SqliteConnection};
use serde_json::Value;
use tokio::time::{Instant, sleep};

/// How long anything may take before the test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

const CARD: &str =
    r#"{"customerId":1,"stripeCustomerId":"cus_SandboxBrands","stripeCardId":"card_SandboxVisa"}"#;

/// Loads a customer, makes two keys and revokes one, imports a card over the API, and deletes it.
async fn changed(backend: &Backend) {
    let (sandbox, vault) = Program::serve(Run::new(&["sandbox", "--listen", "127.0.0.1:0"])).await;
    let loaded = backend.load("customerId,firstName\n1,Ana\n").await;
    assert_eq!(loaded.code, Some(0), "{}", loaded.stderr);
    let key = backend.key().await;
    backend.key().await;
    backend.run(&["key", "revoke", "2"]).succeed().await;
    let serve = backend.run(&["serve", "--listen", "127.0.0.1:0"]);
    let serve = serve.env("STRIPE_API_KEY", "sk_test_1").env("STRIPE_API_BASE", &vault);
    let (server, base) = Program::serve(serve).await;
    let imported = import(&base, &key, "X-Request-Id: the-import\r\n", CARD).await;
    assert_eq!(imported.status, 200, "{}", imported.body);
    let card = client().delete(format!("{base}/v1/paymentMethods/1/creditCard"));
    let card = card.header("authorization", format!("Basic {key}"));
    let deleted = card.header("x-request-id", "the-deletion").send().await.expect("an answer");
    assert_eq!(deleted.status(), 204);
    is_read_over_the_api(&base, &key).await;
    assert_eq!(server.stop().await, Some(0));
    assert_eq!(sandbox.stop().await, Some(0));
}

/// Once the server has chained it.
async fn is_read_over_the_api(base: &str, key: &str) {
    let started = Instant::now();
    loop {
        let read = client().get(format!("{base}/v1/auditTrail"));
        let answer = read.header("authorization", format!("Basic {key}")).send().await;
        let told = answer.expect("an answer").text().await.expect("text");
        if told.contains("the-deletion") {
            assert!(told.contains("the-import"), "{told}");
            return;
        }
        assert!(started.elapsed() < PATIENCE, "it is not chained: {told}");
        sleep(Duration::from_millis(100)).await;
    }
}

/// By whom, in which request, what was done, and to what.
fn short(line: &str) -> String {
    let entry: Value = serde_json::from_str(line).expect("JSON");
    let part = |name: &str| entry.get(name).expect("it is told").to_string().replace('"', "");
    [part("by"), part("request"), part("action"), part("subject")].join(" ")
}

/// All but that the account is bound to the mode of its key, which a server does by itself.
fn shorts(listed: &str) -> Vec<String> {
    listed.lines().map(short).filter(|line| !line.contains("account.changed")).collect()
}

async fn what_was_changed_is_shown_and_proved(backend: Backend) {
    changed(&backend).await;
    let listed = backend.run(&["audit", "list", "--json"]).succeed().await;
    let lines = shorts(&listed);
    assert_eq!(
        lines,
        [
            "command null customers.loaded 1",
            "command null api_key.created 1",
            "command null api_key.created 2",
            "command null api_key.revoked 2",
            "{account:1,key:1} the-import payment_method.imported 1",
            "{account:1,key:1} the-deletion payment_method.deleted 1",
        ],
        "{listed}"
    );
    let shown = backend.run(&["audit", "list"]).succeed().await;
    assert_eq!(shown.lines().count(), listed.lines().count() + 1, "{shown}");
    let import = shown.lines().find(|line| line.contains("the-import")).expect("it is shown");
    assert!(import.contains("key 1 of account 1") && import.contains("4242"), "{import}");
    let after = backend.run(&["audit", "list", "--json", "--after", "4"]).succeed().await;
    assert_eq!(shorts(&after), lines.split_at(4).1);
    let head = verified(&backend, &[], Some(0)).await;
    // What commands change waits, and is chained by whoever verifies.
    backend.run(&["account", "limit", "--per-minute", "7"]).succeed().await;
    verified(&backend, &["--head", &head], Some(0)).await;
    let other = head.replace("default=", "default=9");
    verified(&backend, &["--head", &other], Some(3)).await;
}

/// Verifies, with this exit code, and gives the head to keep.
async fn verified(backend: &Backend, arguments: &[&str], code: Option<i32>) -> String {
    let verify = backend.run(&[&["audit", "verify"], arguments].concat()).finish().await;
    assert_eq!(verify.code, code, "{}{}", verify.stdout, verify.stderr);
    let head = verify.stdout.lines().find_map(|line| line.split_once("--head "));
    head.map(|(_, head)| head.to_owned()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_what_was_changed_is_shown_and_proved() {
    what_was_changed_is_shown_and_proved(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_what_was_changed_is_shown_and_proved() {
    what_was_changed_is_shown_and_proved(Backend::postgres().await).await;
}

/// Does this to the database, past the program.
fn tamper(backend: &Backend, statements: &[&str]) {
    let url = backend.url();
    let file = url.strip_prefix("sqlite:").expect("a file");
    let mut connection = SqliteConnection::establish(file).expect("opened");
    for statement in statements {
        diesel::sql_query(*statement).execute(&mut connection).expect("it is done");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tampers_with_the_database_is_found_out() {
    for (statements, flaw) in [
        (
            [
                "DROP TRIGGER audit_batch_is_not_updated",
                "UPDATE audit_batch SET items = replace(items, 'read', 'admin') WHERE id = 2",
            ],
            "default: batch 2 or its link 2 is not what was written",
        ),
        (
            ["DROP TRIGGER audit_batch_is_not_deleted", "DELETE FROM audit_batch WHERE id = 2"],
            "default: batch 2, which link 2 is of, is gone",
        ),
        (
            ["DROP TRIGGER audit_link_is_not_deleted", "DELETE FROM audit_link WHERE batch_id = 3"],
            "default: batch 3 has lost its link",
        ),
        (
            ["DROP TRIGGER audit_batch_is_not_deleted", "DELETE FROM audit_batch WHERE id = 3"],
            "default: batch 3, which link 3 is of, is gone",
        ),
    ] {
        let backend = Backend::sqlite();
        for _ in 0..3 {
            backend.key().await;
        }
        let head = verified(&backend, &[], Some(0)).await;
        tamper(&backend, &statements);
        let verify = backend.run(&["audit", "verify", "--head", &head]).finish().await;
        assert_eq!(verify.code, Some(3), "{}{}", verify.stdout, verify.stderr);
        assert!(verify.stdout.lines().any(|line| line == flaw), "{flaw}: {}", verify.stdout);
        assert!(verify.stderr.contains("somebody wrote to the database"), "{}", verify.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_can_not_be_verified_keeps_no_other_from_it() {
    let backend = Backend::sqlite();
    backend.key().await;
    backend.run(&["account", "create", "other"]).succeed().await;
    verified(&backend, &[], Some(0)).await;
    tamper(
        &backend,
        &[
            "DROP TRIGGER audit_link_is_not_updated",
            "PRAGMA ignore_check_constraints = ON",
            "UPDATE audit_link SET seal = x'00' WHERE account_id = 1",
        ],
    );
    backend.key().await;
    backend.run(&["account", "limit", "--account", "other", "--per-minute", "7"]).succeed().await;
    let verify = backend.run(&["audit", "verify"]).finish().await;
    assert_eq!(verify.code, Some(3), "{}{}", verify.stdout, verify.stderr);
    let why = "the database holds a row that can't be understood: a row of audit_link: no seal";
    let lines: Vec<_> = verify.stdout.lines().collect();
    assert!(lines.contains(&format!("default: it can't be verified: {why}").as_str()), "{lines:?}");
    let other = lines.iter().find(|line| line.starts_with("other: 2 batches, 2 changes"));
    assert!(other.is_some(), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn that_the_end_was_cut_off_is_found_by_who_kept_the_head() {
    let backend = Backend::sqlite();
    for _ in 0..3 {
        backend.key().await;
    }
    let head = verified(&backend, &[], Some(0)).await;
    tamper(
        &backend,
        &[
            "DROP TRIGGER audit_batch_is_not_deleted",
            "DROP TRIGGER audit_link_is_not_deleted",
            "DELETE FROM audit_batch WHERE id = 3",
            "DELETE FROM audit_link WHERE batch_id = 3",
        ],
    );
    verified(&backend, &[], Some(0)).await;
    verified(&backend, &["--head", &head], Some(3)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_key_was_taken_away_no_other_is_made() {
    let backend = Backend::sqlite();
    backend.key().await;
    let head = verified(&backend, &[], Some(0)).await;
    let kept = "CREATE TABLE kept AS SELECT * FROM sealed_secret";
    // What the digests of API keys are keyed with would be made anew, too.
    tamper(&backend, &[kept, "DELETE FROM sealed_secret"]);
    let serve = || {
        let serve = backend.run(&["serve", "--listen", "127.0.0.1:0"]);
        serve.env("STRIPE_API_KEY", "sk_test_1").env("STRIPE_API_BASE", "http://127.0.0.1:9")
    };
    for _ in 0..2 {
        for refused in [backend.run(&["audit", "verify"]), serve()] {
            let refused = refused.finish().await;
            assert_eq!(refused.code, Some(1), "{}{}", refused.stdout, refused.stderr);
            assert!(refused.stderr.contains("somebody took it away"), "{}", refused.stderr);
        }
    }
    let doctor = backend.run(&["doctor"]).finish().await;
    assert_eq!(doctor.code, Some(1), "{}{}", doctor.stdout, doctor.stderr);
    assert!(doctor.stdout.contains("problem  the audit trail is chained"), "{}", doctor.stdout);
    // It fails where a refused command has left one there.
    tamper(&backend, &["INSERT INTO sealed_secret SELECT * FROM kept"]);
    verified(&backend, &["--head", &head], Some(0)).await;
    let (server, _) = Program::serve(serve()).await;
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_refuses_to_change_the_trail() {
    let backend = Backend::sqlite();
    backend.key().await;
    verified(&backend, &[], Some(0)).await;
    let url = backend.url();
    let file = url.strip_prefix("sqlite:").expect("a file");
    let mut connection = SqliteConnection::establish(file).expect("opened");
    for statement in [
        "UPDATE audit_batch SET items = ''",
        "DELETE FROM audit_batch",
        "UPDATE audit_link SET position = 9",
        "DELETE FROM audit_link",
    ] {
        let refused = diesel::sql_query(statement).execute(&mut connection).expect_err(statement);
        assert!(refused.to_string().contains("the audit trail is never changed"), "{refused}");
    }
}
