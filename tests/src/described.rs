//! Tests a server against its own description, with a tool that others wrote.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(290);

/// The same requests each time.
const SEED: &str = "20261124";

/// How many requests are made up for each operation, besides those that its description leads to.
const CASES: &str = "25";

/// Sends a server what the committed description says that it takes, and what it says that it does not;
/// everything it answers must be as described. `credentials` are the user and password of a key.
///
/// # Panics
/// Where anything is not, with all that was found.
pub async fn check_described(base: &str, credentials: &str) {
    let tool = folder().join(".venv/bin/schemathesis");
    assert!(tool.exists(), "{} is missing: run scripts/test", tool.display());
    let work = tempfile::tempdir().expect("a temporary folder");
    let run = Command::new(tool)
        .arg("--config-file")
        .arg(folder().join("schemathesis.toml"))
        .arg("run")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json"))
        .args(["--url", base, "--auth", credentials])
        .args(["--checks", "all", "--seed", SEED, "--max-examples", CASES])
        .env("SCHEMATHESIS_HOOKS", folder().join("hooks.py"))
        .current_dir(work.path())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let ended = tokio::time::timeout(PATIENCE, run).await.expect("it ends").expect("it runs");
    let (said, complained) =
        (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{said}{complained}");
    let all = operations();
    assert!(said.contains(&format!("Tested: {all}\n")), "there are {all} operations: {said}");
}

/// How many operations the committed description has.
fn operations() -> usize {
    let description: serde_json::Value =
        serde_json::from_str(include_str!("../../docs/openapi.json")).expect("JSON");
    let paths = description.get("paths").and_then(|paths| paths.as_object()).expect("paths");
    paths.values().filter_map(|path| path.as_object()).map(serde_json::Map::len).sum()
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/schemathesis"))
}
