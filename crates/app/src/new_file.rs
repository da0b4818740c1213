//! Files that are there whole, or as they were before.

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::failure::Failure;

/// A file that is written beside the one that it becomes, when all of it is there. Dropped before,
/// it leaves nothing.
///
/// A device or a pipe is written as it is: it can't be replaced.
#[derive(Debug)]
pub(crate) struct NewFile {
    path: PathBuf,
    bytes: BufWriter<File>,
    /// Where it is written, and what it becomes.
    beside: Option<(TempPath, PathBuf)>,
}

impl NewFile {
    /// Begins it. What can be known to be wrong with the path is told now.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let begun = begin(path).map_err(|error| unwritable(path, &error))?;
        let (file, beside) = begun;
        Ok(Self { path: path.to_owned(), bytes: BufWriter::new(file), beside })
    }

    /// All of it is written: it takes its place.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let put = || {
            self.bytes.flush()?;
            let Some((temporary, target)) = self.beside else { return Ok(()) };
            // Else a machine that loses its power may keep the name, and not what was written.
            self.bytes.get_ref().sync_all()?;
            // What is mounted can't be replaced, but it can be written.
            temporary.persist(&target).or_else(|failed| {
                fs::copy(&failed.path, &target).map(|_| ()).map_err(|_| failed.error)
            })?;
            keep_name(&target)
        };
        let path = self.path;
        put().map_err(|error| unwritable(&path, &error))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.bytes.flush()
    }
}

type Begun = (File, Option<(TempPath, PathBuf)>);

fn begin(path: &Path) -> io::Result<Begun> {
    // A link stays one.
    let target = match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        found => found?,
    };
    let there = match fs::metadata(&target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        found => Some(found?),
    };
    if let Some(there) = &there {
        // To be allowed to replace it is not to be allowed to write it.
        let itself = File::options().write(true).open(&target)?;
        if !there.is_file() {
            return Ok((itself, None));
        }
    }
    let (file, temporary) = beside(&target, there.as_ref())?.into_parts();
    Ok((file, Some((temporary, target))))
}

/// A file in the same folder, so that it can take the place of this one.
fn beside(target: &Path, there: Option<&Metadata>) -> io::Result<NamedTempFile> {
    let folder = target.parent().filter(|folder| *folder != Path::new(""));
    let mut prefix = OsString::from(".");
    prefix.push(target.file_name().ok_or(io::ErrorKind::InvalidFilename)?);
    prefix.push(".");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    as_readable_as_any(&mut builder);
    let file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    if let Some(there) = there {
        file.as_file().set_permissions(there.permissions())?;
        give_to_owner(file.path(), there)?;
    }
    Ok(file)
}

/// Whoever could read the file before can read it then, if root has written it.
#[cfg(unix)]
fn give_to_owner(path: &Path, there: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, chown};

    let ours = fs::metadata(path)?;
    if (ours.uid(), ours.gid()) == (there.uid(), there.gid()) {
        return Ok(());
    }
    let group = chown(path, None, Some(there.gid()));
    // Whose it is matters more than its group.
    if ours.uid() == there.uid() { Ok(()) } else { group.and(chown(path, Some(there.uid()), None)) }
}

#[cfg(not(unix))]
fn give_to_owner(_: &Path, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Else a machine that loses its power may have the old file under the name.
#[cfg(unix)]
fn keep_name(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn keep_name(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Else nobody but us could read it. The mask of the process holds all the same.
#[cfg(unix)]
fn as_readable_as_any(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;

    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn as_readable_as_any(_: &mut tempfile::Builder<'_, '_>) {}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::because(format!("{} can't be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
        entries.map(|entry| entry.file_name().into_string().expect("UTF-8")).collect()
    }

    #[test]
    fn what_was_there_stays_until_all_of_it_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("results.csv");
        fs::write(&path, "before").expect("written");
        let mut file = NewFile::create(&path).expect("begun");
        file.write_all(b"half").expect("written");
        file.flush().expect("written");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "before");
        drop(file);
        assert_eq!(names(folder.path()), ["results.csv"], "nothing is left beside it");
        let mut file = NewFile::create(&path).expect("begun");
        file.write_all(b"whole").expect("written");
        file.finish().expect("in its place");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "whole");
        assert_eq!(names(folder.path()), ["results.csv"]);
    }

    #[test]
    fn a_path_that_can_t_be_written_is_told_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in [folder.path().to_owned(), folder.path().join("none/results.csv")] {
            let failure = NewFile::create(&path).expect_err("it can't be written");
            let told = format!("{failure:?}");
            assert!(told.contains("can't be written"), "{told}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn it_is_as_readable_as_any_file_and_keeps_what_it_replaces() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let folder = tempfile::tempdir().expect("a folder");
        let mode = |name: &str| {
            let path = folder.path().join(name);
            fs::metadata(path).expect("a file").permissions().mode() & 0o777
        };
        let write = |name: &str| {
            let file = NewFile::create(&folder.path().join(name)).expect("begun");
            file.finish().expect("in its place");
        };
        fs::write(folder.path().join("usual"), "").expect("written");
        write("new");
        assert_eq!(mode("new"), mode("usual"));
        fs::set_permissions(folder.path().join("new"), fs::Permissions::from_mode(0o600))
            .expect("set");
        symlink("new", folder.path().join("link")).expect("linked");
        write("link");
        assert_eq!(mode("new"), 0o600);
        assert!(folder.path().join("link").is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_replaced() {
        let mut file = NewFile::create(Path::new("/dev/null")).expect("begun");
        file.write_all(b"nobody reads it").expect("written");
        file.finish().expect("written");
        assert!(!fs::metadata("/dev/null").expect("a device").is_file());
    }
}
