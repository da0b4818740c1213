//! Which crate may depend on which, read from `cargo metadata`; and where routes are mounted.
#![expect(clippy::expect_used, reason = "a test that meets what it does not expect has failed")]

mod routes;

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Every crate of the workspace, by name, with all that it depends on when it is built for use.
fn crates() -> BTreeMap<String, BTreeSet<String>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec();
    let packages = metadata.expect("cargo metadata").packages;
    packages
        .into_iter()
        .map(|package| {
            let used = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
            (package.name.to_string(), used.map(|d| d.name.clone()).collect())
        })
        .collect()
}

/// The crates of the workspace that one depends on.
fn own(dependencies: &BTreeSet<String>) -> BTreeSet<&str> {
    let ours = dependencies.iter().filter(|name| name.starts_with("cardlift"));
    ours.map(String::as_str).collect()
}

#[test]
fn dependencies_point_inward() {
    let core = ["cardlift-core"];
    let sql = ["cardlift-core", "cardlift-sql"];
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("cardlift-core", &[][..]),
        ("cardlift-contract", &core),
        ("cardlift-engine", &core),
        ("cardlift-http", &["cardlift-core", "cardlift-rows"]),
        ("cardlift-rows", &core),
        ("cardlift-sealing", &core),
        ("cardlift-sql", &core),
        ("cardlift-stripe", &core),
        ("cardlift-postgres", &sql),
        ("cardlift-sqlite", &sql),
        ("cardlift-sandbox", &[]),
        ("cardlift-throwaway-postgres", &[]),
    ]);
    for (name, dependencies) in crates() {
        let Some(allowed) = allowed.get(name.as_str()) else {
            assert!(["cardlift", "cardlift-tests"].contains(&name.as_str()), "{name} is new here");
            continue;
        };
        let beyond: Vec<_> =
            own(&dependencies).into_iter().filter(|name| !allowed.contains(name)).collect();
        assert!(beyond.is_empty(), "{name} must not depend on {beyond:?}");
    }
}

#[test]
fn the_domain_depends_on_no_adapter_library() {
    // A list of what there may be: a new dependency of the domain is a decision.
    let allowed = [
        "async-trait",
        "base64",
        "chrono",
        "hmac",
        "mockall",
        "pin-project-lite",
        "secrecy",
        "sha2",
        "subtle",
        "thiserror",
    ];
    let crates = crates();
    let core = crates.get("cardlift-core").expect("the domain");
    let beyond: Vec<_> = core.iter().filter(|name| !allowed.contains(&name.as_str())).collect();
    assert!(beyond.is_empty(), "the domain must not depend on {beyond:?}");
}

#[test]
fn no_adapter_library_comes_into_the_domain_by_another() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/core/Cargo.toml");
    let output = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--manifest-path", manifest, "--edges", "normal", "--all-features"])
        .args(["--prefix", "none", "--format", "{lib}", "--offline", "--locked"])
        .output()
        .expect("cargo tree");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).expect("text");
    let found: BTreeSet<&str> = tree.lines().map(str::trim).collect();
    assert!(found.contains("cardlift_core"), "{tree}");
    for banned in ["actix_web", "diesel", "hyper", "libsqlite3_sys", "reqwest", "rustls", "tokio"] {
        assert!(!found.contains(banned), "{banned} came into the domain");
    }
}

#[test]
fn the_program_brings_no_c_client_and_no_second_tls() {
    let lock = include_str!("../../Cargo.lock");
    for banned in ["pq-sys", "openssl-sys", "native-tls", "aws-lc-sys"] {
        let line = format!("name = \"{banned}\"");
        assert!(!lock.lines().any(|found| found == line), "{banned} is in the tree");
    }
}

#[test]
fn what_is_fuzzed_is_what_is_built() {
    let packages = |lock: &'static str| {
        let packages = lock.split("[[package]]").skip(1).map(|package| {
            let value = |name: &str| {
                let line = package.lines().find_map(|line| line.strip_prefix(name));
                line.and_then(|line| line.strip_prefix(" = ")).unwrap_or_default()
            };
            ["name", "version", "checksum"].map(value)
        });
        packages.collect::<BTreeSet<_>>()
    };
    let built = packages(include_str!("../../Cargo.lock"));
    let fuzzed = packages(include_str!("../../fuzz/Cargo.lock"));
    let of_the_fuzzer = ["arbitrary", "cardlift-fuzz", "jobserver", "libfuzzer-sys"];
    let others: Vec<_> = fuzzed
        .difference(&built)
        .filter(|[name, ..]| !of_the_fuzzer.contains(&name.trim_matches('"')))
        .collect();
    assert!(others.is_empty(), "copy Cargo.lock to fuzz/ and let cargo tidy it: {others:?}");
}
