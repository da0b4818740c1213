//! Whom the server runs as: it refuses to run as root.

use std::os::unix::fs::MetadataExt;

use crate::ThrowawayError;

/// A user of the machine, and its first group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct User {
    pub(super) id: u32,
    pub(super) group: u32,
}

/// Whom to run as; `None` to stay who we are.
pub(super) fn to_run_as() -> Result<Option<User>, ThrowawayError> {
    // What a process makes is its user's.
    let probe = tempfile::NamedTempFile::new()?;
    if probe.as_file().metadata()?.uid() != 0 {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd")?;
    let user = ["postgres", "nobody"].iter().find_map(|name| find(&users, name));
    user.map(Some).ok_or(ThrowawayError::NoUser)
}

fn find(users: &str, name: &str) -> Option<User> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let is_it = fields.next() == Some(name);
        let id = fields.nth(1)?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        is_it.then_some(User { id, group })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let users = "root:x:0:0:root:/root:/bin/sh\nnobody2:x:1:1::/:\nnobody:x:65534:65533::/:\n";
        assert_eq!(find(users, "nobody"), Some(User { id: 65534, group: 65533 }));
        assert_eq!(find(users, "postgres"), None);
    }
}
