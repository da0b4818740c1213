//! What the trail is told of by each command: none is without a decision.

use std::collections::BTreeSet;

use cardlift_tests::{Backend, CUSTOMERS, MASTER_KEY, Program, Run};
use serde_json::Value;
use tempfile::TempDir;

use self::Decision::{GoesOn, LeavesNothing, Tells};

/// A row whose card the vault does not have.
const ROWS: &str = "customerId,stripeCustomerId,stripeCardId\n1,cus_SandboxBrands,card_Gone\n";

const CARD: &[&str] = &[
    "--customer-id",
    "2526546",
    "--stripe-customer-id",
    "cus_AExsNjBZDLMNDK",
    "--stripe-card-id",
    "card_19uTyBAXix6Ggd0efp4HNNp7",
];

/// What is decided of a command.
enum Decision {
    /// With these arguments it makes a change, which is told as this action.
    Tells(&'static [&'static str], &'static str),
    /// With these arguments it leaves nothing in the trail; and why that is right.
    LeavesNothing(&'static [&'static str], &'static str),
    /// It goes on until it is told to stop, and is not run here; and who tells of what it does.
    GoesOn(&'static str),
}

/// In an order in which each has something to change, or to read.
const DECISIONS: &[(&str, Decision)] = &[
    ("serve", GoesOn("every operation is walked by the tests of the API")),
    ("sandbox", GoesOn("it has no database")),
    ("migrate", LeavesNothing(&[], "tables and grants are not told: ADR 25")),
    ("customers load", Tells(&["customers.csv"], "customers.loaded")),
    ("account create", Tells(&["acme"], "account.created")),
    ("account set-key", Tells(&[], "vault_key.set")),
    ("account connect", Tells(&["acct_sandbox"], "account.changed")),
    ("account disconnect", Tells(&[], "account.changed")),
    ("account limit", Tells(&["--per-minute", "7"], "account.changed")),
    ("account default", Tells(&["replace"], "account.changed")),
    ("account disable", Tells(&[], "account.changed")),
    ("account enable", Tells(&[], "account.changed")),
    ("account remove-key", Tells(&[], "vault_key.removed")),
    ("account list", LeavesNothing(&[], "it reads")),
    ("account show", LeavesNothing(&[], "it reads")),
    ("key create", Tells(&[], "api_key.created")),
    ("key revoke", Tells(&["1"], "api_key.revoked")),
    ("key list", LeavesNothing(&[], "it reads")),
    ("import-card", Tells(CARD, "payment_method.imported")),
    ("import", Tells(&["rows.csv", "--create-only"], "job.created")),
    ("job start", Tells(&["1", "--no-wait"], "job.changed")),
    ("job pause", Tells(&["1"], "job.changed")),
    // It works on the job, to the end.
    ("job resume", Tells(&["1"], "job.changed")),
    ("job list", LeavesNothing(&[], "it reads")),
    ("job status", LeavesNothing(&["1"], "it reads")),
    ("job plan", LeavesNothing(&["1"], "it reads")),
    ("job results", LeavesNothing(&["1"], "it reads")),
    ("reconcile", LeavesNothing(&["1"], "it reads, and writes files")),
    ("job retry", Tells(&["1", "--no-wait"], "job.changed")),
    ("job cancel", Tells(&["1"], "job.changed")),
    ("job undo", Tells(&["1", "--no-wait"], "job.changed")),
    ("map", LeavesNothing(&[], "it reads")),
    ("audit list", LeavesNothing(&[], "it reads")),
    ("audit verify", LeavesNothing(&[], "it chains what is told, and adds nothing to it")),
    ("doctor", LeavesNothing(&[], "it reads")),
    ("openapi", LeavesNothing(&[], "it has no database")),
    ("master-key new", LeavesNothing(&[], "it has no database")),
    ("master-key check", LeavesNothing(&[], "it reads")),
    ("master-key rotate", Tells(&[], "master_key.rotated")),
];

/// A database, a vault, and a folder with files and the master keys.
struct Place {
    backend: Backend,
    vault: String,
    folder: TempDir,
    /// What the trails had so far.
    seen: BTreeSet<String>,
    _sandbox: Program,
}

impl Place {
    async fn new(backend: Backend) -> Self {
        let sandbox = ["sandbox", "--listen", "127.0.0.1:0", "--customers", "5"];
        let (sandbox, vault) = Program::serve(Run::new(&sandbox)).await;
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [("keys", MASTER_KEY), ("customers.csv", CUSTOMERS), ("rows.csv", ROWS)]
        {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        Self { backend, vault, folder, seen: BTreeSet::new(), _sandbox: sandbox }
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let run = self.backend.run(arguments).without("CARDLIFT_MASTER_KEY");
        run.env("CARDLIFT_MASTER_KEY_FILE", self.folder.path().join("keys"))
            .env("STRIPE_API_KEY", "sk_test_1")
            .env("STRIPE_API_BASE", &self.vault)
            .input("sk_test_1")
            .folder(self.folder.path())
    }

    /// What a command leaves in the trails.
    async fn told_by(&mut self, command: &str, arguments: &[&str]) -> Vec<Value> {
        let arguments: Vec<_> = command.split(' ').chain(arguments.iter().copied()).collect();
        let ran = self.run(&arguments).finish().await;
        // 3 is that the row failed.
        assert!([Some(0), Some(3)].contains(&ran.code), "{command}: {}{}", ran.stdout, ran.stderr);
        let mut told = Vec::new();
        for account in ["default", "acme"] {
            // The second is not there from the beginning.
            let listed =
                self.run(&["audit", "list", "--json", "--account", account]).finish().await;
            let is_missing = listed.stderr.contains("there is no account named acme");
            assert!(listed.code == Some(0) || is_missing, "{account}: {}", listed.stderr);
            for line in listed.stdout.lines() {
                if self.seen.insert(line.to_owned()) {
                    told.push(serde_json::from_str(line).expect("JSON"));
                }
            }
        }
        told
    }
}

/// Every command, as `--help` lists them; but for the help.
async fn commands() -> BTreeSet<String> {
    let (mut commands, mut left) = (BTreeSet::new(), vec![String::new()]);
    while let Some(command) = left.pop() {
        let words: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let help = Run::new(&words).succeed().await;
        let below = listed(&help);
        if below.is_empty() {
            commands.insert(command);
        } else {
            left.extend(below.iter().map(|name| format!("{command} {name}").trim().to_owned()));
        }
    }
    commands
}

/// The names of the commands in a help text.
fn listed(help: &str) -> Vec<&str> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    // What goes on in another line is further in.
    let lines = lines.filter_map(|line| line.strip_prefix("  "));
    let names = lines.filter_map(|line| line.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").collect()
}

async fn every_command_that_changes_something_is_told(backend: Backend) {
    let decided = DECISIONS.iter().map(|(command, _)| (*command).to_owned());
    let decided: BTreeSet<_> = decided.collect();
    assert_eq!(commands().await, decided, "of each it is decided whether it changes something");
    assert_eq!(decided.len(), DECISIONS.len(), "once");
    let mut place = Place::new(backend).await;
    for (command, decision) in DECISIONS {
        match decision {
            Tells(arguments, action) => {
                let told = place.told_by(command, arguments).await;
                let is_it = |entry: &Value| entry["action"] == *action && entry["by"] == "command";
                assert!(told.iter().any(is_it), "{command} is not told as {action}: {told:?}");
            }
            LeavesNothing(arguments, why) => {
                let told = place.told_by(command, arguments).await;
                assert!(told.is_empty(), "{command}: {why}; but {told:?}");
            }
            GoesOn(why) => assert!(!why.is_empty(), "{command}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_every_command_that_changes_something_is_told() {
    every_command_that_changes_something_is_told(Backend::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_every_command_that_changes_something_is_told() {
    every_command_that_changes_something_is_told(Backend::postgres().await).await;
}
