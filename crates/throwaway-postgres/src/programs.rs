//! Where the server programs are.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::ThrowawayError;

/// Folders that hold one folder for each version, each with a `bin`.
const BY_VERSION: [(&str, &str); 3] = [
    ("/usr/lib/postgresql", ""),
    ("/opt/homebrew/opt", "postgresql"),
    ("/usr/local/opt", "postgresql"),
];

/// The folder of the server programs.
pub(crate) fn find() -> Result<PathBuf, ThrowawayError> {
    search(std::env::var_os("PG_BIN"), std::env::var_os("PATH"), &BY_VERSION)
}

fn search(
    pg_bin: Option<OsString>,
    path: Option<OsString>,
    by_version: &[(&str, &str)],
) -> Result<PathBuf, ThrowawayError> {
    if let Some(folder) = pg_bin.filter(|folder| !folder.is_empty()).map(PathBuf::from) {
        return if is_complete(&folder) {
            Ok(folder)
        } else {
            Err(ThrowawayError::WrongPgBin(folder))
        };
    }
    let on_path = std::env::split_paths(&path.unwrap_or_default()).collect::<Vec<_>>();
    // A program on PATH may be a link to one whose neighbours are elsewhere.
    let linked = on_path.iter().filter_map(|folder| {
        let initdb = folder.join("initdb").canonicalize().ok()?;
        initdb.parent().map(Path::to_owned)
    });
    let installed = by_version.iter().flat_map(|(folder, prefix)| versions(folder, prefix));
    let mut candidates = on_path.clone().into_iter().chain(linked).chain(installed);
    candidates.find(|folder| is_complete(folder)).ok_or(ThrowawayError::NoPrograms)
}

/// The `bin` folders of the versions in a folder, the newest first.
fn versions(folder: &str, prefix: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix(prefix)?.trim_start_matches('@');
            Some((version.parse().unwrap_or(0), entry.path().join("bin")))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, bin)| bin).collect()
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn install(folder: &Path) {
        std::fs::create_dir_all(folder).expect("a folder");
        for program in ["initdb", "postgres"] {
            std::fs::write(folder.join(program), "").expect("a file");
        }
    }

    #[test]
    fn pg_bin_goes_first_and_must_be_right() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("mine");
        let wrong = search(Some(folder.clone().into()), None, &[]);
        assert!(wrong.is_err_and(|e| e.to_string().starts_with("PG_BIN is ")));
        install(&folder);
        assert_eq!(search(Some(folder.clone().into()), None, &[]).expect("found"), folder);
    }

    #[test]
    fn the_newest_version_is_taken() {
        let root = tempfile::tempdir().expect("a folder");
        for version in ["9", "15", "16"] {
            install(&root.path().join(version).join("bin"));
        }
        let place = root.path().to_str().expect("text");
        let found = search(None, None, &[(place, "")]).expect("found");
        assert_eq!(found, root.path().join("16/bin"));
    }

    #[test]
    fn without_programs_it_says_what_to_install() {
        let error = search(None, None, &[]).expect_err("nothing is installed").to_string();
        for word in ["apt-get install postgresql", "brew", "PG_BIN", "TEST_DATABASE_URL"] {
            assert!(error.contains(word), "{error}");
        }
    }
}
