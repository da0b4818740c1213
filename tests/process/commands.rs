//! Each command, on both databases.

use cardlift_tests::{Backend, CUSTOMERS, Program, Run};

async fn keys_are_made_listed_and_revoked(backend: Backend) {
    let made = backend.run(&["key", "create", "--label", "billing"]).finish().await;
    assert_eq!(made.code, Some(0), "{}", made.stderr);
    let key = made.stdout.strip_suffix('\n').expect("one line");
    assert_eq!((key.len(), key.lines().count()), (88, 1), "the key alone: {key}");
    let listed = backend.run(&["key", "list"]).succeed().await;
    assert!(listed.contains("billing") && !listed.contains(key), "{listed}");
    let revoked = backend.run(&["key", "revoke", "1"]).succeed().await;
    assert_eq!(revoked, "Key 1 is revoked.\n");
    let unknown = backend.run(&["key", "revoke", "99"]).finish().await;
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.stderr.contains("cardlift key list"), "{}", unknown.stderr);
}

async fn a_key_that_can_not_be_is_not_made(backend: Backend) {
    // There is another account.
    let demonstration = backend.run(&["serve", "--sandbox", "--listen", "127.0.0.1:0"]);
    assert_eq!(Program::serve(demonstration).await.0.stop().await, Some(0));
    for (arguments, code, says) in [
        (["--scope", "import,everything"], 2, "scopes are one or more of import, read, manage and"),
        (["--scope", ""], 2, "scopes are one or more of"),
        (["--expires", "soon"], 2, "must be a day, 2027-01-31, or a time"),
        (["--expires", "2020-01-31"], 1, "must expire later than now: 2020-02-01 00:00:00 UTC has"),
        (["--account", "nobody"], 1, "there is no account named nobody"),
    ] {
        let run = backend.run(&[["key", "create"], arguments].concat()).finish().await;
        assert_eq!((run.code, run.stdout.as_str()), (Some(code), ""), "{arguments:?}");
        assert!(run.stderr.contains(says), "{arguments:?}: {}", run.stderr);
    }
    let admin = ["key", "create", "--scope", "admin"];
    let other = backend.run(&[&admin[..], &["--account", "sandbox"]].concat()).finish().await;
    assert_eq!((other.code, other.stdout.as_str()), (Some(1), ""));
    assert!(
        other.stderr.contains("only keys of the account default may have it"),
        "{}",
        other.stderr
    );
    backend.run(&admin).succeed().await;
    let listed = backend.run(&["key", "list"]).succeed().await;
    assert_eq!(listed.lines().count(), 2, "the one that can be: {listed}");
    assert!(listed.ends_with(" admin\n"), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_key_that_can_not_be_is_not_made() {
    a_key_that_can_not_be_is_not_made(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_a_key_that_can_not_be_is_not_made() {
    a_key_that_can_not_be_is_not_made(Backend::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_keys_are_made_listed_and_revoked() {
    keys_are_made_listed_and_revoked(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_keys_are_made_listed_and_revoked() {
    keys_are_made_listed_and_revoked(Backend::postgres().await).await;
}

async fn customers_are_loaded_all_or_none(backend: Backend) {
    let bad = backend.load("customerId,firstName\n1,Ana\nx,Eva\n").await;
    assert_eq!(bad.code, Some(1));
    assert!(bad.stderr.contains("nothing was"), "{}", bad.stderr);
    assert!(!bad.stderr.contains("Eva"), "no personal data: {}", bad.stderr);
    assert_eq!(backend.load(CUSTOMERS).await.stdout, "2 customers created, 0 updated.\n");
    assert_eq!(backend.load(CUSTOMERS).await.stdout, "0 customers created, 2 updated.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_customers_are_loaded_all_or_none() {
    customers_are_loaded_all_or_none(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_customers_are_loaded_all_or_none() {
    customers_are_loaded_all_or_none(Backend::postgres().await).await;
}

async fn one_card_is_imported_from_the_command_line(backend: Backend) {
    let (sandbox, base) = Program::serve(Run::new(&["sandbox", "--listen", "127.0.0.1:0"])).await;
    backend.load_documented().await;
    let import = |customer: &str, card: &str| {
        backend
            .run(&[
                "import-card",
                "--customer-id",
                customer,
                "--stripe-customer-id",
                "cus_AExsNjBZDLMNDK",
                "--stripe-card-id",
                card,
            ])
            .env("STRIPE_API_KEY", "sk_test_sandbox")
            .env("STRIPE_API_BASE", &base)
    };
    let first = import("2526546", "card_19uTyBAXix6Ggd0efp4HNNp7").finish().await;
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert!(
        first.stdout.contains("\"maskedCardNumber\": \"************4242\""),
        "{}",
        first.stdout
    );
    assert!(first.stderr.contains("It was imported."), "{}", first.stderr);
    let again = import("2526546", "card_19uTyBAXix6Ggd0efp4HNNp7").finish().await;
    assert_eq!(again.stdout, first.stdout, "the same card, the same id");
    assert!(again.stderr.contains("nothing was changed"), "{}", again.stderr);
    let nobody = import("9", "card_19uTyBAXix6Ggd0efp4HNNp7").finish().await;
    assert_eq!((nobody.code, nobody.stdout.as_str()), (Some(1), ""));
    let told = [
        "account default has no customer with id 9",
        "cardlift customers load",
        "--account",
        "DATABASE_URL",
    ];
    for told in told {
        assert!(nobody.stderr.contains(told), "{told}: {}", nobody.stderr);
    }
    let wrong = import("1", "cus_1").finish().await;
    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("must start with card_"), "{}", wrong.stderr);
    assert_eq!(sandbox.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_one_card_is_imported_from_the_command_line() {
    one_card_is_imported_from_the_command_line(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_one_card_is_imported_from_the_command_line() {
    one_card_is_imported_from_the_command_line(Backend::postgres().await).await;
}

async fn tables_are_made_once_and_a_dry_run_makes_none(backend: Backend) {
    let planned = backend.run(&["migrate", "--dry-run"]).succeed().await;
    assert!(planned.contains("to be run"), "{planned}");
    let run = backend.run(&["migrate"]).succeed().await;
    assert_eq!(run, planned.replace("to be run", "run"));
    let again = backend.run(&["migrate"]).succeed().await;
    assert_eq!(again, "The tables are up to date.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_tables_are_made_once_and_a_dry_run_makes_none() {
    tables_are_made_once_and_a_dry_run_makes_none(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_tables_are_made_once_and_a_dry_run_makes_none() {
    tables_are_made_once_and_a_dry_run_makes_none(Backend::postgres().await).await;
}

async fn the_log_tells_in_a_line_that_the_tables_were_made(made: Backend, shown: Backend) {
    let planned = made.run(&["migrate", "--dry-run"]).succeed().await;
    let count = planned.lines().count();
    let (last, _) =
        planned.lines().next_back().and_then(|line| line.split_once(' ')).expect("a name");
    let log = async |backend: &Backend, level: &str| {
        backend.run(&["key", "create"]).env("CARDLIFT_LOG", level).finish().await.stderr
    };
    let told = log(&made, "info").await;
    assert_eq!(told.lines().filter(|line| line.contains("migrat")).count(), 1, "{told}");
    let line = format!("the tables were brought up to date migrations={count} last=\"{last}\"");
    assert!(told.contains(&line), "{line}: {told}");
    let again = log(&made, "info").await;
    assert!(!again.contains("migrat"), "{again}");
    let each = log(&shown, "debug").await;
    assert_eq!(each.matches("migrated migration=").count(), count, "{each}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_the_log_tells_in_a_line_that_the_tables_were_made() {
    let (made, shown) = (Backend::sqlite(), Backend::sqlite());
    the_log_tells_in_a_line_that_the_tables_were_made(made, shown).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_the_log_tells_in_a_line_that_the_tables_were_made() {
    let (made, shown) = (Backend::postgres().await, Backend::postgres().await);
    the_log_tells_in_a_line_that_the_tables_were_made(made, shown).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_what_is_well_and_what_is_not() {
    let (sandbox, base) = Program::serve(Run::new(&["sandbox", "--listen", "127.0.0.1:0"])).await;
    let backend = Backend::sqlite();
    backend.run(&["key", "create"]).succeed().await;
    let doctor = |base: &str| {
        backend.run(&["doctor"]).env("STRIPE_API_KEY", "sk_test_1").env("STRIPE_API_BASE", base)
    };
    let well = doctor(&base).finish().await;
    assert_eq!(well.code, Some(0), "{}{}", well.stdout, well.stderr);
    assert!(well.stdout.contains("test mode"), "{}", well.stdout);
    assert!(well.stdout.ends_with("Everything is in order.\n"), "{}", well.stdout);
    assert_eq!(sandbox.stop().await, Some(0));
    let unreachable = doctor(&base).finish().await;
    assert_eq!(unreachable.code, Some(1));
    assert!(unreachable.stdout.contains("check STRIPE_API_BASE"), "{}", unreachable.stdout);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fresh = Run::new(&["doctor"]).folder(folder.path()).finish().await;
    assert!(fresh.stdout.contains("there is no file cardlift.db yet"), "{}", fresh.stdout);
    let made = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(made, 0, "the doctor makes nothing");
    let nothing = Run::new(&["doctor"]).env("DATABASE_URL", "sqlite:/nowhere/at/all.db");
    let nothing = nothing.finish().await;
    assert_eq!(nothing.code, Some(1));
    for what in ["STRIPE_API_KEY", "DATABASE_URL"] {
        assert!(nothing.stdout.contains(what), "{what}: {}", nothing.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_counts_as_one_says_it_and_tells_nothing_twice() {
    let backend = Backend::sqlite();
    backend.run(&["account", "set-key"]).input("sk_test_1").succeed().await;
    let one = backend.run(&["doctor"]).succeed().await;
    let told = "ok       1 account has a Stripe key, which can be opened\n";
    assert!(one.contains(told), "{one}");
    let wrong = backend.run(&["doctor"]).env("STRIPE_API_KEY", "pk_test_1").finish().await;
    assert_eq!(wrong.code, Some(1), "{}", wrong.stdout);
    assert_eq!(wrong.stdout.matches("must start with sk_ or rk_").count(), 1, "{}", wrong.stdout);
    let nowhere = Run::new(&["doctor"]).env("DATABASE_URL", "sqlite:/nowhere/at/all.db");
    let nowhere = nowhere.finish().await.stdout;
    let line = nowhere.lines().find(|line| line.contains("can't be opened")).expect("a problem");
    let line = line.strip_suffix("; check DATABASE_URL").expect("what to do");
    let (_, cause) = line.rsplit_once(": ").expect("a cause");
    assert_eq!(line.matches(cause).count(), 1, "{line}");
}

/// What asks for what is there, with what it needs.
const ABOUT_WHAT_IS_THERE: &[&[&str]] = &[
    &["account", "list"],
    &["account", "show"],
    &["account", "remove-key"],
    &["account", "disconnect"],
    &["account", "disable"],
    &["account", "enable"],
    &["key", "list"],
    &["key", "revoke", "1"],
    &["audit", "list"],
    &["audit", "verify"],
    &["job", "list"],
    &["job", "status", "1"],
    &["job", "plan", "1"],
    &["job", "results", "1"],
    &["job", "start", "1"],
    &["job", "pause", "1"],
    &["job", "resume", "1"],
    &["job", "cancel", "1"],
    &["job", "retry", "1"],
    &["job", "undo", "1"],
    &["map"],
    &["reconcile", "1"],
    &["master-key", "check"],
    &["master-key", "rotate"],
];

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_no_database_only_what_has_something_to_do_there_makes_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let made = || std::fs::read_dir(folder.path()).expect("a folder").count();
    let run = |of: &[&str]| Run::new(of).folder(folder.path()).env("STRIPE_API_KEY", "sk_test_1");
    for arguments in ABOUT_WHAT_IS_THERE {
        let refused = run(arguments).finish().await;
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""), "{arguments:?}");
        let says = "there is no database at cardlift.db: set DATABASE_URL";
        assert!(refused.stderr.contains(says), "{arguments:?}: {}", refused.stderr);
        assert_eq!(made(), 0, "{arguments:?} makes nothing");
    }
    run(&["account", "limit", "--per-minute", "7"]).succeed().await;
    assert!(made() > 0);
    let shown = run(&["account", "show"]).succeed().await;
    assert!(shown.contains("Requests a minute per key:  7"), "{shown}");
}

async fn an_account_is_set_up_from_the_command_line(backend: Backend) {
    backend.run(&["migrate"]).succeed().await;
    let shown = backend.run(&["account", "show"]).succeed().await;
    for line in [
        "Account:                    default",
        "Connected Stripe account:   none",
        "Requests a minute per key:  1000",
        "Requests a day per key:     180000",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
    backend.run(&["account", "connect", "acct_1"]).succeed().await;
    let limited = ["account", "limit", "--per-minute", "7", "--per-day", "off"];
    backend.run(&limited).succeed().await;
    let shown = backend.run(&["account", "limit", "--per-day", "9"]).succeed().await;
    for line in ["account:   acct_1", "minute per key:  7", "day per key:     9"] {
        assert!(shown.contains(line), "{shown}");
    }
    let shown = backend.run(&["account", "disconnect"]).succeed().await;
    assert!(shown.contains("Connected Stripe account:   none"), "{shown}");
    for wrong in [["account", "connect", "cus_1"], ["account", "limit", "--per-day=0"]] {
        assert_eq!(backend.run(&wrong).finish().await.code, Some(2));
    }
    let nobody = backend.run(&["account", "show", "--account", "nobody"]).finish().await;
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.stderr.contains("there is no account named nobody"), "{}", nobody.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_an_account_is_set_up_from_the_command_line() {
    an_account_is_set_up_from_the_command_line(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_an_account_is_set_up_from_the_command_line() {
    an_account_is_set_up_from_the_command_line(Backend::postgres().await).await;
}
