//! How many files the process may have open: each connection is one.

/// What is open besides the connections that come in: the database, the vault, the log.
const BESIDES: usize = 1_500;

/// Asks the system for as many as so many connections need, and says where it gives fewer.
pub(super) fn allow(connections: usize) {
    let needed = u64::try_from(connections.saturating_add(BESIDES)).unwrap_or(u64::MAX);
    match rlimit::increase_nofile_limit(needed) {
        Ok(allowed) if allowed < needed => tracing::warn!(
            allowed,
            needed,
            "fewer open files are allowed than CARDLIFT_CONNECTIONS may need: raise the hard limit \
             (ulimit -Hn), or lower the setting"
        ),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the limit of open files can't be raised"),
    }
}
