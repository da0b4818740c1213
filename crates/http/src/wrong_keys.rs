//! Whoever shows wrong keys, one after the other, is slowed: they are not looked up any more.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cardlift_core::Timestamp;
use metrics::counter;

use crate::rate_limit::{MINUTE, until_end};

/// Of how many addresses it is known at most that they showed wrong keys. More in a minute are not
/// slowed: that would have to be before this server.
const MOST_ADDRESSES: usize = 16_384;

/// How many keys that were let in are known at least, once there were so many.
const MOST_GOOD: usize = 8_192;

/// The network of an address of version 6: whoever has one has all of it.
const NETWORK: u128 = !0 << 64;

/// Counts the wrong keys of each address, in this process. A clone counts with it.
///
/// After so many in a minute of the clock, requests of the address are refused until the minute is over.
/// Keys that were let in lately still are: others may stand behind the same address. A key that is not
/// known is refused where it was wrong in this minute, or so many different ones were. So a caller that
/// goes on with a key that has expired keeps nobody else out.
#[derive(Debug, Clone)]
pub struct WrongKeys(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limit: Option<usize>,
    marks: RandomState,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Which minute it is, from the epoch on.
    minute: i64,
    /// Who showed wrong keys in it.
    wrong: HashMap<IpAddr, Shown>,
    /// The keys that were let in lately, newer and older. When there are enough of the newer ones, the
    /// older ones are forgotten.
    newer: HashSet<Mark>,
    older: HashSet<Mark>,
}

/// The wrong keys that an address showed.
#[derive(Debug, Default)]
struct Shown {
    times: usize,
    /// Those that differ: no more than the limit.
    keys: Vec<Mark>,
}

/// What tells a key from others in this process. The key can't be had from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Mark(u64);

/// A key that somebody shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    /// Where it comes from.
    address: Option<IpAddr>,
    mark: Mark,
    at: Timestamp,
}

/// That an attempt is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slowed {
    /// In how many seconds to come again.
    pub(crate) retry_after: u64,
}

impl WrongKeys {
    /// So many in a minute; `None` for as many as come.
    #[must_use]
    pub fn new(limit: Option<u16>) -> Self {
        let (limit, marks, state) = (limit.map(usize::from), RandomState::new(), Mutex::default());
        Self(Arc::new(Shared { limit, marks, state }))
    }

    /// A key as it is shown, by the one at the other end of the connection. What it says of whom it
    /// speaks for is not believed: anybody could say anything.
    pub(crate) fn attempt(&self, peer: Option<IpAddr>, shown: &[u8], at: Timestamp) -> Attempt {
        Attempt { address: peer.map(network), mark: Mark(self.0.marks.hash_one(shown)), at }
    }

    /// Whether this attempt is to be looked at.
    pub(crate) fn admit(&self, attempt: Attempt) -> Result<(), Slowed> {
        let Attempt { address: Some(address), mark, at } = attempt else { return Ok(()) };
        let Some(limit) = self.0.limit else { return Ok(()) };
        let state = self.state(at);
        let slowed = state.wrong.get(&address).is_some_and(|shown| shown.slows(mark, limit));
        if !slowed || state.newer.contains(&mark) || state.older.contains(&mark) {
            return Ok(());
        }
        drop(state);
        counter!("cardlift_http_wrong_keys_refused_total").increment(1);
        Err(Slowed { retry_after: until_end(at, MINUTE) })
    }

    /// The key was let in.
    pub(crate) fn right(&self, attempt: Attempt) {
        if self.0.limit.is_none() {
            return;
        }
        let mut state = self.state(attempt.at);
        if state.newer.contains(&attempt.mark) {
            return;
        }
        if state.newer.len() >= MOST_GOOD {
            state.older = std::mem::take(&mut state.newer);
        }
        state.newer.insert(attempt.mark);
    }

    /// The key was not let in.
    pub(crate) fn wrong(&self, attempt: Attempt) {
        counter!("cardlift_http_wrong_keys_total").increment(1);
        let Attempt { address: Some(address), mark, at } = attempt else { return };
        let Some(limit) = self.0.limit else { return };
        let mut state = self.state(at);
        state.newer.remove(&mark);
        state.older.remove(&mark);
        if state.wrong.len() >= MOST_ADDRESSES && !state.wrong.contains_key(&address) {
            return;
        }
        let times = state.wrong.entry(address).or_default().count(mark, limit);
        drop(state);
        if times == limit {
            tracing::warn!(%address, times, "wrong API keys: this address is slowed for the minute");
        }
    }

    /// The state in the minute that it is.
    fn state(&self, now: Timestamp) -> MutexGuard<'_, State> {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.timestamp().div_euclid(MINUTE);
        if state.minute != minute {
            state.minute = minute;
            state.wrong.clear();
        }
        state
    }
}

impl Shown {
    /// Whether a key that nobody was let in with is not to be looked at.
    fn slows(&self, mark: Mark, limit: usize) -> bool {
        self.keys.len() >= limit || (self.times >= limit && self.keys.contains(&mark))
    }

    /// Counts a wrong key, and says how many there were.
    fn count(&mut self, mark: Mark, limit: usize) -> usize {
        self.times = self.times.saturating_add(1);
        if self.keys.len() < limit && !self.keys.contains(&mark) {
            self.keys.push(mark);
        }
        self.times
    }
}

/// What is counted for an address: itself, or the first half of one of version 6. One of version 4
/// that is written in version 6 is of version 4, or all of them would be one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NETWORK).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests;
