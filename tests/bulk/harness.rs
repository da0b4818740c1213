//! A database with customers, a vault with their cards, and jobs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use cardlift_tests::{Backend, Finished, Program, Run, client};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct Place {
    pub(crate) backend: Backend,
    pub(crate) vault: String,
    _sandbox: Program,
    folder: TempDir,
}

impl Place {
    /// With customers 1 to `customers` on both sides: `cus_Synthetic0000000` is customer 1.
    pub(crate) async fn new(backend: Backend, customers: usize, sandbox: &[&str]) -> Self {
        let count = customers.to_string();
        let arguments = [&["sandbox", "--listen", "127.0.0.1:0", "--customers", &count], sandbox];
        let (sandbox, vault) = Program::serve(Run::new(&arguments.concat())).await;
        let mut file = String::from("customerId,primaryEmail\n");
        for id in 1..=customers {
            let _ = writeln!(file, "{id},person{}@example.com", id - 1);
        }
        let loaded = backend.load(&file).await;
        assert_eq!(loaded.code, Some(0), "{}", loaded.stderr);
        let folder = tempfile::tempdir().expect("a folder");
        Self { backend, vault, _sandbox: sandbox, folder }
    }

    /// The program, with this vault and short leases.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let run = self.backend.run(arguments);
        let run = run.env("STRIPE_API_KEY", "sk_test_bulk").env("STRIPE_API_BASE", &self.vault);
        run.env("CARDLIFT_STRIPE_RATE", "off").env("CARDLIFT_JOB_LEASE", "2")
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).expect("a file");
        path.to_str().expect("a path in UTF-8").to_owned()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes a job of this file that nobody starts, and gives its number.
    pub(crate) async fn job(&self, text: &str, options: &[&str]) -> String {
        let file = self.file("rows.csv", text);
        let arguments = [&["import", file.as_str(), "--create-only"], options].concat();
        self.run(&arguments).succeed().await;
        let jobs: Value =
            serde_json::from_str(&self.succeed(&["job", "list", "--json"]).await).expect("JSON");
        let ids = jobs.as_array().expect("a list").iter().filter_map(|job| job["id"].as_i64());
        ids.max().expect("a job").to_string()
    }

    pub(crate) async fn succeed(&self, arguments: &[&str]) -> String {
        self.run(arguments).succeed().await
    }

    pub(crate) async fn finish(&self, arguments: &[&str]) -> Finished {
        self.run(arguments).finish().await
    }

    /// How a job stands.
    pub(crate) async fn status(&self, job: &str) -> Value {
        let status = self.succeed(&["job", "status", job, "--json"]).await;
        serde_json::from_str(&status).expect("JSON")
    }

    /// Outcomes by line, or line and part where a row has several.
    pub(crate) async fn results(&self, job: &str) -> BTreeMap<(u64, usize), String> {
        let text = self.succeed(&["job", "results", job, "--format", "ndjson"]).await;
        let mut results = BTreeMap::new();
        for line in text.lines() {
            let row: Value = serde_json::from_str(line).expect("JSON");
            let (number, outcome) = (row["line"].as_u64(), row["outcome"].as_str());
            let number = number.expect("a line");
            let part = results.range((number, 0)..(number + 1, 0)).count();
            results.insert((number, part), outcome.expect("an outcome").to_owned());
        }
        results
    }

    /// What the vault gave out so far, and how often: `answers` by URL, `listed` by customer.
    pub(crate) async fn given(&self, what: &str) -> BTreeMap<String, u64> {
        let answer = client().get(format!("{}/_sandbox/{what}", self.vault)).send().await;
        let text = answer.expect("an answer").text().await.expect("text");
        serde_json::from_str(&text).expect("counts")
    }
}

/// A file of rows: customer and card number `from` and those after it.
pub(crate) fn cards(from: usize, count: usize) -> String {
    let mut file = String::from("customerId,stripeCustomerId,stripeCardId\n");
    for row in from..from + count {
        let _ = writeln!(file, "{},cus_Synthetic{row:07},card_Synthetic{row:07}", row + 1);
    }
    file
}

/// A test of each case on both databases.
macro_rules! on_both {
    ($($case:ident)*) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                super::$case(cardlift_tests::Backend::sqlite()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $case() {
                super::$case(cardlift_tests::Backend::postgres().await).await;
            })*
        }
    };
}
pub(crate) use on_both;
