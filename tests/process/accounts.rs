//! Accounts, each with its own Stripe key, on both databases.

use std::time::Duration;

use cardlift_tests::{Backend, Program, RecordingVault, import};

const BODY: &str = "{customerId:1,stripeCustomerId:'cus_1',stripeCardId:'card_1'}";

/// The tests ask as often as they can.
async fn ask_without_limit(backend: &Backend, name: &str) {
    let off = ["--per-minute", "off", "--per-day", "off"];
    let limit = [&["account", "limit", "--account", name], &off[..]].concat();
    backend.run(&limit).succeed().await;
}

/// Makes an account with a customer and a Stripe key, and gives an API key of it.
async fn make_account(backend: &Backend, name: &str, stripe_key: &str) -> String {
    let created = backend.run(&["account", "create", name]).succeed().await;
    assert!(created.contains("Mode:                       none yet"), "{created}");
    ask_without_limit(backend, name).await;
    let set = ["account", "set-key", "--account", name];
    let set = backend.run(&set).input(&format!("{stripe_key}\n")).finish().await;
    assert_eq!(set.code, Some(0), "{}", set.stderr);
    assert!(set.stdout.contains("Stripe key of its own:      yes"), "{}", set.stdout);
    assert!(!format!("{}{}", set.stdout, set.stderr).contains(stripe_key));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("customers.csv");
    std::fs::write(&file, "customerId\n1\n").expect("a file");
    let file = file.to_str().expect("UTF-8");
    backend.run(&["customers", "load", "--account", name, file]).succeed().await;
    let key = backend.run(&["key", "create", "--account", name]).succeed().await;
    key.trim().to_owned()
}

async fn each_account_reads_with_its_own_key(backend: Backend) {
    let vault = RecordingVault::start().await;
    let acme = make_account(&backend, "acme", "sk_test_acme").await;
    let wile = make_account(&backend, "wile", "rk_live_wile").await;
    backend.run(&["account", "create", "bare"]).succeed().await;
    let keyless = backend.run(&["key", "create", "--account", "bare"]).succeed().await;
    backend.load_documented().await;
    let default = backend.key().await;
    let serve = backend.run(&["serve", "--listen", "127.0.0.1:0"]);
    // It is asked with a key that is not let in until it is, as fast as can be.
    let serve = serve.env("STRIPE_API_BASE", &vault.url).env("CARDLIFT_WRONG_KEYS", "off");
    let (server, base) = Program::serve(serve).await;
    for (key, expected) in [(&acme, "sk_test_acme"), (&wile, "rk_live_wile")] {
        let answer = import(&base, key, "", BODY).await;
        assert_eq!(answer.status, 404, "{}", answer.body);
        assert_eq!(vault.take_keys(), [expected]);
    }
    // Without a key of its own, no account reads with that of another.
    let body = BODY.replace("customerId:1", "customerId:2526546");
    let answer = import(&base, &default, "", &body).await;
    assert_eq!(answer.status, 502, "{}", answer.body);
    assert!(answer.body.contains("This account has no Stripe key"), "{}", answer.body);
    let answer = import(&base, keyless.trim(), "", BODY).await;
    assert_eq!(answer.status, 404, "another account's customer: {}", answer.body);
    assert_eq!(vault.take_keys(), Vec::<String>::new());
    // A new key is used without a restart, and one that was taken away is not.
    let set = backend.run(&["account", "set-key", "--account", "acme"]);
    set.input("sk_test_newer").succeed().await;
    let newer = async {
        loop {
            import(&base, &acme, "", BODY).await;
            if vault.take_keys() == ["sk_test_newer"] {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), newer).await.expect("the new key is used");
    backend.run(&["account", "remove-key", "--account", "acme"]).succeed().await;
    let gone = async { while import(&base, &acme, "", BODY).await.status != 502 {} };
    tokio::time::timeout(Duration::from_secs(30), gone).await.expect("the key is not used");
    backend.run(&["account", "disable", "--account", "wile"]).succeed().await;
    let out = async { while import(&base, &wile, "", BODY).await.status != 401 {} };
    tokio::time::timeout(Duration::from_secs(30), out).await.expect("it is not let in");
    backend.run(&["account", "enable", "--account", "wile"]).succeed().await;
    let back = async { while import(&base, &wile, "", BODY).await.status != 404 {} };
    tokio::time::timeout(Duration::from_secs(30), back).await.expect("it is let in again");
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_each_account_reads_with_its_own_key() {
    each_account_reads_with_its_own_key(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_each_account_reads_with_its_own_key() {
    each_account_reads_with_its_own_key(Backend::postgres().await).await;
}

async fn keys_of_the_other_mode_are_refused(backend: Backend) {
    let (sandbox, vault) =
        Program::serve(cardlift_tests::Run::new(&["sandbox", "--listen", "127.0.0.1:0"])).await;
    backend.load_documented().await;
    let import = |key: &str| {
        backend
            .run(&["import-card", "--customer-id", "2526546", "--stripe-customer-id"])
            .args(&["cus_AExsNjBZDLMNDK", "--stripe-card-id", "card_19uTyBAXix6Ggd0efp4HNNp7"])
            .env("STRIPE_API_KEY", key)
            .env("STRIPE_API_BASE", &vault)
    };
    import("sk_test_1").succeed().await;
    let refused = import("sk_live_1").finish().await;
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.stderr.contains("make an account of its own for live mode"),
        "{}",
        refused.stderr
    );
    let serve =
        backend.run(&["serve", "--listen", "127.0.0.1:0"]).env("STRIPE_API_KEY", "rk_live_1");
    let refused = serve.env("STRIPE_API_BASE", &vault).finish().await;
    assert_eq!(refused.code, Some(1), "it does not start: {}", refused.stderr);
    let set = backend.run(&["account", "set-key"]).input("sk_live_1").finish().await;
    assert_eq!(set.code, Some(1));
    assert!(set.stderr.contains("live mode"), "{}", set.stderr);
    assert!(!set.stderr.contains("sk_live_1"), "{}", set.stderr);
    import("rk_test_2").succeed().await;
    assert_eq!(sandbox.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_keys_of_the_other_mode_are_refused() {
    keys_of_the_other_mode_are_refused(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_keys_of_the_other_mode_are_refused() {
    keys_of_the_other_mode_are_refused(Backend::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_listed_and_no_name_is_taken_twice() {
    let backend = Backend::sqlite();
    backend.run(&["account", "create", "acme"]).succeed().await;
    let again = backend.run(&["account", "create", "acme"]).finish().await;
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("named acme already"), "{}", again.stderr);
    let default = ["account", "default", "--account", "acme", "replace"];
    let shown = backend.run(&default).succeed().await;
    assert!(shown.contains("A customer's default:       becomes what was imported"), "{shown}");
    backend.run(&["account", "disable", "--account", "acme"]).succeed().await;
    let listed = backend.run(&["account", "list"]).succeed().await;
    let lines: Vec<_> = listed.lines().collect();
    assert_eq!(lines.len(), 3, "{listed}");
    assert!(lines[1].contains("enabled") && lines[1].ends_with("default"), "{listed}");
    assert!(lines[2].contains("disabled") && lines[2].ends_with("acme"), "{listed}");
    let wrong = backend.run(&["account", "set-key"]).input("pk_live_hunter2").finish().await;
    assert_eq!(wrong.code, Some(1));
    assert!(!wrong.stderr.contains("hunter2"), "{}", wrong.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_master_key_that_is_none_is_told_and_not_repeated() {
    let backend = Backend::postgres().await;
    let set = |run: cardlift_tests::Run| run.input("sk_test_1").finish();
    let without = set(backend.run(&["account", "set-key"]).without("CARDLIFT_MASTER_KEY")).await;
    assert_eq!(without.code, Some(2));
    for named in ["CARDLIFT_MASTER_KEY:", "CARDLIFT_MASTER_KEY_FILE", "cardlift master-key new"] {
        assert!(without.stderr.contains(named), "{named}: {}", without.stderr);
    }
    let run = backend.run(&["account", "set-key"]).env("CARDLIFT_MASTER_KEY", "hunter2");
    let wrong = set(run).await;
    assert_eq!(wrong.code, Some(2));
    assert!(!wrong.stderr.contains("hunter2"), "{}", wrong.stderr);
    let made = backend.run(&["master-key", "new"]).succeed().await;
    let run = backend.run(&["account", "set-key"]).env("CARDLIFT_MASTER_KEY", made.trim());
    assert_eq!(set(run).await.code, Some(0));
    // Sealed under that, it can't be opened with another.
    let refused = backend.run(&["serve", "--listen", "127.0.0.1:0"]).finish().await;
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("which is not at hand"), "{}", refused.stderr);
}

async fn where_the_master_key_is_missing_its_settings_are_named(backend: Backend) {
    backend.run(&["account", "set-key"]).input("sk_test_1").succeed().await;
    backend.load_documented().await;
    backend.key().await;
    if let Backend::Sqlite(folder) = &backend {
        std::fs::remove_file(folder.path().join("cardlift.db.master-key")).expect("it was made");
    }
    let run = |arguments: &[&str]| {
        let run = backend.run(arguments).without("CARDLIFT_MASTER_KEY");
        run.env("STRIPE_API_BASE", "http://127.0.0.1:9").finish()
    };
    let import = ["import-card", "--customer-id", "1", "--stripe-customer-id", "cus_1"];
    for arguments in [
        ["master-key", "check"].as_slice(),
        &["audit", "verify"],
        &["key", "create"],
        &[&import[..], &["--stripe-card-id", "card_1"]].concat(),
    ] {
        let refused = run(arguments).await;
        assert!(refused.code.is_some_and(|code| code > 0), "{arguments:?}: {}", refused.stdout);
        let told = ["set CARDLIFT_MASTER_KEY to the", "CARDLIFT_MASTER_KEY: must be set to"];
        let is_told = told.iter().any(|told| refused.stderr.contains(told));
        assert!(is_told, "{arguments:?}: {}", refused.stderr);
        let told = "CARDLIFT_MASTER_KEY_FILE to the file";
        assert!(refused.stderr.contains(told), "{arguments:?}: {}", refused.stderr);
    }
    let doctor = run(&["doctor"]).await;
    assert!(doctor.stdout.contains("CARDLIFT_MASTER_KEY_FILE to the file"), "{}", doctor.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_where_the_master_key_is_missing_its_settings_are_named() {
    where_the_master_key_is_missing_its_settings_are_named(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_where_the_master_key_is_missing_its_settings_are_named() {
    where_the_master_key_is_missing_its_settings_are_named(Backend::postgres().await).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_master_key_that_is_made_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let backend = Backend::sqlite();
    backend.key().await;
    let path = format!("{}.master-key", backend.url().trim_start_matches("sqlite:"));
    let mode = std::fs::metadata(path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_master_keys_that_are_changed_at_once_none_is_lost() {
    let backend = Backend::sqlite();
    backend.run(&["account", "set-key"]).input("sk_test_1").succeed().await;
    let rotate = || backend.run(&["master-key", "rotate"]).succeed();
    for _ in 0..3 {
        tokio::join!(rotate(), rotate(), rotate(), rotate());
        let checked = backend.run(&["master-key", "check"]).succeed().await;
        assert!(checked.contains("all of which can be opened"), "{checked}");
    }
}

/// It makes the file of master keys itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_came_before_the_first_key_reads_with_it() {
    let (backend, vault) = (Backend::sqlite(), RecordingVault::start().await);
    let serve = backend.run(&["serve", "--listen", "127.0.0.1:0"]);
    let serve =
        serve.env("STRIPE_API_KEY", "sk_test_of_settings").env("STRIPE_API_BASE", &vault.url);
    let (server, base) = Program::serve(serve).await;
    let acme = make_account(&backend, "acme", "sk_test_acme").await;
    let answer = import(&base, &acme, "", BODY).await;
    assert_eq!(answer.status, 404, "{}", answer.body);
    assert_eq!(vault.take_keys(), ["sk_test_acme"]);
    assert_eq!(server.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_begun_for_a_disabled_account() {
    let backend = Backend::sqlite();
    backend.load_documented().await;
    backend.run(&["account", "disable"]).succeed().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("cards.csv");
    std::fs::write(&file, "customerId,stripeCustomerId\n1,cus_1\n").expect("a file");
    let run = backend.run(&["import", file.to_str().expect("UTF-8")]);
    let refused = run.env("STRIPE_API_KEY", "sk_test_1").finish().await;
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    assert!(refused.stderr.contains("cardlift account enable"), "{}", refused.stderr);
}
