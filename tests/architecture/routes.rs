//! Where the program mounts what it answers. What is mounted anywhere else is described nowhere, so
//! no test of who may call what would know of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What mounts something in an app of actix.
const MOUNTING: [&str; 5] =
    [".route(", ".service(", ".default_service(", "web::resource", "web::scope"];

/// How often something is mounted in this code.
fn mounts(code: &str) -> usize {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.map(|line| MOUNTING.iter().map(|what| line.matches(*what).count()).sum::<usize>()).sum()
}

/// The files below this folder in which something is mounted, and how often, tests left out.
fn mounting(folder: &Path) -> Vec<(PathBuf, usize)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            found.extend(mounting(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mounts = mounts(&fs::read_to_string(&path).expect("code"));
            if mounts > 0 {
                found.push((path, mounts));
            }
        }
    }
    found
}

#[test]
fn what_is_served_is_mounted_in_these_places_alone() {
    let crates = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates"));
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(crates).expect("a folder") {
        let folder = entry.expect("an entry").path();
        // It plays Stripe, with made-up cards.
        if folder.ends_with("sandbox") {
            continue;
        }
        for (path, mounts) in mounting(&folder.join("src")) {
            let path = path.strip_prefix(crates).expect("it is below").to_owned();
            found.insert(path, mounts);
        }
    }
    let places = [
        // A resource for each path that is described, with its answer to other verbs.
        ("http/src/api.rs", 3),
        // The answer to every other path.
        ("app/src/serve.rs", 1),
        // The metrics, on an address of their own.
        ("app/src/serve/metrics_endpoint.rs", 1),
    ];
    let places = places.map(|(path, mounts)| (PathBuf::from(path), mounts));
    assert_eq!(found, BTreeMap::from(places), "what is served is declared as an `Endpoint`");
}
